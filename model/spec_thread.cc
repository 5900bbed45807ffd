// The reference model: killing and suspending threads, and the end of a process.
//
// A killed thread works on to the point where it would return to user code, or wakes where it
// sleeps, and stops there: its call never answers. When all threads of a killed process have
// stopped, the last of them closes the process's handles; if none was running, the killer does.
#include <cassert>
#include <utility>

#include "model/spec.h"
#include "model/stepper.h"

namespace model {

/// What has ended cannot be changed any more: that is no failure.
void Stepper::StepTask() {
  switch (call().kind) {
    case CallKind::kThreadKill:
      KillThread(call().target_thread);
      break;
    case CallKind::kThreadSuspend:
      if (IsRunning(program_, state_, call().target_thread)) {
        ++state_.threads[call().target_thread].suspensions;
      }
      break;
    case CallKind::kThreadResume: {
      uint32_t& suspensions = state_.threads[call().target_thread].suspensions;
      if (suspensions != 0) --suspensions;
      break;
    }
    default:
      assert(call().kind == CallKind::kProcessKill);
      return StartKillProcess();
  }
  Finish(core::Status::kOk);
}

void Stepper::KillThread(ThreadIndex thread) {
  if (IsRunning(program_, state_, thread)) state_.threads[thread].killed = true;
}

void Stepper::StartKillProcess() {
  const ProcessIndex process = call().target_process;
  Finish(core::Status::kOk);
  if (std::exchange(state_.processes[process].killed, true)) return;
  thread_.position = NextRunning(process, 0);
  if (thread_.position == state_.threads.size()) return CloseTable(process);
  thread_.phase = Phase::kOperate;
}

/// One thread after the other: the first may stop while the last goes on.
void Stepper::KillNextThread() {
  KillThread(thread_.position);
  thread_.position = NextRunning(call().target_process, thread_.position + 1);
  if (thread_.position == state_.threads.size()) Finish(core::Status::kOk);
}

/// The first running thread of the process from `start` on; the number of threads if there is none.
ThreadIndex Stepper::NextRunning(ProcessIndex process, ThreadIndex start) const {
  for (ThreadIndex i = start; i < state_.threads.size(); ++i) {
    if (program_.threads[i].process == process && IsRunning(program_, state_, i)) return i;
  }
  return static_cast<ThreadIndex>(state_.threads.size());
}

void Stepper::EndThread() {
  thread_.ended = true;
  thread_.phase = Phase::kReturn;
  if (state_.processes[process()].killed) CloseTable(process());
}

/// Closes what is in the table of a process without running threads, the latest first (D-8).
void Stepper::CloseTable(ProcessIndex process) {
  if (NextRunning(process, 0) != state_.threads.size()) return;
  const std::vector<HandleId> installed = state_.processes[process].installed;
  for (auto id = installed.rbegin(); id != installed.rend(); ++id) {
    TakeFromTable(*id);
    thread_.closing.outer.push_back(*id);
  }
}

}  // namespace model
