// The order with the fewest preemptions, against all orders of random traces.
#include "sim/order/linearize.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "sim/api/atomic.h"
#include "sim/engine/sanitizer.h"
#include "sim/order/happens_before.h"
#include "sim/strategies/bounded.h"
#include "sim/strategies/guided.h"
#include "sim/strategies/random_walk.h"
#include "tests/sim/random_program.h"

namespace sim {
namespace {

#ifdef HEDDLE_ASAN
constexpr uint64_t kTraces = 200;
#else
constexpr uint64_t kTraces = 2000;
#endif
constexpr uint64_t kTracesOfAProgram = 1500;
constexpr uint32_t kRandomRuns = 20;

uint64_t SignatureOf(const Execution& execution) {
  TraceSignature signature;
  signature.Update(execution);
  return signature.value();
}

// Runs the events of `execution` in the order of `way`.
void Retrace(const Execution& execution, const Linearization& way, LambdaScenario& scenario,
             const ExecutionLimits& limits, Execution& again) {
  const Guide guide = GuideOf(execution, way.order);
  Guided strategy(guide);
  Runtime runtime(limits);
  ASSERT_TRUE(strategy.BeginExecution());
  runtime.Execute(scenario, strategy, again);
  EXPECT_TRUE(strategy.followed());
}

struct LinearizedTraces {
  uint64_t traces = 0;
  uint64_t shortened = 0;  // Had more preemptions than needed.
  uint64_t blocked = 0;
  uint64_t timed = 0;
};

// Executions at random, and the fewest preemptions of their traces by brute force.
void CheckProgram(const RandomProgram& program, const Census& brute, uint64_t seed,
                  LinearizedTraces& tally) {
  LambdaScenario scenario(FactoryOf(program));
  ExploreOptions options;
  options.limits.visible_releases = program.visible_releases;
  options.limits.arena_bytes = size_t{1} << 20;
  options.determinism_every = 0;
  RandomWalk strategy(seed, kRandomRuns);
  std::set<uint64_t> seen;
  Explore(scenario, strategy, options, [&](const Execution& execution) {
    const uint64_t trace = SignatureOf(execution);
    if (!seen.insert(trace).second) return true;
    const std::optional<Linearization> way = FewestPreemptions(execution);
    EXPECT_TRUE(way.has_value()) << program.Print();
    if (!way) return false;
    EXPECT_EQ(way->preemptions, brute.least_preemptions.at(trace)) << program.Print();
    ++tally.traces;
    tally.shortened += way->preemptions < CountPreemptions(execution) ? 1 : 0;
    tally.blocked += execution.end == ExecutionEnd::kBlocked ? 1 : 0;
    for (const Event& step : execution.events) {
      if (!IsTimer(step.thread)) continue;
      ++tally.timed;
      break;
    }
    return !testing::Test::HasFailure();
  });
}

LinearizedTraces CompareWithBruteForce(uint64_t seed, bool visible_releases) {
  LinearizedTraces tally;
  Random random(seed);
  while (tally.traces < kTraces) {
    const RandomProgram program = DrawProgram(random, visible_releases);
    BruteForce strategy;
    const Census brute = Take(FactoryOf(program), strategy, visible_releases, kTracesOfAProgram);
    if (brute.end == ExploreEnd::kLimit) continue;
    CheckProgram(program, brute, random.Next(), tally);
    if (testing::Test::HasFailure()) break;
  }
  return tally;
}

TEST(Linearize, FindsTheFewestPreemptionsOfAllOrdersOfATrace) {
  for (const bool visible_releases : {true, false}) {
    const LinearizedTraces tally =
        CompareWithBruteForce(visible_releases ? 1 : 2, visible_releases);
    EXPECT_GE(tally.traces, kTraces);
    EXPECT_GT(tally.shortened, tally.traces / 4);
    EXPECT_GT(tally.blocked, tally.traces / 50);
    EXPECT_GT(tally.timed, tally.traces / 50);
  }
}

// The order it gives is an execution, of the same trace, with as many preemptions as it says.
TEST(Linearize, ItsOrderRunsAndIsTheSameTrace) {
  Random random(3);
  for (uint32_t done = 0; done < 1000; ++done) {
    const RandomProgram program = DrawProgram(random, done % 2 == 0);
    LambdaScenario scenario(FactoryOf(program));
    LambdaScenario other(FactoryOf(program));
    ExecutionLimits limits;
    limits.visible_releases = program.visible_releases;
    limits.arena_bytes = size_t{1} << 20;
    Runtime runtime(limits);
    RandomWalk strategy(random.Next(), 1);
    Execution execution;
    ASSERT_TRUE(strategy.BeginExecution());
    runtime.Execute(scenario, strategy, execution);
    const std::optional<Linearization> way = FewestPreemptions(execution);
    ASSERT_TRUE(way.has_value());
    Execution again;
    Retrace(execution, *way, other, limits, again);
    EXPECT_EQ(SignatureOf(again), SignatureOf(execution)) << program.Print();
    EXPECT_EQ(CountPreemptions(again), way->preemptions) << program.Print();
    EXPECT_EQ(other.last_outcome(), scenario.last_outcome()) << program.Print();
    ASSERT_FALSE(HasFailure());
  }
}

// The events that a failure does not depend on are left out.
TEST(Linearize, ThePastOfTheLastEventIsEnoughToReachIt) {
  const LambdaScenario::Factory factory = [] {
    struct Shared {
      Atomic<int> flag{0, "flag"};
      Atomic<int> other{0, "other"};
    };
    auto shared = std::make_shared<Shared>();
    LambdaProgram program;
    program.threads.emplace_back([shared] {
      shared->other.Store(1, MemoryOrder::kSequential);
      shared->flag.Store(1, MemoryOrder::kSequential);
    });
    program.threads.emplace_back([shared] {
      for (int i = 0; i < 3; ++i) shared->other.Load(MemoryOrder::kSequential);
    });
    program.threads.emplace_back([shared] {
      if (shared->flag.Load(MemoryOrder::kSequential) != 1) return;
      Runtime::Current()->Fail(FailureKind::kAssertion, "seen");
    });
    return program;
  };
  LambdaScenario scenario(factory);
  const ExecutionLimits limits;
  Runtime runtime(limits);
  Guide guide;
  for (const ThreadId thread : {1, 0, 1, 0, 1, 2}) {
    guide.steps.push_back({thread, 0});
    for (const Guide::Step& step : guide.steps) {
      if (&step != &guide.steps.back() && step.thread == thread) ++guide.steps.back().place;
    }
  }
  Guided strategy(guide);
  ASSERT_TRUE(strategy.BeginExecution());
  Execution execution;
  runtime.Execute(scenario, strategy, execution);
  ASSERT_TRUE(strategy.followed());
  ASSERT_EQ(execution.end, ExecutionEnd::kFailed);
  const std::optional<Linearization> way =
      FewestPreemptions(execution, {.only_past_of_last = true});
  ASSERT_TRUE(way.has_value());
  // Thread 2 needs the flag, and that the store before it; the first load came before that store.
  EXPECT_EQ(way->order, (std::vector<EventIndex>{0, 1, 3, 5}));
  EXPECT_EQ(way->preemptions, 1u);
  Execution again;
  LambdaScenario other(factory);
  Retrace(execution, *way, other, limits, again);
  EXPECT_EQ(again.end, ExecutionEnd::kFailed);
  EXPECT_EQ(again.events.size(), 4u);
}

TEST(Linearize, GivesUpWhenThereIsTooMuchToSearch) {
  Random random(5);
  const RandomProgram program = DrawProgram(random, /*visible_releases=*/true);
  LambdaScenario scenario(FactoryOf(program));
  Runtime runtime;
  RandomWalk strategy(1, 1);
  Execution execution;
  ASSERT_TRUE(strategy.BeginExecution());
  runtime.Execute(scenario, strategy, execution);
  ASSERT_GT(execution.events.size(), 2u);
  EXPECT_FALSE(FewestPreemptions(execution, {.max_states = 2}).has_value());
}

}  // namespace
}  // namespace sim
