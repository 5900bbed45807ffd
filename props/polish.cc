#include "props/polish.h"

#include <utility>

#include "sim/engine/replay.h"
#include "sim/order/linearize.h"
#include "sim/strategies/guided.h"

namespace props {

namespace {

std::optional<Finding> RunGuided(Runner& runner, sim::Guided& strategy, const IsWanted& is_wanted) {
  strategy.BeginExecution();
  std::optional<Finding> found = runner.Run(strategy);
  return found && is_wanted(*found) ? std::move(found) : std::nullopt;
}

std::optional<Finding> Reorder(Runner& runner, const sim::LinearizeOptions& options,
                               const IsWanted& is_wanted) {
  const auto way = sim::FewestPreemptions(runner.execution(), options);
  if (!way || way->order.empty()) return std::nullopt;
  const sim::Guide guide = sim::GuideOf(runner.execution(), way->order);
  sim::Guided strategy(guide);
  return RunGuided(runner, strategy, is_wanted);
}

std::optional<Finding> Replay(Runner& runner, const Finding& finding) {
  sim::Replay replay(*finding.schedule);
  replay.BeginExecution();
  return runner.Run(replay);
}

// One after the other, until each that is left is needed.
Finding WithoutValues(Runner& runner, Finding finding, const IsWanted& is_wanted) {
  sim::Guide guide = GuideOf(runner, *finding.schedule);
  for (size_t i = guide.values.size(); i-- > 0;) {
    sim::Guide without = guide;
    without.values.erase(without.values.begin() + static_cast<std::ptrdiff_t>(i));
    sim::Guided strategy(without, runner.places());
    std::optional<Finding> found = RunGuided(runner, strategy, is_wanted);
    if (!found) continue;
    finding = std::move(*found);
    guide = std::move(without);
  }
  return finding;
}

}  // namespace

std::optional<Finding> Reordered(Runner& runner, const IsWanted& is_wanted) {
  return Reorder(runner, {}, is_wanted);
}

std::optional<Finding> Shown(Runner& runner, const Finding& finding, const IsWanted& is_wanted) {
  if (finding.edges.empty()) return finding;
  sim::LinearizeOptions options;
  options.edges = finding.edges;
  std::optional<Finding> shown = Reorder(runner, options, is_wanted);
  return shown && shown->edges.empty() ? std::move(shown) : std::nullopt;
}

Finding Polish(Runner& runner, const Finding& finding, const IsWanted& is_wanted) {
  Finding best = WithoutValues(runner, finding, is_wanted);
  std::optional<Finding> again = Replay(runner, best);
  if (runner.execution().end == sim::ExecutionEnd::kFailed) {
    std::optional<Finding> sliced = Reorder(runner, {.only_past_of_last = true}, is_wanted);
    if (sliced) best = std::move(*sliced);
    again = Replay(runner, best);
  }
  const bool shows = !again || again->edges.empty();
  std::optional<Finding> reordered = Reordered(runner, is_wanted);
  if (reordered) reordered = Shown(runner, *reordered, is_wanted);
  const bool is_better = reordered && (!shows || reordered->preemptions < best.preemptions);
  if (is_better) best = std::move(*reordered);
  return best;
}

}  // namespace props
