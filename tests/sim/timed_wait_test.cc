// The timed-wait kernel under every search: the numbers of interleavings, traces and outcomes are
// those of an independent machine with the same operations.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "sim/api/clock.h"
#include "tests/sim/lambda_scenario.h"
#include "tests/sim/timed_wait_kernel.h"

namespace sim {
namespace {

// What the threads of one execution share, and what each of them saw.
struct Signals {
  LevelSignal x{"x"};
  LevelSignal y{"y"};
  std::vector<std::string> seen;

  explicit Signals(size_t threads) : seen(threads) {
    for (std::string& notes : seen) notes.reserve(32);  // No memory of an abandoned stack.
  }
};

// The operations of one thread; what it sees goes to `seen`.
using SignalsBody = void (*)(Signals& shared, std::string& seen);

void Wait(LevelSignal& signal, Time deadline, std::string& seen) {
  const WaitAnswer answer = signal.Wait(deadline);
  seen += static_cast<char>(answer.end);
  seen += answer.bit ? '1' : '0';
}
void ReadClock(std::string& seen) {
  seen += static_cast<char>('0' + Now());
}

constexpr SignalsBody kWaitForEver = [](Signals& shared, std::string& seen) {
  Wait(shared.x, kForever, seen);
};
constexpr SignalsBody kWaitUntil1 = [](Signals& shared, std::string& seen) {
  Wait(shared.x, 1, seen);
};
constexpr SignalsBody kWaitUntil2 = [](Signals& shared, std::string& seen) {
  Wait(shared.x, 2, seen);
};
constexpr SignalsBody kWaitForYUntil1 = [](Signals& shared, std::string& seen) {
  Wait(shared.y, 1, seen);
};
constexpr SignalsBody kWaitForYUntil2 = [](Signals& shared, std::string& seen) {
  Wait(shared.y, 2, seen);
};
constexpr SignalsBody kWaitThenClock = [](Signals& shared, std::string& seen) {
  Wait(shared.x, 1, seen);
  ReadClock(seen);
};
constexpr SignalsBody kChooseThenWait = [](Signals& shared, std::string& seen) {
  seen += static_cast<char>('0' + Choose(2));
  Wait(shared.x, 1, seen);
};
constexpr SignalsBody kClockOnly = [](Signals&, std::string& seen) { ReadClock(seen); };
constexpr SignalsBody kSet = [](Signals& shared, std::string&) { shared.x.Set(); };
constexpr SignalsBody kSetThenClock = [](Signals& shared, std::string& seen) {
  shared.x.Set();
  ReadClock(seen);
};
constexpr SignalsBody kSetThenClear = [](Signals& shared, std::string&) {
  shared.x.Set();
  shared.x.Clear();
};

LambdaScenario::Factory Together(const std::vector<SignalsBody>& bodies) {
  return [=] {
    LambdaProgram program;
    auto shared = std::make_shared<Signals>(bodies.size());
    for (size_t i = 0; i < bodies.size(); ++i) {
      program.threads.push_back([=, s = shared.get()] { bodies[i](*s, s->seen[i]); });
    }
    program.outcome = [=] {
      std::string text;
      for (const std::string& notes : shared->seen) text += notes + ' ';
      return text;
    };
    return program;
  };
}

struct Numbers {
  uint64_t interleavings;
  uint64_t traces;
  uint64_t outcomes;
};

struct TimedProgram {
  std::string name;
  std::vector<SignalsBody> bodies;
  Numbers any_time;
  Numbers quiescent;
};

void PrintTo(const TimedProgram& program, std::ostream* out) {
  *out << program.name;
}

class TimedWaits : public testing::TestWithParam<TimedProgram> {};

void ExpectNumbers(const LambdaScenario::Factory& factory, const Numbers& expected,
                   std::optional<uint32_t> early_fires) {
  const auto take = [&](Strategy&& strategy) {
    return Take(factory, strategy, /*visible_releases=*/true, 0, early_fires);
  };
  const Census brute = take(BruteForce());
  EXPECT_EQ(brute.executions, expected.interleavings);
  EXPECT_EQ(brute.traces.size(), expected.traces);
  EXPECT_EQ(brute.outcomes.size(), expected.outcomes);
  EXPECT_EQ(brute.deadlocks, 0u);
  const Census source_sets = take(Dpor());
  EXPECT_EQ(source_sets.stopped, 0u);
  for (const Census& reduced : {take(SleepSets()), source_sets}) {
    EXPECT_EQ(reduced.executions, expected.traces);
    EXPECT_EQ(reduced.repeated_traces, 0u);
    EXPECT_EQ(reduced.traces, brute.traces);
    EXPECT_EQ(reduced.outcomes, brute.outcomes);
  }
}

TEST_P(TimedWaits, HaveTheKnownNumbersWhenThreadsMayBeSlow) {
  const LambdaScenario::Factory factory = Together(GetParam().bodies);
  for (const std::vector<size_t>& order : Orders(GetParam().bodies.size())) {
    ExpectNumbers(Permuted(factory, order), GetParam().any_time, std::nullopt);
  }
}

TEST_P(TimedWaits, HaveTheKnownNumbersWhenTimePassesOnlyAtRest) {
  const LambdaScenario::Factory factory = Together(GetParam().bodies);
  for (const std::vector<size_t>& order : Orders(GetParam().bodies.size())) {
    ExpectNumbers(Permuted(factory, order), GetParam().quiescent, 0);
  }
}

std::vector<TimedProgram> TimedPrograms() {
  return {
      {"for_ever", {kWaitForEver, kSet}, {2, 2, 2}, {2, 2, 2}},
      {"deadline", {kWaitUntil1, kSet}, {4, 4, 4}, {2, 2, 2}},
      {"deadline_and_clock", {kWaitUntil1, kClockOnly}, {4, 2, 2}, {2, 1, 1}},
      {"two_deadlines", {kWaitUntil1, kWaitUntil2, kSet}, {66, 56, 16}, {10, 8, 4}},
      {"two_signals", {kWaitUntil1, kWaitForYUntil2}, {14, 3, 1}, {2, 1, 1}},
      {"equal_deadlines", {kWaitUntil1, kWaitForYUntil1}, {20, 4, 1}, {4, 2, 1}},
      {"clock_afterwards", {kWaitThenClock, kSetThenClock}, {12, 4, 4}, {6, 2, 2}},
      {"cleared_again", {kWaitUntil1, kSetThenClear}, {7, 7, 5}, {4, 4, 4}},
      {"choice_before", {kChooseThenWait, kSet}, {10, 8, 8}, {6, 4, 4}},
  };
}

INSTANTIATE_TEST_SUITE_P(Known, TimedWaits, testing::ValuesIn(TimedPrograms()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace sim
