// A scenario made of lambdas: objects, one body per thread, and what is observed at the end.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "sim/api/atomic.h"
#include "sim/engine/explorer.h"
#include "sim/order/happens_before.h"
#include "sim/strategies/bounded.h"
#include "sim/strategies/brute_force.h"
#include "sim/strategies/delay_bounded.h"
#include "sim/strategies/dpor.h"
#include "sim/strategies/sleep_sets.h"

namespace sim {

inline constexpr MemoryOrder kSc = MemoryOrder::kSequential;

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

using Variable = Atomic<int>;
inline std::shared_ptr<Variable> NewVariable() {
  return std::make_shared<Variable>(0, "variable");
}

/// The same program with its threads created in another order.
inline LambdaScenario::Factory Permuted(const LambdaScenario::Factory& factory,
                                        const std::vector<size_t>& order) {
  return [=] {
    LambdaProgram program = factory();
    std::vector<std::function<void()>> threads;
    for (size_t i : order) threads.push_back(program.threads[i]);
    program.threads = std::move(threads);
    return program;
  };
}

/// Every order of creating the threads if they are few, else every rotation and its reverse.
inline std::vector<std::vector<size_t>> Orders(size_t threads) {
  std::vector<size_t> order(threads);
  std::iota(order.begin(), order.end(), 0);
  std::vector<std::vector<size_t>> orders;
  if (threads <= 4) {
    do {
      orders.push_back(order);
    } while (std::next_permutation(order.begin(), order.end()));
    return orders;
  }
  for (size_t i = 0; i < threads; ++i) {
    std::rotate(order.begin(), order.begin() + 1, order.end());
    orders.push_back(order);
    orders.emplace_back(order.rbegin(), order.rend());
  }
  return orders;
}

/// What a whole search saw.
struct Census {
  uint64_t executions = 0;
  uint64_t stopped = 0;
  uint64_t deadlocks = 0;
  uint64_t repeated_traces = 0;
  std::set<uint64_t> traces;  // Of executions that did not fail.
  uint64_t failures = 0;
  // By trace, of the executions that were seen.
  std::map<uint64_t, uint32_t> least_preemptions;
  std::map<uint64_t, uint32_t> least_delays;
  std::set<std::string> outcomes;  // And how executions failed.
  ExploreEnd end = ExploreEnd::kExhausted;

  /// Of another part of the same search.
  void Add(const Census& part) {
    executions += part.executions;
    stopped += part.stopped;
    deadlocks += part.deadlocks;
    repeated_traces += part.repeated_traces;
    for (uint64_t trace : part.traces) repeated_traces += traces.insert(trace).second ? 0 : 1;
    outcomes.insert(part.outcomes.begin(), part.outcomes.end());
  }
};

inline void KeepLeast(std::map<uint64_t, uint32_t>& least, uint64_t trace, uint32_t cost) {
  uint32_t& known = least.try_emplace(trace, cost).first->second;
  known = std::min(known, cost);
}

/// What ends an execution, besides itself.
struct TakeLimits {
  bool visible_releases = true;
  uint64_t max_executions = 0;
  std::optional<uint32_t> early_fires;
  uint32_t max_steps = 20'000;
  bool allows_blocked = true;
  uint32_t idle_wakes = 0;
};

inline Census TakeWithin(const TakeLimits& limits, const LambdaScenario::Factory& factory,
                         Strategy& strategy) {
  LambdaScenario scenario(factory, limits.allows_blocked);
  ExploreOptions options;
  options.limits.visible_releases = limits.visible_releases;
  options.limits.early_fires = limits.early_fires;
  options.limits.max_steps = limits.max_steps;
  options.limits.faults[static_cast<size_t>(FaultKind::kIdleWake)] = limits.idle_wakes;
  options.limits.arena_bytes = size_t{1} << 20;
  options.max_executions = limits.max_executions;
  Census census;
  TraceSignature order;
  const Exploration result = Explore(scenario, strategy, options, [&](const Execution& execution) {
    if (execution.end == ExecutionEnd::kBlocked) ++census.deadlocks;
    if (execution.failure) {
      ++census.failures;
      census.outcomes.insert("failed: " + execution.failure->message);
      return true;
    }
    order.Clear();
    order.Update(execution);
    if (!census.traces.insert(order.value()).second) ++census.repeated_traces;
    KeepLeast(census.least_preemptions, order.value(), CountPreemptions(execution));
    KeepLeast(census.least_delays, order.value(), CountDelays(execution));
    census.outcomes.insert(scenario.last_outcome() +
                           (execution.end == ExecutionEnd::kBlocked ? " blocked" : ""));
    return true;
  });
  census.executions = result.executions;
  census.stopped = result.stopped;
  census.end = result.end;
  return census;
}

inline Census Take(const LambdaScenario::Factory& factory, Strategy& strategy,
                   bool visible_releases = true, uint64_t max_executions = 0,
                   std::optional<uint32_t> early_fires = std::nullopt) {
  return TakeWithin({visible_releases, max_executions, early_fires}, factory, strategy);
}

}  // namespace sim
