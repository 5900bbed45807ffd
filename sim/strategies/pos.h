// Partial order sampling: Yuan, Yang and Gu, CAV 2018. Every pending operation has a random
// priority, the highest runs, and the operations that raced with it draw anew.
//
// Differs: those who wait for a lock race with the one that took it, and a priority is drawn when
// it is first compared.
#pragma once

#include <array>
#include <cstdint>

#include "sim/strategies/sampling.h"

namespace sim {

class Pos final : public Sampler {
 public:
  void Begin(const Profile& profile, uint64_t index, Random random) override;
  void Observe(const Event& event, const SchedulePoint& point) override;
  ThreadId Pick(const SchedulePoint& point) override;

 private:
  Random random_{0};
  ThreadSet drawn_;  // Who has a priority.
  std::array<uint64_t, 2 * kMaxThreads> priority_{};
};

}  // namespace sim
