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
  CloseChunk();
}

/// Every entry is processed, whatever is wrong with others, and a bad one is told, however many
/// chunks follow (HO-2). Zeros are passed over.
void Stepper::CloseChunk() {
  if (MemoryFails(call().buffers.handles)) return Finish(Status::kInvalidArgs);
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

void Stepper::StartDuplicate() {
  const HandleRecord* handle = LookUp(state_, process(), Resolve(thread_, call().handle));
  if (handle == nullptr) return Finish(Status::kBadHandle);
  if ((handle->rights & core::kRightDuplicate) == 0) return Finish(Status::kAccessDenied);
  const core::Rights rights = WantedRights(call().rights, *handle, call().handle);
  if ((rights & ~handle->rights) != 0) return Finish(Status::kInvalidArgs);
  if (AllocationFails()) return Finish(Status::kNoMemory);
  const ObjectId object = handle->object;
  if (MemoryFails(call().buffers.out)) {
    // The new handle existed for a moment; its end may be the object's.
    thread_.closing.outer = {NewHandle(object, rights, HandleRecord::Place::kHands)};
    return Finish(Status::kInvalidArgs);
  }
  thread_.received = {NewHandle(object, rights, HandleRecord::Place::kTable)};
  Finish(Status::kOk);
}

/// Removing the old handle and adding the new one are one step, so that the object has handles all
/// the time and only waits through the old one end (HO-4, HO-5).
void Stepper::StartReplace() {
  const HandleRecord* found = LookUp(state_, process(), Resolve(thread_, call().handle));
  if (found == nullptr) return Finish(Status::kBadHandle);
  const HandleRecord old = *found;
  const core::Rights rights = WantedRights(call().rights, old, call().handle);
  const auto fail = [&](Status status, bool keeps) {
    Finish(status);
    if (keeps) return;
    TakeFromTable(old.id);
    thread_.closing.outer = {old.id};
  };
  if ((rights & ~old.rights) != 0) {
    return fail(Status::kInvalidArgs, rules().failed_replace_keeps);
  }
  if (AllocationFails()) return fail(Status::kNoMemory, rules().replace_without_memory_keeps);
  if (MemoryFails(call().buffers.out)) {
    return fail(Status::kInvalidArgs, rules().failed_replace_keeps);
  }
  TakeFromTable(old.id);
  thread_.closing.outer = {old.id};
  thread_.received = {NewHandle(old.object, rights, HandleRecord::Place::kTable)};
  Finish(Status::kOk);
}

}  // namespace model
