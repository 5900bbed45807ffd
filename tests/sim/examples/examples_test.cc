// The page in README.md, as code: explore a program, sample it, replay what was found.
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

#include "sim/api/thread.h"
#include "sim/engine/explorer.h"
#include "sim/engine/replay.h"
#include "sim/strategies/portfolio.h"
#include "sim/strategies/sleep_sets.h"
#include "tests/sim/examples/example.h"
#include "tests/sim/examples/programs.h"

namespace sim::examples {
namespace {

class Counter {
 public:
  void Main() {
    const Thread first = Thread::Spawn("first", add_);
    const Thread second = Thread::Spawn("second", add_);
    first.Join();
    second.Join();
    Require(count_.Get() == 2, "an addition was lost");
  }

 private:
  void Add() { count_.Set(count_.Get() + 1); }
  Variable count_{"count"};
  Method<Counter> add_{this, &Counter::Add};
};

// The messages of all failures that the search sees.
std::set<std::string> FailuresOf(Scenario& scenario, Strategy& strategy) {
  std::set<std::string> messages;
  const Exploration result = Explore(scenario, strategy, {}, [&](const Execution& execution) {
    if (execution.failure) messages.insert(execution.failure->message);
    return true;
  });
  EXPECT_EQ(result.end, ExploreEnd::kExhausted);
  return messages;
}

TEST(Examples, TheProgramOfTheReadmeLosesAnAddition) {
  SleepSets strategy;
  EXPECT_EQ(FailuresOf(*MakeScenario<Counter>(), strategy),
            (std::set<std::string>{"an addition was lost"}));
}

TEST(Examples, AReductionFindsTheBugOfEverySmallProgram) {
  using Messages = std::set<std::string>;
  SleepSets deadlock;
  EXPECT_EQ(FailuresOf(*Deadlock01(), deadlock),
            (Messages{"blocked for ever: main (join a then b), a then b (acquire b), "
                      "b then a (acquire a)"}));
  SleepSets lazy;
  EXPECT_EQ(FailuresOf(*Lazy01(), lazy), (Messages{"everybody else was here before"}));
  SleepSets account;
  EXPECT_EQ(FailuresOf(*Account(), account), (Messages{"the balance is another"}));
  SleepSets driver;
  EXPECT_EQ(FailuresOf(*BluetoothDriver(), driver),
            (Messages{"works on a driver that was stopped"}));
}

TEST(Examples, WhatSamplingFoundCanBeReplayed) {
  for (const Example& example : AllExamples()) {
    const auto scenario = example.make();
    ExploreOptions options;
    options.limits.visible_releases = true;
    Sampling sampling(std::make_unique<Portfolio>(), {.seed = 1, .executions = 10'000});
    Execution failed;
    Explore(*scenario, sampling, options, [&](const Execution& execution) {
      failed = execution;
      return !execution.failure;
    });
    ASSERT_TRUE(failed.failure) << example.name;

    const Schedule schedule = ScheduleOf(failed);
    Replay replay(schedule);
    bool seen = false;
    Explore(*scenario, replay, options, [&](const Execution& execution) {
      seen = true;
      EXPECT_EQ(execution.hash, failed.hash);
      EXPECT_EQ(execution.failure ? execution.failure->message : "", failed.failure->message);
      return true;
    });
    EXPECT_TRUE(seen);
    EXPECT_FALSE(replay.divergence());
  }
}

}  // namespace
}  // namespace sim::examples
