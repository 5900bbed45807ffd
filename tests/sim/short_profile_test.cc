// Samplers whose profile is far too short: what a thread does late is still found.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "sim/strategies/pct.h"
#include "sim/strategies/portfolio.h"
#include "sim/strategies/sampling.h"
#include "sim/strategies/surw.h"
#include "sim/strategies/urw.h"
#include "tests/sim/lambda_scenario.h"

namespace sim {
namespace {

using MakeOne = std::function<std::unique_ptr<Sampler>()>;

// One thread writes 1 to `writes`, the other one reads once, and what it reads is the outcome.
LambdaScenario::Factory OneRead(int writes, bool reader_first = false) {
  return [=] {
    LambdaProgram program;
    const auto word = NewVariable();
    const auto seen = std::make_shared<int>(0);
    program.threads.push_back([=] {
      for (int i = 1; i <= writes; ++i) word->Store(i, kSc);
    });
    program.threads.push_back([=] { *seen = word->Load(kSc); });
    if (reader_first) std::swap(program.threads[0], program.threads[1]);
    program.outcome = [=] { return std::to_string(*seen); };
    return program;
  };
}

// How many executions read `value`; with `enough`, no more than that are waited for.
uint64_t CountReads(const LambdaScenario::Factory& factory, Sampling& strategy, int value,
                    uint64_t enough = UINT64_MAX) {
  LambdaScenario scenario(factory);
  ExploreOptions options;
  options.determinism_every = 0;
  uint64_t count = 0;
  Explore(scenario, strategy, options, [&](const Execution&) {
    count += scenario.last_outcome() == std::to_string(value) ? 1 : 0;
    return count < enough;
  });
  return count;
}

// What is profiled is over, with this result.
Sampling WithProfile(std::unique_ptr<Sampler> sampler, uint64_t executions, Profile profile) {
  return {std::move(sampler),
          {.seed = 5, .executions = executions, .first_profile = Sampling::kProfiles},
          std::move(profile)};
}

TEST(ShortProfile, EverySamplerThatHasOneFindsWhatComesLate) {
  const MakeOne samplers[] = {
      [] { return std::make_unique<Pct>(2); },  [] { return std::make_unique<Pct>(3); },
      [] { return std::make_unique<Pct>(10); }, [] { return std::make_unique<Urw>(); },
      [] { return std::make_unique<Surw>(); },  [] { return std::make_unique<Portfolio>(); }};
  for (size_t i = 0; i < std::size(samplers); ++i) {
    for (uint64_t seed = 1; seed <= 20; ++seed) {
      Sampling strategy(samplers[i](), {.seed = seed, .executions = 2'000});
      EXPECT_EQ(CountReads(OneRead(20), strategy, 16, /*enough=*/1), 1u)
          << "sampler " << i << ", seed " << seed;
    }
  }
}

TEST(ShortProfile, TheProfileSeesTheLongestOfTwoThreadsWhicheverComesFirst) {
  for (bool reader_first : {false, true}) {
    for (uint64_t seed = 1; seed <= 20; ++seed) {
      Sampling strategy(std::make_unique<Pct>(2), {.seed = seed, .executions = 0});
      CountReads(OneRead(50, reader_first), strategy, 0);
      EXPECT_EQ(strategy.profile().contested_points, 50u);
    }
  }
}

TEST(ShortProfile, TheProfileIsNotEndedByAFaultThatStrikesAtOnce) {
  // Each write may fail, and the writer gives up then.
  const auto factory = [] {
    LambdaProgram program;
    const auto word = NewVariable();
    program.threads.push_back([=] {
      for (int i = 1; i <= 30 && Choose(2) == 0; ++i) word->Store(i, kSc);
    });
    program.threads.push_back([=] { word->Load(kSc); });
    return program;
  };
  Sampling strategy(std::make_unique<Urw>(), {.seed = 1, .executions = 0});
  CountReads(factory, strategy, 0);
  EXPECT_EQ(strategy.profile().events[0], 60u);
}

TEST(ShortProfile, AThreadThatSpinsDoesNotKeepTheProfileFromItsEnd) {
  const auto factory = [] {
    LambdaProgram program;
    const auto word = NewVariable();
    const auto spin = [=] {
      while (word->Load(kSc) == 0) {
      }
    };
    program.threads = {spin, [=] { word->Store(1, kSc); }, spin};
    return program;
  };
  LambdaScenario scenario(factory);
  Sampling strategy(std::make_unique<Urw>(), {.seed = 1, .executions = 0});
  uint32_t ended = 0;
  Explore(scenario, strategy, {}, [&](const Execution& execution) {
    ended += execution.end == ExecutionEnd::kFinished ? 1 : 0;
    return true;
  });
  EXPECT_EQ(ended, Sampling::kProfiles);
}

// The promise of pct.h: of n = 2 threads and k = 16 points, of which the profile had one, so that
// the scale is 2^4.
TEST(Pct, KeepsItsPromiseThoughTheProfileWasTooShort) {
  Profile profile;
  profile.contested_points = 1;
  constexpr uint64_t kExecutions = 40'000;
  Sampling strategy = WithProfile(std::make_unique<Pct>(2), kExecutions, profile);
  EXPECT_GT(CountReads(OneRead(16), strategy, 12), kExecutions / (4 * 4 * 5) / (2 * 2 * 16));
}

// The counts say that the writer writes three times.
Profile ShortCounts(const LambdaScenario::Factory& short_program) {
  Sampling strategy(std::make_unique<Urw>(), {.seed = 1, .executions = 0});
  CountReads(short_program, strategy, 0);
  return strategy.profile();
}

TEST(Weights, WhatComesLongAfterTheCountIsFound) {
  for (const MakeOne& make : {MakeOne([] { return std::make_unique<Urw>(); }),
                              MakeOne([] { return std::make_unique<Surw>(); })}) {
    constexpr uint64_t kExecutions = 20'000;
    Sampling strategy = WithProfile(make(), kExecutions, ShortCounts(OneRead(3)));
    // Not before the 16th write: 1/4 * 3/4 * ... * 15/16; then at once: 1/17.
    const double expected = kExecutions * (1.0 / 4) * (3.0 / 16) / 17;
    const auto count = static_cast<double>(CountReads(OneRead(20), strategy, 16));
    EXPECT_NEAR(count, expected, 4 * std::sqrt(expected));
  }
}

TEST(ThreadWeights, WhoOutlivesItsCountIsTakenToBeHalfway) {
  ThreadCounts events{};
  events[0] = 2;
  events[1] = 1;
  ThreadWeights weights;
  weights.Start(events, Profile());
  for (int i = 0; i < 3; ++i) weights.Executed(0);
  const ThreadSet both = ThreadSet::Of(0).Union(ThreadSet::Of(1));
  Random random(1);
  uint32_t first = 0;
  for (int i = 0; i < 4'000; ++i) first += weights.Draw(random, both, both) == 0 ? 1 : 0;
  EXPECT_NEAR(first, 3'000, 4 * std::sqrt(4'000 * 3.0 / 16));
  // Only if it goes on for sure.
  EXPECT_EQ(weights.Draw(random, both, ThreadSet::Of(1)), 1);
}

}  // namespace
}  // namespace sim
