#include "sim/strategies/random_walk.h"

namespace sim {

bool RandomWalk::BeginExecution() {
  if (index_ == executions_) return false;
  random_ = Random(Mix(seed_, index_++));
  return true;
}

ThreadId RandomWalk::PickThread(const SchedulePoint& point) {
  return point.enabled.Nth(random_.Below(point.enabled.size()));
}

uint32_t RandomWalk::PickValue(const ValuePoint& point) {
  return random_.Below(point.count);
}

void RandomWalk::EndExecution(const Execution&) {}

}  // namespace sim
