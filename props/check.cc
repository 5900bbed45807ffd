#include "props/check.h"

#include <fmt/format.h>

#include <memory>

#include "props/bounds.h"
#include "props/checker.h"
#include "props/scenario.h"
#include "sim/strategies/delay_bounded.h"

namespace props {

std::unique_ptr<sim::Strategy> MakeStrategy(const model::Litmus& litmus,
                                            const CheckOptions& options) {
  if (const auto bound = DelayBound(litmus, options.search)) {
    return std::make_unique<sim::DelayBounded>(*bound);
  }
  if (const auto bound = PreemptionBound(litmus, options.search)) {
    return std::make_unique<sim::Bounded>(*bound);
  }
  return MakeStrategy(options.search, options.seed, options.runs);
}

std::string_view EndName(CheckEnd end) {
  switch (end) {
    case CheckEnd::kComplete:
      return "complete";
    case CheckEnd::kFirstFailure:
      return "first failure";
    case CheckEnd::kRunsReached:
      return "runs reached";
    case CheckEnd::kBudget:
      return "budget";
    case CheckEnd::kShardDone:
      return "shard complete";
    case CheckEnd::kInterrupted:
      break;
  }
  return "interrupted";
}

bool AddFinding(Finding finding, CheckReport& report) {
  for (const Finding& known : report.findings) {
    if (known.SameAs(finding)) return false;
  }
  report.findings.push_back(std::move(finding));
  return true;
}

void AddMissing(const model::Litmus& litmus, Search search, CheckReport& report) {
  const std::string bounds = BoundsText(litmus, search);
  for (size_t i = 0; i < litmus.conditions.size(); ++i) {
    const model::Condition& condition = litmus.conditions[i];
    const bool wanted = condition.quantifier == model::Condition::Quantifier::kExists;
    if (!wanted || report.conditions[i].holds != 0) continue;
    Finding finding;
    finding.id = "HD103";
    finding.name = condition.name.empty() ? "exists" : condition.name;
    finding.message = bounds.empty()
                          ? "no execution ends in this state"
                          : fmt::format("no execution with at most {} ends in this state", bounds);
    finding.position = condition.position;
    report.findings.push_back(std::move(finding));
  }
  if (!litmus.outcomes) return;
  for (const model::Outcome& outcome : litmus.outcomes->outcomes) {
    if (report.outcomes.contains(outcome)) continue;
    Finding finding;
    finding.id = "HD105";
    finding.name = "listed outcome never seen";
    finding.message = model::PrintOutcome(litmus, outcome);
    finding.position = litmus.outcomes->position;
    report.findings.push_back(std::move(finding));
  }
}

std::optional<model::AllowedOutcomes> AllowedOutcomesOf(const model::Litmus& litmus) {
  if (!ScenarioNameOf(litmus).empty()) return std::nullopt;
  return model::EnumerateOutcomes(litmus);
}

CheckReport Check(const model::Litmus& litmus, const CheckOptions& options) {
  std::optional<model::AllowedOutcomes> allowed;
  if (options.compare_with_model) allowed = AllowedOutcomesOf(litmus);
  const std::unique_ptr<sim::Strategy> strategy = MakeStrategy(litmus, options);
  CheckReport report = Checker(litmus, options, allowed ? &*allowed : nullptr).Run(*strategy);
  report.model = std::move(allowed);
  if (report.end == CheckEnd::kComplete) AddMissing(litmus, options.search, report);
  return report;
}

}  // namespace props
