// heddle minimize: the violation of a trace again, with the fewest preemptions.
#include "props/minimize.h"

#include <fmt/format.h>

#include "props/record.h"
#include "tools/commands.h"
#include "tools/exit_codes.h"
#include "tools/files.h"
#include "traces/text.h"

namespace tools {

int Minimize(const Options& options) {
  Loaded<std::string> path = TracePath(options.output_dir, options.inputs);
  if (const int* code = std::get_if<int>(&path)) return *code;
  const std::string& name = std::get<std::string>(path);
  Loaded<traces::Trace> loaded = LoadTrace(name);
  if (const int* code = std::get_if<int>(&loaded)) return *code;
  const traces::Trace& trace = std::get<traces::Trace>(loaded);
  Loaded<model::Litmus> program = ParseProgram(trace.litmus, name + " (program)");
  if (const int* code = std::get_if<int>(&program)) return *code;
  const model::Litmus& litmus = std::get<model::Litmus>(program);
  const model::AllowedOutcomes allowed = model::EnumerateOutcomes(litmus);
  const props::Recording again = props::Rerun(litmus, &allowed, trace, options.max_steps);
  if (again.mismatch || !again.finding) {
    fmt::print(stderr, "{}: {}; there is nothing to minimize. See heddle replay.\n", name,
               again.mismatch ? "the trace and the program do not match" : "nothing is wrong");
    return again.mismatch ? kExitDiverged : kExitNotReproduced;
  }
  const uint32_t max_steps = props::MaxStepsOf(trace, options.max_steps);
  const props::Minimized small =
      props::Minimize(litmus, &allowed, *again.finding, max_steps, kMinimizeExecutions);
  const props::Recording recording =
      props::Record(litmus, &allowed, *small.finding.schedule, MinimizedProvenance(), max_steps);
  const std::string saved = FailurePath(options.output_dir, litmus.program.name,
                                        props::Fingerprint(litmus, small.finding),
                                        /*minimized=*/true);
  const bool written =
      WriteFile(saved, traces::PrintTrace(recording.trace)) && SetLatest(options.output_dir, saved);
  if (!written) return kExitIo;
  const std::string summary =
      fmt::format("{}, after {}",
                  MinimizedSummary(again.finding->events, small.finding.events,
                                   small.finding.preemptions, small.is_minimum),
                  CountOf(small.executions, "execution"));
  fmt::print("{}  saved     {}\n",
             FailureReport(small.finding, recording.trace, litmus, name + " (program)", summary),
             saved);
  return kExitHolds;
}

}  // namespace tools
