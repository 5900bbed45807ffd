// Executions as traces: recorded from a schedule, and run again from a trace.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "model/litmus.h"
#include "props/findings.h"
#include "sim/engine/replay.h"
#include "traces/trace.h"

namespace props {

/// How an execution was found; goes into the trace.
struct Provenance {
  std::string strategy;
  uint64_t seed = 0;
};

/// Where a run left its trace or schedule.
struct Mismatch {
  std::string where;  // "event 12", "decision 3 of the schedule".
  uint32_t line = 0;  // Of the trace file; 0 for schedules.
  std::string expected;
  std::string found;
};

struct Recording {
  traces::Trace trace;               // What happened, as far as it went.
  std::optional<Finding> finding;    // The verdict of this run.
  std::optional<Mismatch> mismatch;  // Set: the run stopped there, and the rest means nothing.
};

/// Runs `schedule` and records it. `allowed` may be null: see Judge.
Recording Record(const model::Litmus& litmus, const model::AllowedOutcomes* allowed,
                 const sim::Schedule& schedule, const Provenance& provenance, uint32_t max_steps);

/// Runs `trace` again on the core that is linked in, and stops at the first difference in an event,
/// a value, a call, an answer or a queue. That something else is wrong than was recorded is a
/// difference as well; that nothing is wrong any more is none. `litmus` is the trace's program.
Recording Rerun(const model::Litmus& litmus, const model::AllowedOutcomes* allowed,
                const traces::Trace& trace, uint32_t max_steps);

/// How many events an execution may have so that it ends as `trace` did: those of the trace if it
/// ran into its step limit, otherwise `max_steps`.
uint32_t MaxStepsOf(const traces::Trace& trace, uint32_t max_steps);

/// The verdict line of a trace.
traces::Verdict VerdictOf(const std::optional<Finding>& finding);

}  // namespace props
