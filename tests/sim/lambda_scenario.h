// A scenario made of lambdas: objects, one body per thread, and what is observed at the end.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/explorer.h"
#include "sim/happens_before.h"
#include "sim/strategies/bounded.h"
#include "sim/strategies/brute_force.h"
#include "sim/strategies/sleep_sets.h"

namespace sim {

/// One execution's worth of objects and threads; made anew for each execution.
struct LambdaProgram {
  std::vector<std::function<void()>> threads;
  std::function<std::string()> outcome = [] { return std::string(); };
  std::function<void()> at_boundary = [] {};
};

class LambdaScenario final : public Scenario {
 public:
  using Factory = std::function<LambdaProgram()>;
  explicit LambdaScenario(Factory factory, bool allows_blocked = true)
      : factory_(std::move(factory)), allows_blocked_(allows_blocked) {}

  void Start(Runtime& runtime) override {
    program_ = factory_();
    for (size_t i = 0; i < program_.threads.size(); ++i) {
      runtime.Spawn("t" + std::to_string(i), program_.threads[i]);
    }
  }
  void AtBoundary(Runtime&) override { program_.at_boundary(); }
  void Finish(Runtime&) override { last_outcome_ = program_.outcome(); }
  bool AllowsBlocked() const override { return allows_blocked_; }

  const std::string& last_outcome() const { return last_outcome_; }
  /// What can be observed now, also after an execution that was stopped.
  std::string Observe() const { return program_.outcome(); }

 private:
  Factory factory_;
  bool allows_blocked_;
  LambdaProgram program_;
  std::string last_outcome_;
};

/// What a whole search saw.
struct Census {
  uint64_t executions = 0;
  uint64_t stopped = 0;
  uint64_t deadlocks = 0;
  uint64_t repeated_traces = 0;
  std::set<uint64_t> traces;
  std::map<uint64_t, uint32_t> least_preemptions;  // By trace; of the executions that were seen.
  std::set<std::string> outcomes;
  ExploreEnd end = ExploreEnd::kExhausted;
};

inline Census Take(const LambdaScenario::Factory& factory, Strategy& strategy,
                   bool visible_releases = true, uint64_t max_executions = 0) {
  LambdaScenario scenario(factory);
  ExploreOptions options;
  options.limits.visible_releases = visible_releases;
  options.limits.arena_bytes = size_t{1} << 20;
  options.max_executions = max_executions;
  Census census;
  HappensBefore order;
  const Exploration result = Explore(scenario, strategy, options, [&](const Execution& execution) {
    order.Clear();
    order.Update(execution);
    if (!census.traces.insert(order.signature()).second) ++census.repeated_traces;
    const uint32_t preemptions = CountPreemptions(execution);
    uint32_t& least =
        census.least_preemptions.try_emplace(order.signature(), preemptions).first->second;
    least = std::min(least, preemptions);
    if (execution.end == ExecutionEnd::kBlocked) ++census.deadlocks;
    census.outcomes.insert(scenario.last_outcome() +
                           (execution.end == ExecutionEnd::kBlocked ? " blocked" : ""));
    return true;
  });
  census.executions = result.executions;
  census.stopped = result.stopped;
  census.end = result.end;
  return census;
}

}  // namespace sim
