// Every interleaving, one after the other. The oracle that reductions are compared with.
#pragma once

#include "sim/strategies/path_search.h"

namespace sim {

class BruteForce final : public PathSearch {
 public:
  ThreadId PickThread(const SchedulePoint& point) override;
};

}  // namespace sim
