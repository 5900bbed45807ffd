// Guides: exact where the program is the same, and of use where it is not.
#include "sim/strategies/guided.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

#include "sim/api/atomic.h"
#include "sim/api/mutex.h"
#include "sim/engine/replay.h"
#include "sim/strategies/random_walk.h"
#include "tests/sim/random_program.h"

namespace sim {
namespace {

constexpr MemoryOrder kSc = MemoryOrder::kSequential;

ExecutionLimits LimitsOf(const RandomProgram& program) {
  ExecutionLimits limits;
  limits.visible_releases = program.visible_releases;
  limits.arena_bytes = size_t{1} << 20;
  return limits;
}

TEST(Guided, RunsAnExecutionAgainWithEveryValue) {
  Random random(7);
  uint64_t values = 0;
  for (uint32_t done = 0; done < 500; ++done) {
    const RandomProgram program = DrawProgram(random, done % 2 == 0);
    LambdaScenario scenario(FactoryOf(program));
    Runtime runtime(LimitsOf(program));
    RandomWalk walk(random.Next(), 1);
    Execution execution;
    ASSERT_TRUE(walk.BeginExecution());
    runtime.Execute(scenario, walk, execution);
    std::vector<EventIndex> order(execution.events.size());
    std::iota(order.begin(), order.end(), EventIndex{0});
    const Guide guide = GuideOf(execution, order);
    values += guide.values.size();
    Guided guided(guide);
    ASSERT_TRUE(guided.BeginExecution());
    Execution again;
    runtime.Execute(scenario, guided, again);
    EXPECT_TRUE(guided.followed()) << program.Print();
    EXPECT_EQ(again.hash, execution.hash) << program.Print();
    EXPECT_FALSE(guided.BeginExecution());
  }
  EXPECT_GT(values, 10u);
}

// Threads that write down their digits, as many times each as `times` says.
class DigitsOf {
 public:
  explicit DigitsOf(std::vector<int> times) : times_(std::move(times)), places_(times_.size()) {}

  PlaceOf places() {
    return [this](ThreadId thread) { return places_[thread]; };
  }

  std::string Run(Strategy& strategy) {
    LambdaScenario scenario([this] {
      places_.assign(times_.size(), 0);
      struct Shared {
        Atomic<int> word{0, "word"};
        std::string digits;
      };
      auto shared = std::make_shared<Shared>();
      LambdaProgram program;
      for (size_t t = 0; t < times_.size(); ++t) {
        program.threads.emplace_back([this, shared, t] {
          for (int i = 0; i < times_[t]; ++i) {
            places_[t] = static_cast<uint32_t>(i);
            shared->word.Store(1, kSc);
            shared->digits += std::to_string(t + 1);
          }
        });
      }
      program.outcome = [shared] { return shared->digits; };
      return program;
    });
    Runtime runtime;
    Execution execution;
    EXPECT_TRUE(strategy.BeginExecution());
    runtime.Execute(scenario, strategy, execution);
    return scenario.last_outcome();
  }

 private:
  std::vector<int> times_;
  std::vector<uint32_t> places_;
};

TEST(Guided, WhatNoThreadCanDoAnyMoreIsForgottenAndTheRestKeepsItsOrder) {
  Guide guide;
  guide.steps = {{0, 0}, {1, 0}, {1, 1}, {0, 1}, {1, 2}, {0, 2}};
  DigitsOf same({3, 3});
  Guided exact(guide, same.places());
  EXPECT_EQ(same.Run(exact), "122121");
  EXPECT_TRUE(exact.followed());
  DigitsOf shorter({3, 1});
  Guided lenient(guide, shorter.places());
  EXPECT_EQ(shorter.Run(lenient), "1211");
  EXPECT_FALSE(lenient.followed());
}

TEST(Guided, AThreadThatIsBehindItsPlaceCatchesUpFirst) {
  Guide guide;
  guide.steps = {{0, 0}, {1, 2}, {0, 1}};
  DigitsOf digits({2, 3});
  Guided guided(guide, digits.places());
  EXPECT_EQ(digits.Run(guided), "12221");
}

TEST(Guided, WhereItSaysNothingTheThreadThatRunsGoesOn) {
  Guide guide;
  guide.steps = {{1, 0}};
  DigitsOf digits({2, 2});
  Guided guided(guide, digits.places());
  EXPECT_EQ(digits.Run(guided), "2211");
}

TEST(Guided, WhoCannotRunYetRunsAsSoonAsItCan) {
  LambdaScenario scenario([] {
    struct Shared {
      Mutex mutex{"mutex"};
      std::string order;
    };
    auto shared = std::make_shared<Shared>();
    LambdaProgram program;
    for (const char name : {'a', 'b', 'c'}) {
      program.threads.emplace_back([shared, name]()
                                       SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis) {
                                         shared->mutex.Acquire();
                                         shared->order += name;
                                         Runtime::Current()->PickValue(1);
                                         shared->mutex.Release();
                                       });
    }
    program.outcome = [shared] { return shared->order; };
    return program;
  });
  // After its acquire, thread 0 has the lock for one event more: its release is visible.
  Guide guide;
  guide.steps = {{0, 0}, {2, 0}, {0, 1}, {1, 0}};
  Guided guided(guide);
  ExecutionLimits limits;
  limits.visible_releases = true;
  Runtime runtime(limits);
  Execution execution;
  ASSERT_TRUE(guided.BeginExecution());
  runtime.Execute(scenario, guided, execution);
  EXPECT_EQ(scenario.last_outcome(), "acb");
}

TEST(Guiding, KeepsWhatAnotherStrategyDid) {
  DigitsOf digits({2, 2});
  RandomWalk walk(11, 1);
  Guiding guiding(walk, digits.places());
  const std::string outcome = digits.Run(guiding);
  Guided guided(guiding.guide(), digits.places());
  EXPECT_EQ(digits.Run(guided), outcome);
  EXPECT_TRUE(guided.followed());
}

}  // namespace
}  // namespace sim
