// The reference model: the first half of channel_write and channel_call, up to the moment at which
// the message is sent, and what becomes of its handles if it is not.
//
// Map: the checks, in their order; handles of a send that failed early; taking the handles out of
// the table; putting them back.
#include <algorithm>
#include <cassert>
#include <utility>

#include "model/spec.h"
#include "model/stepper.h"

namespace model {

using core::Status;

namespace {

// So many handles are read from the caller's memory, leave the table and are closed at a time when
// a send fails early (W-3).
constexpr uint32_t kSentChunk = 64;

}  // namespace

// --- Checks ---

/// Everything that can be wrong before the handles are looked at, in order; the first counts.
/// `handles_are_readable` says whether whoever consumes the handles of a failed send can know them.
Status Stepper::CheckSend(bool* handles_are_readable) {
  const bool is_call = IsChannelCall(call());
  *handles_are_readable = false;
  if (is_call && FailsBeforeLock(call().buffers.args)) return Status::kInvalidArgs;
  *handles_are_readable = call().buffers.handles == Memory::kFine;

  if (HasUnknownOptions(rules(), call())) return Status::kInvalidArgs;
  const bool is_short = is_call && MessageSize(thread_, call()) < core::kTxidBytes;
  if (is_short && rules().short_call == Rules::ShortCall::kFailsWithOptions) {
    return Status::kInvalidArgs;
  }
  const core::Rights wanted = is_call ? rules().call_rights : core::kRightWrite;
  if (Status status = Bind(core::ObjectType::kChannel, wanted); status != Status::kOk) {
    return status;
  }
  const Status status = SendsIovecs(call()) ? CheckIovecs() : CheckBytes();
  if (status != Status::kOk) return status;
  if (is_short && rules().short_call == Rules::ShortCall::kFailsAfterBytes) {
    return Status::kInvalidArgs;
  }
  return CopySentHandles(handles_are_readable);
}

Status Stepper::CheckBytes() {
  const uint64_t size = MessageSize(thread_, call());
  if (size > core::kMaxMessageBytes) return Status::kOutOfRange;
  if (SentHandleCount(call()) > core::kMaxMessageHandles) return Status::kOutOfRange;
  if (AllocationFails()) return Status::kNoMemory;
  if (size != 0 && MemoryFails(call().buffers.bytes)) return Status::kInvalidArgs;
  return Status::kOk;
}

/// A fault that comes and goes leaves open whether the array can be read again (W-3, W-4).
Status Stepper::CopySentHandles(bool* handles_are_readable) {
  if (SentHandleCount(call()) == 0 || !MemoryFails(call().buffers.handles)) return Status::kOk;
  if (*handles_are_readable && !rules().failed_send_keeps_handles) {
    *handles_are_readable = decisions_.Choose(2) == 0;
  }
  return Status::kInvalidArgs;
}

bool HasUnknownOptions(const Rules& rules, const Call& call) {
  uint32_t options = call.options;
  if (SendsIovecs(call)) options |= core::kWriteUseIovec;
  const uint32_t known = rules.has_dispositions_and_iovecs ? core::kWriteUseIovec : 0;
  return (options & ~known) != 0;
}

void Stepper::StartSend() {
  const bool has_handles = SentHandleCount(call()) != 0;
  bool handles_are_readable = false;
  const Status status = CheckSend(&handles_are_readable);
  if (status == Status::kOk) {
    thread_.phase = has_handles ? Phase::kTakeHandles : Phase::kPublish;
    return;
  }
  Finish(status);
  if (has_handles && handles_are_readable && !rules().failed_send_keeps_handles) {
    thread_.phase = Phase::kConsume;
  }
}

// --- Handles of a send that failed early ---

/// A send that fails before it looked at its handles consumes them all the same (W-3), however
/// many they are. Values that name nothing are passed over; rights do not matter, and neither does
/// what else is wrong with a disposition, if it would move its handle (WE-5).
void Stepper::ConsumeHandles() {
  if (FailsBeforeLock(call().buffers.handles)) {
    thread_.phase = Phase::kFinish;
    return;
  }
  const uint32_t count = SentHandleCount(call());
  const uint32_t end =
      count - thread_.position > kSentChunk ? thread_.position + kSentChunk : count;
  // What the caller did not write down is zeros: it takes reading, but there is nothing to close.
  const size_t written =
      HasDispositions(call()) ? call().dispositions.size() : call().handles.size();
  for (; thread_.position < std::min<size_t>(end, written); ++thread_.position) {
    const uint32_t i = thread_.position;
    const bool keeps = HasDispositions(call()) &&
                       call().dispositions[i].operation == Disposition::Operation::kDuplicate;
    if (!keeps) TakeOne(SentHandle(call(), i));
  }
  thread_.closing.outer = std::exchange(thread_.hands, {});
  if (thread_.position >= std::min<size_t>(count, written)) thread_.phase = Phase::kFinish;
}

// --- Taking the handles ---

/// All handles leave the table in one step, before the message can be seen (W-8). Where failures
/// consume, each is tried, the first position that is wrong decides the answer, and then all of
/// them close (W-5, W-6); where failures keep, nothing leaves the table unless all are right (W-2).
void Stepper::TakeHandles() {
  Status status = Status::kOk;
  if (rules().failed_send_keeps_handles) status = CheckKeptHandles();
  if (status != Status::kOk) return Finish(status);
  for (uint32_t i = 0; i < SentHandleCount(call()); ++i) {
    const Status one = TakeOne(SentHandle(call(), i));
    if (status == Status::kOk) status = one;
  }
  if (status != Status::kOk) return FailWithHandles(status);
  thread_.phase = Phase::kPublish;
}

/// In the order of the array, up to the first that is wrong; repetitions are seen only after that.
Status Stepper::CheckKeptHandles() const {
  std::vector<HandleId> seen;
  bool repeats = false;
  for (uint32_t i = 0; i < SentHandleCount(call()); ++i) {
    const HandleRecord* handle = LookUp(state_, process(), Resolve(thread_, SentHandle(call(), i)));
    if (handle == nullptr) return Status::kBadHandle;
    if (Status status = CheckSentHandle(*handle); status != Status::kOk) return status;
    repeats = repeats || std::ranges::count(seen, handle->id) != 0;
    seen.push_back(handle->id);
  }
  return repeats ? rules().duplicate_handles : Status::kOk;
}

/// What is wrong with a handle that is in the table. By object, not by value: a channel cannot be
/// sent through itself. Its peer can (H-9, H-10).
Status Stepper::CheckSentHandle(const HandleRecord& handle) const {
  const bool is_self = !thread_.bound.empty() && handle.object == thread_.bound.front();
  if (is_self && rules().self_before_transfer) return Status::kNotSupported;
  if ((handle.rights & core::kRightTransfer) == 0) return Status::kAccessDenied;
  return is_self ? Status::kNotSupported : Status::kOk;
}

/// Moves one handle from the table into the call's hands, good or not. A repeated value names
/// nothing the second time.
Status Stepper::TakeOne(const HandleArgument& argument) {
  const std::optional<HandleId> id = Resolve(thread_, argument);
  const HandleRecord* handle = LookUp(state_, process(), id);
  if (handle == nullptr) {
    const bool repeats = id && std::ranges::count(thread_.hands, *id) != 0;
    return repeats ? rules().duplicate_handles : Status::kBadHandle;
  }
  TakeFromTable(handle->id);
  thread_.hands.push_back(handle->id);
  return CheckSentHandle(*handle);
}

/// The handles are in the call's hands and the message will not be sent.
void Stepper::FailWithHandles(Status status) {
  Finish(status);
  if (thread_.hands.empty()) return;
  if (rules().failed_send_keeps_handles) {
    thread_.phase = Phase::kPutBack;
    return;
  }
  std::vector<HandleId>& outer = thread_.closing.outer;
  outer.insert(outer.end(), thread_.hands.begin(), thread_.hands.end());
  thread_.hands.clear();
}

/// One after the other, under the same values as before. In between others found nothing under them
/// (W-2).
void Stepper::PutBack() {
  PutIntoTable(thread_.hands.front());
  thread_.hands.erase(thread_.hands.begin());
  if (thread_.hands.empty()) thread_.phase = Phase::kFinish;
}

}  // namespace model
