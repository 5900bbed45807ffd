// The small promises of each strategy.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <vector>

#include "sim/api/atomic.h"
#include "sim/api/clock.h"
#include "sim/api/mutex.h"
#include "sim/engine/replay.h"
#include "sim/strategies/delay_bounded.h"
#include "sim/strategies/random_walk.h"
#include "tests/sim/counted_programs.h"

namespace sim {
namespace {

TEST(Bounded, TheCacheCutsExecutionsWithoutLosingTraces) {
  // Without the cache, a search with at most one preemption runs 512 executions.
  Bounded strategy(1);
  const Census census = Take([] { return Philosophers(4); }, strategy);
  EXPECT_EQ(census.traces.size(), 15u);
  EXPECT_GT(census.stopped, 0u);
  EXPECT_LT(census.executions, 100u);
}

TEST(CountPreemptions, LeavingAThreadThatIsBlockedOrOverIsNone) {
  Execution execution;
  auto step = [&execution](ThreadId thread, std::initializer_list<ThreadId> enabled) {
    Event made;
    made.thread = thread;
    for (ThreadId each : enabled) made.enabled.Add(each);
    execution.events.push_back(made);
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
  LambdaScenario scenario([] { return Lockers(3, 3, true); });
  SleepSets strategy;
  Explore(scenario, strategy, {}, [](const Execution& execution) {
    EXPECT_EQ(CountPreemptions(execution), 0u);
    return false;
  });
}

TEST(SleepSets, ABoundedReplayOfTheSameProgramFindsTheSameTraces) {
  SleepSets reduced;
  Bounded bounded(100);
  const auto reorder = [] { return Reorder(3); };
  EXPECT_EQ(Take(reorder, reduced).traces, Take(reorder, bounded).traces);
}

std::vector<uint64_t> HashesOfWalk(uint64_t seed, uint64_t executions) {
  LambdaScenario scenario([] { return Lockers(3, 3, true); });
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
  EXPECT_EQ(Take([] { return Lockers(3, 2, true); }, walk).traces.size(), 90u);
}

// The number of traces with at most 0, 1, 2, ... delays.
void ExpectTracesByDelays(const LambdaScenario::Factory& factory,
                          const std::vector<size_t>& expected) {
  for (uint32_t bound = 0; bound < expected.size(); ++bound) {
    DelayBounded strategy(bound);
    EXPECT_EQ(Take(factory, strategy).traces.size(), expected[bound])
        << "at most " << bound << " delays";
  }
}

// One thread per element: true stores, false loads, all in one word; each `times` times.
LambdaScenario::Factory Accesses(const std::vector<bool>& stores, int times = 1) {
  return [=] {
    LambdaProgram program;
    auto x = std::make_shared<Atomic<int>>(0, "word");
    for (bool store : stores) {
      program.threads.push_back([=] {
        for (int i = 0; i < times; ++i) {
          if (store) {
            x->Store(1, MemoryOrder::kSequential);
          } else {
            x->Load(MemoryOrder::kSequential);
          }
        }
      });
    }
    return program;
  };
}

// The published numbers are those of the tests of Concuerror.
TEST(DelayBounded, ReadersAndWritersHaveThePublishedTraces) {
  ExpectTracesByDelays(Accesses({true, false, false, false, false, false, false}),
                       {1, 2, 8, 23, 43, 58, 64, 64});
  ExpectTracesByDelays(Accesses({false, false, false, false, false, false, true}),
                       {1, 7, 22, 42, 57, 63, 64, 64});
  ExpectTracesByDelays(Accesses(std::vector<bool>(6, true)), {1, 6, 20, 49, 98, 169, 259, 360});
}

// How many schedules threads with so many events `left` have, with at most so many delays: by the
// definition, one thread after the other, and nothing of the engine.
uint64_t CountSchedules(std::vector<int>& left, size_t last, uint32_t delays) {
  uint64_t schedules = 0;
  uint32_t skipped = 0;
  for (size_t i = 0; i < left.size() && skipped <= delays; ++i) {
    const size_t thread = (last + i) % left.size();
    if (left[thread] == 0) continue;
    --left[thread];
    schedules += CountSchedules(left, thread, delays - skipped);
    ++left[thread];
    ++skipped;
  }
  return skipped == 0 ? 1 : schedules;  // Nobody has any left: this was one.
}

// All writes conflict, so each schedule is a trace. The tests of Concuerror have the same numbers
// for bounds 0 and 1, but 187 for 2; which schedules it has other costs for is not known. From 2 on
// the order in which threads are passed over matters: if it always began with the first thread,
// there would be 190, and 189 if only the last one to run came before that.
TEST(DelayBounded, TenThreadsOfTwoWritesHaveTheTracesThatTheDefinitionGives) {
  constexpr std::array<size_t, 3> kTraces = {1, 19, 197};
  for (uint32_t delays = 0; delays < kTraces.size(); ++delays) {
    std::vector<int> left(10, 2);
    EXPECT_EQ(CountSchedules(left, 0, delays), kTraces[delays]);
    DelayBounded strategy(delays);
    const Census census = Take(Accesses(std::vector<bool>(10, true), 2), strategy);
    EXPECT_EQ(census.traces.size(), kTraces[delays]);
    for (const auto& [trace, least] : census.least_delays) EXPECT_LE(least, delays);
  }
}

TEST(DelayBounded, TheFirstExecutionIsTheSchedulersOwn) {
  DelayBounded strategy(3);
  LambdaScenario scenario(Accesses({true, true, true}, 2));
  Explore(scenario, strategy, {}, [](const Execution& execution) {
    for (size_t i = 0; i < execution.events.size(); ++i) {
      EXPECT_EQ(execution.events[i].thread, i / 2);
    }
    EXPECT_EQ(CountDelays(execution), 0u);
    return false;
  });
}

TEST(DelayBounded, ADelayIsOneEnabledThreadThatIsSkipped) {
  ThreadSet enabled;
  for (ThreadId thread : {1, 3, 4}) enabled.Add(thread);
  EXPECT_EQ(DelayBounded::Delays(enabled, kNoThread, 1), 0u);
  EXPECT_EQ(DelayBounded::Delays(enabled, kNoThread, 4), 2u);
  EXPECT_EQ(DelayBounded::Delays(enabled, 3, 3), 0u);
  EXPECT_EQ(DelayBounded::Delays(enabled, 3, 1), 2u);  // Skips 3 and 4.
  EXPECT_EQ(DelayBounded::Delays(enabled, 2, 3), 0u);  // 2 has ended or waits.
}

// Two threads of two stores each, and a value between them.
LambdaProgram Choosers() {
  LambdaProgram program;
  auto x = std::make_shared<Atomic<int>>(0, "x");
  for (int i = 0; i < 2; ++i) {
    program.threads.push_back([x] {
      x->Store(1, MemoryOrder::kSequential);
      x->Store(static_cast<int>(Choose(3)), MemoryOrder::kSequential);
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
  EXPECT_EQ(execution_.events.size(), 6u);
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
  EXPECT_EQ(execution_.events.size(), 1u);
}

TEST_F(ReplayTest, AValueOutOfRangeDivergesAndStopsAtTheNextPoint) {
  schedule_[2].value = 3;
  const Replay::Divergence divergence = Diverge();
  EXPECT_EQ(divergence.step, 2u);
  EXPECT_EQ(divergence.decision, 2u);
  EXPECT_EQ(divergence.expected, schedule_[2]);
  EXPECT_TRUE(divergence.wanted_value);
  EXPECT_EQ(execution_.end, ExecutionEnd::kStopped);
  EXPECT_EQ(execution_.events.size(), 2u);
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
