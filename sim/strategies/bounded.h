// Every trace that some execution with at most K preemptions shows.
//
// Leaving a thread that could have gone on is a preemption; leaving one that waits or has ended is
// none. Depth-first search with the happens-before cache of CHESS (Musuvathi and Qadeer, PLDI
// 2007): a prefix whose happens-before order was already reached, with the same last thread and no
// more preemptions, has nothing new below it. The cache is exact: it grows with the number of
// distinct prefixes. A partial-order reduction must not be cut at the bound instead: it would lose
// traces.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "sim/happens_before.h"
#include "sim/strategy.h"

namespace sim {

class Bounded final : public Strategy {
 public:
  explicit Bounded(uint32_t max_preemptions) : max_preemptions_(max_preemptions) {}

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
    uint32_t preemptions = 0;  // Of the path up to here.
    uint32_t value = 0;
    uint32_t value_count = 0;  // 0 for thread nodes.
  };

  static uint32_t CostOf(const Node& node, ThreadId thread);
  bool SeenBefore(const SchedulePoint& point, uint32_t preemptions);

  uint32_t max_preemptions_;
  std::vector<Node> path_;
  size_t depth_ = 0;
  uint32_t used_ = 0;
  bool started_ = false;
  HappensBefore order_;
  std::unordered_map<uint64_t, uint32_t> best_;  // Looked up only; by prefix and last thread.
};

/// The preemptions of one execution.
uint32_t CountPreemptions(const Execution& execution);

}  // namespace sim
