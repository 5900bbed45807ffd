#include "props/minimize.h"

#include <optional>
#include <utility>

#include "props/polish.h"
#include "props/runner.h"
#include "sim/strategies/bounded.h"

namespace props {

namespace {

Judge::Options JudgeFor(const model::AllowedOutcomes* allowed, const Finding& finding) {
  return {.allowed = allowed, .explain = finding.id == kUnexplainedId};
}

}  // namespace

Minimized Minimize(const model::Litmus& litmus, const model::AllowedOutcomes* allowed,
                   const Finding& finding, uint32_t max_steps, uint64_t max_executions) {
  Runner runner(litmus, JudgeFor(allowed, finding), max_steps);
  const bool against_model = IsAgainstTheModel(runner, finding);
  const auto is_wanted = [&](const Finding& found) {
    return found.SameAs(finding) && (!against_model || runner.IsUnexplained());
  };
  Minimized result{Polish(runner, finding, is_wanted), 0, true};
  // The bound of the finding itself is searched as well: the first schedule within it is the one
  // that every search ends up with, wherever it started.
  bool found = false;
  for (uint32_t bound = 0; bound <= result.finding.preemptions && !found; ++bound) {
    sim::Bounded strategy(bound);
    while (!found && strategy.BeginExecution()) {
      if (runner.executions() >= max_executions) {
        result.executions = runner.executions();
        result.is_minimum = false;
        return result;
      }
      std::optional<Finding> other = runner.Run(strategy);
      if (!other || !is_wanted(*other)) continue;
      other = Shown(runner, *other, is_wanted);
      if (!other || other->preemptions > bound) continue;
      result.finding = std::move(*other);
      found = true;
    }
  }
  result.executions = runner.executions();
  return result;
}

}  // namespace props
