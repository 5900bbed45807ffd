// A search in parts: the same result wherever they run, in whichever order, and however often one
// is left and taken up again.
#include "props/parts.h"

#include <gtest/gtest.h>

#include "props/bounds.h"
#include "props/summary_text.h"
#include "tests/props/programs.h"

namespace props {
namespace {

SearchId IdOf(const model::Litmus& litmus, const CheckOptions& options, const Parts& parts) {
  SearchId id;
  id.litmus = litmus;
  id.file = "some.litmus";
  id.search = options.search;
  id.seed = options.seed;
  id.runs = options.runs;
  id.max_steps = options.max_steps;
  id.keep_going = options.keep_going;
  id.parts = parts.count();
  id.cut = parts.hash();
  return id;
}

// One shard of a search, each part by a checker of its own or all by one.
Summary Searched(const model::Litmus& litmus, const CheckOptions& options, uint32_t shard = 0,
                 uint32_t shards = 1) {
  const Parts parts(litmus, options);
  const model::AllowedOutcomes allowed = model::EnumerateOutcomes(litmus);
  Checker checker(litmus, options, &allowed);
  Summary summary;
  summary.id = IdOf(litmus, options, parts);
  summary.shard = shard;
  summary.shards = shards;
  for (uint32_t part = shard; part < parts.count(); part += shards) {
    summary.parts[part] = PartSearch(parts, part).Run(checker);
  }
  return summary;
}

void ExpectSame(const CheckReport& a, const CheckReport& b) {
  EXPECT_EQ(a.end, b.end);
  EXPECT_EQ(a.executions, b.executions);
  EXPECT_EQ(a.cut_short, b.cut_short);
  EXPECT_TRUE(a.histories == b.histories);
  ASSERT_EQ(a.outcomes.size(), b.outcomes.size());
  for (const auto& [outcome, row] : a.outcomes) {
    ASSERT_TRUE(b.outcomes.contains(outcome));
    const OutcomeRow& other = b.outcomes.at(outcome);
    EXPECT_EQ(row.count, other.count);
    EXPECT_EQ(row.example, other.example);
    EXPECT_EQ(row.blocked, other.blocked);
  }
  for (size_t i = 0; i < a.conditions.size(); ++i) {
    EXPECT_EQ(a.conditions[i].holds, b.conditions[i].holds);
    EXPECT_EQ(a.conditions[i].fails, b.conditions[i].fails);
  }
  ASSERT_EQ(a.findings.size(), b.findings.size());
  for (size_t i = 0; i < a.findings.size(); ++i) {
    EXPECT_TRUE(a.findings[i].SameAs(b.findings[i]));
    EXPECT_EQ(a.findings[i].message, b.findings[i].message);
    EXPECT_EQ(a.findings[i].position.line, b.findings[i].position.line);
    EXPECT_EQ(a.findings[i].schedule, b.findings[i].schedule);
  }
}

const std::string kLarge = "call+suspend.litmus";  // 2976 classes.

// But for the executions that stand for the classes: those of one class may differ in when calls
// began and ended, and so in their histories.
TEST(Parts, TogetherSeeWhatTheWholeSearchSees) {
  for (const std::string& file : CatalogueFiles()) {
    const model::Litmus litmus = FromCatalogue(file);
    const CheckReport whole = Check(litmus, Exhaustively());
    const CheckReport parts = MergeParts(Searched(litmus, Exhaustively()));
    EXPECT_EQ(parts.end, whole.end) << file;
    EXPECT_EQ(parts.executions, whole.executions) << file;
    ASSERT_EQ(parts.outcomes.size(), whole.outcomes.size()) << file;
    for (const auto& [outcome, row] : whole.outcomes) {
      EXPECT_EQ(parts.outcomes.at(outcome).count, row.count) << file;
    }
  }
}

TEST(Parts, AreManyIfThereIsMuchToCutAndTheSameWhoeverCuts) {
  const model::Litmus litmus = FromCatalogue(kLarge);
  const CheckOptions options = Exhaustively();
  const Parts parts(litmus, options);
  EXPECT_GE(parts.count(), kFewestParts);
  EXPECT_EQ(Parts(litmus, options).hash(), parts.hash());
  const model::Litmus small = WriteAndRead("");
  EXPECT_EQ(Parts(small, options).count(), 1u) << "it ends above every cut";
}

// An execution that stops at the cut is no repetition: the part that begins there takes it further.
TEST(Parts, WhatStopsAtTheCutIsNotCutShort) {
  const model::Litmus litmus = FromCatalogue(kLarge);
  const CheckOptions options = Exhaustively();
  const Parts parts(litmus, options);
  Checker checker(litmus, options, nullptr);
  EXPECT_LT(PartSearch(parts, 0).Run(checker).report.cut_short, parts.count() - 1);
}

TEST(Parts, AnySplitIntoShardsMergesToTheSame) {
  const model::Litmus litmus = FromCatalogue(kLarge);
  const CheckReport whole = MergeParts(Searched(litmus, Exhaustively()));
  EXPECT_EQ(whole.end, CheckEnd::kComplete);
  for (uint32_t count = 1; count <= 16; ++count) {
    std::vector<Summary> shards;
    for (uint32_t i = count; i-- > 0;) {
      shards.push_back(Searched(litmus, Exhaustively(), i, count));
      EXPECT_EQ(MergeParts(shards.back()).end,
                count == 1 ? CheckEnd::kComplete : CheckEnd::kShardDone);
    }
    const auto merged = MergeShards(shards);
    ASSERT_TRUE(std::holds_alternative<Summary>(merged)) << std::get<std::string>(merged);
    ExpectSame(MergeParts(std::get<Summary>(merged)), whole);
  }
}

// What a part saw goes through its text, as it does when a checkpoint is read.
PartReport Reread(const model::Litmus& litmus, uint32_t part, const PartReport& report) {
  auto parsed = ParsePart(litmus, PrintPart(litmus, part, report));
  if (const auto* mistake = std::get_if<std::string>(&parsed)) {
    ADD_FAILURE() << *mistake;
    return report;
  }
  EXPECT_EQ(std::get<0>(parsed).first, part);
  return std::get<0>(parsed).second;
}

// Ends every run after `count` executions.
CheckReport InPieces(const model::Litmus& litmus, CheckOptions options, uint64_t count) {
  uint64_t left = count;
  options.progress = [&](const Progress&) {
    return --left == 0 ? Interruption::kSignal : Interruption::kNone;
  };
  const Parts parts(litmus, options);
  const model::AllowedOutcomes allowed = model::EnumerateOutcomes(litmus);
  Summary summary;
  summary.id = IdOf(litmus, options, parts);
  for (uint32_t part = 0; part < parts.count(); ++part) {
    PartReport report;
    report.report.end = CheckEnd::kInterrupted;
    while (!report.is_done()) {
      // What is above the cut, and a search that is one part, is not taken up: it begins anew.
      left = part == 0 && KindOf(options.search).is_complete ? UINT64_MAX : count;
      Checker checker(litmus, options, &allowed);
      report = Reread(litmus, part, PartSearch(parts, part, std::move(report)).Run(checker));
    }
    summary.parts[part] = report;
  }
  return MergeParts(summary);
}

class EverySample : public testing::TestWithParam<Search> {};

TEST_P(EverySample, InPartsIsTheSample) {
  CheckOptions options = Exhaustively(GetParam());
  options.seed = 5;
  options.keep_going = true;
  const model::Litmus litmus = FromCatalogue("xfer+wr.litmus");
  for (uint64_t runs : {1u, 3u, 4u, 100u, 1000u}) {
    options.runs = runs;
    const CheckReport whole = Check(litmus, options);
    const CheckReport parts = MergeParts(Searched(litmus, options));
    ExpectSame(parts, whole);
    EXPECT_EQ(parts.end, CheckEnd::kRunsReached);
    EXPECT_EQ(parts.executions, runs);
  }
  EXPECT_EQ(Parts(litmus, options).count(), kFewestParts);
}

// Also in the middle of what is profiled.
TEST_P(EverySample, ThatIsLeftAndTakenUpAgainSeesTheSame) {
  CheckOptions options = Exhaustively(GetParam());
  options.runs = 600;
  const model::Litmus litmus = FromCatalogue("xfer+wr.litmus");
  const CheckReport whole = Check(litmus, options);
  for (uint64_t count : {1u, 2u}) ExpectSame(InPieces(litmus, options, count), whole);
}

INSTANTIATE_TEST_SUITE_P(Parts, EverySample,
                         testing::Values(Search::kPortfolio, Search::kSurw, Search::kPos,
                                         Search::kPct, Search::kUrw, Search::kRandom),
                         [](const auto& test) { return std::string(KindOf(test.param).name); });

// But for the order: what ends above the cut comes first.
TEST(Parts, OfBruteForceAndSleepSetsRunWhatTheWholeRuns) {
  for (Search search : {Search::kSleepSets, Search::kBruteForce}) {
    const model::Litmus litmus =
        search == Search::kSleepSets ? FromCatalogue(kLarge) : Parsed(R"(Zircon T
{ process p; channel a : p.a0 <-> p.a1; }
thread p.w { st = zx_channel_write(a0, "1"); zx_channel_write(a0, "2"); }
thread p.r { m = zx_channel_read(a1); }
locations [ w:st; r:m; ]
)");
    const CheckOptions options = Exhaustively(search);
    const CheckReport whole = Check(litmus, options);
    EXPECT_GT(Parts(litmus, options).count(), 1u);
    for (const CheckReport& parts :
         {MergeParts(Searched(litmus, options)), InPieces(litmus, options, 2)}) {
      EXPECT_EQ(parts.end, CheckEnd::kComplete);
      EXPECT_EQ(parts.executions, whole.executions);
      EXPECT_EQ(parts.cut_short, whole.cut_short);
      EXPECT_TRUE(parts.histories == whole.histories);
      ASSERT_EQ(parts.outcomes.size(), whole.outcomes.size());
      for (const auto& [outcome, row] : whole.outcomes) {
        EXPECT_EQ(parts.outcomes.at(outcome).count, row.count);
      }
    }
  }
}

TEST(Parts, ASearchWithinABoundIsOnePart) {
  model::Litmus preemptions = FromCatalogue(kLarge);
  preemptions.within.preemptions = 1;
  model::Litmus delays = FromCatalogue(kLarge);
  SetDelayBound(&delays, 2);
  const CheckOptions options = Exhaustively();
  for (const model::Litmus& bounded : {preemptions, delays}) {
    EXPECT_EQ(Parts(bounded, options).count(), 1u);
    ExpectSame(MergeParts(Searched(bounded, options)), Check(bounded, options));
  }
}

TEST(Parts, ThatAreLeftAndTakenUpAgainSeeTheSame) {
  const model::Litmus litmus = FromCatalogue(kLarge);
  const CheckReport whole = MergeParts(Searched(litmus, Exhaustively()));
  for (uint64_t count : {1u, 2u, 7u}) ExpectSame(InPieces(litmus, Exhaustively(), count), whole);
}

TEST(Parts, ASnapshotOfAPartInProgressIsWhereItGoesOn) {
  const model::Litmus litmus = FromCatalogue(kLarge);
  CheckOptions options = Exhaustively();
  const Parts parts(litmus, options);
  std::optional<PartSearch> search;
  std::optional<PartReport> snapshot;
  uint64_t calls = 0;
  std::optional<Checker> checker;
  options.progress = [&](const Progress&) {
    if (++calls == 5) snapshot = search->Snapshot(*checker);
    return Interruption::kNone;
  };
  checker.emplace(litmus, options, nullptr);
  uint32_t part = 0;
  PartReport whole;
  while (!snapshot) {
    calls = 0;
    search.emplace(parts, ++part);
    whole = search->Run(*checker);
  }
  EXPECT_FALSE(snapshot->is_done());
  EXPECT_EQ(snapshot->report.executions + snapshot->report.cut_short, 5u);
  const PartReport rest = PartSearch(parts, part, *snapshot).Run(*checker);
  ExpectSame(rest.report, whole.report);
}

// The parts after the first one that fails are as if nobody had searched them.
TEST(Parts, NothingCountsAfterThePartWithTheFirstFailure) {
  model::Litmus litmus = FromCatalogue(kLarge);
  litmus.outcomes.reset();
  model::Condition never;
  never.quantifier = model::Condition::Quantifier::kNotExists;
  never.proposition.kind = model::Proposition::Kind::kNot;
  never.proposition.operands.push_back(litmus.conditions.back().proposition);
  litmus.conditions.push_back(never);  // Broken by every execution.
  Summary all = Searched(litmus, Exhaustively());
  const CheckReport report = MergeParts(all);
  EXPECT_EQ(report.end, CheckEnd::kFirstFailure);
  EXPECT_EQ(report.executions, 1u);
  all.parts.erase(all.parts.upper_bound(all.parts.begin()->first + 1), all.parts.end());
  ExpectSame(MergeParts(all), report);
}

}  // namespace
}  // namespace props
