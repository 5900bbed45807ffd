#include "sim/api/flag.h"

namespace sim {

void Flag::Set(OpKind kind) {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return;
  Operation operation = Prepare(*runtime, kind);
  runtime->Perform(operation);
}

WaitResult Flag::Wait(Time deadline) {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return WaitResult::kTimedOut;
  const Operation beginning = Prepare(*runtime, OpKind::kFlagEnter);
  if (runtime->in_thread()) runtime->FoldIntoUnforeseen(FlagRules::OfBeginning(beginning));
  if (!runtime->StateOf(slot()).threads.empty()) {
    runtime->FailWith(FailureKind::kMisuse, "waited for by two threads", role());
  }
  runtime->ChangeUnseen(slot(), OpKind::kFlagEnter, runtime->self());
  return WaitAnnounced(*runtime, deadline);
}

WaitResult Flag::WaitAnnounced(Runtime& runtime, Time deadline) {
  if (HasTime(deadline)) {
    // Arming a timer reads the clock, so it is an event of its own; without a clock to read it
    // belongs to the event before, since nobody can see that a thread is about to wait.
    Operation enter = Prepare(runtime, OpKind::kFlagEnter);
    enter.deadline = deadline;
    runtime.Announce(enter);
    const bool is_late = deadline <= runtime.now();
    if (is_late || FlagRules::IsOver(runtime.StateOf(slot()))) {
      const bool timed_out = !FlagRules::IsOver(runtime.StateOf(slot()));
      return static_cast<WaitResult>(
          runtime.Change(slot(), OpKind::kFlagWait, runtime.self(), timed_out ? 1 : 0));
    }
  }
  Operation wait = Prepare(runtime, OpKind::kFlagWait);
  const bool timed_out = TimesOut(runtime, wait, deadline, FlagRules::OfFire(wait));
  return static_cast<WaitResult>(
      runtime.Change(slot(), OpKind::kFlagWait, wait.thread, timed_out ? 1 : 0));
}

}  // namespace sim
