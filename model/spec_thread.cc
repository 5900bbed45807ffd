// The reference model: killing and suspending threads, and the end of a process.
//
// A killed thread works on to the point where it would return to user code, or wakes where it
// sleeps, and stops there: its call never answers. When all threads of a killed process have
// stopped, the last of them closes the process's handles; if none was running, the killer does.
#include <algorithm>
#include <cassert>

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
      KillProcess(call().target_process);
      break;
  }
  Finish(core::Status::kOk);
}

void Stepper::KillThread(ThreadIndex thread) {
  if (IsRunning(program_, state_, thread)) state_.threads[thread].killed = true;
}

void Stepper::KillProcess(ProcessIndex process) {
  if (state_.processes[process].killed) return;
  state_.processes[process].killed = true;
  for (ThreadIndex i = 0; i < state_.threads.size(); ++i) {
    if (program_.threads[i].process == process) KillThread(i);
  }
  CloseTable(process);
}

void Stepper::EndThread() {
  thread_.ended = true;
  thread_.phase = Phase::kReturn;
  if (state_.processes[process()].killed) CloseTable(process());
}

/// Closes what is in the table of a process without running threads, the latest first (D-8).
void Stepper::CloseTable(ProcessIndex process) {
  for (ThreadIndex i = 0; i < state_.threads.size(); ++i) {
    if (program_.threads[i].process == process && IsRunning(program_, state_, i)) return;
  }
  const std::vector<HandleId> installed = state_.processes[process].installed;
  for (auto id = installed.rbegin(); id != installed.rend(); ++id) {
    TakeFromTable(*id);
    thread_.closing.outer.push_back(*id);
  }
}

}  // namespace model
