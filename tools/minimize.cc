// heddle minimize: the violation of a trace again, of a smaller program, with the fewest
// preemptions.
#include "props/minimize.h"

#include <fmt/format.h>

#include "props/failure_text.h"
#include "props/record.h"
#include "tools/commands.h"
#include "tools/exit_codes.h"
#include "tools/files.h"
#include "tools/shelter.h"
#include "traces/text.h"

namespace tools {

namespace {

int MinimizeAndPrint(const Options& options, const model::Litmus& litmus,
                     const props::Finding& finding, const props::ShrinkOptions& shrink) {
  const props::MinimizedFailure small = props::MinimizeFailure(litmus, finding, shrink);
  const props::SavedFailure saved = props::SaveFailure(options.output_dir, small, shrink.max_steps);
  if (saved.error) {
    fmt::print(stderr, "{}\n", *saved.error);
    return kExitIo;
  }
  const std::string summary =
      fmt::format("{},\n       {}, after {}", props::ShrunkSummary(litmus, small.litmus),
                  props::MinimizedSummary(finding.events, small.finding.events,
                                          small.finding.preemptions, small.is_minimum),
                  props::CountOf(small.executions, "execution"));
  fmt::print("{}\n{}  saved     {}\n", model::PrintLitmus(small.litmus),
             props::FailureReport(small.finding, saved.recording.trace, small.litmus,
                                  SourceOf(small.litmus, saved.path + " (program)"), summary),
             saved.path);
  return kExitHolds;
}

}  // namespace

int MinimizeAndSave(const Options& options, const model::Litmus& litmus,
                    const props::Finding& finding, uint32_t max_steps) {
  props::ShrinkOptions shrink;
  shrink.max_steps = max_steps;
  shrink.max_executions = kMinimizeExecutions;
  return RunSheltered([&](const std::set<uint64_t>& crashes, const TellMark& tell) {
    shrink.avoided = crashes;
    shrink.about_to_search = tell;
    return MinimizeAndPrint(options, litmus, finding, shrink);
  });
}

int Minimize(const Options& options) {
  Loaded<std::string> path = TracePath(options.output_dir, options.inputs);
  if (const int* code = std::get_if<int>(&path)) return *code;
  const std::string& name = std::get<std::string>(path);
  Loaded<traces::Trace> loaded = LoadTrace(name);
  if (const int* code = std::get_if<int>(&loaded)) return *code;
  const traces::Trace& trace = std::get<traces::Trace>(loaded);
  Loaded<model::Litmus> program = ProgramToRun(trace, name);
  if (const int* code = std::get_if<int>(&program)) return *code;
  const model::Litmus& litmus = std::get<model::Litmus>(program);
  const model::AllowedOutcomes allowed = model::EnumerateOutcomes(litmus);
  const props::Recording again = props::Rerun(litmus, &allowed, trace, options.max_steps);
  if (again.mismatch || !again.finding) {
    fmt::print(stderr, "{}: {}; there is nothing to minimize. See heddle replay.\n", name,
               again.mismatch ? "the trace and the program do not match" : "nothing is wrong");
    return again.mismatch ? kExitDiverged : kExitNotReproduced;
  }
  return MinimizeAndSave(options, litmus, *again.finding,
                         props::MaxStepsOf(trace, options.max_steps));
}

}  // namespace tools
