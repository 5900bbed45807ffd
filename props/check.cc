#include "props/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "props/world.h"
#include "sim/strategies/bounded.h"

namespace props {

namespace {

std::unique_ptr<sim::Strategy> StrategyOf(const model::Litmus& litmus,
                                          const CheckOptions& options) {
  if (const auto bound = PreemptionBound(litmus, options.search)) {
    return std::make_unique<sim::Bounded>(*bound);
  }
  return MakeStrategy(options.search, options.seed, options.runs);
}

class Checker {
 public:
  Checker(const model::Litmus& litmus, const CheckOptions& options)
      : litmus_(litmus), options_(options), world_(litmus) {
    report_.conditions.resize(litmus.conditions.size());
  }

  CheckReport Run() {
    if (options_.compare_with_model) report_.model = model::EnumerateOutcomes(litmus_);
    Judge judge(litmus_, {.allowed = report_.model ? &*report_.model : nullptr,
                          .explain = options_.compare_with_model});
    sim::ExploreOptions explore;
    explore.limits = LimitsOf(litmus_, options_.max_steps);
    explore.max_executions = options_.max_executions;
    explore.determinism_every = options_.determinism_every;
    const std::unique_ptr<sim::Strategy> strategy = StrategyOf(litmus_, options_);
    const sim::Exploration result =
        sim::Explore(world_, *strategy, explore,
                     [&](const sim::Execution& execution) { return Visit(judge, execution); });
    report_.histories = judge.histories();
    report_.unknown_histories = judge.unknown();
    report_.executions = result.executions;
    report_.cut_short = result.stopped;
    report_.end = EndOf(result);
    if (result.end == sim::ExploreEnd::kNondeterministic) AddNondeterminism(result);
    if (report_.end == CheckEnd::kComplete) AddMissing();
    return std::move(report_);
  }

 private:
  bool Visit(Judge& judge, const sim::Execution& execution) {
    ++visited_;
    const model::Observation& observation = world_.observation();
    const bool has_outcome = execution.end != sim::ExecutionEnd::kFailed;
    if (has_outcome) Count(execution, observation);
    std::optional<Finding> finding = judge.Examine(execution, world_);
    if (finding) {
      const auto same = [&](const Finding& known) { return known.SameAs(*finding); };
      if (std::none_of(report_.findings.begin(), report_.findings.end(), same)) {
        report_.findings.push_back(std::move(*finding));
      }
      if (!options_.keep_going) return false;
    }
    interruption_ =
        options_.progress({visited_, 0, report_.outcomes.size(), report_.findings.size()});
    return interruption_ == Interruption::kNone;
  }

  void Count(const sim::Execution& execution, const model::Observation& observation) {
    OutcomeRow& row = report_.outcomes[model::OutcomeOf(litmus_, observation)];
    if (row.count++ == 0) {
      row.example = sim::ScheduleOf(execution);
      row.blocked = execution.end == sim::ExecutionEnd::kBlocked;
    }
    for (size_t i = 0; i < litmus_.conditions.size(); ++i) {
      const bool holds =
          model::Holds(litmus_.conditions[i].proposition, litmus_.program, observation);
      ++(holds ? report_.conditions[i].holds : report_.conditions[i].fails);
    }
  }

  CheckEnd EndOf(const sim::Exploration& result) const {
    if (interruption_ == Interruption::kBudget) return CheckEnd::kBudget;
    if (interruption_ == Interruption::kSignal) return CheckEnd::kInterrupted;
    switch (result.end) {
      case sim::ExploreEnd::kExhausted:
        return KindOf(options_.search).is_complete ? CheckEnd::kComplete : CheckEnd::kRunsReached;
      case sim::ExploreEnd::kLimit:
        return CheckEnd::kRunsReached;
      case sim::ExploreEnd::kVisitor:
      case sim::ExploreEnd::kNondeterministic:
        break;
    }
    return CheckEnd::kFirstFailure;
  }

  void AddNondeterminism(const sim::Exploration& result) {
    Finding finding;
    finding.id = "HD901";
    finding.name = "nondeterminism";
    finding.message = fmt::format("the same schedule behaved in two ways from event {} on",
                                  result.divergent_step + 1);
    report_.findings.push_back(std::move(finding));
  }

  // Only a complete search can say that something never happens.
  void AddMissing() {
    const std::optional<uint32_t> bound = PreemptionBound(litmus_, options_.search);
    for (size_t i = 0; i < litmus_.conditions.size(); ++i) {
      const model::Condition& condition = litmus_.conditions[i];
      const bool wanted = condition.quantifier == model::Condition::Quantifier::kExists;
      if (!wanted || report_.conditions[i].holds != 0) continue;
      Finding finding;
      finding.id = "HD103";
      finding.name = condition.name.empty() ? "exists" : condition.name;
      finding.message =
          bound ? fmt::format("no execution with at most {} preemptions ends in this state", *bound)
                : "no execution ends in this state";
      finding.position = condition.position;
      report_.findings.push_back(std::move(finding));
    }
    if (!litmus_.outcomes) return;
    for (const model::Outcome& outcome : litmus_.outcomes->outcomes) {
      if (report_.outcomes.contains(outcome)) continue;
      Finding finding;
      finding.id = "HD105";
      finding.name = "listed outcome never seen";
      finding.message = model::PrintOutcome(litmus_, outcome);
      finding.position = litmus_.outcomes->position;
      report_.findings.push_back(std::move(finding));
    }
  }

  const model::Litmus& litmus_;
  const CheckOptions& options_;
  World world_;
  CheckReport report_;
  uint64_t visited_ = 0;
  Interruption interruption_ = Interruption::kNone;
};

}  // namespace

std::optional<uint32_t> PreemptionBound(const model::Litmus& litmus, Search search) {
  const std::optional<uint32_t>& bound = litmus.within.preemptions;
  return !KindOf(search).is_complete || bound == model::Within::kAny ? std::nullopt : bound;
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
    case CheckEnd::kInterrupted:
      break;
  }
  return "interrupted";
}

CheckReport Check(const model::Litmus& litmus, const CheckOptions& options) {
  return Checker(litmus, options).Run();
}

}  // namespace props
