// How far a search goes: delays, and deadlines that pass early. (Preemptions are in check_test.cc.)
#include "props/bounds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "props/interference.h"
#include "props/world.h"
#include "sim/engine/explorer.h"
#include "tests/props/programs.h"

namespace props {
namespace {

TEST(Bounds, AreKeysOfTheFileThatItsTextKeeps) {
  model::Litmus litmus = Parsed("Zircon T\nEarly = \"2\"\nDelays = \"0\"\n{ process p; }\n");
  EXPECT_EQ(EarlyBound(litmus), 2u);
  EXPECT_EQ(DelayBound(litmus, Search::kSourceSets), 0u);
  EXPECT_EQ(DelayBound(litmus, Search::kRandom), std::nullopt);
  EXPECT_EQ(BoundsText(litmus, Search::kSourceSets), "0 delays and 2 early deadlines");
  EXPECT_EQ(BoundsText(litmus, Search::kRandom), "2 early deadlines");
  SetEarlyBound(&litmus, 7);
  SetDelayBound(&litmus, std::nullopt);
  EXPECT_EQ(EarlyBound(Parsed(model::PrintLitmus(litmus))), 7u);
  EXPECT_FALSE(IsBounded(litmus, Search::kSourceSets));
}

TEST(Bounds, MistakesAreNamed) {
  model::Litmus litmus = Parsed("Zircon T\nEarly = \"none\"\n{ process p; }\n");
  EXPECT_EQ(FindBoundMistake(litmus),
            "Early = \"none\" is no bound; say how many, as in Early = \"1\"");
  SetEarlyBound(&litmus, 0);
  EXPECT_EQ(FindBoundMistake(litmus), std::nullopt);
  SetDelayBound(&litmus, 1);
  litmus.within.preemptions = 1;
  EXPECT_EQ(FindBoundMistake(litmus),
            "a bound of preemptions and one of delays do not go together");
  litmus.within.preemptions = model::Within::kAny;
  EXPECT_EQ(FindBoundMistake(litmus), std::nullopt);
}

// One of the two messages is read and the other missed only if the writer is delayed once.
TEST(Bounds, ACompleteSearchKeepsToTheBoundOfDelaysAndJudgesTheClaimsByIt) {
  model::Litmus litmus = Parsed(R"(Zircon T
{ process p; channel a : p.a0 <-> p.a1; }
thread p.w { zx_channel_write(a0, "1"); zx_channel_write(a0, "2"); }
thread p.r { m = zx_channel_read(a1); n = zx_channel_read(a1); }
locations [ r:m; r:n; ]
exists "between" (r:m = ZX_OK /\ r:n = ZX_ERR_SHOULD_WAIT)
)");
  const size_t all = Check(litmus, Exhaustively()).outcomes.size();
  SetDelayBound(&litmus, 0);
  const CheckReport none = Check(litmus, Exhaustively());
  EXPECT_EQ(none.end, CheckEnd::kComplete);
  EXPECT_EQ(none.executions, 1u);
  ASSERT_EQ(IdsOf(none.findings), std::vector<std::string>{"HD103"});
  EXPECT_EQ(none.findings[0].message, "no execution with at most 0 delays ends in this state");
  SetDelayBound(&litmus, 1);
  const CheckReport one = Check(litmus, Exhaustively());
  EXPECT_TRUE(one.findings.empty()) << Described(one);
  SetDelayBound(&litmus, 2);
  EXPECT_EQ(Check(litmus, Exhaustively()).outcomes.size(), all);
}

// The same file with a bound of early deadlines, and no claims: some are about what is left out.
model::Litmus WithEarly(const std::string& file, uint32_t deadlines) {
  Interference interference;
  interference.early = deadlines;
  model::Litmus litmus = WithInterference(FromCatalogue(file), interference);
  litmus.conditions.clear();
  return litmus;
}

bool ShowsAllOf(const CheckReport& more, const CheckReport& fewer) {
  return std::all_of(fewer.outcomes.begin(), fewer.outcomes.end(),
                     [&](const auto& row) { return more.outcomes.contains(row.first); });
}

// CC-17, WT-8: the model, which knows no bound, explains what any bound leaves.
TEST(EarlyDeadlines, ShowMoreTheMoreThereMayBeAndNothingThatTheModelForbids) {
  for (const char* file : {"call+late.litmus", "wait+late.litmus", "wait+may.litmus"}) {
    const CheckReport any = Check(WithEarly(file, Interference::kAny), Exhaustively());
    CheckReport before;
    for (uint32_t bound : {0u, 1u, 2u, 9u}) {
      const CheckReport report = Check(WithEarly(file, bound), Exhaustively());
      EXPECT_EQ(report.end, CheckEnd::kComplete) << file;
      EXPECT_TRUE(report.findings.empty()) << file << Described(report);
      EXPECT_TRUE(ShowsAllOf(report, before) && ShowsAllOf(any, report)) << file << " " << bound;
      if (bound == 0) {
        EXPECT_LT(report.outcomes.size(), any.outcomes.size()) << file;
      }
      if (bound == 9) {
        EXPECT_EQ(report.outcomes.size(), any.outcomes.size()) << file;
      }
      before = report;
      for (Search search : {Search::kSleepSets, Search::kPortfolio}) {
        CheckOptions options = Exhaustively(search);
        options.runs = 500;
        const CheckReport other = Check(WithEarly(file, bound), options);
        EXPECT_TRUE(other.findings.empty()) << file << Described(other);
        EXPECT_TRUE(ShowsAllOf(report, other)) << file << " " << bound;
        EXPECT_TRUE(search != Search::kSleepSets || ShowsAllOf(other, report)) << file;
      }
    }
  }
}

// Counted from outside: timers that fire while a thread is enabled.
TEST(EarlyDeadlines, AreNoMoreThanTheBoundInAnyExecution) {
  for (uint32_t bound : {0u, 1u}) {
    const model::Litmus litmus = WithEarly("call+late.litmus", bound);
    World world(litmus);
    sim::ExploreOptions options;
    options.limits = LimitsOf(litmus, 20'000);
    const auto strategy = MakeStrategy(litmus, Exhaustively());
    uint32_t most = 0;
    sim::Explore(world, *strategy, options, [&](const sim::Execution& execution) {
      uint32_t early = 0;
      for (const sim::Event& step : execution.events) {
        early += step.kind == sim::OpKind::kTimerFire && step.enabled.AnyThread() ? 1 : 0;
      }
      most = std::max(most, early);
      return true;
    });
    EXPECT_EQ(most, bound);
  }
}

}  // namespace
}  // namespace props
