#include "tests/props/scenario_suite.h"

#include <fmt/format.h>

#include "props/check.h"
#include "props/failure_text.h"
#include "props/minimize.h"
#include "tools/commands.h"

namespace props {

namespace {

std::string Described(const Scenario& scenario, const Finding& found, const CheckOptions& options,
                      const std::string& output_dir) {
  const Minimized small =
      Minimize(scenario.litmus, nullptr, found, options.max_steps, tools::kMinimizeExecutions);
  const SavedFailure saved = SaveFailure(output_dir, scenario.litmus, nullptr, small.finding,
                                         MinimizedProvenance(), options.max_steps);
  return fmt::format(
      "\n{}:{}\n{}\n", scenario.file, scenario.line,
      saved.error ? *saved.error
                  : FailureText(small.finding, saved.recording.trace, scenario.litmus, saved.path));
}

}  // namespace

std::string ExploreScenario(const Scenario& scenario, const std::string& output_dir) {
  const CheckOptions options;
  const CheckReport report = Check(scenario.litmus, options);
  std::string text;
  for (const Finding& finding : report.findings) {
    text += finding.schedule ? Described(scenario, finding, options, output_dir)
                             : fmt::format("\n{} {}\n", finding.id, finding.message);
  }
  if (text.empty() && report.end != CheckEnd::kComplete) text = EndName(report.end);
  if (!report.histories.unknown.empty()) text += "\nthe model's budget was too small\n";
  return text;
}

}  // namespace props
