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

constexpr uint32_t kMinimizeSteps = 20'000;
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
    const Minimized small = Minimize(litmus, nullptr, found, kMinimizeSteps, kUnlimited);
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
    const Minimized small = Minimize(litmus, nullptr, found, kMinimizeSteps, kUnlimited);
    EXPECT_EQ(small.finding.preemptions, 0u);
  }
}

// Either writer may come first.
model::Litmus TwoWriters() {
  return Parsed(R"(Zircon T
{ process client, server; channel a : client.a0 <-> server.a1; }
thread client.w { zx_channel_write(a0, "w"); }
thread server.r { m = zx_channel_read(a1); }
thread client.v { zx_channel_write(a0, "v"); }
forall "too early" (r:m = ZX_ERR_SHOULD_WAIT)
)");
}

TEST(Minimize, EndsWithTheSameScheduleWhereverItBegan) {
  for (const model::Litmus& litmus :
       {ClosedInBetween(), FromCatalogue("races/two-readers.litmus"), TwoWriters()}) {
    const Finding first = FirstFinding(litmus, Exhaustively());
    const Minimized small = Minimize(litmus, nullptr, first, kMinimizeSteps, kUnlimited);
    EXPECT_TRUE(small.is_minimum);
    for (uint64_t seed = 0; seed < 10; ++seed) {
      const Finding found = FirstFinding(litmus, Randomly(seed));
      const Minimized other = Minimize(litmus, nullptr, found, kMinimizeSteps, kUnlimited);
      EXPECT_EQ(other.finding.schedule, small.finding.schedule) << seed;
    }
  }
}

TEST(Minimize, ItsResultIsAScheduleThatShowsTheViolation) {
  const model::Litmus litmus = ClosedInBetween();
  const Finding found = FirstFinding(litmus, Randomly(3));
  const Minimized small = Minimize(litmus, nullptr, found, kMinimizeSteps, kUnlimited);
  const Recording recording =
      Record(litmus, nullptr, *small.finding.schedule, {"test", 0}, kMinimizeSteps);
  ASSERT_FALSE(recording.mismatch.has_value());
  ASSERT_TRUE(recording.finding.has_value());
  EXPECT_TRUE(recording.finding->SameAs(found));
  EXPECT_EQ(recording.finding->preemptions, small.finding.preemptions);
  EXPECT_EQ(recording.finding->events, small.finding.events);
}

// The budget is for the search; what comes before it costs a few executions.
TEST(Minimize, SaysWhenItWasCutAndKeepsTheBestSoFar) {
  const model::Litmus litmus = ClosedInBetween();
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const Finding found = FirstFinding(litmus, Randomly(seed));
    const Minimized cut = Minimize(litmus, nullptr, found, kMinimizeSteps, /*max_executions=*/1);
    EXPECT_FALSE(cut.is_minimum);
    EXPECT_LE(cut.executions, 4u);
    EXPECT_LE(cut.finding.preemptions, found.preemptions);
    const Recording recording =
        Record(litmus, nullptr, *cut.finding.schedule, {"test", 0}, kMinimizeSteps);
    ASSERT_TRUE(recording.finding.has_value());
    EXPECT_TRUE(recording.finding->SameAs(found));
  }
}

TEST(Minimize, FaultsThatAreNotNeededDoNotStrikeEvenWithoutASearch) {
  const model::Litmus litmus = Parsed(R"(Zircon T
Faults = "nomem=3, memory=3"
{ process p, q; channel a : p.a0 <-> q.a1; }
thread p.w { st = zx_channel_write(a0, "x"); }
thread q.v { zx_channel_write(a1, "y"); zx_channel_write(a1, "z"); }
forall "there is memory" (w:st != ZX_ERR_NO_MEMORY)
)");
  const auto strikes = [](const Finding& finding) {
    return std::ranges::count_if(*finding.schedule,
                                 [](const sim::Decision& each) { return each.value != 0; });
  };
  bool some_had_more = false;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Finding found = FirstFinding(litmus, Randomly(seed));
    some_had_more = some_had_more || strikes(found) > 1;
    const Minimized cut = Minimize(litmus, nullptr, found, kMinimizeSteps, /*max_executions=*/1);
    EXPECT_EQ(strikes(cut.finding), 1) << seed;
  }
  EXPECT_TRUE(some_had_more);
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
    const Minimized small = Minimize(litmus, nullptr, found, kMinimizeSteps, kUnlimited);
    EXPECT_TRUE(small.finding.SameAs(found)) << found.name;
    EXPECT_EQ(small.finding.preemptions, found.name == "easy to break" ? 0u : 1u) << found.name;
  }
}

}  // namespace
}  // namespace props
