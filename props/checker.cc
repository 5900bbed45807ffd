#include "props/checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace props {

// Counts the executions that are cut short, which no visitor sees, and ends the search between two
// executions.
class Checker::Watched final : public sim::Strategy {
 public:
  Watched(Checker& checker, sim::Strategy& inner) : checker_(checker), inner_(inner) {}

  bool BeginExecution() override {
    return checker_.interruption_ == Interruption::kNone && inner_.BeginExecution();
  }
  sim::ThreadId PickThread(const sim::SchedulePoint& point) override {
    return inner_.PickThread(point);
  }
  uint32_t PickValue(const sim::ValuePoint& point) override { return inner_.PickValue(point); }
  void EndExecution(const sim::Execution& execution) override {
    inner_.EndExecution(execution);
    if (execution.end != sim::ExecutionEnd::kStopped) return;
    ++checker_.report_.cut_short;
    checker_.Ask();
  }

 private:
  Checker& checker_;
  sim::Strategy& inner_;
};

namespace {

// Of a sampled execution: more executions are worth more than more orders of one.
std::optional<uint32_t> FewOrders(const CheckOptions& options) {
  if (KindOf(options.search).is_complete) return std::nullopt;
  return 16;
}

}  // namespace

Checker::Checker(const model::Litmus& litmus, const CheckOptions& options,
                 const model::AllowedOutcomes* allowed)
    : litmus_(litmus),
      options_(options),
      world_(litmus),
      judge_(litmus, {.allowed = allowed,
                      .explain = options.compare_with_model,
                      .few_orders = FewOrders(options)}) {}

CheckReport Checker::Run(sim::Strategy& strategy, CheckReport before) {
  report_ = std::move(before);
  report_.conditions.resize(litmus_.conditions.size());
  singletons_ = static_cast<uint64_t>(
      std::count_if(report_.outcomes.begin(), report_.outcomes.end(),
                    [](const auto& entry) { return entry.second.count == 1; }));
  interruption_ = Interruption::kNone;
  judge_.ForgetSeen();
  sim::ExploreOptions explore;
  explore.limits = LimitsOf(litmus_, options_.max_steps);
  explore.max_executions = options_.max_executions;
  explore.determinism_every = options_.determinism_every;
  Watched watched(*this, strategy);
  const sim::Exploration result = sim::Explore(
      world_, watched, explore, [&](const sim::Execution& execution) { return Visit(execution); });
  report_.histories.Add(judge_.seen());
  report_.end = EndOf(result);
  if (result.end == sim::ExploreEnd::kNondeterministic) AddNondeterminism(result);
  return std::move(report_);
}

CheckReport Checker::Snapshot() const {
  CheckReport copy = report_;
  copy.histories.Add(judge_.seen());
  copy.end = CheckEnd::kInterrupted;
  return copy;
}

bool Checker::Visit(const sim::Execution& execution) {
  ++report_.executions;
  const bool has_outcome = execution.end != sim::ExecutionEnd::kFailed;
  if (has_outcome) Count(execution, world_.observation());
  if (std::optional<Finding> finding = judge_.Examine(execution, world_)) {
    AddFinding(std::move(*finding), report_);
    if (!options_.keep_going) return false;
  }
  Ask();
  return interruption_ == Interruption::kNone;
}

void Checker::Ask() {
  interruption_ = options_.progress({report_.executions, report_.cut_short, report_.outcomes.size(),
                                     report_.findings.size(), singletons_});
}

void Checker::Count(const sim::Execution& execution, const model::Observation& observation) {
  OutcomeRow& row = report_.outcomes[model::OutcomeOf(litmus_, observation)];
  ++row.count;
  if (row.count == 1) {
    ++singletons_;
    row.example = sim::ScheduleOf(execution);
    row.blocked = execution.end == sim::ExecutionEnd::kBlocked;
  }
  if (row.count == 2) --singletons_;
  for (size_t i = 0; i < litmus_.conditions.size(); ++i) {
    const bool holds =
        model::Holds(litmus_.conditions[i].proposition, litmus_.program, observation);
    ++(holds ? report_.conditions[i].holds : report_.conditions[i].fails);
  }
}

CheckEnd Checker::EndOf(const sim::Exploration& result) const {
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

void Checker::AddNondeterminism(const sim::Exploration& result) {
  Finding finding;
  finding.id = "HD901";
  finding.name = "nondeterminism";
  finding.message = fmt::format("the same schedule behaved in two ways from event {} on",
                                result.divergent_step + 1);
  AddFinding(std::move(finding), report_);
}

}  // namespace props
