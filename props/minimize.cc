#include "props/minimize.h"

#include "props/world.h"
#include "sim/explorer.h"
#include "sim/strategies/bounded.h"

namespace props {

Minimized Minimize(const model::Litmus& litmus, const model::AllowedOutcomes* allowed,
                   const Finding& finding, uint32_t max_steps, uint64_t max_executions) {
  Minimized result{finding, 0, true};
  World world(litmus);
  Judge judge(litmus, {.allowed = allowed, .explain = finding.id == kUnexplainedId});
  // The bound of the finding itself is searched as well: the first schedule within it is the one
  // that every search ends up with, wherever it started.
  for (uint32_t bound = 0; bound <= finding.preemptions; ++bound) {
    sim::ExploreOptions options;
    options.limits = LimitsOf(litmus, max_steps);
    options.determinism_every = 0;
    options.max_executions = max_executions - result.executions;
    sim::Bounded strategy(bound);
    bool found = false;
    const sim::Exploration search =
        sim::Explore(world, strategy, options, [&](const sim::Execution& execution) {
          std::optional<Finding> other = judge.Examine(execution, world);
          if (!other || !other->SameAs(finding)) return true;
          result.finding = std::move(*other);
          found = true;
          return false;
        });
    result.executions += search.executions + search.stopped;
    if (found) return result;
    if (search.end == sim::ExploreEnd::kLimit) {
      result.is_minimum = false;
      return result;
    }
  }
  return result;
}

}  // namespace props
