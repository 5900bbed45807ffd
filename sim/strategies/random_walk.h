// A uniform choice among the enabled threads at every point.
#pragma once

#include "sim/strategies/sampling.h"

namespace sim {

class UniformSampler final : public Sampler {
 public:
  void Begin(const Profile& profile, uint64_t index, Random random) override;
  ThreadId Pick(const SchedulePoint& point) override;

 private:
  Random random_{0};
};

class RandomWalk final : public Sampling {
 public:
  /// Executions `first` to `first` + `executions`.
  RandomWalk(uint64_t seed, uint64_t executions, uint64_t first = 0)
      : Sampling(std::make_unique<UniformSampler>(), {seed, executions, first}) {}
};

}  // namespace sim
