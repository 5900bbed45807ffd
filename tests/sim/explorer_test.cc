#include "sim/engine/explorer.h"

#include <gtest/gtest.h>

#include <memory>

#include "sim/api/atomic.h"
#include "sim/strategies/random_walk.h"
#include "tests/sim/lambda_scenario.h"

namespace sim {
namespace {

// Three writers of one word: six interleavings.
LambdaProgram Writers() {
  LambdaProgram program;
  auto x = std::make_shared<Atomic<int>>(0, "variable");
  for (int i = 0; i < 3; ++i) program.threads.push_back([x, i] { x->Store(i, kSc); });
  return program;
}

Exploration ExploreWriters(uint64_t max_executions, uint64_t wanted) {
  LambdaScenario scenario(Writers);
  BruteForce strategy;
  ExploreOptions options;
  options.max_executions = max_executions;
  uint64_t seen = 0;
  const Exploration result =
      Explore(scenario, strategy, options, [&](const Execution&) { return ++seen != wanted; });
  EXPECT_EQ(seen, result.executions);
  return result;
}

TEST(Explorer, StopsWhenTheStrategyHasNothingLeft) {
  const Exploration result = ExploreWriters(0, 0);
  EXPECT_EQ(result.end, ExploreEnd::kExhausted);
  EXPECT_EQ(result.executions, 6u);
  EXPECT_EQ(result.stopped, 0u);
}

TEST(Explorer, StopsAtItsLimit) {
  const Exploration result = ExploreWriters(4, 0);
  EXPECT_EQ(result.end, ExploreEnd::kLimit);
  EXPECT_EQ(result.executions, 4u);
}

TEST(Explorer, StopsWhenTheVisitorHasSeenEnough) {
  const Exploration result = ExploreWriters(0, 2);
  EXPECT_EQ(result.end, ExploreEnd::kVisitor);
  EXPECT_EQ(result.executions, 2u);
}

TEST(Explorer, CountsStoppedExecutionsTowardsTheLimit) {
  auto readers = [] {
    LambdaProgram program;
    auto x = std::make_shared<Atomic<int>>(0, "variable");
    for (int i = 0; i < 3; ++i) program.threads.push_back([x] { x->Load(kSc); });
    return program;
  };
  LambdaScenario scenario(readers);
  SleepSets strategy;
  ExploreOptions options;
  options.max_executions = 2;
  const Exploration result =
      Explore(scenario, strategy, options, [](const Execution&) { return true; });
  EXPECT_EQ(result.end, ExploreEnd::kLimit);
  EXPECT_EQ(result.executions, 1u);
  EXPECT_EQ(result.stopped, 1u);
}

// The second thing its thread does depends on how often the program was made.
LambdaScenario::Factory Forgetful() {
  return [made = std::make_shared<int>(0)] {
    LambdaProgram program;
    const bool odd = ++*made % 2 == 1;
    program.threads.push_back([x = std::make_shared<Atomic<int>>(0, "variable"), odd] {
      x->Load(kSc);
      if (odd) x->Load(kSc);
      x->Store(1, kSc);
    });
    return program;
  };
}

Exploration ExploreForgetful(uint32_t determinism_every) {
  LambdaScenario scenario(Forgetful());
  RandomWalk strategy(1, 4);
  ExploreOptions options;
  options.determinism_every = determinism_every;
  return Explore(scenario, strategy, options, [](const Execution&) { return true; });
}

TEST(Explorer, NoticesWhatSurvivesAnExecution) {
  const Exploration result = ExploreForgetful(1);
  EXPECT_EQ(result.end, ExploreEnd::kNondeterministic);
  EXPECT_EQ(result.divergent_step, 1u);
  EXPECT_EQ(result.executions, 1u);
}

TEST(Explorer, ChecksNothingTwiceWhenToldSo) {
  const Exploration result = ExploreForgetful(0);
  EXPECT_EQ(result.end, ExploreEnd::kExhausted);
  EXPECT_EQ(result.executions, 4u);
}

TEST(Explorer, NoticesAFailureThatReadsDifferently) {
  LambdaScenario scenario([made = std::make_shared<int>(0)] {
    LambdaProgram program;
    program.threads.push_back([made, x = std::make_shared<Atomic<int>>(0, "variable")] {
      x->Load(kSc);
      Runtime::Current()->Fail(FailureKind::kAssertion, std::to_string(++*made));
    });
    return program;
  });
  RandomWalk strategy(1, 1);
  const Exploration result = Explore(scenario, strategy, {}, [](const Execution&) { return true; });
  EXPECT_EQ(result.end, ExploreEnd::kNondeterministic);
}

}  // namespace
}  // namespace sim
