// The reference model: what closing a handle leads to.
//
// Map: the three steps of closing one handle that has left its table; references, whose last one
// destroys an endpoint's queue and so goes on to close the handles in it.
//
// Order of nested closes (D-5). Handles that a call closes itself (`outer`) go one after the other,
// each with everything below it. While a queue is being destroyed, its handles (`inner`) all close
// first; endpoints that die of it wait in `pending_frees` and are destroyed last in, first out.
// So along any path the outer endpoint's peer sees PEER_CLOSED before the inner one's.
#include <cassert>
#include <utility>

#include "model/stepper.h"

namespace model {

// --- Closing one handle ---

void Stepper::StepClosing() {
  Closing& closing = thread_.closing;
  switch (closing.step) {
    case Closing::Step::kCancelWaits:
      CancelWaits(closing.current());
      closing.step = Closing::Step::kZeroHandles;
      break;
    case Closing::Step::kZeroHandles:
      CloseZeroHandles();
      break;
    case Closing::Step::kDropReference:
      CloseDropReference();
      break;
  }
}

/// The handle ceases to exist. An endpoint's last one ends its public life: both links are cut and
/// the peer shows it, in one step (D-1). What is queued at the peer stays readable there; what is
/// queued here lives on until the last reference goes (D-3).
void Stepper::CloseZeroHandles() {
  Closing& closing = thread_.closing;
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

/// Calls on both sides end in the same step, so that nobody sees one end and the other alive.
void Stepper::CutLinks(Object* object) {
  EndCallers(object, PendingCall::End::kCanceled);
  if (!object->peer) return;
  Object* peer = state_.FindObject(*object->peer);
  assert(peer->peer == object->id);
  object->peer.reset();
  peer->peer.reset();
  EndCallers(peer, PendingCall::End::kPeerClosed);
  UpdateSignals(peer, core::kSignalWritable, core::kSignalPeerClosed);
  if (!thread_.delivery.idle()) thread_.delivery.locked.push_back(object->id);
}

/// Packets and registered waits are forgotten. Threads that wait for a packet are told nothing.
void Stepper::ClosePort(Object* port) {
  port->packets.clear();
  for (Object& object : state_.objects) {
    std::erase_if(object.async_waits,
                  [port](const AsyncWait& wait) { return wait.port == port->id; });
  }
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
  const bool later = rules().destroyed_messages_close_later;
  Closing& closing = later ? state_.worker.closing : thread_.closing;
  for (HandleId handle : message.handles) {
    state_.FindHandle(handle)->place = HandleRecord::Place::kHands;
    closing.outer.push_back(handle);
  }
}

void Stepper::NextPendingFree() {
  Closing& closing = thread_.closing;
  while (closing.freeing && closing.inner.empty()) {
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
