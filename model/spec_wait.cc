// The reference model: object_wait_one, and the signal changes that end waits.
//
// Map: the call; its steps while it waits; deadlines; what ends waits from outside.
//
// A wait leaves its object's list at a match, at a cancel, or when its thread takes it down after
// the deadline. What it observed is fixed at that moment and nothing later changes it.
#include <algorithm>
#include <cassert>

#include "model/stepper.h"

namespace model {

using core::Status;

/// Look-up and registration are one step: a racing close is before, and then the handle is bad, or
/// after, and then it finds the wait (WT-2).
void Stepper::StartWait() {
  const HandleRecord* handle = LookUp(state_, process(), Resolve(thread_, call().handle));
  if (handle == nullptr) return Finish(Status::kBadHandle);
  if ((handle->rights & core::kRightWait) == 0) return Finish(Status::kAccessDenied);
  thread_.bound = handle->object;
  const core::Signals active = state_.FindObject(handle->object)->signals;
  if ((active & call().signals) != 0) {
    // Whatever the deadline (WT-3).
    thread_.result.observed = active;
    return Finish(Status::kOk);
  }
  Wait wait;
  wait.handle = handle->id;
  wait.object = handle->object;
  wait.signals = call().signals;
  wait.deadline = call().deadline;
  thread_.wait = wait;
  thread_.phase = Phase::kWaiting;
}

/// Three different steps. Ended from outside: the thread wakes and goes. Neither ended nor timed
/// out: the deadline fires, which leaves the wait registered. Timed out: it is taken down.
void Stepper::StepWaiting() {
  Wait& wait = *thread_.wait;
  if (wait.registered() && !wait.fired) {
    wait.fired = true;
    if (wait.deadline.kind == Deadline::Kind::kAt) {
      state_.now_ns = std::max(state_.now_ns, wait.deadline.at_ns);
    }
    return;
  }
  if (wait.registered()) wait.observed = bound().signals;
  thread_.result.observed = wait.observed;
  // A cancel counts even after the deadline; a match after the deadline comes too late, although
  // the wanted signal shows in what was observed (WT-8).
  Status status = wait.fired ? Status::kTimedOut : Status::kOk;
  if (wait.end == Wait::End::kCanceled) status = Status::kCanceled;
  const bool taken_down = wait.registered();
  thread_.wait.reset();
  Finish(status);
  // A take-down is a step; dropping the reference comes after it. A wait that ended from outside
  // has nothing to take down: waking up and dropping the reference are one.
  if (!taken_down) ReleaseBound();
}

/// Time passes only when a deadline fires, and the earliest one to come fires first. One that is
/// already past ends its sleep at any moment and holds nobody back.
bool DeadlineMayFire(const State& state, const Wait& wait) {
  switch (wait.deadline.kind) {
    case Deadline::Kind::kNever:
      return false;
    case Deadline::Kind::kNow:
    case Deadline::Kind::kMay:
      return true;
    case Deadline::Kind::kAt:
      break;
  }
  const core::Time at_ns = wait.deadline.at_ns;
  if (at_ns <= state.now_ns) return true;
  return std::none_of(state.threads.begin(), state.threads.end(), [&](const ThreadState& thread) {
    const std::optional<Wait>& other = thread.wait;
    return other && other->registered() && !other->fired &&
           other->deadline.kind == Deadline::Kind::kAt && other->deadline.at_ns > state.now_ns &&
           other->deadline.at_ns < at_ns;
  });
}

/// Waits belong to a handle: those through other handles to the same object go on (WT-30).
void Stepper::CancelWaits(HandleId handle) {
  for (ThreadState& thread : state_.threads) {
    if (!thread.wait || !thread.wait->registered() || thread.wait->handle != handle) continue;
    const Object* object = state_.FindObject(thread.wait->object);
    thread.wait->end = Wait::End::kCanceled;
    thread.wait->observed = object->signals | core::kSignalHandleClosed;
  }
}

/// A change of signals ends the waits that it satisfies, in the same step.
///
/// Hence a thread that waited before a message came may wake for a message that somebody else has
/// taken by then, but one that registers while the queue is empty sleeps (S-9, N-16).
void Stepper::UpdateSignals(Object* object, core::Signals clear, core::Signals set) {
  object->signals = (object->signals & ~clear) | set;
  for (ThreadState& thread : state_.threads) {
    if (!thread.wait || !thread.wait->registered() || thread.wait->object != object->id) continue;
    if ((thread.wait->signals & object->signals) == 0) continue;
    thread.wait->end = Wait::End::kMatched;
    thread.wait->observed = object->signals;
  }
}

}  // namespace model
