#include "sim/api/flag.h"

#include <fmt/format.h>

#include <utility>

#include "sim/engine/runtime.h"

namespace sim {

Flag::Flag(const char* role) : role_(role) {
  if (Runtime* runtime = Runtime::Current()) id_ = runtime->NewObject();
}

void Flag::Change(OpKind kind) {
  Runtime* runtime = Runtime::InThread();
  if (runtime == nullptr) return;
  Operation operation;
  operation.kind = kind;
  operation.object = id_;
  operation.role = role_;
  // One that finds the wait timed out changes nothing, but it looked: always a write.
  operation.wait = &state_;
  operation.footprint = Footprint::Writes(id_);
  // It may take the earliest deadline off the clock, and so let a later one pass. Timers of waits
  // without a time don't touch the clock, so this costs nothing where no deadline has one.
  operation.footprint.Add({kClock, kWholeObject, /*write=*/false});
  runtime->Announce(operation);
  if (state_.armed && !state_.over()) runtime->NoteWoken(state_.waiter);
}

void Flag::Signal() {
  Change(OpKind::kEventSignal);
  state_.signaled = true;
}

void Flag::Interrupt() {
  Change(OpKind::kEventInterrupt);
  state_.interrupted = true;
}

WaitResult Flag::Result() {
  const bool interrupted = std::exchange(state_.interrupted, false);
  if (std::exchange(state_.timed_out, false)) return WaitResult::kTimedOut;
  if (state_.signaled) return WaitResult::kSignaled;
  return interrupted ? WaitResult::kInterrupted : WaitResult::kTimedOut;
}

WaitResult Flag::Wait(Time deadline) {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr || !runtime->in_thread()) {
    // The set-up and the checks are alone: a wait that is not over now would never be.
    if (state_.signaled) return WaitResult::kSignaled;
    if (deadline != kForever || runtime == nullptr) return WaitResult::kTimedOut;
    runtime->Fail(FailureKind::kMisuse, fmt::format("{}: waited for outside threads", role_));
  }
  if (state_.waiter != kNoThread) {
    runtime->Fail(FailureKind::kMisuse, fmt::format("{}: waited for by two threads", role_));
  }
  state_.waiter = runtime->current();
  const WaitResult result = WaitInThread(*runtime, deadline);
  state_.waiter = kNoThread;
  return result;
}

WaitResult Flag::WaitInThread(Runtime& runtime, Time deadline) {
  Operation operation;
  operation.object = id_;
  operation.role = role_;
  operation.wait = &state_;
  operation.footprint = Footprint::Writes(id_);
  state_.timed_out = false;
  state_.deadline = deadline;
  if (deadline != kForever && deadline != kAtAnyMoment) {
    // Arming a timer reads the clock, so it is an event of its own; without a clock to read it
    // belongs to the event before, since nobody can see that a thread is about to wait.
    operation.kind = OpKind::kEventEnter;
    operation.footprint.Add({kClock, kWholeObject, /*write=*/false});
    runtime.Announce(operation);
    if (state_.signaled || state_.interrupted || deadline <= runtime.now()) return Result();
    operation.footprint = Footprint::Writes(id_);
  }
  // Also when the wait is over already, unable to fire then: what is pending may not depend on an
  // event that nothing orders with this one.
  if (deadline != kForever) {
    runtime.ArmTimer(state_, id_, kWholeObject, role_, Footprint::Writes(id_));
  };
  operation.kind = OpKind::kEventWait;
  runtime.Announce(operation);
  runtime.DisarmTimer();
  return Result();
}

}  // namespace sim
