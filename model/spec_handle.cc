// The reference model: operations on handles.
//
// Map: handle_close, handle_close_many; handle_duplicate; handle_replace.
#include <cassert>

#include "model/spec.h"
#include "model/stepper.h"

namespace model {

using core::Status;

namespace {

constexpr uint32_t kClosedChunk = 64;  // So many handles leave the table at a time (HO-2).

}  // namespace

// --- Closing ---

/// Leaving the table is one step, whoever comes later finds nothing; the rest of the work is in
/// spec_close.cc (HO-1).
void Stepper::StartClose() {
  if (IsZero(thread_, call().handle)) return Finish(Status::kOk);
  const HandleRecord* handle = LookUp(state_, process(), Resolve(thread_, call().handle));
  if (handle == nullptr) return Finish(Status::kBadHandle);
  TakeFromTable(handle->id);
  thread_.closing.outer.push_back(handle->id);
  Finish(Status::kOk);
}

void Stepper::StartCloseMany() {
  if (SentHandleCount(call()) == 0) return Finish(Status::kOk);
  thread_.phase = Phase::kConsume;
}

/// Every entry is processed, whatever is wrong with others, and a bad one is told, however many
/// chunks follow (HO-2). Zeros are passed over.
void Stepper::CloseChunk() {
  if (FailsBeforeLock(call().buffers.handles)) return Finish(Status::kInvalidArgs);
  const uint32_t count = SentHandleCount(call());
  for (uint32_t i = 0; i < kClosedChunk && thread_.position < count; ++i, ++thread_.position) {
    const HandleArgument argument = SentHandle(call(), thread_.position);
    if (IsZero(thread_, argument)) continue;
    const HandleRecord* handle = LookUp(state_, process(), Resolve(thread_, argument));
    if (handle == nullptr) {
      thread_.result.status = Status::kBadHandle;
      continue;
    }
    TakeFromTable(handle->id);
    thread_.closing.outer.push_back(handle->id);
  }
  if (thread_.position == count) Finish(thread_.result.status);
}

// --- Making others of them ---

/// What a program asks for, in terms of the handle it asks it for.
core::Rights Stepper::WantedRights(const RightsArgument& wanted, const HandleRecord& handle,
                                   const HandleArgument& argument) const {
  switch (wanted.kind) {
    case RightsArgument::Kind::kDefault:
      return handle.rights;
    case RightsArgument::Kind::kExactly:
      return wanted.rights == core::kRightSameRights ? handle.rights : wanted.rights;
    case RightsArgument::Kind::kWithout:
      break;
  }
  const auto* named = std::get_if<NamedHandle>(&argument);
  const core::Rights all =
      named != nullptr ? StartRights(program_, named->handle, state_.generation) : handle.rights;
  return all & ~wanted.rights;
}

/// The new handle counts at once, and is in the table a step later.
void Stepper::StartDuplicate() {
  const HandleRecord* handle = LookUp(state_, process(), Resolve(thread_, call().handle));
  if (handle == nullptr) return Finish(Status::kBadHandle);
  if ((handle->rights & core::kRightDuplicate) == 0) return Finish(Status::kAccessDenied);
  const core::Rights rights = WantedRights(call().rights, *handle, call().handle);
  if ((rights & ~handle->rights) != 0) return Finish(Status::kInvalidArgs);
  if (AllocationFails()) return Finish(Status::kNoMemory);
  const HandleId copy = NewHandle(handle->object, rights, HandleRecord::Place::kHands);
  if (MemoryFails(call().buffers.out)) {
    thread_.closing.outer = {copy};  // Its end may be the object's.
    return Finish(Status::kInvalidArgs);
  }
  thread_.hands = {copy};
  thread_.phase = Phase::kInstall;
}

void Stepper::StartReplace() {
  const HandleRecord* old = LookUp(state_, process(), Resolve(thread_, call().handle));
  if (old == nullptr) return Finish(Status::kBadHandle);
  const core::Rights rights = WantedRights(call().rights, *old, call().handle);
  Status& status = thread_.result.status;
  bool keeps = rules().failed_replace_keeps;
  if ((rights & ~old->rights) != 0) {
    status = Status::kInvalidArgs;
  } else if (AllocationFails()) {
    status = Status::kNoMemory;
    keeps = rules().replace_without_memory_keeps;
  } else {
    status = MemoryFails(call().buffers.out) ? Status::kInvalidArgs : Status::kOk;
  }
  if (status != Status::kOk && keeps) return Finish(status);
  thread_.phase = Phase::kOperate;
}

/// Removing the old handle and adding the new one are one step, so that the object has handles all
/// the time and only waits through the old one end (HO-4, HO-5). Whoever took the old one first
/// leaves nothing to replace, or to close.
void Stepper::Replace() {
  const HandleRecord* found = LookUp(state_, process(), Resolve(thread_, call().handle));
  if (found == nullptr) return Finish(Status::kBadHandle);
  const HandleRecord old = *found;
  TakeFromTable(old.id);
  thread_.closing.outer = {old.id};
  if (thread_.result.status == Status::kOk) {
    const core::Rights rights = WantedRights(call().rights, old, call().handle);
    thread_.received = {NewHandle(old.object, rights, HandleRecord::Place::kTable)};
  }
  Finish(thread_.result.status);
}

}  // namespace model
