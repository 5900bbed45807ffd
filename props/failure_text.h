// Failures as a person reads them, and as files that can be replayed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/litmus.h"
#include "props/findings.h"
#include "props/minimize.h"
#include "props/record.h"
#include "traces/trace.h"

namespace props {

/// What the trace of a minimised failure says of its origin: the same wherever the search for it
/// began, so that the same failure is the same file.
Provenance MinimizedProvenance();

/// What broke, where, the table, the schedule. `file` is what the condition's line refers to;
/// `summary` says how it was found, and may be empty.
std::string FailureReport(const Finding& finding, const traces::Trace& trace,
                          const model::Litmus& litmus, const std::string& file,
                          const std::string& summary);

/// All of a failure where there is no file to look at, as in the message of a test: the program,
/// the report, and the line that replays it from `path`.
std::string FailureText(const Finding& finding, const traces::Trace& trace,
                        const model::Litmus& litmus, const std::string& path);

/// "schedule of 41 events minimized to 29 events, 1 preemption": what minimising did.
std::string MinimizedSummary(uint32_t events_before, uint32_t events_after, uint32_t preemptions,
                             bool is_minimum);
/// "program of 3 threads and 5 calls minimized to 2 threads and 3 calls".
std::string ShrunkSummary(const model::Litmus& before, const model::Litmus& after);

/// "1 preemption", "2 preemptions".
std::string CountOf(uint64_t count, const char* noun);

struct SavedFailure {
  std::string path;
  Recording recording;
  std::optional<std::string> error;  // Why the file is not there.
};

/// Runs the failure again and saves its trace in `dir`, where heddle replay finds it. Should the
/// run crash, the schedule is on disk already.
SavedFailure SaveFailure(const std::string& dir, const model::Litmus& litmus,
                         const model::AllowedOutcomes* allowed, const Finding& finding,
                         const Provenance& provenance, uint32_t max_steps);
/// The same for one that has been minimised: as it will be found by who replays it.
SavedFailure SaveFailure(const std::string& dir, const MinimizedFailure& failure,
                         uint32_t max_steps);

}  // namespace props
