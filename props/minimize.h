// The same violation with the fewest preemptions.
#pragma once

#include <cstdint>

#include "model/litmus.h"
#include "props/findings.h"

namespace props {

struct Minimized {
  Finding finding;
  uint64_t executions = 0;  // What the search cost.
  /// No schedule of the program with fewer preemptions shows the violation. False: the budget ended
  /// the search, and the finding is the best so far.
  bool is_minimum = true;
};

/// Searches for `finding` with 0, 1, 2, ... preemptions, each bound exhaustively, until it is found
/// or its own number is reached. `finding` must have a schedule. Deterministic: the same minimum
/// for every schedule of the same violation.
Minimized Minimize(const model::Litmus& litmus, const model::AllowedOutcomes* allowed,
                   const Finding& finding, uint32_t max_steps, uint64_t max_executions);

}  // namespace props
