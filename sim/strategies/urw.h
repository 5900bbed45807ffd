// Uniform random walk: Zhao, Wolff, Mathur and Roychoudhury, "Selectively Uniform Concurrency
// Testing", ASPLOS 2025. Threads are drawn in proportion to the events they have left, which makes
// every interleaving of threads that never block equally likely.
//
// Differs: the events are counted in the profile and not corrected by later executions, which would
// depend on each other; a thread that outlives its count weighs as much as what it has done.
#pragma once

#include <cstdint>

#include "sim/strategies/sampling.h"
#include "sim/strategies/thread_weights.h"

namespace sim {

class Urw final : public Sampler {
 public:
  bool needs_profile() const override { return true; }
  void Begin(const Profile& profile, uint64_t index, Random random) override;
  void Observe(const Event& event, const SchedulePoint& point) override;
  ThreadId Pick(const SchedulePoint& point) override;

 private:
  Random random_{0};
  ThreadWeights weights_;
};

}  // namespace sim
