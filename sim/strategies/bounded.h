// Every trace that some execution of at most a given cost shows; first of all, the cost counts
// preemptions.
//
// Leaving a thread that could have gone on is a preemption; leaving one that waits or has ended is
// none. Depth-first search with the happens-before cache of CHESS (Musuvathi and Qadeer, PLDI
// 2007): a prefix whose happens-before order was already reached, with the same last thread and at
// no higher cost, has nothing new below it. The cache is exact: it grows with the number of
// distinct prefixes. A partial-order reduction must not be cut at the bound instead: it would lose
// traces.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "sim/engine/strategy.h"
#include "sim/order/happens_before.h"

namespace sim {

class Bounded : public Strategy {
 public:
  /// What it costs to pick `thread`, one of `enabled`, after an event of `last`. Something is free.
  using Cost = uint32_t (*)(ThreadSet enabled, ThreadId last, ThreadId thread);
  static uint32_t Preemption(ThreadSet enabled, ThreadId last, ThreadId thread);

  explicit Bounded(uint32_t max_cost, Cost cost = Preemption) : max_cost_(max_cost), cost_(cost) {}

  bool BeginExecution() override;
  /// kNoThread where the rest was seen before.
  ThreadId PickThread(const SchedulePoint& point) override;
  uint32_t PickValue(const ValuePoint& point) override;
  void EndExecution(const Execution& execution) override;

 private:
  struct Node {
    ThreadSet untried;  // Within the bound, and not chosen so far.
    ThreadSet enabled;
    ThreadId last = kNoThread;
    ThreadId chosen = kNoThread;
    uint32_t cost = 0;  // Of the path up to here.
    uint32_t value = 0;
    uint32_t value_count = 0;  // 0 for thread nodes.
  };

  bool SeenBefore(const SchedulePoint& point, uint32_t cost);

  uint32_t max_cost_;
  Cost cost_;
  std::vector<Node> path_;
  size_t depth_ = 0;
  uint32_t used_ = 0;
  bool started_ = false;
  TraceSignature order_;
  std::unordered_map<uint64_t, uint32_t> best_;  // Looked up only; by prefix and last thread.
};

/// What one execution cost.
uint32_t CostOf(const Execution& execution, Bounded::Cost cost);
inline uint32_t CountPreemptions(const Execution& execution) {
  return CostOf(execution, Bounded::Preemption);
}

}  // namespace sim
