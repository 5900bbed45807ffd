// What a search reports: counts, conditions, findings, and why it ended.
#include "props/check.h"
#include "props/bounds.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "props/bounds.h"
#include "props/record.h"
#include "props/world.h"
#include "tests/props/programs.h"

namespace props {
namespace {

using Ids = std::vector<std::string>;

uint64_t CountOf(const CheckReport& report, const model::Litmus& litmus, std::string_view outcome) {
  for (const auto& [values, row] : report.outcomes) {
    if (model::PrintOutcome(litmus, values) == outcome) return row.count;
  }
  return 0;
}

TEST(Check, CountsEveryExecutionUnderExactlyOneOutcome) {
  const model::Litmus litmus = WriteAndRead("");
  for (Search search :
       {Search::kSourceSets, Search::kSleepSets, Search::kBruteForce, Search::kRandom}) {
    CheckOptions options = Exhaustively(search);
    options.runs = 500;
    const CheckReport report = Check(litmus, options);
    const uint64_t in_time = CountOf(report, litmus, "w:st=ZX_OK; r:m=ZX_OK;");
    const uint64_t too_early = CountOf(report, litmus, "w:st=ZX_OK; r:m=ZX_ERR_SHOULD_WAIT;");
    EXPECT_EQ(report.outcomes.size(), 2u);
    EXPECT_EQ(in_time + too_early, report.executions);
    EXPECT_GT(in_time, 0u);
    EXPECT_GT(too_early, 0u);
  }
}

TEST(Check, ReducedSearchNeedsFewerExecutionsForTheSameOutcomes) {
  const model::Litmus litmus = WriteAndRead("");
  const CheckReport all = Check(litmus, Exhaustively(Search::kBruteForce));
  const CheckReport few = Check(litmus, Exhaustively());
  EXPECT_LT(few.executions, all.executions);
  EXPECT_EQ(few.outcomes.size(), all.outcomes.size());
  for (const auto& [outcome, row] : few.outcomes) EXPECT_TRUE(all.outcomes.contains(outcome));
  EXPECT_EQ(all.cut_short, 0u);
}

TEST(Check, TheExampleOfAnOutcomeLeadsToIt) {
  for (const std::string& file : CatalogueFiles()) {
    const model::Litmus litmus = FromCatalogue(file);
    const CheckReport report = Check(litmus, Exhaustively());
    for (const auto& [outcome, row] : report.outcomes) {
      // A claim that nothing ends so makes the example a violation that says how it ended.
      model::Litmus refuted = litmus;
      refuted.outcomes = model::ExpectedOutcomes{true, {}, {}};
      refuted.conditions.clear();
      const Recording recording = Record(refuted, nullptr, row.example, {"test", 0}, 20'000);
      ASSERT_FALSE(recording.mismatch.has_value()) << file;
      ASSERT_TRUE(recording.finding.has_value()) << file;
      EXPECT_EQ(recording.finding->message, model::PrintOutcome(litmus, outcome)) << file;
    }
  }
}

TEST(Check, EveryConditionIsEvaluatedOnEveryExecution) {
  const model::Litmus litmus = WriteAndRead(R"(
exists  "in time"   (r:m = ZX_OK)
~exists "never"     (w:st != ZX_OK)
forall  "always"    (w:st = ZX_OK)
)");
  const CheckReport report = Check(litmus, Exhaustively(Search::kBruteForce));
  EXPECT_EQ(report.end, CheckEnd::kComplete);
  EXPECT_TRUE(report.findings.empty());
  ASSERT_EQ(report.conditions.size(), 3u);
  for (const ConditionTally& tally : report.conditions) {
    EXPECT_EQ(tally.holds + tally.fails, report.executions);
  }
  EXPECT_EQ(report.conditions[0].holds, CountOf(report, litmus, "w:st=ZX_OK; r:m=ZX_OK;"));
  EXPECT_EQ(report.conditions[1].holds, 0u);
  EXPECT_EQ(report.conditions[2].fails, 0u);
}

TEST(Check, AForbiddenEndEndsTheSearchWithItsScheduleAndPosition) {
  const model::Litmus litmus = WriteAndRead("\n~exists \"too early\" (r:m = ZX_ERR_SHOULD_WAIT)\n");
  const CheckReport report = Check(litmus, Exhaustively());
  EXPECT_EQ(report.end, CheckEnd::kFirstFailure);
  ASSERT_EQ(IdsOf(report.findings), Ids{"HD101"});
  const Finding& finding = report.findings[0];
  EXPECT_EQ(finding.name, "too early");
  EXPECT_EQ(finding.position.line, 7u);
  EXPECT_EQ(finding.message,
            "this end was declared impossible, but was reached: "
            "w:st=ZX_OK; r:m=ZX_ERR_SHOULD_WAIT;");
  ASSERT_TRUE(finding.schedule.has_value());
  const Recording again = Record(litmus, nullptr, *finding.schedule, {"test", 0}, 20'000);
  ASSERT_TRUE(again.finding.has_value());
  EXPECT_TRUE(again.finding->SameAs(finding));
  EXPECT_EQ(again.finding->events, finding.events);
}

TEST(Check, AClaimAboutAllEndsThatIsFalseOfOneIsBroken) {
  const CheckReport report =
      Check(WriteAndRead("forall (r:m = ZX_OK)\n"), Exhaustively(Search::kBruteForce));
  ASSERT_EQ(IdsOf(report.findings), Ids{"HD102"});
  EXPECT_EQ(report.findings[0].name, "forall");  // It has no name of its own.
}

TEST(Check, GoesOnAfterAFailureWhenToldAndReportsEachOnce) {
  const model::Litmus litmus = WriteAndRead(R"(
~exists "early" (r:m = ZX_ERR_SHOULD_WAIT)
forall  "early" (r:m = ZX_ERR_SHOULD_WAIT)
)");
  CheckOptions options = Exhaustively(Search::kBruteForce);
  options.keep_going = true;
  const CheckReport report = Check(litmus, options);
  EXPECT_EQ(report.end, CheckEnd::kComplete);
  Ids ids = IdsOf(report.findings);
  std::ranges::sort(ids);
  EXPECT_EQ(ids, (Ids{"HD101", "HD102"}));
  EXPECT_EQ(report.executions,
            Check(WriteAndRead(""), Exhaustively(Search::kBruteForce)).executions);
}

TEST(Check, OnlyACompleteSearchSaysThatSomethingDoesNotExist) {
  const model::Litmus litmus = WriteAndRead("exists \"refused\" (w:st = ZX_ERR_PEER_CLOSED)\n");
  const CheckReport complete = Check(litmus, Exhaustively());
  EXPECT_EQ(complete.end, CheckEnd::kComplete);
  ASSERT_EQ(IdsOf(complete.findings), Ids{"HD103"});
  EXPECT_EQ(complete.findings[0].name, "refused");
  EXPECT_FALSE(complete.findings[0].schedule.has_value());

  const CheckReport sample = Check(litmus, Exhaustively(Search::kRandom));
  EXPECT_EQ(sample.end, CheckEnd::kRunsReached);
  EXPECT_TRUE(sample.findings.empty());

  CheckOptions cut = Exhaustively(Search::kBruteForce);
  cut.max_executions = 5;
  EXPECT_TRUE(Check(litmus, cut).findings.empty());
}

TEST(Check, OutcomesExactForbidsWhatIsNotListed) {
  const std::string in_time = "w:st=ZX_OK; r:m=ZX_OK;";
  const model::Litmus exact = WriteAndRead("outcomes exact { " + in_time + " }\n");
  const CheckReport report = Check(exact, Exhaustively());
  ASSERT_EQ(IdsOf(report.findings), Ids{"HD104"});
  EXPECT_EQ(report.findings[0].message, "w:st=ZX_OK; r:m=ZX_ERR_SHOULD_WAIT;");
  const model::Litmus some = WriteAndRead("outcomes { " + in_time + " }\n");
  EXPECT_TRUE(Check(some, Exhaustively()).findings.empty());
}

TEST(Check, AListedOutcomeThatNeverComesIsMissedByACompleteSearchOnly) {
  const std::string list =
      "{ w:st=ZX_OK; r:m=ZX_OK; \n w:st=ZX_OK; r:m=ZX_ERR_SHOULD_WAIT; \n"
      " w:st=ZX_ERR_PEER_CLOSED; r:m=ZX_OK; }\n";
  for (const std::string word : {"outcomes exact ", "outcomes "}) {
    const model::Litmus litmus = WriteAndRead(word + list);
    const CheckReport report = Check(litmus, Exhaustively());
    EXPECT_EQ(report.end, CheckEnd::kComplete);
    ASSERT_EQ(IdsOf(report.findings), Ids{"HD105"}) << word;
    EXPECT_EQ(report.findings[0].message, "w:st=ZX_ERR_PEER_CLOSED; r:m=ZX_OK;");
    EXPECT_TRUE(Check(litmus, Exhaustively(Search::kRandom)).findings.empty()) << word;
  }
}

TEST(Check, AThreadThatWaitsForEverIsADeadlockUnlessAllowed) {
  const CheckReport report = Check(WaitsForEver(), Exhaustively());
  ASSERT_EQ(IdsOf(report.findings), Ids{"HD201"});
  EXPECT_EQ(report.findings[0].message, "blocked for ever: r (wait wake-up)");
  const CheckReport allowed = Check(WaitsForEver("Allow = \"blocked\""), Exhaustively());
  EXPECT_TRUE(allowed.findings.empty());
  ASSERT_EQ(allowed.outcomes.size(), 1u);
  EXPECT_TRUE(allowed.outcomes.begin()->second.blocked);
}

TEST(Check, MoreEventsThanAllowedAreAFailureOfTheExecution) {
  CheckOptions options = Exhaustively();
  options.max_steps = 3;
  const CheckReport report = Check(WriteAndRead(""), options);
  ASSERT_EQ(IdsOf(report.findings), Ids{std::string(kStepLimitId)});
  EXPECT_EQ(report.findings[0].events, 3u);
  EXPECT_TRUE(report.outcomes.empty());
}

// One of the two messages is read and the other missed only if somebody is left in the middle.
TEST(Check, ACompleteSearchKeepsToTheFilesBoundOfPreemptionsAndJudgesTheClaimsByIt) {
  const auto litmus = [](const std::string& bound) {
    return Parsed(R"(Zircon T
{ process p; channel a : p.a0 <-> p.a1; }
thread p.w { zx_channel_write(a0, "1"); zx_channel_write(a0, "2"); }
thread p.r { m = zx_channel_read(a1); n = zx_channel_read(a1); }
locations [ r:m; r:n; ]
exists "between" (r:m = ZX_OK /\ r:n = ZX_ERR_SHOULD_WAIT)
)" + bound);
  };
  for (Search search : {Search::kSleepSets, Search::kBruteForce}) {
    const CheckReport none = Check(litmus("within { preemptions: 0; }"), Exhaustively(search));
    EXPECT_EQ(none.end, CheckEnd::kComplete);
    EXPECT_EQ(none.outcomes.size(), 2u);
    ASSERT_EQ(IdsOf(none.findings), Ids{"HD103"});
    EXPECT_EQ(none.findings[0].message,
              "no execution with at most 0 preemptions ends in this state");
    for (const std::string bound : {"preemptions: 1;", "preemptions: any;", ""}) {
      const CheckReport more = Check(litmus("within { " + bound + " }"), Exhaustively(search));
      EXPECT_EQ(more.end, CheckEnd::kComplete) << bound;
      EXPECT_GT(more.outcomes.size(), 2u) << bound;
      EXPECT_TRUE(more.findings.empty()) << bound << Described(more);
    }
  }
}

TEST(Check, ARandomSearchIsNotBoundInItsPreemptions) {
  const model::Litmus litmus = WriteAndRead("within { preemptions: 0; }");
  EXPECT_EQ(PreemptionBound(litmus, Search::kRandom), std::nullopt);
  EXPECT_EQ(PreemptionBound(litmus, Search::kSleepSets), 0u);
  EXPECT_EQ(Check(litmus, Exhaustively(Search::kRandom)).executions, Exhaustively().runs);
}

TEST(Check, TheFilesBoundOfStepsAppliesWhereItIsTheSmaller) {
  const CheckReport report = Check(WriteAndRead("within { steps: 3; }"), Exhaustively());
  ASSERT_EQ(IdsOf(report.findings), Ids{std::string(kStepLimitId)});
  EXPECT_EQ(report.findings[0].events, 3u);
  CheckOptions shorter = Exhaustively();
  shorter.max_steps = 2;
  EXPECT_EQ(Check(WriteAndRead("within { steps: 3; }"), shorter).findings.at(0).events, 2u);
  EXPECT_TRUE(Check(WriteAndRead("within { steps: any; }"), Exhaustively()).findings.empty());
}

// CR-1: the memory of a channel.
TEST(Check, TheFilesBoundOfFaultsAppliesToTheCoreAndToTheModel) {
  const auto outcomes = [](const std::string& within) {
    const CheckReport report = Check(Parsed(R"(Zircon T
Faults = "nomem=1"
{ process p; }
thread p.t { c = zx_channel_create(); }
locations [ t:c; ]
)" + within),
                                     Exhaustively());
    EXPECT_TRUE(report.findings.empty()) << within << Described(report);
    EXPECT_EQ(report.model->outcomes.size(), report.outcomes.size()) << within;
    return report.outcomes.size();
  };
  EXPECT_EQ(outcomes(""), 2u);
  EXPECT_EQ(outcomes("within { faults: any; }"), 2u);
  EXPECT_EQ(outcomes("within { faults: 0; }"), 1u);
}

// H-10, D-9, P-7: in its own queue, or two in each other's, they keep their handles for ever.
TEST(Check, AnEndpointOutOfEverybodysReachIsInTransitForCoreAndModel) {
  for (const std::string& calls :
       {std::string(R"(zx_channel_write(a0, "x", handles: [a1]); zx_handle_close(a0);
                       zx_channel_write(b0, "e", handles: [e0]);
                       zx_channel_write(b0, "x", handles: [b1]); zx_handle_close(b0);)"),
        std::string(R"(zx_channel_write(a0, "x", handles: [b1]); zx_handle_close(a0);
                       zx_channel_write(b0, "x", handles: [a1]); zx_handle_close(b0);)")}) {
    const model::Litmus litmus = Parsed(R"(Zircon T
Allow = "leak"
{ process p; channel a : p.a0 <-> p.a1; channel b : p.b0 <-> p.b1; event e : p.e0; }
thread p.t { )" + calls + R"( }
locations [ a0.owner; a1.signals; e0.signals; ]
forall "lost"     (a0.owner = gone /\ a1.owner = transit /\ b1.owner = transit)
forall "unread"   ("x" in a1.queue /\ "x" in b1.queue)
)");
    EXPECT_EQ(Described(Check(litmus, Exhaustively())), "complete") << calls;
  }
}

// HO-2: core and model close 64 at a time, and tell of a bad entry in any chunk.
TEST(Check, CoreAndModelCloseMoreThanAChunkOfHandlesAlike) {
  std::string handles;
  for (int i = 0; i < 64; ++i) handles += i == 7 ? "0x3, " : "0, ";
  const model::Litmus litmus = Parsed(R"(Zircon T
{ process p; channel a : p.a0 <-> p.a1; event e : p.e0; }
thread p.c { cl = zx_handle_close_many([)" +
                                      handles + R"(a0, 0, e0]); }
thread p.w { zx_channel_write(a1, "x", handles: [e0]); rd = zx_channel_read(a0); }
locations [ c:cl; w:rd; a0.owner; ]
forall "told" (c:cl = ZX_ERR_BAD_HANDLE)
)");
  const CheckReport report = Check(litmus, Exhaustively());
  EXPECT_EQ(Described(report), "complete");
  EXPECT_EQ(report.outcomes.size(), report.model->outcomes.size());
  EXPECT_GT(report.outcomes.size(), 1u);
}

TEST(Check, ALimitOnExecutionsCutsTheSearchAtExactlyThatNumber) {
  CheckOptions options = Exhaustively(Search::kBruteForce);
  const uint64_t all = Check(WriteAndRead(""), options).executions;
  options.max_executions = 7;
  const CheckReport cut = Check(WriteAndRead(""), options);
  EXPECT_EQ(cut.executions, 7u);
  EXPECT_EQ(cut.end, CheckEnd::kRunsReached);
  EXPECT_EQ(EndName(cut.end), "runs reached");
  options.max_executions = all + 1;
  EXPECT_EQ(Check(WriteAndRead(""), options).end, CheckEnd::kComplete);
}

TEST(Check, ARandomSearchRunsAsOftenAsToldAndTheSameForTheSameSeed) {
  CheckOptions options = Exhaustively(Search::kRandom);
  options.runs = 40;
  options.seed = 5;
  const model::Litmus litmus = FromCatalogue("mp.litmus");
  const CheckReport a = Check(litmus, options);
  const CheckReport b = Check(litmus, options);
  EXPECT_EQ(a.executions, 40u);
  EXPECT_EQ(a.end, CheckEnd::kRunsReached);
  for (const auto& [outcome, row] : a.outcomes) {
    EXPECT_EQ(row.count, b.outcomes.at(outcome).count);
    EXPECT_EQ(row.example, b.outcomes.at(outcome).example);
  }
  options.seed = 6;
  const CheckReport c = Check(litmus, options);
  bool differs = false;
  for (const auto& [outcome, row] : c.outcomes) {
    differs =
        differs || !a.outcomes.contains(outcome) || a.outcomes.at(outcome).example != row.example;
  }
  EXPECT_TRUE(differs);
}

TEST(Check, WhoWatchesTheProgressCanEndTheSearchAfterAnyExecution) {
  for (const auto& [why, end] : {std::pair(Interruption::kBudget, CheckEnd::kBudget),
                                 std::pair(Interruption::kSignal, CheckEnd::kInterrupted)}) {
    CheckOptions options = Exhaustively(Search::kBruteForce);
    std::vector<uint64_t> seen;
    options.progress = [&, reason = why](const Progress& progress) {
      seen.push_back(progress.executions);
      return seen.size() == 3 ? reason : Interruption::kNone;
    };
    const CheckReport report = Check(WriteAndRead("exists (w:st = ZX_ERR_CANCELED)\n"), options);
    EXPECT_EQ(report.end, end);
    EXPECT_EQ(seen, (std::vector<uint64_t>{1, 2, 3}));
    EXPECT_EQ(report.executions, 3u);
    EXPECT_TRUE(report.findings.empty());
  }
}

TEST(Check, ComparesWithTheModelOnlyWhenTold) {
  CheckOptions options = Exhaustively();
  ASSERT_TRUE(Check(WriteAndRead(""), options).model.has_value());
  EXPECT_EQ(Check(WriteAndRead(""), options).model->outcomes.size(), 2u);
  options.compare_with_model = false;
  EXPECT_FALSE(Check(WriteAndRead(""), options).model.has_value());
}

// The program itself changes under the search, between an execution and its repetition.
TEST(Check, AScheduleThatBehavesInTwoWaysIsNondeterminism) {
  model::Litmus litmus = WriteAndRead("");
  CheckOptions options = Exhaustively(Search::kBruteForce);
  options.determinism_every = 2;
  uint32_t visits = 0;
  options.progress = [&](const Progress&) {
    if (++visits == 3) litmus.program.threads[1].calls.clear();
    return Interruption::kNone;
  };
  const CheckReport report = Check(litmus, options);
  EXPECT_EQ(report.end, CheckEnd::kFirstFailure);
  ASSERT_EQ(IdsOf(report.findings), Ids{"HD901"});
  EXPECT_NE(report.findings[0].message.find("in two ways from event "), std::string::npos);
  EXPECT_FALSE(report.findings[0].schedule.has_value());
  EXPECT_EQ(visits, 3u);
}

}  // namespace
}  // namespace props
