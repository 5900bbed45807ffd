// An execution that fails loses nothing: whatever else can happen, and whatever else can fail, is
// still found. What brute force sees is the truth.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/sim/random_program.h"

namespace sim {
namespace {

const uint32_t kPrograms = ProgramsToDraw();

struct Tally {
  uint64_t failing = 0;    // Programs some of whose executions fail.
  uint64_t different = 0;  // Programs that can fail in several ways.
  uint64_t mixed = 0;      // Programs that can fail, or not.
};

// Of outcomes, those that are failures.
uint64_t FailuresIn(const std::set<std::string>& outcomes) {
  return static_cast<uint64_t>(
      std::count_if(outcomes.begin(), outcomes.end(),
                    [](const std::string& outcome) { return outcome.starts_with("failed"); }));
}

template <typename Limits>
Tally Compare(uint64_t seed, bool visible_releases, Limits limits_of) {
  Tally tally;
  Random random(seed);
  for (uint32_t done = 0; done < kPrograms;) {
    const RandomProgram program = DrawFailingProgram(random, visible_releases);
    TakeLimits limits = limits_of(random);
    limits.visible_releases = visible_releases;
    const auto take = [&](Strategy&& strategy, uint64_t max_executions) {
      limits.max_executions = max_executions;
      return TakeWithin(limits, FactoryOf(program), strategy);
    };
    const Census brute = take(BruteForce(), kMaxInterleavings);
    if (brute.end == ExploreEnd::kLimit) continue;
    for (const Census& reduced : {take(SleepSets(), 0), take(Dpor(), 0)}) {
      EXPECT_EQ(reduced.end, ExploreEnd::kExhausted) << program.Print();
      EXPECT_EQ(reduced.outcomes, brute.outcomes) << program.Print();
      // Who takes a reference without having one makes the others' depend on more than the rule
      // for counts says; it is a failure that may come out as several traces of the same outcome.
      const bool takes = program.Uses(ProgramOp::Kind::kRef);
      if (takes || program.Uses(ProgramOp::Kind::kRefInLeaf)) continue;
      EXPECT_EQ(reduced.traces, brute.traces) << program.Print();
      EXPECT_EQ(reduced.repeated_traces, 0u) << program.Print();
    }
    if (testing::Test::HasFailure()) return tally;
    ++done;
    const uint64_t failures = FailuresIn(brute.outcomes);
    tally.failing += failures != 0 ? 1 : 0;
    tally.different += failures > 1 ? 1 : 0;
    tally.mixed += failures != 0 && failures < brute.outcomes.size() ? 1 : 0;
  }
  return tally;
}

void ExpectWorthComparing(const Tally& tally) {
  EXPECT_GT(tally.failing, kPrograms / 5);
  EXPECT_GT(tally.different, kPrograms / 25);
  EXPECT_GT(tally.mixed, kPrograms / 50);
}

TEST(FailingPrograms, AFailureHidesNoOtherAndNoOutcomeWithVisibleReleases) {
  ExpectWorthComparing(
      Compare(41, /*visible_releases=*/true, [](Random&) { return TakeLimits(); }));
}

TEST(FailingPrograms, AFailureHidesNoOtherAndNoOutcomeWithFoldedReleases) {
  ExpectWorthComparing(
      Compare(42, /*visible_releases=*/false, [](Random&) { return TakeLimits(); }));
}

// Blocked threads are a failure too, and one that is told by who waits for what.
TEST(FailingPrograms, DeadlocksHideNothing) {
  ExpectWorthComparing(Compare(43, /*visible_releases=*/true, [](Random&) {
    TakeLimits limits;
    limits.allows_blocked = false;
    return limits;
  }));
}

TEST(FailingPrograms, AnExecutionThatReachesTheLimitOfItsLengthHidesNothing) {
  const auto few_steps = [](Random& random) {
    TakeLimits limits;
    limits.max_steps = 2 + random.Below(9);
    return limits;
  };
  ExpectWorthComparing(Compare(44, /*visible_releases=*/true, few_steps));
  ExpectWorthComparing(Compare(45, /*visible_releases=*/false, few_steps));
}

// Two demands of which each hides the other, and one order in which both are met.
TEST(FailingPrograms, WhatFailsFirstHidesNeitherTheOtherFailureNorTheGoodEnd) {
  const auto factory = [] {
    LambdaProgram program;
    auto x = NewVariable();
    auto y = NewVariable();
    auto z = NewVariable();
    auto seen = std::make_shared<int>(-1);
    program.threads.push_back([=] {
      x->Store(1, kSc);
      if (z->Load(kSc) == 0) Runtime::Current()->FailAssertion("z is set", "first", 1);
    });
    program.threads.push_back([=] {
      y->Store(1, kSc);
      *seen = x->Load(kSc);
      if (*seen == 0) Runtime::Current()->FailAssertion("x is set", "second", 2);
      z->Store(1, kSc);
    });
    program.outcome = [=] { return "x was " + std::to_string(*seen); };
    return program;
  };
  const std::set<std::string> all = {"failed: first:1: z is set", "failed: second:2: x is set",
                                     "x was 1"};
  BruteForce brute;
  EXPECT_EQ(Take(factory, brute).outcomes, all);
  SleepSets sleep;
  EXPECT_EQ(Take(factory, sleep).outcomes, all);
  Dpor dpor;
  EXPECT_EQ(Take(factory, dpor).outcomes, all);
}

}  // namespace
}  // namespace sim
