#include "sim/api/cond_var.h"

#include <algorithm>
#include <cassert>

#include "sim/object/queue.h"

namespace sim {

CondVar::~CondVar() {
  Runtime* runtime = Runtime::InThread();
  if (runtime == nullptr) return;
  BeginDestruction(*runtime);
  const ThreadSet waiters = runtime->StateOf(slot()).threads;
  for (ThreadId waiter : waiters) Wake(*runtime, waiter);
}

WaitResult CondVar::WaitUntil(Mutex& mutex, Time deadline) {
  return WaitInThread(mutex, deadline, /*is_relative=*/false);
}

WaitResult CondVar::WaitFor(Mutex& mutex, Time timeout) {
  return WaitInThread(mutex, timeout, /*is_relative=*/HasTime(timeout));
}

WaitResult CondVar::WaitInThread(Mutex& mutex, Time deadline, bool is_relative) {
  Runtime* runtime = Runtime::InThread();
  assert(runtime != nullptr);  // The set-up and the checks are alone: nobody would wake them.
  bool timed_out = true;
  if (Enter(*runtime, mutex, deadline, is_relative)) {
    const bool is_idle = runtime->PickFault(FaultKind::kIdleWake);
    if (is_idle) deadline = kAtAnyMoment;  // In place of its own: that could pass as well.
    const ThreadId self = runtime->current();
    Operation wait = Prepare(*runtime, OpKind::kQueueWait, QueueRules::WordOf(self));
    wait.argument = slot();  // Which queue it is: whoever times out leaves it.
    wait.slot = WaiterSlot(self);
    timed_out = TimesOut(*runtime, wait, deadline, QueueRules::OfFire(wait)) && !is_idle;
    runtime->Change(wait.slot, OpKind::kQueueWait, self);
    CheckUse(*runtime);
  }
  mutex.Acquire();
  return timed_out ? WaitResult::kTimedOut : WaitResult::kSignaled;
}

// False: the deadline has passed already, and nobody is in the queue.
bool CondVar::Enter(Runtime& runtime, Mutex& mutex, Time& deadline, bool is_relative) {
  mutex.AssertHeld();
  Operation enter = Prepare(runtime, OpKind::kQueueEnter);
  const ObjectId lock = mutex.Prepare(runtime, OpKind::kRelease).object;
  enter.deadline = deadline;
  enter.footprint.Add({lock, kWholeObject, AccessMode::kWrite});
  if (runtime.IsBounded(mutex.slot())) {
    enter.footprint.Add({kClock, kWholeObject, AccessMode::kRead});
  }
  runtime.Announce(enter);
  mutex.ReleaseInEvent(runtime, lock);
  const Time now = runtime.now();
  if (is_relative) deadline = std::min(deadline, kAtAnyMoment - 1 - now) + now;
  if (HasTime(deadline) && deadline <= now) return false;
  const ThreadId self = runtime.current();
  const uint64_t number = runtime.ChangeUnseen(slot(), OpKind::kQueueEnter, self);
  runtime.Change(WaiterSlot(self), OpKind::kJoinQueue, self, number);
  return true;
}

void CondVar::Wake(Runtime& runtime, ThreadId waiter) {
  runtime.ChangeUnseen(slot(), OpKind::kNotifyOne, waiter);
  runtime.Change(WaiterSlot(waiter), OpKind::kWake, waiter);
}

// kNoThread: nobody waits.
ThreadId CondVar::PickWaiter(Runtime& runtime) const {
  const ThreadSet waiters = runtime.StateOf(slot()).threads;
  if (waiters.empty()) return kNoThread;
  if (wakes_ == Wakes::kAny) return waiters.Nth(runtime.PickValue(waiters.size()));
  ThreadId first = waiters.First();
  for (ThreadId waiter : waiters) {
    const uint64_t number = runtime.StateOf(WaiterSlot(waiter)).value;
    if (number < runtime.StateOf(WaiterSlot(first)).value) first = waiter;
  }
  return first;
}

void CondVar::NotifyOne() {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return;
  Operation notify = Prepare(*runtime, OpKind::kNotifyOne);
  runtime->Announce(notify);
  const ThreadId waiter = PickWaiter(*runtime);
  if (waiter == kNoThread) return;
  Wake(*runtime, waiter);
  runtime->FoldInto({notify.object, QueueRules::WordOf(waiter), AccessMode::kWrite});
}

void CondVar::NotifyAll() {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return;
  Operation notify = Prepare(*runtime, OpKind::kNotifyAll);
  runtime->Announce(notify);
  const ThreadSet waiters = runtime->StateOf(slot()).threads;
  for (ThreadId waiter : waiters) Wake(*runtime, waiter);
}

}  // namespace sim
