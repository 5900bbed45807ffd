// The same violation with the fewest preemptions.
#include "props/minimize.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "props/check.h"
#include "props/record.h"
#include "props/world.h"
#include "sim/strategies/bounded.h"
#include "sim/strategies/brute_force.h"
#include "tests/props/programs.h"

namespace props {
namespace {

constexpr uint32_t kMaxSteps = 20'000;
constexpr uint64_t kUnlimited = 1'000'000;

// The close must come while the write is under way: one preemption at least.
model::Litmus ClosedInBetween() {
  model::Litmus litmus = FromCatalogue("close+self.litmus");
  litmus.outcomes.reset();
  for (model::Condition& condition : litmus.conditions) {
    if (condition.name == "closed in between") {
      condition.quantifier = model::Condition::Quantifier::kNotExists;
    }
  }
  return litmus;
}

Finding FirstFinding(const model::Litmus& litmus, const CheckOptions& options) {
  const CheckReport report = Check(litmus, options);
  if (report.findings.empty()) {
    ADD_FAILURE() << "nothing was found";
    return {};
  }
  return report.findings[0];
}

CheckOptions Randomly(uint64_t seed) {
  CheckOptions options = Exhaustively(Search::kRandom);
  options.seed = seed;
  return options;
}

TEST(Minimize, FindsTheFewestPreemptionsOfAllExecutions) {
  const model::Litmus litmus = ClosedInBetween();
  World world(litmus);
  sim::BruteForce strategy;
  Judge judge(litmus, {});
  uint32_t fewest = UINT32_MAX;
  uint32_t most = 0;
  sim::Explore(world, strategy, {}, [&](const sim::Execution& execution) {
    if (judge.Examine(execution, world)) {
      fewest = std::min(fewest, sim::CountPreemptions(execution));
      most = std::max(most, sim::CountPreemptions(execution));
    }
    return true;
  });
  ASSERT_EQ(fewest, 1u);
  ASSERT_GT(most, fewest);
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const Finding found = FirstFinding(litmus, Randomly(seed));
    const Minimized small = Minimize(litmus, nullptr, found, kMaxSteps, kUnlimited);
    EXPECT_TRUE(small.is_minimum);
    EXPECT_EQ(small.finding.preemptions, fewest);
    EXPECT_TRUE(small.finding.SameAs(found));
  }
}

// The first violation that a search with more preemptions comes upon has some of them.
TEST(Minimize, PrefersNoPreemptionToAnEarlierSchedule) {
  const model::Litmus litmus = FromCatalogue("races/two-readers.litmus");
  for (uint64_t seed = 0; seed < 5; ++seed) {
    const Finding found = FirstFinding(litmus, Randomly(seed));
    ASSERT_GT(found.preemptions, 0u);
    const Minimized small = Minimize(litmus, nullptr, found, kMaxSteps, kUnlimited);
    EXPECT_EQ(small.finding.preemptions, 0u);
  }
}

TEST(Minimize, EndsWithTheSameScheduleWhereverItBegan) {
  for (const model::Litmus& litmus :
       {ClosedInBetween(), FromCatalogue("races/two-readers.litmus")}) {
    const Finding first = FirstFinding(litmus, Exhaustively());
    const Minimized small = Minimize(litmus, nullptr, first, kMaxSteps, kUnlimited);
    EXPECT_TRUE(small.is_minimum);
    for (uint64_t seed = 0; seed < 10; ++seed) {
      const Finding found = FirstFinding(litmus, Randomly(seed));
      const Minimized other = Minimize(litmus, nullptr, found, kMaxSteps, kUnlimited);
      EXPECT_EQ(other.finding.schedule, small.finding.schedule) << seed;
    }
  }
}

TEST(Minimize, ItsResultIsAScheduleThatShowsTheViolation) {
  const model::Litmus litmus = ClosedInBetween();
  const Finding found = FirstFinding(litmus, Randomly(3));
  const Minimized small = Minimize(litmus, nullptr, found, kMaxSteps, kUnlimited);
  const Recording recording =
      Record(litmus, nullptr, *small.finding.schedule, {"test", 0}, kMaxSteps);
  ASSERT_FALSE(recording.mismatch.has_value());
  ASSERT_TRUE(recording.finding.has_value());
  EXPECT_TRUE(recording.finding->SameAs(found));
  EXPECT_EQ(recording.finding->preemptions, small.finding.preemptions);
  EXPECT_EQ(recording.finding->events, small.finding.events);
}

TEST(Minimize, SaysWhenItWasCutAndKeepsWhatItHad) {
  const model::Litmus litmus = ClosedInBetween();
  const Finding found = FirstFinding(litmus, Randomly(3));
  const Minimized cut = Minimize(litmus, nullptr, found, kMaxSteps, /*max_executions=*/1);
  EXPECT_FALSE(cut.is_minimum);
  EXPECT_EQ(cut.executions, 1u);
  EXPECT_EQ(cut.finding.schedule, found.schedule);
}

TEST(Minimize, LooksForTheSameViolationNotForAnyOther) {
  model::Litmus litmus = ClosedInBetween();
  model::Condition easy = litmus.conditions[0];
  easy.quantifier = model::Condition::Quantifier::kForall;  // False of most ends.
  easy.name = "easy to break";
  litmus.conditions.push_back(easy);
  CheckOptions options = Exhaustively(Search::kBruteForce);
  options.keep_going = true;
  for (const Finding& found : Check(litmus, options).findings) {
    const Minimized small = Minimize(litmus, nullptr, found, kMaxSteps, kUnlimited);
    EXPECT_TRUE(small.finding.SameAs(found)) << found.name;
    EXPECT_EQ(small.finding.preemptions, found.name == "easy to break" ? 0u : 1u) << found.name;
  }
}

}  // namespace
}  // namespace props
