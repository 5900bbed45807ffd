// The reference model: channel_write and channel_read.
//
// Map: looking a channel up; write, in its order of steps; read, in its order of steps.
#include <algorithm>
#include <cassert>
#include <utility>

#include "model/stepper.h"

namespace model {

using core::Status;

/// Looks the call's main handle up and binds the channel: from here on the call runs against the
/// object, whatever happens to the handle (H-6). The type is tested before the rights: the
/// rights of something else mean nothing.
Status Stepper::BindChannel(core::Rights wanted) {
  const HandleRecord* handle = LookUp(state_, process(), Resolve(thread_, call().handle));
  if (handle == nullptr) return Status::kBadHandle;
  const Object* object = state_.FindObject(handle->object);
  if (object->type != core::ObjectType::kChannel) return Status::kWrongType;
  if ((handle->rights & wanted) != wanted) return Status::kAccessDenied;
  thread_.bound = object->id;
  return Status::kOk;
}

// --- Write ---

std::string MessageData(const ThreadState& thread, const Call& call) {
  const auto result_of = [&](const ResultField& field) -> CallResult {
    return thread.variables[field.variable].result.value_or(CallResult{});
  };
  std::string data;
  if (!call.raw) {
    const auto* literal = std::get_if<uint32_t>(&call.txid);
    data =
        TxidBytes(literal != nullptr ? *literal : result_of(std::get<ResultField>(call.txid)).txid);
  }
  for (const auto& piece : call.bytes) {
    if (const auto* text = std::get_if<std::string>(&piece)) {
      data += *text;
    } else {
      data += result_of(std::get<ResultField>(piece)).bytes;
    }
  }
  return data;
}

/// Everything that can be wrong before the handles are looked at, in order; the first counts.
/// Options: this slice has none for write, so any is unknown.
Status Stepper::CheckWrite() {
  if (call().options != 0) return Status::kInvalidArgs;
  if (Status status = BindChannel(core::kRightWrite); status != Status::kOk) return status;
  if (MessageData(thread_, call()).size() > core::kMaxMessageBytes) return Status::kOutOfRange;
  if (call().handles.size() > core::kMaxMessageHandles) return Status::kOutOfRange;
  return Status::kOk;
}

void Stepper::StartWrite() {
  const bool has_handles = !call().handles.empty();
  thread_.result.status = CheckWrite();
  if (thread_.result.status == Status::kOk) {
    thread_.phase = has_handles ? Phase::kTakeHandles : Phase::kPublish;
  } else {
    thread_.phase = has_handles ? Phase::kConsume : Phase::kFinish;
  }
}

/// A write that fails before it looked at its handles consumes them all the same (W-3), however
/// many they are: 64 at a time leave the table together and are closed. Values that name nothing
/// are passed over; rights do not matter.
void Stepper::ConsumeHandles() {
  const size_t count = call().handles.size();
  const size_t end = std::min<size_t>(count, thread_.consumed + core::kMaxMessageHandles);
  for (; thread_.consumed < end; ++thread_.consumed) {
    TakeOne(call().handles[thread_.consumed]);
  }
  thread_.closing.outer = std::exchange(thread_.hands, {});
  if (thread_.consumed == count) thread_.phase = Phase::kFinish;
}

/// All handles leave the table in one step, before the message can be seen (W-8). Each is tried,
/// the first position that is wrong decides the answer, and then all of them close (W-5, W-6).
void Stepper::TakeHandles() {
  Status status = Status::kOk;
  for (const HandleArgument& argument : call().handles) {
    const Status one = TakeOne(argument);
    if (status == Status::kOk) status = one;
  }
  if (status == Status::kOk) {
    thread_.phase = Phase::kPublish;
    return;
  }
  thread_.closing.outer = std::exchange(thread_.hands, {});
  Finish(status);
}

/// Moves one handle from the table into the call's hands, good or not. A repeated value names
/// nothing the second time.
Status Stepper::TakeOne(const HandleArgument& argument) {
  const HandleRecord* found = LookUp(state_, process(), Resolve(thread_, argument));
  if (found == nullptr) return Status::kBadHandle;
  HandleRecord* handle = state_.FindHandle(found->id);
  handle->place = HandleRecord::Place::kHands;
  handle->process = 0;
  thread_.hands.push_back(handle->id);
  if ((handle->rights & core::kRightTransfer) == 0) return Status::kAccessDenied;
  // By object, not by value: a channel cannot be sent through itself. Its peer can (H-9, H-10).
  if (handle->object == thread_.bound) return Status::kNotSupported;
  return Status::kOk;
}

/// The owner test comes before the peer test: a process that lost the endpoint while its write was
/// on the way learns that, and nothing of it lands behind the new owner's messages (W-11, T-5).
void Stepper::Publish() {
  const Object& endpoint = bound();
  Status status = Status::kOk;
  if (endpoint.owner != process()) {
    status = Status::kBadHandle;
  } else if (!endpoint.peer) {
    status = Status::kPeerClosed;  // Also when our own last handle has just closed (W-14).
  } else {
    Object* peer = state_.FindObject(*endpoint.peer);
    for (HandleId id : thread_.hands) state_.FindHandle(id)->place = HandleRecord::Place::kMessage;
    peer->queue.push_back(
        {.data = MessageData(thread_, call()), .handles = std::exchange(thread_.hands, {})});
    UpdateSignals(peer, core::kSignalNone, core::kSignalReadable);
  }
  if (status != Status::kOk) thread_.closing.outer = std::exchange(thread_.hands, {});
  Finish(status);
}

// --- Read ---

void Stepper::StartRead() {
  if (Status status = BindChannel(core::kRightRead); status != Status::kOk) return Finish(status);
  // Only after the handle, and with a status of its own, unlike write's options.
  if ((call().options & ~core::kReadMayDiscard) != 0) return Finish(Status::kNotSupported);
  thread_.phase = Phase::kTakeMessage;
}

/// Owner, emptiness, size and removal are one step.
void Stepper::TakeMessage() {
  Object& endpoint = bound();
  if (endpoint.owner != process()) return Finish(Status::kBadHandle);
  if (endpoint.queue.empty()) {
    // The flag follows only the peer. An endpoint whose own last handle went first has been cut off
    // and never hears of its peer's end: it stays at SHOULD_WAIT.
    const bool peer_gone = (endpoint.signals & core::kSignalPeerClosed) != 0;
    return Finish(peer_gone ? Status::kPeerClosed : Status::kShouldWait);
  }
  const Message& front = endpoint.queue.front();
  CallResult& result = thread_.result;
  result.actual_bytes = static_cast<uint32_t>(front.data.size());
  result.actual_handles = static_cast<uint32_t>(front.handles.size());
  if (result.actual_bytes > call().max_bytes.value_or(core::kMaxMessageBytes) ||
      result.actual_handles > call().max_handles.value_or(core::kMaxMessageHandles)) {
    if ((call().options & core::kReadMayDiscard) != 0) thread_.closing.outer = PopFront(&endpoint);
    return Finish(Status::kBufferTooSmall);
  }
  result.bytes = PayloadOf(front);
  result.txid = TxidOf(front);
  thread_.hands = PopFront(&endpoint);
  result.status = Status::kOk;
  thread_.phase = thread_.hands.empty() ? Phase::kFinish : Phase::kReceiveWaits;
}

/// Removes the oldest message and returns its handles, now in the hands of the call.
std::vector<HandleId> Stepper::PopFront(Object* endpoint) {
  assert(!endpoint->queue.empty());
  std::vector<HandleId> handles = std::move(endpoint->queue.front().handles);
  endpoint->queue.erase(endpoint->queue.begin());
  if (endpoint->queue.empty()) UpdateSignals(endpoint, core::kSignalReadable, core::kSignalNone);
  for (HandleId id : handles) state_.FindHandle(id)->place = HandleRecord::Place::kHands;
  return handles;
}

/// The next received handle gets a new value in the reader's table, and an endpoint its new owner:
/// ownership changes here, at receipt, and not when the handle was sent (T-4). Both are one step
/// because nobody can use the new value before this call answers.
void Stepper::Install() {
  const HandleRecord handle = *state_.FindHandle(thread_.hands.front());
  assert(handle.place == HandleRecord::Place::kHands);
  thread_.hands.erase(thread_.hands.begin());
  state_.RemoveHandle(handle.id);
  thread_.received.push_back(NewHandle(handle.object, handle.rights));
  Object* object = state_.FindObject(handle.object);
  if (object->type == core::ObjectType::kChannel) object->owner = process();
  thread_.phase = thread_.hands.empty() ? Phase::kFinish : Phase::kReceiveWaits;
}

}  // namespace model
