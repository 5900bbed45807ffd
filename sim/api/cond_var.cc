#include "sim/api/cond_var.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "sim/engine/runtime.h"

namespace sim {

namespace {

bool HasTime(Time deadline) {
  return deadline != kForever && deadline != kAtAnyMoment;
}

}  // namespace

CondVar::CondVar(const char* role) : role_(role) {
  if (Runtime* runtime = Runtime::Current()) id_ = runtime->NewObject();
}

CondVar::~CondVar() {
  // Only by a thread: what an execution abandoned is destroyed as it was left.
  Runtime* runtime = Runtime::InThread();
  if (runtime == nullptr || front_ == nullptr) return;
  runtime->Fail(FailureKind::kMisuse, fmt::format("{}: destroyed while waited for", role_));
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
  Waiter self;
  self.state.waiter = runtime->current();
  self.state.deadline = deadline;
  if (Enter(*runtime, mutex, self, is_relative)) {
    Operation wait;
    wait.kind = OpKind::kCondWait;
    wait.object = id_;
    wait.key = WordOf(runtime->current());
    wait.role = role_;
    wait.footprint = Footprint::Reads(id_, WordOf(runtime->current()));
    wait.wait = &self.state;
    runtime->Announce(wait);
    runtime->DisarmTimer();
    Leave(self);
  }
  mutex.Acquire();
  return self.state.timed_out ? WaitResult::kTimedOut : WaitResult::kSignaled;
}

// False: the deadline has passed already, and nobody is in the queue.
bool CondVar::Enter(Runtime& runtime, Mutex& mutex, Waiter& self, bool is_relative) {
  mutex.AssertHeld();
  Operation enter;
  enter.kind = OpKind::kCondEnter;
  enter.object = id_;
  enter.role = role_;
  enter.footprint = Footprint::Writes(id_, kQueue);
  enter.footprint.Add({mutex.id_, kWholeObject, /*write=*/true});
  Time& deadline = self.state.deadline;
  const bool has_time = HasTime(deadline);
  if (has_time) enter.footprint.Add({kClock, kWholeObject, /*write=*/false});
  runtime.Announce(enter);
  mutex.ReleaseInEvent();
  if (is_relative) deadline = std::min(deadline, kAtAnyMoment - 1 - runtime.now()) + runtime.now();
  if (has_time && deadline <= runtime.now()) {
    self.state.timed_out = true;
    return false;
  }
  Waiter** end = &front_;
  while (*end != nullptr) end = &(*end)->next;
  *end = &self;
  if (deadline != kForever) {
    Footprint fire = Footprint::Writes(id_, kQueue);
    fire.Add({id_, WordOf(self.state.waiter), /*write=*/true});
    runtime.ArmTimer(self.state, id_, WordOf(self.state.waiter), role_, fire);
  }
  return true;
}

void CondVar::Leave(Waiter& self) {
  // For everybody else it had left when it was notified or its timer fired.
  assert(!self.queued());
  Waiter** link = &front_;
  while (*link != &self) link = &(*link)->next;
  *link = self.next;
}

void CondVar::AnnounceNotify(OpKind kind, const Footprint& footprint) const {
  Runtime* runtime = Runtime::InThread();
  if (runtime == nullptr) return;
  Operation notify;
  notify.kind = kind;
  notify.object = id_;
  notify.role = role_;
  notify.footprint = footprint;
  // It may take the earliest deadline off the clock, and so let a later one pass.
  notify.footprint.Add({kClock, kWholeObject, /*write=*/false});
  runtime->Announce(notify);
}

void CondVar::Wake(Waiter& waiter) {
  waiter.state.signaled = true;
  if (Runtime* runtime = Runtime::InThread()) runtime->NoteWoken(waiter.state.waiter);
}

void CondVar::NotifyOne() {
  AnnounceNotify(OpKind::kNotifyOne, Footprint::Writes(id_, kQueue));
  Waiter* waiter = front_;
  while (waiter != nullptr && !waiter->queued()) waiter = waiter->next;
  if (waiter == nullptr) return;
  Wake(*waiter);
  // Whom it wakes was not known before. Nothing can touch that word without touching the queue,
  // but the waiter that now wakes up, and that comes after this event.
  if (Runtime* runtime = Runtime::InThread()) {
    runtime->FoldInto({id_, WordOf(waiter->state.waiter), /*write=*/true});
  }
}

void CondVar::NotifyAll() {
  AnnounceNotify(OpKind::kNotifyAll, Footprint::Writes(id_));
  for (Waiter* waiter = front_; waiter != nullptr; waiter = waiter->next) {
    if (waiter->queued()) Wake(*waiter);
  }
}

}  // namespace sim
