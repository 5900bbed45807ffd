#include "sim/strategies/estimate.h"

#include <cmath>

namespace sim {

namespace {

constexpr uint64_t kSmall = 500;       // Executions that a part may need to be searched whole,
constexpr uint64_t kTiny = 8;          // and that are tried on every branch of a fork.
constexpr size_t kFork = 24;           // Branches that a fork should have, besides tiny ones,
constexpr size_t kTooMany = 500;       // unless it would take so many with them.
constexpr EventIndex kStepGrowth = 8;  // Deeper cuts come in larger steps: an eighth of the depth.

}  // namespace

Exploration SizeEstimator::Run(Dpor& search, uint64_t max_executions) {
  ExploreOptions options;
  options.limits = limits_;
  options.max_executions = max_executions;
  options.determinism_every = 0;
  const Exploration result =
      Explore(scenario_, search, options, [](const Execution&) { return true; });
  executions_ += result.executions + result.stopped;
  return result;
}

std::optional<double> SizeEstimator::SearchWhole(const Dpor::Path& prefix, uint64_t max_executions,
                                                 double* guess) {
  Dpor search(prefix);
  const Exploration result = Run(search, max_executions);
  const auto classes = static_cast<double>(result.executions);
  if (result.end != ExploreEnd::kLimit) return classes;
  *guess = static_cast<double>(max_executions) / search.Share();
  return std::nullopt;
}

SizeEstimator::Fork SizeEstimator::Divide(const Dpor::Path& prefix) {
  EventIndex above = 0;
  for (const Dpor::Node& node : prefix) above += node.count == 0 ? 1 : 0;
  for (EventIndex below = 1;; below += 1 + below / kStepGrowth) {
    Fork fork;
    Dpor top = Dpor::Split(above + below, prefix);
    fork.complete = static_cast<double>(Run(top, 0).executions);
    if (top.parts().size() < kFork && !top.parts().empty()) continue;
    for (const Dpor::Path& part : top.parts()) {
      double guess = 0;
      if (const auto classes = SearchWhole(part, kTiny, &guess)) {
        fork.complete += *classes;
        continue;
      }
      fork.parts.push_back(part);
      fork.guesses.push_back(std::sqrt(guess));  // It is not worth more trust than that.
      fork.sum += fork.guesses.back();
    }
    const bool enough = fork.parts.size() >= kFork || top.parts().size() >= kTooMany;
    if (enough || fork.parts.empty()) return fork;
  }
}

// The parts that are thought to be large are picked more often, and count less.
size_t SizeEstimator::Pick(const Fork& fork) {
  constexpr uint32_t kGrain = 1u << 30;
  double left = fork.sum * random_.Below(kGrain) / kGrain;
  for (size_t i = 0; i + 1 < fork.parts.size(); ++i) {
    if (left < fork.guesses[i]) return i;
    left -= fork.guesses[i];
  }
  return fork.parts.size() - 1;
}

void SizeEstimator::Descend() {
  double classes = 0;
  double guess = 0;
  if (descents_ == 0) {
    const auto all = SearchWhole({}, kSmall, &guess);
    is_exact_ = all.has_value();
    if (is_exact_) {
      classes = *all;
    } else {
      root_ = Divide({});
    }
  }
  double weight = 1;
  Fork below;
  for (const Fork* fork = &root_; !is_exact_; fork = &below) {
    classes += weight * fork->complete;
    if (fork->parts.empty()) break;
    const size_t picked = Pick(*fork);
    const Dpor::Path part = fork->parts[picked];
    weight *= fork->sum / fork->guesses[picked];
    if (const auto all = SearchWhole(part, kSmall, &guess)) {
      classes += weight * *all;
      break;
    }
    below = Divide(part);
  }
  ++descents_;
  const double distance = classes - mean_;
  mean_ += distance / static_cast<double>(descents_);
  squares_ += distance * (classes - mean_);
}

double SizeEstimator::StandardError() const {
  if (is_exact_ || descents_ < 2) return 0;
  const auto count = static_cast<double>(descents_);
  return std::sqrt(squares_ / (count - 1) / count);
}

}  // namespace sim
