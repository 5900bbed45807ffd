// Sleep sets: one complete execution for every Mazurkiewicz trace.
//
// Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems" (LNCS 1032),
// chapter 5, with conflict of footprints as the dependence relation. When every execution that
// starts with thread p has been explored from some point, p goes to sleep for the rest of that
// point: executing it after events that are independent of it would only repeat a trace. A
// conflicting event wakes it.
//
// Differs: stateless, so a node is revisited by running its prefix again; a value choice is a node
// whose alternatives all inherit the sleep set, since it touches nothing.
#pragma once

#include <vector>

#include "sim/strategy.h"

namespace sim {

/// Who of those that slept `before` the last event, which `chosen` took, sleeps at `point` still.
ThreadSet StillAsleep(ThreadSet before, ThreadId chosen, const SchedulePoint& point);

class SleepSets final : public Strategy {
 public:
  bool BeginExecution() override;
  /// kNoThread where everything that is enabled is asleep: the rest repeats a trace.
  ThreadId PickThread(const SchedulePoint& point) override;
  uint32_t PickValue(const ValuePoint& point) override;
  void EndExecution(const Execution& execution) override;

 private:
  struct Node {
    ThreadSet enabled;
    ThreadSet sleep;  // On arrival, and every thread that was explored from here since.
    ThreadId chosen = kNoThread;
    uint32_t value = 0;        // Value nodes: the alternative, and
    uint32_t value_count = 0;  // how many there are; 0 for thread nodes.
  };

  std::vector<Node> path_;
  size_t depth_ = 0;
  size_t last_thread_node_ = 0;  // On the path, the node of the event before this point.
  bool started_ = false;
};

}  // namespace sim
