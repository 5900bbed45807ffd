#include "sim/order/reversal.h"

namespace sim {

RaceTarget RaceTarget::OfEvent(const Execution& execution, EventIndex step) {
  const Event& event = execution.events[step];
  RaceTarget target;
  target.thread = event.thread;
  target.kind = event.kind;
  target.key = event.key;
  target.object = event.object;
  target.is_over = event.was_over;
  target.deadline = event.deadline;
  target.word = event.word;
  target.wanted = event.word;  // Of an await: it found what it waited for.
  target.footprint = event.footprint;
  target.position = step;
  return target;
}

RaceTarget RaceTarget::OfPending(const Operation& operation, ThreadId thread, EventIndex position) {
  RaceTarget target;
  target.thread = thread;
  target.kind = operation.kind;
  target.key = operation.key;
  target.object = operation.object;
  if (operation.wait != nullptr) {
    target.is_over = operation.wait->over();
    target.deadline = operation.wait->deadline;
  }
  if (operation.kind == OpKind::kAtomicAwait) {
    target.word = *operation.word;
    target.wanted = operation.wanted;
  }
  target.footprint = operation.footprint;
  target.position = position;
  return target;
}

bool Reversal::IsPossible(EventIndex k, const RaceTarget& second) const {
  const Event& first = execution_.events[k];
  if (execution_.early_fires && first.kind == OpKind::kTimerFire) {
    return first.enabled.Has(second.thread);  // All that follows depends on it: nothing to cut out.
  }
  switch (second.kind) {
    case OpKind::kAcquire:
    case OpKind::kAcquireShared:
      return LockIsFree(k, second);
    case OpKind::kEventWait:
      return EventIsSet(k, second);
    case OpKind::kCondWait:
      return WasWoken(k, second.thread, second.position);
    case OpKind::kTimerFire:
      return MayFire(k, second);
    case OpKind::kAtomicAwait:
      return WordHasValue(k, second);
    case OpKind::kJoin:
      return false;  // What it conflicts with is the end of the thread, or has that after it.
    default:
      return true;
  }
}

bool Reversal::LockIsFree(EventIndex k, const RaceTarget& second) const {
  int32_t writers = 0;
  int32_t readers = 0;
  for (const LockChange& change : execution_.lock_changes) {
    if (change.step >= second.position) break;
    if (change.lock != second.object || !InCut(k, change.step)) continue;
    (change.exclusive ? writers : readers) += change.acquired ? 1 : -1;
  }
  return writers == 0 && (readers == 0 || second.kind == OpKind::kAcquireShared);
}

// All operations on an event write it, so each is ordered with E[k] or comes before it: the state
// after the cut is the one that the first of those taken out found.
bool Reversal::EventIsSet(EventIndex k, const RaceTarget& second) const {
  for (EventIndex i = k; i < second.position; ++i) {
    const Event& step = execution_.events[i];
    if (step.object == second.object && !InCut(k, i)) return step.was_over;
  }
  return second.is_over;
}

// The writes of a word are in one order, and what is read after one that is taken out is taken out
// too: the value after the cut is the one that the first of those found.
bool Reversal::WordHasValue(EventIndex k, const RaceTarget& second) const {
  for (EventIndex i = k; i < second.position; ++i) {
    const Event& step = execution_.events[i];
    if (step.object == second.object && !InCut(k, i)) return step.word == second.wanted;
  }
  return second.word == second.wanted;
}

bool Reversal::WasWoken(EventIndex k, ThreadId thread, EventIndex position) const {
  const ThreadId owner = OwnerOf(thread);
  for (EventIndex i = position; i-- > 0;) {
    const Event& step = execution_.events[i];
    if (step.woken.Has(owner)) return InCut(k, i);
    if (step.thread == owner) break;  // Here it began to wait.
  }
  return false;
}

// That it is armed goes without saying: the event that armed it is not taken out.
bool Reversal::MayFire(EventIndex k, const RaceTarget& fire) const {
  const bool of_cond_var = fire.key != kWholeObject;
  const bool over = of_cond_var ? WasWoken(k, fire.thread, fire.position) : EventIsSet(k, fire);
  if (over) return false;
  // The thread of E[k] can run after the cut.
  if (execution_.early_fires && EarlyFires(k, fire.position) >= *execution_.early_fires) {
    return false;
  }
  if (fire.deadline == kAtAnyMoment) return true;
  for (EventIndex i = 0; i < fire.position; ++i) {
    const Event& arming = execution_.events[i];
    if (arming.armed >= fire.deadline || !InCut(k, i)) continue;
    if (arming.thread != OwnerOf(fire.thread) && IsStillArmed(k, i, fire.position)) return false;
  }
  return true;
}

uint32_t Reversal::EarlyFires(EventIndex k, EventIndex position) const {
  uint32_t fires = 0;
  for (EventIndex i = 0; i < position; ++i) {
    const Event& step = execution_.events[i];
    const bool is_early = step.kind == OpKind::kTimerFire && step.enabled.AnyThread();
    if (is_early && InCut(k, i)) ++fires;
  }
  return fires;
}

bool Reversal::IsStillArmed(EventIndex k, EventIndex arming, EventIndex position) const {
  const ThreadId owner = execution_.events[arming].thread;
  for (EventIndex i = arming + 1; i < position; ++i) {
    if (execution_.events[i].woken.Has(owner)) return !InCut(k, i);
  }
  return true;
}

}  // namespace sim
