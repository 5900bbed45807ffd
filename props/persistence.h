// Is a recorded violation still there, on a core that no longer does what was recorded?
//
// Whoever mends a bug changes what the core does, so the trace of the bug soon parts from it. What
// its owner wants to know is whether the violation is gone. The schedule is followed as closely as
// the core allows, and then all executions near it are searched, those with no more preemptions
// than the trace has.
#pragma once

#include <cstdint>
#include <optional>

#include "model/litmus.h"
#include "props/findings.h"
#include "traces/trace.h"

namespace props {

struct Persistence {
  bool fits = false;               // The trace is one of this program: its threads, its schedule.
  std::optional<Finding> finding;  // Whatever is wrong in one of the executions.
  uint64_t executions = 0;
  uint32_t preemptions = 0;  // Of the trace.
};

/// `litmus` is the program of `trace`, which is finished. At most `max_executions` are run.
Persistence LookForViolation(const model::Litmus& litmus, const model::AllowedOutcomes* allowed,
                             const traces::Trace& trace, uint32_t max_steps,
                             uint64_t max_executions);

}  // namespace props
