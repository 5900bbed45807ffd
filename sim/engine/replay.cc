#include "sim/engine/replay.h"

namespace sim {

Schedule ScheduleOf(const Execution& execution) {
  Schedule schedule;
  auto value = execution.values.begin();
  auto add_values_before = [&](size_t step) {
    for (; value != execution.values.end() && value->step <= step; ++value) {
      schedule.push_back({true, value->thread, value->value});
    }
  };
  for (size_t i = 0; i < execution.events.size(); ++i) {
    add_values_before(i);
    const Event& step = execution.events[i];
    if (step.enabled.size() > 1) schedule.push_back({false, step.thread, 0});
  }
  add_values_before(execution.events.size());
  return schedule;
}

bool Replay::BeginExecution() {
  if (started_) return false;
  started_ = true;
  return true;
}

ThreadId Replay::PickThread(const SchedulePoint& point) {
  if (divergence_) return kNoThread;  // At a value before.
  if (point.enabled.size() == 1) return point.enabled.First();
  const bool fits = next_ < schedule_.size() && !schedule_[next_].is_value &&
                    point.enabled.Has(schedule_[next_].thread);
  if (fits) return schedule_[next_++].thread;
  divergence_ = {point.step, next_, std::nullopt, point.enabled, false};
  if (next_ < schedule_.size()) divergence_->expected = schedule_[next_];
  return kNoThread;
}

uint32_t Replay::PickValue(const ValuePoint& point) {
  const bool fits = !divergence_ && next_ < schedule_.size() && schedule_[next_].is_value &&
                    schedule_[next_].thread == point.thread && schedule_[next_].value < point.count;
  if (fits) return schedule_[next_++].value;
  // A value cannot stop the execution; the next point does, and what is asked until then is
  // ignored.
  if (!divergence_) {
    divergence_ = {point.step, next_, std::nullopt, ThreadSet::Of(point.thread), true};
    if (next_ < schedule_.size()) divergence_->expected = schedule_[next_];
  }
  return 0;
}

void Replay::EndExecution(const Execution& execution) {
  if (divergence_ || next_ == schedule_.size()) return;
  divergence_ = {static_cast<EventIndex>(execution.events.size()), next_, schedule_[next_],
                 ThreadSet(), false};
}

}  // namespace sim
