#include "props/failure_text.h"

#include <fmt/format.h>

#include "model/outcomes.h"
#include "props/scenario.h"
#include "traces/files.h"
#include "traces/schedule_text.h"
#include "traces/table.h"
#include "traces/text.h"

namespace props {

namespace {

constexpr std::string_view kMinimize = "minimize";

std::string SizeText(const model::Litmus& litmus) {
  size_t calls = 0;
  for (const model::ThreadProgram& thread : litmus.program.threads) calls += thread.calls.size();
  return fmt::format("{} and {}", CountOf(litmus.program.threads.size(), "thread"),
                     CountOf(calls, "call"));
}

}  // namespace

Provenance MinimizedProvenance() {
  return {std::string(kMinimize), 0};
}

std::string CountOf(uint64_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string MinimizedSummary(uint32_t events_before, uint32_t events_after, uint32_t preemptions,
                             bool is_minimum) {
  return fmt::format("schedule of {} minimized to {}, {}{}", CountOf(events_before, "event"),
                     CountOf(events_after, "event"), CountOf(preemptions, "preemption"),
                     is_minimum ? "" : " (not proven to be the fewest: the search was cut)");
}

std::string ShrunkSummary(const model::Litmus& before, const model::Litmus& after) {
  if (before == after) return fmt::format("program of {} is minimal", SizeText(after));
  return fmt::format("program of {} minimized to {}", SizeText(before), SizeText(after));
}

std::string FailureReport(const Finding& finding, const traces::Trace& trace,
                          const model::Litmus& litmus, const std::string& file,
                          const std::string& summary) {
  const std::string where =
      finding.position.line == 0 ? file : fmt::format("{}:{}", file, finding.position.line);
  std::string text =
      fmt::format("{}  {}   {}\n       {}\n", finding.id, finding.name, where, finding.message);
  if (!summary.empty()) text += fmt::format("       {}\n", summary);
  if (!trace.lines.empty()) {
    text +=
        fmt::format("\n{}\n  schedule  {}\n", traces::RenderTable(trace, litmus), trace.schedule);
  }
  return text;
}

std::string FailureText(const Finding& finding, const traces::Trace& trace,
                        const model::Litmus& litmus, const std::string& path) {
  const Scenario* scenario = ScenarioOf(litmus);
  const std::string file = scenario != nullptr ? scenario->file : "program";
  return fmt::format("{}\n{}  replay    heddle replay {}\n", model::PrintLitmus(litmus),
                     FailureReport(finding, trace, litmus, file, ""), path);
}

SavedFailure SaveFailure(const std::string& dir, const model::Litmus& litmus,
                         const model::AllowedOutcomes* allowed, const Finding& finding,
                         const Provenance& provenance, uint32_t max_steps) {
  traces::Trace ahead;
  ahead.program = litmus.program.name;
  ahead.litmus = model::PrintLitmus(litmus);
  ahead.generation = model::GenerationName(litmus.generation);
  ahead.strategy = provenance.strategy;
  ahead.seed = provenance.seed;
  ahead.schedule = traces::PrintSchedule(*finding.schedule, model::ThreadNames(litmus.program));
  ahead.verdict = VerdictOf(finding);
  SavedFailure saved;
  saved.path = traces::FailurePath(dir, litmus.program.name, Fingerprint(litmus, finding),
                                   provenance.strategy == kMinimize);
  saved.error = traces::WriteFile(saved.path, traces::PrintHeader(ahead));
  saved.recording = Record(litmus, allowed, *finding.schedule, provenance, max_steps);
  if (!saved.error) {
    saved.error = traces::WriteFile(saved.path, traces::PrintTrace(saved.recording.trace));
  }
  if (!saved.error) saved.error = traces::SetLatest(dir, saved.path);
  return saved;
}

SavedFailure SaveFailure(const std::string& dir, const MinimizedFailure& failure,
                         uint32_t max_steps) {
  const model::AllowedOutcomes allowed = model::EnumerateOutcomes(failure.litmus);
  return SaveFailure(dir, failure.litmus, &allowed, failure.finding, MinimizedProvenance(),
                     max_steps);
}

}  // namespace props
