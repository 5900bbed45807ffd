#include "tests/sim/timed_wait_kernel.h"

#include <cassert>

namespace sim {

WaitAnswer LevelSignal::Wait(Time deadline) {
  Runtime& runtime = *Runtime::Current();
  const ThreadId self = runtime.current();
  Operation enter = Prepare(runtime, OpKind::kQueueEnter);
  const Access word{enter.object, QueueRules::WordOf(self), AccessMode::kWrite};
  enter.deadline = deadline;
  enter.footprint.Add(word);  // The same whether or not it finds the bit set.
  runtime.Announce(enter);
  if (bit_) return {WaitEnd::kAtOnce, true};
  observers_.Add(self);
  runtime.Change(WaiterSlot(self), OpKind::kJoinQueue, self);
  Operation resume = Prepare(runtime, OpKind::kQueueWait, QueueRules::WordOf(self));
  resume.slot = WaiterSlot(self);
  resume.argument = slot();
  resume.deadline = deadline;
  // Who ends the wait is not known yet: one that timed out takes itself off the list.
  resume.footprint.Add({resume.object, kLevel, AccessMode::kWrite});
  resume.footprint.Add(word);
  if (deadline != kForever) runtime.Arm(resume, Footprint::Of(word));
  runtime.Announce(resume);
  const bool timed_out = deadline != kForever && runtime.HasTimedOut(resume);
  runtime.Change(resume.slot, OpKind::kQueueWait, self);
  observers_.Remove(self);
  return {timed_out ? WaitEnd::kTimedOut : WaitEnd::kSignaled, bit_};
}

void LevelSignal::Set() {
  Runtime& runtime = *Runtime::Current();
  // The words of all: who will observe when it happens is not known yet, and it looks at each. It
  // may take the earliest deadline off the clock, and so let a later one pass.
  Operation set = Prepare(runtime, OpKind::kNotifyAll);
  runtime.Announce(set);
  bit_ = true;
  for (ThreadId observer : observers_) {
    const bool is_over = TimerRules::HasFired(runtime.StateOf(TimerSlot(observer))) ||
                         QueueRules::IsTold(runtime.StateOf(WaiterSlot(observer)));
    if (is_over) continue;
    runtime.Change(WaiterSlot(observer), OpKind::kWake, observer);
    // It stays on the list, and only looks at the bit again.
    Footprint resumed = Footprint::Reads(set.object, kLevel);
    resumed.Add({set.object, QueueRules::WordOf(observer), AccessMode::kWrite});
    runtime.Refine(observer, resumed);
  }
}

void LevelSignal::Clear() {
  Runtime& runtime = *Runtime::Current();
  Operation clear = Prepare(runtime, OpKind::kRelease, kLevel);  // It writes one part, no more.
  runtime.Announce(clear);
  bit_ = false;
}

}  // namespace sim
