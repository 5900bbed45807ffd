// The reference model: what closing a handle leads to.
//
// Map: the three steps of closing one handle that has left its table; the end of a port;
// references, whose last one destroys an endpoint's queue and so goes on to close the handles in
// it.
//
// Order of nested closes (D-5). Handles that a call closes itself (`outer`) go one after the other,
// each with everything below it. While a queue is being destroyed, its handles (`inner`) all close
// first; endpoints that die of it wait in `pending_frees` and are destroyed last in, first out.
// So along any path the outer endpoint's peer sees PEER_CLOSED before the inner one's.
#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

#include "model/spec.h"
#include "model/stepper.h"

namespace model {

// --- Closing one handle ---

void Stepper::StepClosing() {
  Closing& closing = thread_.closing;
  if (!closing.left_behind.empty()) return LeaveBehind();
  if (closing.ends_port()) return StepPortEnd();
  switch (closing.step) {
    case Closing::Step::kCancelWaits:
      CancelWaits(closing.current());
      closing.step = Closing::Step::kZeroHandles;
      break;
    case Closing::Step::kZeroHandles:
    case Closing::Step::kEndLife:
      CloseZeroHandles();
      break;
    case Closing::Step::kDropReference:
      CloseDropReference();
      break;
  }
}

/// The handle ceases to exist. An endpoint's last one ends its public life: both links are cut and
/// the peer shows it, in one step (D-1). What is queued at the peer stays readable there; what is
/// queued here lives on until the last reference goes (D-3). It ceases to count a moment earlier.
void Stepper::CloseZeroHandles() {
  Closing& closing = thread_.closing;
  if (EndsLifeApart(program_, state_, closing)) {
    closing.step = Closing::Step::kEndLife;
    return;
  }
  std::vector<HandleId>& list = closing.freeing ? closing.inner : closing.outer;
  const HandleRecord handle = *state_.FindHandle(list.front());
  assert(handle.place == HandleRecord::Place::kHands);
  list.erase(list.begin());
  state_.RemoveHandle(handle.id);
  closing.dropping = handle.object;
  closing.step = Closing::Step::kDropReference;

  if (state_.HandleCount(handle.object) != 0) return;
  Object* object = state_.FindObject(handle.object);
  if (object->type == core::ObjectType::kPort) return ClosePort(object);
  CutLinks(object);
}

/// The last handle is in nobody's table, so that those who may count it now are all who ever will.
bool EndsLifeApart(const Program& program, const State& state, const Closing& closing) {
  if (closing.step != Closing::Step::kZeroHandles) return false;
  const ObjectId object = state.FindHandle(closing.current())->object;
  if (state.HandleCount(object) != 1) return false;
  for (ThreadIndex i = 0; i < state.threads.size(); ++i) {
    const ThreadState& thread = state.threads[i];
    if (thread.phase != Phase::kOperate || thread.bound.empty()) continue;
    if (IsFinished(program, state, i) || thread.bound.front() != object) continue;
    if (CountsHandles(program.threads[i].calls[thread.next_call])) return true;
  }
  return false;
}

/// The lock is held to the end, so that whoever needs it sees all or nothing. A reader does not,
/// and may find the peer's end while calls that began on this side are still pending, and reads of
/// it do not show the end yet.
void Stepper::CutLinks(Object* object) {
  if (!object->peer) return;
  Object* peer = state_.FindObject(*object->peer);
  assert(peer->peer == object->id);
  object->peer.reset();
  peer->peer.reset();
  EndCallers(peer, PendingCall::End::kPeerClosed);
  UpdateSignals(peer, core::kSignalWritable, core::kSignalPeerClosed);
  const auto uses = [object](const ThreadState& thread) {
    return std::ranges::count(thread.bound, object->id) != 0;
  };
  if (std::ranges::none_of(state_.threads, uses)) return;
  thread_.delivery.closed = object->id;
  thread_.delivery.locked = {peer->id, object->id};
}

/// Packets go at once, registered waits one after the other. Threads that wait for a packet are
/// told nothing.
void Stepper::ClosePort(Object* port) {
  Closing& closing = thread_.closing;
  port->packets.clear();
  closing.dropping.reset();
  closing.step = Closing::Step::kCancelWaits;
  closing.port_ends.push_back(
      {.port = port->id, .freeing = closing.freeing, .step = PortEnd::Step::kTake, .watched = {}});
}

void Stepper::StepPortEnd() {
  PortEnd& end = thread_.closing.port_ends.back();
  ObjectId released = end.port;
  switch (end.step) {
    case PortEnd::Step::kTake:
      end.watched = ForgetOldestWait(end.port);
      end.step = PortEnd::Step::kTakeOff;
      if (end.watched) return;
      thread_.closing.port_ends.pop_back();
      break;
    case PortEnd::Step::kTakeOff:
      // Unless a change of signals, or the end of its handle, did so.
      std::erase_if(state_.FindObject(*end.watched)->async_waits,
                    [&](const AsyncWait& wait) { return wait.port == end.port && wait.forgotten; });
      end.step = PortEnd::Step::kRelease;
      return;
    case PortEnd::Step::kRelease:
      released = *end.watched;
      end.watched.reset();
      end.step = PortEnd::Step::kTake;
      break;
  }
  FreeIfUnreferenced(released);
  NextPendingFree();
}

/// From here on it brings no packet. Returns what it watches; nothing if no wait is left. One whose
/// packet is on its way is still a wait of the port.
std::optional<ObjectId> Stepper::ForgetOldestWait(ObjectId port) {
  uint32_t oldest = UINT32_MAX;
  bool* forgotten = nullptr;
  std::optional<ObjectId> watched;
  const auto look = [&](auto& waits, ObjectId object) {
    for (auto& wait : waits) {
      if (wait.port != port || wait.forgotten || wait.order >= oldest) continue;
      oldest = wait.order;
      forgotten = &wait.forgotten;
      watched = object;
    }
  };
  const auto look_at_delivery = [&](Delivery& delivery) {
    if (!delivery.idle()) look(delivery.items, delivery.locked.front());
  };
  for (Object& object : state_.objects) look(object.async_waits, object.id);
  for (ThreadState& thread : state_.threads) look_at_delivery(thread.delivery);
  look_at_delivery(state_.worker.delivery);
  if (forgotten != nullptr) *forgotten = true;
  return watched;
}

void Stepper::CloseDropReference() {
  const ObjectId id = *thread_.closing.dropping;
  thread_.closing.dropping.reset();
  thread_.closing.step = Closing::Step::kCancelWaits;
  FreeIfUnreferenced(id);
  NextPendingFree();
}

// --- References ---

/// The last step of every call that looked an object up. It can be the one that destroys the
/// queue, when all handles were closed while the call was under way: then the handles in the
/// queue close on this thread, after the close() has answered (N-18).
void Stepper::ReleaseBound() {
  const ObjectId id = thread_.bound.front();
  thread_.bound.erase(thread_.bound.begin());
  FreeIfUnreferenced(id);
  NextPendingFree();
}

void Stepper::FreeIfUnreferenced(ObjectId id) {
  if (state_.IsReferenced(id)) return;
  if (thread_.closing.freeing) {
    thread_.closing.pending_frees.push_back(id);
  } else {
    DestroyQueue(id);
  }
}

/// Nobody can reach the object any more, so that emptying its queue is no step of its own; closing
/// each of the handles is. Where that is put off, another does it (D-6).
void Stepper::DestroyQueue(ObjectId id) {
  assert(thread_.closing.inner.empty());
  std::vector<Message> queue = std::move(state_.FindObject(id)->queue);
  state_.RemoveObject(id);
  const bool later = rules().destroyed_messages_close_later;
  thread_.closing.freeing = !later;
  for (const Message& message : queue) {
    if (later) {
      DestroyMessage(message);
      continue;
    }
    for (HandleId handle : message.handles) {
      state_.FindHandle(handle)->place = HandleRecord::Place::kHands;
      thread_.closing.inner.push_back(handle);
    }
  }
}

/// Its handles close in array order (D-4).
void Stepper::DestroyMessage(const Message& message) {
  if (message.handles.empty()) return;
  for (HandleId handle : message.handles) {
    state_.FindHandle(handle)->place = HandleRecord::Place::kHands;
  }
  Closing& closing = thread_.closing;
  if (rules().destroyed_messages_close_later) {
    closing.left_behind.push_back(message.handles);
  } else {
    closing.outer.insert(closing.outer.end(), message.handles.begin(), message.handles.end());
  }
}

/// The worker gets the handles of one message after the other: between two of them others may
/// leave theirs behind (D-6).
void Stepper::LeaveBehind() {
  std::vector<std::vector<HandleId>>& messages = thread_.closing.left_behind;
  std::vector<HandleId>& outer = state_.worker.closing.outer;
  outer.insert(outer.end(), messages.front().begin(), messages.front().end());
  messages.erase(messages.begin());
}

void Stepper::NextPendingFree() {
  Closing& closing = thread_.closing;
  while (closing.freeing && closing.inner.empty() && !closing.ends_port()) {
    if (closing.pending_frees.empty()) {
      closing.freeing = false;
    } else {
      const ObjectId id = closing.pending_frees.back();
      closing.pending_frees.pop_back();
      DestroyQueue(id);
    }
  }
}

}  // namespace model
