#include "tests/model/witness.h"

#include <optional>

#include "model/spec.h"

namespace model {

namespace {

class WitnessReplay {
 public:
  WitnessReplay(const Litmus& litmus, const History& history)
      : program_(litmus.program),
        history_(history),
        state_(InitialState(litmus)),
        invoked_(program_.threads.size()) {}

  bool Run(const std::vector<ThreadIndex>& steps) {
    for (const ThreadIndex thread : steps) {
      if (!PassInvocation(thread) || !TakeStep(program_, &state_, thread)) return false;
    }
    while (next_event_ < history_.events.size()) {
      if (!PassEvent()) return false;
    }
    return !history_.end || IsTheEnd();
  }

 private:
  // Passes the events up to the call that the thread is in, and no more: later they can only be
  // easier to pass.
  bool PassInvocation(ThreadIndex thread) {
    if (thread == WorkerOf(program_)) return true;
    while (invoked_[thread] <= state_.threads[thread].next_call) {
      if (next_event_ == history_.events.size() || !PassEvent()) return false;
    }
    return true;
  }

  bool PassEvent() {
    const HistoryEvent& event = history_.events[next_event_++];
    if (event.kind == HistoryEvent::Kind::kInvoke) {
      invoked_[event.thread] = event.call + 1;
      return true;
    }
    const ThreadState& thread = state_.threads[event.thread];
    const Call& call = program_.threads[event.thread].calls[event.call];
    const std::optional<CallResult>& answer = thread.variables[*call.result].result;
    return answer && *answer == event.result;
  }

  bool IsTheEnd() const {
    for (ThreadIndex i = 0; i < StepperCount(program_); ++i) {
      const bool has_begun = i == WorkerOf(program_) || invoked_[i] > state_.threads[i].next_call;
      if (has_begun && CanStep(program_, state_, i)) return false;
    }
    return Observe(program_, state_) == *history_.end;
  }

  const Program& program_;
  const History& history_;
  State state_;
  size_t next_event_ = 0;
  std::vector<uint32_t> invoked_;  // By thread: how many of its calls.
};

}  // namespace

bool IsWitness(const Litmus& litmus, const History& history,
               const std::vector<ThreadIndex>& steps) {
  return WitnessReplay(litmus, history).Run(steps);
}

}  // namespace model
