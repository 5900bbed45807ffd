#include "sim/strategies/brute_force.h"

#include <cassert>

namespace sim {

bool BruteForce::BeginExecution() {
  depth_ = 0;
  if (!started_) {
    started_ = true;
    return true;
  }
  while (!path_.empty() && path_.back().chosen + 1 == path_.back().count) path_.pop_back();
  if (path_.empty()) return false;
  ++path_.back().chosen;
  return true;
}

uint32_t BruteForce::Descend(uint32_t count) {
  if (depth_ == path_.size()) path_.push_back({count, 0});
  assert(path_[depth_].count == count);  // The same prefix offers the same options.
  return path_[depth_++].chosen;
}

ThreadId BruteForce::PickThread(const SchedulePoint& point) {
  return point.enabled.Nth(Descend(point.enabled.size()));
}

uint32_t BruteForce::PickValue(const ValuePoint& point) {
  return Descend(point.count);
}

void BruteForce::EndExecution(const Execution&) {}

}  // namespace sim
