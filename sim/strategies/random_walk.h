// A uniform choice at every point. Execution i depends on the seed and on i alone.
#pragma once

#include "sim/random.h"
#include "sim/strategy.h"

namespace sim {

class RandomWalk final : public Strategy {
 public:
  RandomWalk(uint64_t seed, uint64_t executions) : seed_(seed), executions_(executions) {}

  bool BeginExecution() override;
  ThreadId PickThread(const SchedulePoint& point) override;
  uint32_t PickValue(const ValuePoint& point) override;
  void EndExecution(const Execution& execution) override;

 private:
  uint64_t seed_;
  uint64_t executions_;
  uint64_t index_ = 0;
  Random random_{0};
};

}  // namespace sim
