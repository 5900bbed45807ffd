// The reference model: sending a message, and channel_read.
//
// Map: sending; reading, in its order of steps; receiving, which replies to calls share.
#include <algorithm>
#include <cassert>
#include <utility>

#include "model/spec.h"
#include "model/stepper.h"

namespace model {

using core::Status;

// --- Sending ---

/// The owner test comes before the peer test: a process that lost the endpoint while its write was
/// on the way learns that, and nothing of it lands behind the new owner's messages (W-11, T-5). A
/// call is registered in the same step, so that no reply can come too early (CC-8).
void Stepper::Publish() {
  Object& endpoint = bound();
  if (rules().tests_owner && endpoint.owner != process()) {
    return FailWithHandles(Status::kBadHandle);
  }
  // Also when our own last handle has just closed (W-14).
  if (!endpoint.peer) return FailWithHandles(Status::kPeerClosed);
  Message message;
  message.data = MessageData(thread_, call());
  if (IsChannelCall(call()) && rules().kernel_picks_txids) PickTxid(&endpoint, &message.data);
  message.handles = std::exchange(thread_.hands, {});
  for (HandleId id : message.handles) {
    state_.FindHandle(id)->place = HandleRecord::Place::kMessage;
  }
  const uint32_t txid = TxidOf(message);
  Object* peer = state_.FindObject(*endpoint.peer);
  const bool may_be_reply = !IsChannelCall(call()) || rules().requests_match_waiters;
  if (!may_be_reply || !DeliverToCaller(peer, message)) {
    peer->queue.push_back(std::move(message));
    UpdateSignals(peer, core::kSignalNone, core::kSignalReadable);
  }
  if (IsChannelCall(call())) {
    Await(&endpoint, txid);
  } else {
    Finish(Status::kOk);
  }
}

/// A message that answers a call goes straight to the caller, past the queue and without a signal
/// (CC-9, S-2).
bool Stepper::DeliverToCaller(Object* peer, const Message& message) {
  const auto caller = std::ranges::find_if(peer->callers, [&](ThreadIndex thread) {
    return state_.threads[thread].call->txid == TxidOf(message);
  });
  if (caller == peer->callers.end()) return false;
  PendingCall& pending = *state_.threads[*caller].call;
  assert(pending.end == PendingCall::End::kNone);
  pending.end = PendingCall::End::kReply;
  pending.reply = message;
  peer->callers.erase(caller);
  return true;
}

// --- Reading ---

void Stepper::StartRead() {
  if (Status status = Bind(core::ObjectType::kChannel, core::kRightRead); status != Status::kOk) {
    return Finish(status);
  }
  // Only after the handle, and with a status of its own, unlike write's options.
  if ((call().options & ~core::kReadMayDiscard) != 0) return Finish(Status::kNotSupported);
  thread_.phase = Phase::kTakeMessage;
}

/// Owner, emptiness, size and removal are one step. Copying out belongs to it: nobody else
/// sees a message that has left the queue.
void Stepper::TakeMessage() {
  Object& endpoint = bound();
  if (rules().tests_owner && endpoint.owner != process()) return Finish(Status::kBadHandle);
  if (endpoint.queue.empty()) {
    // Where the flag follows only the peer, an endpoint whose own last handle went first has been
    // cut off and never hears of its peer's end: it stays at SHOULD_WAIT.
    const bool own_gone = !endpoint.peer && !IsClosingLate(state_, endpoint.id);
    const bool peer_gone = (endpoint.signals & core::kSignalPeerClosed) != 0 ||
                           (rules().own_close_shows_peer_closed && own_gone);
    return Finish(peer_gone ? Status::kPeerClosed : Status::kShouldWait);
  }
  const Message& front = endpoint.queue.front();
  const bool fits = front.data.size() <= call().max_bytes.value_or(core::kMaxMessageBytes) &&
                    HandleCountOf(front) <= call().max_handles.value_or(core::kMaxMessageHandles);
  if (fits) {
    Message message = PopFront(&endpoint);
    Unfold(&message);
    if (Status status = CopyOut(message, true); status != Status::kOk) {
      DestroyMessage(message);
      return Finish(status);
    }
    return Receive(std::move(message));
  }
  const Status status = CopyOutSizes(front, true);
  if ((call().options & core::kReadMayDiscard) != 0) DestroyMessage(PopFront(&endpoint));
  Finish(status == Status::kOk ? Status::kBufferTooSmall : status);
}

/// Removes the oldest message.
Message Stepper::PopFront(Object* endpoint) {
  assert(!endpoint->queue.empty());
  Message message = std::move(endpoint->queue.front());
  endpoint->queue.erase(endpoint->queue.begin());
  if (endpoint->queue.empty()) UpdateSignals(endpoint, core::kSignalReadable, core::kSignalNone);
  return message;
}

/// The first of the nested channels becomes an object; the rest is in its queue. A message that is
/// destroyed unread takes them along, and nobody can tell.
void Stepper::Unfold(Message* message) {
  if (message->nested == 0) return;
  Object object = NewObject(core::ObjectType::kChannel);
  object.signals = core::kSignalPeerClosed | core::kSignalReadable;
  object.queue.push_back(
      {.data = TxidBytes(0), .handles = {}, .nested = std::exchange(message->nested, 0) - 1});
  const ObjectId id = object.id;
  state_.AddObject(std::move(object));
  const core::Rights rights = DefaultRights(core::ObjectType::kChannel, state_.generation);
  message->handles.push_back(NewHandle(id, rights, HandleRecord::Place::kHands));
}

// --- Receiving ---

/// A fault takes back what was written before it: the sizes mean nothing then.
Status Stepper::CopyOutSizes(const Message& message, bool null_is_skipped) {
  const auto fails = [&](Memory memory) {
    return !(null_is_skipped && memory == Memory::kNull) && MemoryFails(memory);
  };
  const Buffers& buffers = call().buffers;
  if (fails(buffers.actual_bytes) || fails(buffers.actual_handles)) return Status::kInvalidArgs;
  if (buffers.actual_bytes == Memory::kFine) {
    thread_.result.actual_bytes = static_cast<uint32_t>(message.data.size());
  }
  if (buffers.actual_handles == Memory::kFine) {
    thread_.result.actual_handles = HandleCountOf(message);
  }
  return Status::kOk;
}

/// Sizes, bytes, handles. Who leaves the address of a size out is not told how much came. A null
/// buffer is as bad as any other if there is something to copy.
Status Stepper::CopyOut(const Message& message, bool null_actual_is_skipped) {
  if (Status status = CopyOutSizes(message, null_actual_is_skipped); status != Status::kOk) {
    return status;
  }
  CallResult& result = thread_.result;
  if (!message.data.empty()) {
    if (MemoryFails(call().buffers.rd_bytes)) {
      result = {};
      return Status::kInvalidArgs;
    }
    if (call().buffers.actual_bytes == Memory::kFine) {
      result.bytes = PayloadOf(message);
      result.txid = TxidOf(message);
    }
  }
  if (!message.handles.empty() && MemoryFails(call().buffers.rd_handles)) {
    if (!rules().handle_copy_fault_is_ignored) {
      result = {};
      return Status::kInvalidArgs;
    }
    thread_.values_lost = true;
  }
  if (call().buffers.actual_handles != Memory::kFine) thread_.values_lost = true;
  const bool tells_infos =
      call().kind == CallKind::kChannelReadEtc || call().kind == CallKind::kChannelCallEtc;
  if (!tells_infos || thread_.values_lost) return Status::kOk;
  for (HandleId id : message.handles) {
    const HandleRecord& handle = *state_.FindHandle(id);
    result.infos.push_back({state_.FindObject(handle.object)->type, handle.rights});
  }
  return Status::kOk;
}

/// The message is out; its handles arrive one after the other, in array order (P-1).
void Stepper::Receive(Message message) {
  thread_.hands = std::move(message.handles);
  for (HandleId id : thread_.hands) state_.FindHandle(id)->place = HandleRecord::Place::kHands;
  Finish(Status::kOk);
  if (!thread_.hands.empty()) thread_.phase = Phase::kReceiveWaits;
}

/// Waits through the next received handle end, as those of its former holder (T-8).
void Stepper::ReceiveWaits() {
  const HandleId id = thread_.hands.front();
  CancelWaits(id);
  const Object& object = *state_.FindObject(state_.FindHandle(id)->object);
  thread_.phase = object.type == core::ObjectType::kChannel ? Phase::kOwn : Phase::kInstall;
}

/// An endpoint gets its new owner: ownership changes here, at receipt, and not when the handle was
/// sent (T-4). In the same step end the calls that are pending on it (T-7, P-1).
void Stepper::Own() {
  Object* object = state_.FindObject(state_.FindHandle(thread_.hands.front())->object);
  if (rules().receipt_cancels_calls) EndCallers(object, PendingCall::End::kCanceled);
  object->owner = process();
  thread_.phase = Phase::kInstall;
}

/// The next received handle gets a new value in the reader's table. Nobody can use it before this
/// call answers, but the table may be locked while the new owner shows already.
void Stepper::Install() {
  const HandleRecord handle = *state_.FindHandle(thread_.hands.front());
  assert(handle.place == HandleRecord::Place::kHands);
  thread_.hands.erase(thread_.hands.begin());
  state_.RemoveHandle(handle.id);
  const HandleId id = NewHandle(handle.object, handle.rights, HandleRecord::Place::kTable);
  if (!thread_.values_lost) thread_.received.push_back(id);
  thread_.phase = thread_.hands.empty() ? Phase::kFinish : Phase::kReceiveWaits;
}

}  // namespace model
