// The reference model: messages in pieces, and handles with dispositions.
#include <algorithm>
#include <cassert>
#include <utility>

#include "model/stepper.h"

namespace model {

using core::Status;

// --- Iovecs ---

namespace {

// Up to so many iovecs are checked all together, more of them one chunk after the other (6.2).
constexpr uint32_t kIovecChunk = 16;

Iovec IovecAt(const Call& call, uint32_t index) {
  if (call.iovecs && index < call.iovecs->size()) return (*call.iovecs)[index];
  return {};
}

uint64_t CapacityOf(const Iovec& iovec) {
  return iovec.capacity ? *iovec.capacity : iovec.bytes.size();
}

/// Beyond those that the program writes down there are zeros.
Disposition DispositionAt(const Call& call, uint32_t index) {
  if (index < call.dispositions.size()) return call.dispositions[index];
  Disposition zeros;
  zeros.handle = RawHandle{};
  return zeros;
}

}  // namespace

Status Stepper::CheckIovecs() {
  const auto written = static_cast<uint32_t>(call().iovecs ? call().iovecs->size() : 0);
  const uint32_t count = call().count.value_or(written);
  if (count > core::kMaxMessageIovecs) return Status::kOutOfRange;
  return count <= kIovecChunk ? CheckFewIovecs(count) : CheckManyIovecs(count);
}

/// WI-2: one kind of defect after the other, each over all pieces.
Status Stepper::CheckFewIovecs(uint32_t count) {
  if (count != 0 && MemoryFails(call().buffers.bytes)) return Status::kInvalidArgs;
  uint64_t size = 0;
  for (uint32_t i = 0; i < count; ++i) {
    if (IovecAt(call(), i).reserved) return Status::kInvalidArgs;
    size += CapacityOf(IovecAt(call(), i));
  }
  if (size > core::kMaxMessageBytes) return Status::kOutOfRange;
  if (SentHandleCount(call()) > core::kMaxMessageHandles) return Status::kOutOfRange;
  if (AllocationFails()) return Status::kNoMemory;
  for (uint32_t i = 0; i < count; ++i) {
    const Iovec iovec = IovecAt(call(), i);
    if (CapacityOf(iovec) != 0 && MemoryFails(iovec.memory)) return Status::kInvalidArgs;
  }
  return Status::kOk;
}

/// WI-3: one piece after the other, so that of several defects another one wins.
Status Stepper::CheckManyIovecs(uint32_t count) {
  if (SentHandleCount(call()) > core::kMaxMessageHandles) return Status::kOutOfRange;
  if (AllocationFails()) return Status::kNoMemory;
  uint64_t size = 0;
  for (uint32_t i = 0; i < count; ++i) {
    if (i % kIovecChunk == 0 && MemoryFails(call().buffers.bytes)) return Status::kInvalidArgs;
    const Iovec iovec = IovecAt(call(), i);
    if (iovec.reserved) return Status::kInvalidArgs;
    const uint64_t capacity = CapacityOf(iovec);
    if (capacity != 0 && MemoryFails(iovec.memory)) return Status::kInvalidArgs;
    size += capacity;
    if (size > core::kMaxMessageBytes) return Status::kOutOfRange;
  }
  return Status::kOk;
}

// --- Dispositions ---

/// All entries are tried, in one hold of the table's lock, during which nobody there looks a handle
/// up. But who has looked one up already, or is in another process, can count the handles of an
/// object while some have been made and others not: a step ends with each. The caller learns of
/// each entry, but only if some entry failed, and if its array can be written (WE-2 to WE-4).
void Stepper::TakeDispositions() {
  const uint32_t count = SentHandleCount(call());
  std::vector<Status>& results = thread_.result.results;
  for (uint32_t made = thread_.handles_made; thread_.handles_made == made; ++thread_.position) {
    if (thread_.position == count) return FinishDispositions();
    results.push_back(TakeDisposition(DispositionAt(call(), thread_.position)));
  }
  if (thread_.position == count) FinishDispositions();
}

void Stepper::FinishDispositions() {
  thread_.position = 0;
  thread_.closing.outer = std::exchange(thread_.rest, {});
  std::vector<Status> results = std::exchange(thread_.result.results, {});
  const auto failed =
      std::ranges::find_if(results, [](Status status) { return status != Status::kOk; });
  if (failed == results.end()) {
    thread_.phase = Phase::kPublish;
    return;
  }
  Status status = *failed;
  if (MemoryFails(call().buffers.handles)) {
    status = Status::kInvalidArgs;
  } else {
    results.resize(call().dispositions.size());
    thread_.result.results = std::move(results);
  }
  FailWithHandles(status);
}

/// What is moved leaves the table before anything else is known of it, what is duplicated never
/// does. A moved handle that does not go into the message closes before those that do: its entry
/// failed, or with other rights a new handle takes its place, and waits through it end already here
/// (WE-5, WE-8).
Status Stepper::TakeDisposition(const Disposition& disposition) {
  const HandleRecord* found = LookUp(state_, process(), Resolve(thread_, disposition.handle));
  if (found == nullptr) return Status::kBadHandle;
  const HandleRecord handle = *found;
  const core::Rights rights = WantedRights(disposition.rights, handle, disposition.handle);
  const Status status = CheckDisposition(disposition, handle, rights);
  if (disposition.operation != Disposition::Operation::kDuplicate) {
    TakeFromTable(handle.id);
    if (status == Status::kOk && rights == handle.rights) {
      thread_.hands.push_back(handle.id);
      return Status::kOk;
    }
    thread_.rest.push_back(handle.id);
  }
  if (status != Status::kOk) return status;
  if (AllocationFails()) return Status::kNoMemory;
  thread_.hands.push_back(NewHandle(handle.object, rights, HandleRecord::Place::kHands));
  return Status::kOk;
}

Status Stepper::CheckDisposition(const Disposition& disposition, const HandleRecord& handle,
                                 core::Rights rights) const {
  using Operation = Disposition::Operation;
  if (disposition.operation == Operation::kUnknown) return Status::kInvalidArgs;
  if ((handle.rights & core::kRightTransfer) == 0) return Status::kAccessDenied;
  if (handle.object == thread_.bound.front()) return Status::kNotSupported;
  const core::ObjectType type = state_.FindObject(handle.object)->type;
  if (disposition.type != core::ObjectType::kNone && disposition.type != type) {
    return Status::kWrongType;
  }
  if ((rights & ~handle.rights) != 0) return Status::kInvalidArgs;
  const bool duplicates = disposition.operation == Operation::kDuplicate;
  if (duplicates && (handle.rights & core::kRightDuplicate) == 0) return Status::kAccessDenied;
  return Status::kOk;
}

}  // namespace model
