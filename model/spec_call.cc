// The reference model: the second half of channel_call.
//
// Map: registration; the sleep, with its deadline and its interruptions; the end, and reading out
// the reply.
//
// A call stays registered at its endpoint until one of four things takes it off: a reply, the end
// of either endpoint, the receipt of its endpoint, or its own thread. The first decides (8.5).
#include <algorithm>
#include <cassert>
#include <utility>

#include "model/stepper.h"

namespace model {

using core::Status;

// --- Registration ---

/// The kernel writes its own transaction id over the first four bytes of the message: the next
/// number of this endpoint that no call in progress here uses (CC-5, CC-6).
void Stepper::PickTxid(Object* endpoint, std::string* data) {
  uint32_t txid = 0;
  const auto is_in_use = [&](ThreadIndex caller) {
    return state_.threads[caller].call->txid == txid;
  };
  do {
    txid = ++endpoint->calls_made | core::kKernelTxidBit;
  } while (std::ranges::any_of(endpoint->callers, is_in_use));
  data->replace(0, core::kTxidBytes, TxidBytes(txid));
}

void Stepper::Await(Object* endpoint, uint32_t txid) {
  thread_.call = PendingCall{.txid = txid, .end = PendingCall::End::kNone, .reply = {}};
  endpoint->callers.push_back(index_);
  // With distinct ids their order says nothing.
  if (rules().kernel_picks_txids) std::ranges::sort(endpoint->callers);
  BeginSleep();
  thread_.phase = Phase::kCallSleeping;
}

/// What ends calls from outside.
void Stepper::EndCallers(Object* endpoint, PendingCall::End end) {
  for (ThreadIndex caller : std::exchange(endpoint->callers, {})) {
    PendingCall& pending = *state_.threads[caller].call;
    assert(pending.end == PendingCall::End::kNone);
    pending.end = end;
  }
}

// --- The sleep ---

/// A suspension ends the sleep but not the registration: the thread parks, and goes on to wait for
/// the same deadline when it is resumed. The request is not sent again (CC-23). A reply that came
/// meanwhile is there (CC-28).
void Stepper::StepCallSleeping() {
  if (thread_.killed) return EndCall();
  if (thread_.phase == Phase::kCallParked) {
    // The arguments are read once more (CC-26). Should that fail, nobody knows where a reply would
    // go: the call ends, which takes the lock, and a reply that had come is lost.
    const bool may_end = !IsLocked(state_, bound().id);
    if (may_end && MemoryFails(call().buffers.args)) return EndCall(Status::kInvalidArgs);
    thread_.phase = Phase::kCallSleeping;
    return;
  }
  if (IsAwake(state_, thread_) || thread_.sleep->over()) return EndCall();
  EndSleep();
  if (!thread_.sleep->interrupted) return;
  thread_.sleep->interrupted = false;
  thread_.phase = Phase::kCallParked;
}

// --- The end ---

/// Whatever ended the sleep, what took the call off its endpoint's list is the result; if nothing
/// has yet, the thread does it now, and only then the deadline counts (CC-14). Unless something
/// else failed, which is then the result.
void Stepper::EndCall(Status failed) {
  const PendingCall pending = std::move(*thread_.call);
  thread_.call.reset();
  thread_.sleep.reset();
  if (pending.end == PendingCall::End::kNone) {
    std::vector<ThreadIndex>& callers = bound().callers;
    assert(std::ranges::count(callers, index_) == 1);
    callers.erase(std::ranges::find(callers, index_));
  }
  // Nothing returns to user code. A reply that had come is lost, with its handles (CC-30), unless
  // it was what ended the sleep: then it is received by the process all the same (CC-14, CC-29).
  const bool is_answered = pending.end == PendingCall::End::kReply;
  if (thread_.killed && !(is_answered && decisions_.Choose(2) == 1)) {
    DestroyMessage(pending.reply);
    return Finish(Status::kInternalIntrKilled);
  }
  if (failed != Status::kOk) {
    DestroyMessage(pending.reply);
    return Finish(FailAfterSending(failed));
  }
  switch (pending.end) {
    case PendingCall::End::kNone:
      return Finish(Status::kTimedOut);
    case PendingCall::End::kReply:
      return TakeReply(pending.reply);
    case PendingCall::End::kPeerClosed:
      return Finish(FailAfterSending(Status::kPeerClosed));
    case PendingCall::End::kCanceled:
      return Finish(FailAfterSending(Status::kCanceled));
  }
}

/// A reply that does not fit is lost, and the caller is not told how large it was (CC-15).
void Stepper::TakeReply(const Message& reply) {
  const bool fits = reply.data.size() <= call().max_bytes.value_or(core::kMaxMessageBytes) &&
                    reply.handles.size() <= call().max_handles.value_or(core::kMaxMessageHandles);
  // Here, unlike in a read, null pointers for the sizes are faults (CC-16).
  const Status status = fits ? CopyOut(reply, false) : Status::kBufferTooSmall;
  if (status == Status::kOk) return Receive(reply);
  DestroyMessage(reply);
  Finish(FailAfterSending(status));
}

/// Where a failure after sending is told apart, its cause is in read_status, if wanted (CC-1).
Status Stepper::FailAfterSending(Status cause) {
  if (!rules().failed_call_tells_read_status) return cause;
  const Memory memory = call().buffers.read_status;
  if (memory == Memory::kNull) return Status::kCallFailed;
  if (MemoryFails(memory)) return Status::kInvalidArgs;
  thread_.result.read_status = cause;
  return Status::kCallFailed;
}

}  // namespace model
