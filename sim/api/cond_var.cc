#include "sim/api/cond_var.h"

#include <algorithm>
#include <cassert>

#include "sim/object/queue.h"

namespace sim {

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
    const ThreadId self = runtime->current();
    Operation wait = Prepare(*runtime, OpKind::kQueueWait, QueueRules::WordOf(self));
    wait.argument = slot();  // Which queue it is: whoever times out leaves it.
    wait.slot = WaiterSlot(self);
    wait.deadline = deadline;
    if (deadline != kForever) runtime->Arm(wait, QueueRules::OfFire(wait));
    runtime->Announce(wait);
    timed_out = runtime->HasTimedOut(wait);
    runtime->Change(wait.slot, OpKind::kQueueWait, self);
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

void CondVar::NotifyOne() {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return;
  Operation notify = Prepare(*runtime, OpKind::kNotifyOne);
  runtime->Announce(notify);
  ThreadId first = kNoThread;
  uint64_t least = 0;
  for (ThreadId waiter : runtime->StateOf(slot()).threads) {
    const uint64_t number = runtime->StateOf(WaiterSlot(waiter)).value;
    if (first != kNoThread && number > least) continue;
    first = waiter;
    least = number;
  }
  if (first == kNoThread) return;
  Wake(*runtime, first);
  runtime->FoldInto({notify.object, QueueRules::WordOf(first), AccessMode::kWrite});
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
