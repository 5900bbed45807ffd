// Bounds whose numbers are known, and the small promises of each strategy.
#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "sim/atomic.h"
#include "sim/clock.h"
#include "sim/mutex.h"
#include "sim/strategies/random_walk.h"
#include "sim/strategies/replay.h"
#include "tests/sim/lambda_scenario.h"

namespace sim {
namespace {

constexpr MemoryOrder kSc = MemoryOrder::kSequential;
using Variable = Atomic<int>;

std::shared_ptr<Variable> NewVariable() {
  return std::make_shared<Variable>(0, "variable");
}
std::shared_ptr<Mutex> NewMutex() {
  return std::make_shared<Mutex>("mutex");
}

// The number of traces with at most 0, 1, 2, 3 preemptions.
void ExpectTracesByBound(const LambdaScenario::Factory& factory,
                         const std::array<size_t, 4>& expected) {
  for (uint32_t bound = 0; bound < expected.size(); ++bound) {
    Bounded strategy(bound);
    const Census census = Take(factory, strategy);
    EXPECT_EQ(census.traces.size(), expected[bound]) << "at most " << bound << " preemptions";
    for (const auto& [trace, preemptions] : census.least_preemptions) {
      EXPECT_LE(preemptions, bound);
    }
  }
}

LambdaScenario::Factory Lockers(size_t threads, int sections) {
  return [=] {
    LambdaProgram program;
    auto mutex = NewMutex();
    for (size_t i = 0; i < threads; ++i) {
      program.threads.push_back([mutex, sections] {
        for (int k = 0; k < sections; ++k) {
          mutex->Acquire();
          mutex->Release();
        }
      });
    }
    return program;
  };
}

LambdaScenario::Factory Philosophers(size_t count) {
  return [=] {
    LambdaProgram program;
    std::vector<std::shared_ptr<Mutex>> forks;
    for (size_t i = 0; i < count; ++i) forks.push_back(NewMutex());
    for (size_t i = 0; i < count; ++i) {
      program.threads.push_back([left = forks[i], right = forks[(i + 1) % count]] {
        left->Acquire();
        right->Acquire();
        right->Release();
        left->Release();
      });
    }
    return program;
  };
}

TEST(Bounded, SectionsOfOneLockHaveTheKnownTraces) {
  ExpectTracesByBound(Lockers(2, 2), {2, 4, 6, 6});
  ExpectTracesByBound(Lockers(2, 3), {2, 6, 14, 18});
  ExpectTracesByBound(Lockers(2, 4), {2, 8, 26, 44});
  ExpectTracesByBound(Lockers(3, 2), {6, 24, 60, 90});
  ExpectTracesByBound(Lockers(3, 3), {6, 42, 192, 552});
}

TEST(Bounded, PhilosophersHaveTheKnownTraces) {
  ExpectTracesByBound(Philosophers(2), {2, 3, 3, 3});
  ExpectTracesByBound(Philosophers(3), {6, 7, 7, 7});
  ExpectTracesByBound(Philosophers(4), {14, 15, 15, 15});
}

TEST(Bounded, StoreBufferingNeedsOnePreemptionForItsThirdTrace) {
  auto factory = [] {
    LambdaProgram program;
    auto x = NewVariable();
    auto y = NewVariable();
    program.threads.push_back([=] {
      x->Store(1, kSc);
      y->Load(kSc);
    });
    program.threads.push_back([=] {
      y->Store(1, kSc);
      x->Load(kSc);
    });
    return program;
  };
  ExpectTracesByBound(factory, {2, 3, 3, 3});
}

LambdaScenario::Factory Reorder(int setters) {
  return [=] {
    LambdaProgram program;
    auto a = NewVariable();
    auto b = NewVariable();
    for (int i = 0; i < setters; ++i) {
      program.threads.push_back([=] {
        a->Store(1, kSc);
        b->Store(1, kSc);
      });
    }
    program.threads.push_back([=] {
      a->Load(kSc);
      b->Load(kSc);
    });
    return program;
  };
}

TEST(Bounded, ReorderHasTheKnownTraces) {
  ExpectTracesByBound(Reorder(2), {6, 24, 36, 36});
  ExpectTracesByBound(Reorder(3), {24, 168, 432, 576});
}

TEST(Bounded, TryLocksHaveTheKnownTraces) {
  auto try_locks = [](size_t threads) {
    return [threads] {
      LambdaProgram program;
      auto mutex = NewMutex();
      for (size_t i = 0; i < threads; ++i) {
        program.threads.push_back([mutex] {
          if (mutex->TryAcquire()) mutex->Release();
        });
      }
      return program;
    };
  };
  ExpectTracesByBound(try_locks(2), {2, 4, 4, 4});
  ExpectTracesByBound(try_locks(3), {6, 24, 24, 24});
}

TEST(Bounded, TheCacheCutsExecutionsWithoutLosingTraces) {
  // Without the cache, a search with at most one preemption runs 512 executions.
  Bounded strategy(1);
  const Census census = Take(Philosophers(4), strategy);
  EXPECT_EQ(census.traces.size(), 15u);
  EXPECT_GT(census.stopped, 0u);
  EXPECT_LT(census.executions, 100u);
}

TEST(CountPreemptions, LeavingAThreadThatIsBlockedOrOverIsNone) {
  Execution execution;
  auto step = [&execution](ThreadId thread, std::initializer_list<ThreadId> enabled) {
    Step made;
    made.thread = thread;
    for (ThreadId each : enabled) made.enabled.Add(each);
    execution.steps.push_back(made);
  };
  step(0, {0, 1});
  step(1, {1, 2});  // 0 waits.
  step(1, {1, 2});
  step(2, {0, 1, 2});  // 1 could have gone on.
  step(0, {0});        // 2 is over.
  EXPECT_EQ(CountPreemptions(execution), 1u);
  EXPECT_EQ(CountPreemptions(Execution{}), 0u);
}

TEST(SleepSets, TheFirstExecutionLeavesNoThreadThatCanGoOn) {
  LambdaScenario scenario(Lockers(3, 3));
  SleepSets strategy;
  Explore(scenario, strategy, {}, [](const Execution& execution) {
    EXPECT_EQ(CountPreemptions(execution), 0u);
    return false;
  });
}

TEST(SleepSets, ABoundedReplayOfTheSameProgramFindsTheSameTraces) {
  SleepSets reduced;
  Bounded bounded(100);
  EXPECT_EQ(Take(Reorder(3), reduced).traces, Take(Reorder(3), bounded).traces);
}

std::vector<uint64_t> HashesOfWalk(uint64_t seed, uint64_t executions) {
  LambdaScenario scenario(Lockers(3, 3));
  RandomWalk walk(seed, executions);
  std::vector<uint64_t> hashes;
  Explore(scenario, walk, {}, [&](const Execution& execution) {
    hashes.push_back(execution.hash);
    return true;
  });
  return hashes;
}

TEST(RandomWalk, TheSameSeedGivesTheSameExecutions) {
  const std::vector<uint64_t> hashes = HashesOfWalk(7, 100);
  EXPECT_EQ(hashes.size(), 100u);
  EXPECT_EQ(HashesOfWalk(7, 100), hashes);
  EXPECT_NE(HashesOfWalk(8, 100), hashes);
}

TEST(RandomWalk, AnExecutionDoesNotDependOnTheOnesBefore) {
  const std::vector<uint64_t> few = HashesOfWalk(7, 10);
  const std::vector<uint64_t> many = HashesOfWalk(7, 50);
  EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
}

TEST(RandomWalk, ReachesEveryTraceOfASmallProgram) {
  RandomWalk walk(1, 2'000);
  EXPECT_EQ(Take(Lockers(3, 2), walk).traces.size(), 90u);
}

// Two threads of two stores each, and a value between them.
LambdaProgram Choosers() {
  LambdaProgram program;
  auto x = NewVariable();
  for (int i = 0; i < 2; ++i) {
    program.threads.push_back([x] {
      x->Store(1, kSc);
      x->Store(static_cast<int>(Choose(3)), kSc);
    });
  }
  return program;
}

class ReplayTest : public testing::Test {
 protected:
  void SetUp() override {
    BruteForce first;
    first.BeginExecution();
    runtime_.Execute(scenario_, first, execution_);
    schedule_ = ScheduleOf(execution_);
  }

  // Runs the schedule, changed by then, and gives the divergence; there must be one.
  Replay::Divergence Diverge() {
    Replay replay(schedule_);
    EXPECT_TRUE(replay.BeginExecution());
    runtime_.Execute(scenario_, replay, execution_);
    replay.EndExecution(execution_);
    EXPECT_FALSE(replay.BeginExecution());
    EXPECT_TRUE(replay.divergence());
    return replay.divergence().value_or(Replay::Divergence{});
  }

  Runtime runtime_;
  LambdaScenario scenario_{Choosers};
  Execution execution_;
  Schedule schedule_;
};

// The first execution: thread 0 stores, chooses and stores, then thread 1. Only the three events
// of thread 0 have an alternative.
TEST_F(ReplayTest, AScheduleHasTheDecisionsThatHadAnAlternative) {
  const Schedule expected = {
      {false, 0, 0}, {false, 0, 0}, {true, 0, 0}, {false, 0, 0}, {true, 1, 0}};
  EXPECT_EQ(schedule_, expected);
  EXPECT_EQ(execution_.steps.size(), 6u);
}

TEST_F(ReplayTest, AThreadThatIsNotEnabledDiverges) {
  schedule_[1].thread = 5;
  const Replay::Divergence divergence = Diverge();
  EXPECT_EQ(divergence.step, 1u);
  EXPECT_EQ(divergence.decision, 1u);
  EXPECT_EQ(divergence.expected, schedule_[1]);
  EXPECT_EQ(divergence.enabled, ThreadSet::Of(0).Union(ThreadSet::Of(1)));
  EXPECT_FALSE(divergence.wanted_value);
  EXPECT_EQ(execution_.end, ExecutionEnd::kStopped);
  EXPECT_EQ(execution_.steps.size(), 1u);
}

TEST_F(ReplayTest, AValueOutOfRangeDivergesAndStopsAtTheNextPoint) {
  schedule_[2].value = 3;
  const Replay::Divergence divergence = Diverge();
  EXPECT_EQ(divergence.step, 2u);
  EXPECT_EQ(divergence.decision, 2u);
  EXPECT_EQ(divergence.expected, schedule_[2]);
  EXPECT_TRUE(divergence.wanted_value);
  EXPECT_EQ(execution_.end, ExecutionEnd::kStopped);
  EXPECT_EQ(execution_.steps.size(), 2u);
}

TEST_F(ReplayTest, AMissingValueDivergesWhereItWasAskedFor) {
  schedule_.erase(schedule_.begin() + 2);
  const Replay::Divergence divergence = Diverge();
  EXPECT_EQ(divergence.step, 2u);
  EXPECT_TRUE(divergence.wanted_value);
}

TEST_F(ReplayTest, AScheduleThatIsTooShortDivergesWhereItEnds) {
  schedule_.resize(3);
  const Replay::Divergence divergence = Diverge();
  EXPECT_EQ(divergence.step, 2u);
  EXPECT_EQ(divergence.decision, 3u);
  EXPECT_FALSE(divergence.expected);
  EXPECT_FALSE(divergence.wanted_value);
}

TEST_F(ReplayTest, ADecisionTooManyDivergesAtTheEnd) {
  schedule_.push_back({false, 0, 0});
  const Replay::Divergence divergence = Diverge();
  EXPECT_EQ(divergence.step, 6u);
  EXPECT_EQ(divergence.decision, 5u);
  EXPECT_EQ(divergence.expected, schedule_.back());
  EXPECT_TRUE(divergence.enabled.empty());
}

}  // namespace
}  // namespace sim
