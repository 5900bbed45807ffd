// What random descents say of the size of a search, against sizes that are known.
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
  for (int i = 0; i < 60; ++i) estimator.Descend();
  EXPECT_LE(ErrorsOff(estimator, 756756), 3) << estimator.mean();  // 15! / (5! 5! 5!)
  EXPECT_LE(estimator.StandardError(), 0.1 * 756756);
  LambdaScenario three_each(Adders(4, 3));
  SizeEstimator other(three_each, Limits(), 2);
  for (int i = 0; i < 60; ++i) other.Descend();
  EXPECT_LE(ErrorsOff(other, 369600), 3) << other.mean();  // 12! / (3! 3! 3! 3!)
  EXPECT_LE(other.StandardError(), 0.1 * 369600);
}

// One estimate may be far off where the tree is lopsided; the mean of many is not.
TEST(Estimate, IsUnbiasedOnRandomPrograms) {
  constexpr int kPrograms = 25;
  Random random(31);
  double sum = 0;
  for (int tried = 0; tried < kPrograms;) {
    const RandomProgram program = DrawProgram(random, tried % 2 == 0);
    Dpor search;
    const Census census = Take(FactoryOf(program), search, program.visible_releases, 10'000);
    if (census.end == ExploreEnd::kLimit) continue;          // Too long to count.
    if (census.executions + census.stopped < 700) continue;  // Smaller ones are searched whole.
    ++tried;
    LambdaScenario scenario(FactoryOf(program));
    SizeEstimator estimator(scenario, Limits(program.visible_releases), 5);
    for (int i = 0; i < 15; ++i) estimator.Descend();
    ASSERT_FALSE(estimator.is_exact());
    const double ratio = estimator.mean() / static_cast<double>(census.executions);
    ASSERT_GT(ratio, 0.3) << program.Print();
    ASSERT_LT(ratio, 3) << program.Print();
    sum += ratio;
  }
  EXPECT_NEAR(sum / kPrograms, 1, 0.1);
}

TEST(Estimate, ASmallSearchIsCountedExactly) {
  LambdaScenario scenario(Adders(2, 4));
  SizeEstimator estimator(scenario, Limits(), 1);
  estimator.Descend();
  EXPECT_TRUE(estimator.is_exact());
  EXPECT_EQ(estimator.mean(), 70);  // 8! / (4! 4!)
  EXPECT_EQ(estimator.StandardError(), 0);
}

}  // namespace
}  // namespace sim
