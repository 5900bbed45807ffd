// The order of the events of one trace that has the fewest preemptions.
//
// Executions that differ only in the order of independent events show the same, but some are easier
// to read. The orders of a trace are the paths through the ideals of its happens-before order: sets
// of events that hold the past of each of their members. A 0-1 breadth-first search over (ideal,
// thread that ran last) finds the cheapest path, and is exact; the heuristics of Jalbert and Sen
// (FSE 2010) and of SimTrace (SAS 2011) only come near.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "sim/engine/execution.h"

namespace sim {

struct Linearization {
  std::vector<EventIndex> order;  // Of the execution's events, each after its past.
  uint32_t preemptions = 0;
};

struct LinearizeOptions {
  /// Only what happens before the last event of the execution, and that event.
  bool only_past_of_last = false;
  /// Pairs of events of which the first has to come before the second, too. Some order must have
  /// all of them.
  std::vector<std::pair<EventIndex, EventIndex>> edges = {};
  /// More pairs of an ideal and a thread than this: no answer.
  size_t max_states = 500'000;
};

/// Nothing if there is too much to search. `execution.pending` must still be valid.
std::optional<Linearization> FewestPreemptions(const Execution& execution,
                                               const LinearizeOptions& options = {});

}  // namespace sim
