// Test code as the only thread of a simulated execution.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <utility>

#include "sim/engine/failure.h"
#include "sim/engine/runtime.h"
#include "sim/strategies/random_walk.h"

namespace platform {
inline namespace on_sim {

/// Runs `prepare` as the set-up of an execution, then `body` as its thread. A verdict of the
/// engine, a leak or a broken assertion for example, fails the test.
inline void RunBody(std::function<void()> prepare, std::function<void()> body) {
  class Alone final : public sim::Scenario {
   public:
    Alone(std::function<void()> set_up, std::function<void()> thread)
        : set_up_(std::move(set_up)), thread_(std::move(thread)) {}
    void Start(sim::Runtime& runtime) override {
      set_up_();
      runtime.Spawn("body", thread_);
    }

   private:
    std::function<void()> set_up_;
    std::function<void()> thread_;
  };
  Alone scenario(std::move(prepare), std::move(body));
  sim::ExecutionLimits limits;
  limits.max_steps = 2'000'000;
  sim::Runtime runtime(limits);
  sim::RandomWalk strategy(/*seed=*/0, /*executions=*/1);  // One thread: there is nothing to draw.
  sim::Execution execution;
  ASSERT_TRUE(strategy.BeginExecution());
  runtime.Execute(scenario, strategy, execution);
  if (!execution.failure) return;
  ADD_FAILURE() << sim::FailureName(execution.failure->kind) << ": " << execution.failure->message;
}

}  // namespace on_sim
}  // namespace platform
