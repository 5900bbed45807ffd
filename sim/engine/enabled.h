// Whether an operation could be picked, given what the objects are like at some moment: now, after
// a cut of an execution, or after an ideal of its events. The one rule of all that ask.
#pragma once

#include "sim/engine/execution.h"
#include "sim/object/rules.h"

namespace sim {

/// A timer may fire as long as nothing else has ended the wait: as long as the operation that waits
/// is not enabled. Deadlines pass in their order: firing a later one first would invent readings of
/// the clock. `state_of(slot)` is what an object is like at the moment in question.
template <typename StateOf>
bool MayFire(const Execution& execution, uint32_t threads, const Operation& fire,
             const StateOf& state_of) {
  const ThreadId owner = OwnerOf(fire.thread);
  if (!TimerRules::IsArmed(state_of(TimerSlot(owner)))) return false;
  if (IsEnabled(fire.awaited, fire, state_of(fire.slot))) return false;
  if (!HasTime(fire.deadline)) return true;
  for (ThreadId other = 0; other < threads; ++other) {
    if (other == owner) continue;
    const State timer = state_of(TimerSlot(other));
    if (!TimerRules::IsArmed(timer)) continue;
    const Operation& rival = execution.armings[timer.value];
    if (!HasTime(rival.deadline) || rival.deadline >= fire.deadline) continue;
    if (!IsEnabled(rival.awaited, rival, state_of(rival.slot))) return false;
  }
  return true;
}

/// A wait may also go on because its deadline has passed.
template <typename StateOf>
bool CanHappen(const Execution& execution, uint32_t threads, const Operation& operation,
               const StateOf& state_of) {
  if (!MayHaveToWait(operation.kind)) return true;
  if (operation.kind == OpKind::kNone) return false;
  if (operation.kind == OpKind::kPause) {
    return SpinRules::SeesNews(operation, execution.looks, state_of);
  }
  if (operation.kind == OpKind::kTimerFire) {
    return MayFire(execution, threads, operation, state_of);
  }
  if (IsEnabled(operation.kind, operation, state_of(operation.slot))) return true;
  return operation.deadline != kForever &&
         TimerRules::HasFired(state_of(TimerSlot(operation.thread)));
}

}  // namespace sim
