// Programs of waits that are bounded, tried, or for nothing: every search sees what brute force
// sees.
#include <gtest/gtest.h>

#include <string>

#include "tests/sim/random_program.h"

namespace sim {
namespace {

struct WaitTally {
  uint64_t interleavings = 0;
  uint64_t traces = 0;
  uint64_t deadlocks = 0;
  uint64_t any_waiter = 0;
  uint64_t idle_wakes = 0;
};

WaitTally CompareWaits(uint64_t seed, uint32_t programs) {
  WaitTally tally;
  Random random(seed);
  for (uint32_t done = 0; done < programs;) {
    const RandomProgram program = DrawWaitingProgram(random);
    TakeLimits limits;
    limits.visible_releases = program.visible_releases;
    limits.idle_wakes = program.idle_wakes;
    const auto take = [&](Strategy&& strategy, uint64_t max_executions) {
      limits.max_executions = max_executions;
      return TakeWithin(limits, FactoryOf(program), strategy);
    };
    const Census brute = take(BruteForce(), kMaxInterleavings);
    if (brute.end == ExploreEnd::kLimit) continue;
    for (const Census& reduced : {take(SleepSets(), 0), take(Dpor(), 0)}) {
      EXPECT_EQ(reduced.end, ExploreEnd::kExhausted) << program.Print();
      EXPECT_EQ(reduced.outcomes, brute.outcomes) << program.Print();
      EXPECT_EQ(reduced.traces, brute.traces) << program.Print();
      EXPECT_EQ(reduced.repeated_traces, 0u) << program.Print();
      EXPECT_EQ(reduced.failures, 0u) << program.Print();
    }
    if (testing::Test::HasFailure()) return tally;
    ++done;
    tally.interleavings += brute.executions;
    tally.traces += brute.traces.size();
    tally.deadlocks += brute.deadlocks;
    const bool waits = program.Uses(ProgramOp::Kind::kCondWait);
    tally.any_waiter += waits && program.wakes_any ? 1 : 0;
    tally.idle_wakes += waits && program.idle_wakes != 0 ? 1 : 0;
  }
  return tally;
}

TEST(WaitingPrograms, EverySearchSeesEveryTraceOnce) {
  const uint32_t programs = ProgramsToDraw(2000);
  const WaitTally tally = CompareWaits(61, programs);
  EXPECT_GT(tally.interleavings, 3 * tally.traces);
  EXPECT_GT(tally.deadlocks, programs / 10);
  EXPECT_GT(tally.any_waiter, programs / 50);
  EXPECT_GT(tally.idle_wakes, programs / 50);
}

// A signal takes the deadline of a wait away, and nothing orders what comes then and would have
// moved that deadline, had it still been there, before or after that signal.
TEST(WaitingPrograms, ADeadlineThatWentCouldHavePassedAfterWhatCameLater) {
  using Op = ProgramOp::Kind;
  RandomProgram program;
  program.visible_releases = true;
  program.threads = {{{Op::kWait, 0, 0, 2}},
                     {{Op::kWait, 1, 0, kAtAnyMoment}, {Op::kSignal, 0}},
                     {{Op::kSignal, 1}}};
  BruteForce brute;
  const Census all = Take(FactoryOf(program), brute);
  EXPECT_EQ(all.traces.size(), 18u);
  Dpor dpor;
  const Census reduced = Take(FactoryOf(program), dpor);
  EXPECT_EQ(reduced.traces, all.traces);
  EXPECT_EQ(reduced.repeated_traces, 0u);
}

}  // namespace
}  // namespace sim
