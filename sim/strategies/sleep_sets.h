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

#include "sim/strategies/path_search.h"

namespace sim {

class SleepSets final : public PathSearch {
 public:
  /// kNoThread where everything that is enabled is asleep: the rest repeats a trace.
  ThreadId PickThread(const SchedulePoint& point) override;
};

}  // namespace sim
