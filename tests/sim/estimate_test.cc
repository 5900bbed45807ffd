// What random executions say of the size of a search, against sizes that are known.
#include "sim/strategies/estimate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "sim/api/atomic.h"
#include "tests/sim/random_program.h"

namespace sim {
namespace {

ExecutionLimits Limits(bool visible_releases = true) {
  ExecutionLimits limits;
  limits.visible_releases = visible_releases;
  limits.arena_bytes = size_t{1} << 20;
  return limits;
}

// Each thread adds to one word so often: every order of the additions is a class.
LambdaScenario::Factory Adders(int threads, int additions) {
  return [=] {
    LambdaProgram program;
    auto word = std::make_shared<Atomic<int>>(0, "word");
    for (int t = 0; t < threads; ++t) {
      program.threads.push_back([=] {
        for (int i = 0; i < additions; ++i) word->FetchAdd(1, MemoryOrder::kSequential);
      });
    }
    program.outcome = [] { return std::string(); };
    return program;
  };
}

// Knuth's own figure of merit: how far off, in standard errors.
double ErrorsOff(const SizeEstimator& estimator, double exact) {
  const double distance = std::abs(estimator.mean() - exact);
  return distance < 1e-6 ? 0 : distance / estimator.StandardError();
}

TEST(Estimate, IsWithinItsErrorOfTheNumberOfClasses) {
  LambdaScenario five_each(Adders(3, 5));
  SizeEstimator estimator(five_each, Limits(), 1);
  for (int i = 0; i < 400; ++i) estimator.Draw();
  EXPECT_LE(ErrorsOff(estimator, 756756), 3) << estimator.mean();  // 15! / (5! 5! 5!)
  EXPECT_LE(estimator.StandardError(), 0.1 * 756756);
  LambdaScenario three_each(Adders(4, 3));
  SizeEstimator other(three_each, Limits(), 2);
  for (int i = 0; i < 400; ++i) other.Draw();
  EXPECT_LE(ErrorsOff(other, 369600), 3) << other.mean();  // 12! / (3! 3! 3! 3!)
  EXPECT_LE(other.StandardError(), 0.1 * 369600);
}

// Where the estimator says so; where few draws are most of the whole it says nothing.
TEST(Estimate, IsWithinItsErrorOnRandomProgramsWhereItIsSound) {
  constexpr int kPrograms = 20;
  Random random(31);
  double sum = 0;
  int sound = 0;
  for (int tried = 0; tried < kPrograms;) {
    const RandomProgram program = DrawProgram(random, tried % 2 == 0);
    Dpor search;
    const Census census = Take(FactoryOf(program), search, program.visible_releases, 10'000);
    if (census.end == ExploreEnd::kLimit) continue;          // Too long to count.
    if (census.executions + census.stopped < 700) continue;  // Smaller ones are searched whole.
    ++tried;
    LambdaScenario scenario(FactoryOf(program));
    SizeEstimator estimator(scenario, Limits(program.visible_releases), 5);
    for (int i = 0; i < 10'000; ++i) estimator.Draw();
    ASSERT_FALSE(estimator.is_exact());
    if (!estimator.is_sound()) continue;
    ++sound;
    const auto exact = static_cast<double>(census.executions);
    EXPECT_LE(ErrorsOff(estimator, exact), 4)
        << estimator.mean() << " of " << exact << ": " << program.Print();
    sum += estimator.mean() / exact;
  }
  EXPECT_GE(sound, 4);
  EXPECT_NEAR(sum / sound, 1, 0.1);
}

// Every second choice goes on, and at each there is as much to be seen: what a draw stands for
// doubles as its chance halves.
TEST(Estimate, IsNotSoundWhereFewDrawsAreMostOfTheWhole) {
  LambdaScenario scenario([] {
    LambdaProgram program = Adders(2, 4)();
    program.threads.push_back([] {
      for (int i = 0; i < 12 && Choose(2) == 1; ++i) {
      }
    });
    return program;
  });
  SizeEstimator estimator(scenario, Limits(), 1);
  for (int i = 0; i < 20'000; ++i) estimator.Draw();
  EXPECT_FALSE(estimator.is_sound());
}

// The search begins where the first thread has written all before the others look, and only then is
// there much to see; no draw gets there.
TEST(Estimate, IsNotSoundWhereDrawsDoNotShowWhatTheSearchSees) {
  LambdaScenario scenario([] {
    LambdaProgram program;
    const auto first = std::make_shared<Atomic<int>>(0, "first");
    const auto second = std::make_shared<Atomic<int>>(0, "second");
    const auto adder = [=] {
      for (int i = 0; i < 6 && first->Load(kSc) == 100; ++i) second->FetchAdd(1, kSc);
    };
    program.threads.push_back([=] {
      for (int i = 1; i <= 100; ++i) first->Store(i, kSc);
    });
    program.threads.insert(program.threads.end(), 3, adder);
    return program;
  });
  SizeEstimator estimator(scenario, Limits(), 1);
  for (int i = 0; i < 2'000; ++i) estimator.Draw();
  EXPECT_FALSE(estimator.is_sound());
}

TEST(Estimate, IsNotSoundAfterFewDraws) {
  LambdaScenario scenario(Adders(4, 3));
  SizeEstimator estimator(scenario, Limits(), 1);
  for (int i = 0; i < 100; ++i) estimator.Draw();
  EXPECT_FALSE(estimator.is_sound());
  for (int i = 0; i < 900; ++i) estimator.Draw();
  EXPECT_TRUE(estimator.is_sound());
}

// Without their choices these threads are one class, however many events they have.
TEST(Estimate, EventsThatConflictWithNothingAddNoError) {
  LambdaScenario scenario([] {
    LambdaProgram program;
    for (int t = 0; t < 3; ++t) {
      const auto own = std::make_shared<Atomic<int>>(0, "own");
      program.threads.push_back([=] {
        for (int i = 0; i < 9; ++i) own->FetchAdd(1, MemoryOrder::kSequential);
        static_cast<void>(Choose(10));
      });
    }
    return program;
  });
  SizeEstimator estimator(scenario, Limits(), 1);
  for (int i = 0; i < 3'000; ++i) estimator.Draw();
  EXPECT_FALSE(estimator.is_exact());
  EXPECT_LE(ErrorsOff(estimator, 1000), 3) << estimator.mean();
  EXPECT_LE(estimator.StandardError(), 0.05 * 1000);
}

// The second thread touches the word of the third only if it reads one of thirty values, which the
// draws that make the plan hardly ever show.
TEST(Estimate, WhatThreadsFightForRarelyIsLearnt) {
  LambdaScenario::Factory factory = [] {
    LambdaProgram program;
    const auto first = std::make_shared<Atomic<int>>(0, "first");
    const auto second = std::make_shared<Atomic<int>>(0, "second");
    program.threads.push_back([=] {
      for (int i = 1; i <= 30; ++i) first->Store(i, kSc);
    });
    program.threads.push_back([=] {
      if (first->Load(kSc) != 15) return;
      for (int i = 0; i < 4; ++i) second->FetchAdd(1, kSc);
    });
    program.threads.push_back([=] {
      for (int i = 0; i < 8; ++i) second->FetchAdd(1, kSc);
    });
    return program;
  };
  LambdaScenario scenario(factory);
  SizeEstimator estimator(scenario, Limits(), 1);
  for (int i = 0; i < 6'000; ++i) estimator.Draw();
  ASSERT_FALSE(estimator.is_exact());
  EXPECT_LT(estimator.draws(), 6'000u) << "those before do not count";
  EXPECT_LE(ErrorsOff(estimator, 30 + 495), 3) << estimator.mean();  // 12! / (4! 8!)
}

TEST(Estimate, ASmallSearchIsCountedExactly) {
  LambdaScenario scenario(Adders(2, 4));
  SizeEstimator estimator(scenario, Limits(), 1);
  estimator.Draw();
  EXPECT_TRUE(estimator.is_exact());
  EXPECT_EQ(estimator.mean(), 70);  // 8! / (4! 4!)
  EXPECT_EQ(estimator.StandardError(), 0);
}

}  // namespace
}  // namespace sim
