#include "sim/strategies/random_walk.h"

namespace sim {

void UniformSampler::Begin(const Profile&, uint64_t, Random random) {
  random_ = random;
}

ThreadId UniformSampler::Pick(const SchedulePoint& point) {
  return point.enabled.Nth(random_.Below(point.enabled.size()));
}

}  // namespace sim
