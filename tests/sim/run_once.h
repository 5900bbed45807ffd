// One execution, and how it failed.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "sim/engine/runtime.h"
#include "sim/strategies/brute_force.h"
#include "tests/sim/lambda_scenario.h"

namespace sim {

/// The first execution of a depth-first search, in which blocked threads are a deadlock.
inline Execution RunOnce(const LambdaScenario::Factory& factory,
                         const ExecutionLimits& limits = {}) {
  LambdaScenario scenario(factory, /*allows_blocked=*/false);
  Runtime runtime(limits);
  BruteForce strategy;
  Execution execution;
  EXPECT_TRUE(strategy.BeginExecution());
  runtime.Execute(scenario, strategy, execution);
  return execution;
}

inline void ExpectFailure(const Execution& execution, FailureKind kind,
                          const std::string& message) {
  ASSERT_TRUE(execution.failure);
  EXPECT_EQ(execution.failure->kind, kind) << FailureName(execution.failure->kind);
  EXPECT_EQ(execution.failure->message, message);
}

}  // namespace sim
