// Every trace that some execution with at most K delays shows: Emmi, Qadeer and Rakamaric, POPL
// 2011. The scheduler is deterministic: a thread runs until it waits or ends, then the next in turn
// that can. Picking another one instead delays every enabled thread that it skips; each delay costs
// one.
//
// Differs: the search keeps the happens-before cache of Bounded, so it does not repeat itself.
#pragma once

#include "sim/strategies/bounded.h"

namespace sim {

class DelayBounded final : public Bounded {
 public:
  /// How many enabled threads are skipped, in turn from `last` on.
  static uint32_t Delays(ThreadSet enabled, ThreadId last, ThreadId thread);

  explicit DelayBounded(uint32_t max_delays) : Bounded(max_delays, Delays) {}
};

inline uint32_t CountDelays(const Execution& execution) {
  return CostOf(execution, DelayBounded::Delays);
}

}  // namespace sim
