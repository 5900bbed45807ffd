// The commands: one file each. They print results on stdout, and answer an exit code.
#pragma once

#include <optional>
#include <string>

#include "model/litmus.h"
#include "props/findings.h"
#include "props/record.h"
#include "tools/options.h"
#include "traces/trace.h"

namespace tools {

int Explore(const Options& options);
int Merge(const Options& options);
int Estimate(const Options& options);
int Model(const Options& options);
int Replay(const Options& options);
int Minimize(const Options& options);
int Show(const Options& options);

/// Executions that minimising may cost before it gives up on proving its result minimal.
inline constexpr uint64_t kMinimizeExecutions = 2'000'000;

/// What the trace of a minimised failure says of its origin: the same wherever the search for it
/// began, so that the same failure is the same file.
props::Provenance MinimizedProvenance();

/// The failure as a person reads it: what broke, where, the table, what to do next. `file` is what
/// the condition's line refers to; `summary` says how it was found.
std::string FailureReport(const props::Finding& finding, const traces::Trace& trace,
                          const model::Litmus& litmus, const std::string& file,
                          const std::string& summary);

/// "schedule of 41 events minimized to 29 events, 1 preemption": what minimising did.
std::string MinimizedSummary(uint32_t events_before, uint32_t events_after, uint32_t preemptions,
                             bool is_minimum);

/// "1 preemption", "2 preemptions".
std::string CountOf(uint64_t count, const char* noun);

}  // namespace tools
