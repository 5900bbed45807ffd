// Every interleaving, one after the other. The oracle that reductions are compared with.
#pragma once

#include <vector>

#include "sim/strategy.h"

namespace sim {

class BruteForce final : public Strategy {
 public:
  bool BeginExecution() override;
  ThreadId PickThread(const SchedulePoint& point) override;
  uint32_t PickValue(const ValuePoint& point) override;
  void EndExecution(const Execution& execution) override;

 private:
  struct Node {
    uint32_t count;   // Options.
    uint32_t chosen;  // The option of the current execution.
  };
  uint32_t Descend(uint32_t count);

  std::vector<Node> path_;
  size_t depth_ = 0;
  bool started_ = false;
};

}  // namespace sim
