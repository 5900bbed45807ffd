// Waits, deadlines and the virtual clock. The numbers of interleavings and traces are small enough
// to be listed by hand; E, W, F, S stand for enter-wait, wait, fire and signal.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

#include "sim/api/clock.h"
#include "sim/api/flag.h"
#include "tests/sim/expect_counts.h"

namespace sim {
namespace {

struct TwoEvents {
  std::array<Flag, 2> events{Flag("event 0"), Flag("event 1")};
  std::array<char, 2> answers{'-', '-'};
  std::array<Time, 2> times{-1, -1};

  void Wait(size_t i, Time deadline) {
    answers[i] = events[i].Wait(deadline) == WaitResult::kSignaled ? 's' : 't';
  }
  void WaitAndLook(size_t i, Time deadline) {
    Wait(i, deadline);
    times[i] = Now();
  }
  std::string Answers() const { return {answers[0], answers[1]}; }
  std::string AnswersAndTimes() const {
    return Answers() + " " + std::to_string(times[0]) + " " + std::to_string(times[1]);
  }
};

// One thread waits for event 0; `signalers` threads set it.
LambdaScenario::Factory OneWaiter(Time deadline, size_t signalers) {
  return [=] {
    LambdaProgram program;
    auto shared = std::make_shared<TwoEvents>();
    program.threads.push_back([=] { shared->Wait(0, deadline); });
    for (size_t i = 0; i < signalers; ++i) {
      program.threads.push_back([=] { shared->events[0].Signal(); });
    }
    program.outcome = [=] { return shared->Answers(); };
    return program;
  };
}

TEST(Timer, AWaitForEverEndsWithTheSignalOnly) {
  ExpectCounts(OneWaiter(kForever, 1), {1, 1, {"s-"}});
  ExpectCounts(OneWaiter(kForever, 0), {1, 1, {"-- blocked"}});
}

TEST(Timer, AWaitThatMayEndAtAnyMomentRacesWithTheSignal) {
  ExpectCounts(OneWaiter(kAtAnyMoment, 0), {1, 1, {"t-"}});
  // S W; F S W; F W S: all on one event.
  ExpectCounts(OneWaiter(kAtAnyMoment, 1), {3, 3, {"s-", "t-"}});
}

TEST(Timer, AWaitUntilATimeRacesWithTheSignal) {
  ExpectCounts(OneWaiter(5, 0), {1, 1, {"t-"}});
  // S E; E S W; E F S W; E F W S.
  ExpectCounts(OneWaiter(5, 1), {4, 4, {"s-", "t-"}});
}

TEST(Timer, ADeadlineThatHasPassedLosesToASignalOnly) {
  // S E; E S.
  ExpectCounts(OneWaiter(0, 1), {2, 2, {"s-", "t-"}});
  ExpectCounts(OneWaiter(-7, 0), {1, 1, {"t-"}});
}

TEST(Timer, SignalsOfTwoThreadsConflict) {
  // With S and Z: S W Z, S Z W and the same with S and Z exchanged.
  ExpectCounts(OneWaiter(kForever, 2), {4, 4, {"s-"}});
}

// Thread i waits for event i, which nobody sets.
LambdaScenario::Factory TwoWaiters(Time first, Time second) {
  return [=] {
    LambdaProgram program;
    auto shared = std::make_shared<TwoEvents>();
    program.threads.push_back([=] { shared->Wait(0, first); });
    program.threads.push_back([=] { shared->Wait(1, second); });
    program.outcome = [=] { return shared->Answers(); };
    return program;
  };
}

TEST(Timer, DeadlinesPassInTheirOrder) {
  // Both entered: E E F0 and then {W0, F1 W1}: 2 x 3 interleavings of one trace.
  // E0 F0 E1 F1 W1 with W0 anywhere after F0: 4 of one trace.
  // E1 F1 E0, where E0 is over at once, with W1 before or after E0: 2 of one trace.
  ExpectCounts(TwoWaiters(10, 20), {12, 3, {"tt"}});
}

TEST(Timer, EqualDeadlinesPassInEitherOrder) {
  // Both entered: 2 x 6 interleavings of two traces, F0 F1 and F1 F0.
  // E0 F0 before E1, which is over at once: 2 of one trace; and the same with 0 and 1 exchanged.
  ExpectCounts(TwoWaiters(10, 10), {16, 4, {"tt"}});
}

TEST(Timer, DeadlinesWithoutATimeAreIndependent) {
  // {F0 W0} and {F1 W1}: 6 interleavings of one trace.
  ExpectCounts(TwoWaiters(kAtAnyMoment, kAtAnyMoment), {6, 1, {"tt"}});
  // {F0 W0} and {E1 F1 W1}: 10 interleavings of one trace.
  ExpectCounts(TwoWaiters(kAtAnyMoment, 10), {10, 1, {"tt"}});
}

TEST(Timer, NoDeadlineFiresWhileAnEarlierOneIsArmed) {
  LambdaScenario scenario(TwoWaiters(20, 10));
  BruteForce strategy;
  Explore(scenario, strategy, {}, [](const Execution& execution) {
    std::array<bool, 2> armed{};
    for (const Event& step : execution.events) {
      const size_t owner = OwnerOf(step.thread);
      if (step.kind == OpKind::kFlagEnter) armed[owner] = true;
      if (step.kind != OpKind::kTimerFire) continue;
      EXPECT_TRUE(armed[owner]);
      EXPECT_TRUE(owner == 1 || !armed[1]);
      armed[owner] = false;
    }
    return true;
  });
}

TEST(Timer, FiringMovesTheClockToTheDeadline) {
  auto factory = [] {
    LambdaProgram program;
    auto shared = std::make_shared<TwoEvents>();
    program.threads.push_back([=] {
      shared->WaitAndLook(0, 5);
      shared->WaitAndLook(1, 3);  // Has passed; the clock does not go back.
    });
    program.outcome = [=] { return shared->AnswersAndTimes(); };
    return program;
  };
  ExpectCounts(factory, {1, 1, {"tt 5 5"}});
}

TEST(Timer, ATimeOutAtAnyMomentLeavesTheClockAlone) {
  auto factory = [] {
    LambdaProgram program;
    auto shared = std::make_shared<TwoEvents>();
    program.threads.push_back([=] { shared->WaitAndLook(0, kAtAnyMoment); });
    program.outcome = [=] { return shared->AnswersAndTimes(); };
    return program;
  };
  ExpectCounts(factory, {1, 1, {"t- 0 -1"}});
}

TEST(Timer, ATimerThatWasCancelledNeverMovesTheClock) {
  auto factory = [] {
    LambdaProgram program;
    auto shared = std::make_shared<TwoEvents>();
    program.threads.push_back([=] { shared->WaitAndLook(0, 5); });
    program.threads.push_back([=] { shared->events[0].Signal(); });
    program.outcome = [=] { return shared->AnswersAndTimes(); };
    return program;
  };
  // With R for the look at the clock: S E R; E S W R; E F, then S W R, W S R or W R S. The last two
  // are one trace: a signal and a look at the clock commute.
  ExpectCounts(factory, {5, 4, {"s- 0 -1", "t- 5 -1"}});
}

TEST(Timer, ASignalLetsALaterDeadlinePassFirst) {
  auto factory = [] {
    LambdaProgram program;
    auto shared = std::make_shared<TwoEvents>();
    program.threads.push_back([=] { shared->Wait(0, 1); });
    program.threads.push_back([=] { shared->WaitAndLook(1, 2); });
    program.threads.push_back([=] { shared->events[0].Signal(); });
    program.outcome = [=] { return shared->AnswersAndTimes(); };
    return program;
  };
  BruteForce every_interleaving;
  const Census brute = Take(factory, every_interleaving);
  SleepSets reduced;
  const Census sleep = Take(factory, reduced);
  EXPECT_EQ(sleep.traces, brute.traces);
  EXPECT_EQ(sleep.executions, brute.traces.size());
  EXPECT_EQ(sleep.outcomes, brute.outcomes);
  EXPECT_EQ(brute.outcomes, (std::set<std::string>{"st -1 2", "tt -1 2"}));
}

TEST(Timer, ASecondWaitHasATimerOfItsOwn) {
  auto factory = [] {
    LambdaProgram program;
    auto shared = std::make_shared<TwoEvents>();
    program.threads.push_back([=] {
      shared->Wait(0, kAtAnyMoment);
      shared->Wait(1, kAtAnyMoment);
    });
    program.threads.push_back([=] { shared->events[0].Signal(); });
    program.outcome = [=] { return shared->Answers(); };
    return program;
  };
  // S W, or F and then S at four places among W F W. The second F W is on the other event and
  // commutes with S, so that three traces remain: S W; F S W; F W S.
  ExpectCounts(factory, {5, 3, {"st", "tt"}});
}

TEST(Timer, AnEventStaysSet) {
  auto factory = [] {
    LambdaProgram program;
    auto shared = std::make_shared<TwoEvents>();
    program.threads.push_back([=] {
      shared->events[0].Signal();
      shared->Wait(0, kForever);
      shared->Wait(0, kAtAnyMoment);
      shared->Wait(0, 5);
    });
    program.outcome = [=] { return shared->Answers(); };
    return program;
  };
  ExpectCounts(factory, {1, 1, {"s-"}});
}

TEST(Timer, OutsideThreadsAWaitIsOverAtOnceOrTimedOut) {
  auto factory = [] {
    LambdaProgram program;
    auto shared = std::make_shared<TwoEvents>();
    shared->Wait(0, 5);
    shared->events[1].Signal();
    shared->Wait(1, kForever);
    program.outcome = [=] { return shared->Answers(); };
    return program;
  };
  ExpectCounts(factory, {1, 1, {"ts"}});
}

}  // namespace
}  // namespace sim
