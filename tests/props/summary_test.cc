// Summaries as text, and which of them belong together.
#include "props/summary_text.h"

#include <gtest/gtest.h>

#include "tests/props/programs.h"

namespace props {
namespace {

Summary Example() {
  Summary summary;
  summary.id.litmus = WriteAndRead("\n~exists \"too early\" (r:m = ZX_ERR_SHOULD_WAIT)\n");
  summary.id.file = "a/b \xff.litmus";
  summary.id.max_steps = 20'000;
  summary.id.parts = 4;
  summary.id.cut = 0xFEDC'BA98'7654'3210;
  summary.seconds = 1.25;
  PartReport& done = summary.parts[0];
  done.report.executions = 7;
  done.report.cut_short = 2;
  done.report.conditions = {{3, 4}};
  done.report.histories.judged = {1, UINT64_MAX};
  done.report.histories.unknown = {UINT64_MAX};
  const model::Outcome outcome = {core::Status::kOk,
                                  model::Value(),
                                  uint64_t{5},
                                  std::string("a\0\xff", 3),
                                  std::vector<std::string>{"x", "\x80"},
                                  model::Owner{"client"}};
  done.report.outcomes[outcome] = {7, {{false, 1, 0}, {true, 0, 2}, {false, 0, 0}}, true};
  Finding finding;
  finding.id = "HD101";
  finding.name = "too early";
  finding.message = "this end \xc3\xa9";
  finding.position = {7, 3};
  finding.schedule = sim::Schedule{{false, 1, 0}};
  finding.events = 9;
  finding.preemptions = 1;
  done.report.findings = {finding};
  done.report.end = CheckEnd::kFirstFailure;
  PartReport& left = summary.parts[2];
  left.report.conditions = {{0, 0}};
  left.report.end = CheckEnd::kInterrupted;
  sim::PathSearch::Node node;
  node.enabled.Add(63);
  node.sleep.Add(1);
  node.backtrack.Add(0);
  node.chosen = 33;
  node.step = 4;
  left.path = {{node, {}}, {{.thread = 33, .access = sim::Access(uint64_t{7} << 33)}}};
  left.path.nodes[1].count = 3;
  left.path.nodes[1].value = 2;
  return summary;
}

TEST(SummaryText, IsReadAsItWasWritten) {
  const Summary summary = Example();
  const std::string text = PrintSummary(summary);
  const auto parsed = ParseSummary(text);
  ASSERT_TRUE(std::holds_alternative<Summary>(parsed)) << std::get<std::string>(parsed);
  const Summary& again = std::get<Summary>(parsed);
  EXPECT_EQ(PrintSummary(again), text);
  EXPECT_EQ(Difference(summary.id, again.id), std::nullopt);
  EXPECT_EQ(again.id.file, summary.id.file);
  EXPECT_EQ(again.id.litmus.conditions[0].position.line, 7u);
  ASSERT_EQ(again.parts.size(), 2u);
  EXPECT_EQ(again.parts.at(0).report.outcomes.begin()->first,
            summary.parts.at(0).report.outcomes.begin()->first);
  EXPECT_EQ(again.parts.at(2).path, summary.parts.at(2).path);
  EXPECT_TRUE(again.parts.at(0).is_done());
  EXPECT_FALSE(again.parts.at(2).is_done());
}

TEST(SummaryText, AnyByteThatIsChangedOrMissingIsNoticed) {
  const std::string text = PrintSummary(Example());
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    std::string edited = text;
    edited[i] = edited[i] == '1' ? '2' : '1';
    EXPECT_TRUE(std::holds_alternative<std::string>(ParseSummary(edited))) << i;
    const auto cut = ParseSummary(std::string_view(text).substr(0, i));
    EXPECT_TRUE(std::holds_alternative<std::string>(cut)) << i;
  }
  EXPECT_EQ(std::get<std::string>(ParseSummary("{}")), "this is no summary of heddle");
  EXPECT_EQ(std::get<std::string>(ParseSummary("[]")), "this is no summary of heddle");
}

// The mistake when shard i of `count` is there for every i of `indices`.
std::string Mistake(const std::vector<uint32_t>& indices, uint32_t count) {
  std::vector<Summary> shards;
  for (uint32_t index : indices) {
    shards.emplace_back();
    shards.back().id.litmus = WriteAndRead("");
    shards.back().shard = index;
    shards.back().shards = count;
  }
  const auto merged = MergeShards(shards);
  const auto* mistake = std::get_if<std::string>(&merged);
  return mistake == nullptr ? "" : *mistake;
}

TEST(MergeShards, EveryShardMustBeThereOnce) {
  EXPECT_EQ(Mistake({2, 0, 1}, 3), "");
  EXPECT_EQ(Mistake({1, 3}, 4), "not all shards are there; missing: 1/4, 3/4");
  EXPECT_EQ(Mistake({0, 1, 0}, 2), "shard 1/2 is there twice");
}

TEST(MergeShards, ShardsOfDifferentSearchesAreToldApart) {
  Summary one = Example();
  one.shards = 2;
  Summary other = one;
  other.shard = 1;
  const auto mistake = [&] {
    const auto merged = MergeShards(std::vector<Summary>{one, other});
    const auto* text = std::get_if<std::string>(&merged);
    return text == nullptr ? std::string() : *text;
  };
  EXPECT_EQ(mistake(), "");
  const std::string not_one = "these summaries are not of one search; ";
  other.id.max_steps = 10;
  EXPECT_EQ(mistake(), not_one + "the steps: 20000 here, 10 there");
  other.id = one.id;
  other.id.search = Search::kSleepSets;
  EXPECT_EQ(mistake(), not_one + "the strategy: dpor here, sleep there");
  other.id = one.id;
  other.id.keep_going = true;
  EXPECT_EQ(mistake(), not_one + "keep going: false here, true there");
  other.id = one.id;
  other.id.cut = 1;
  EXPECT_EQ(mistake(), not_one + "the cut: the core or the engine are of another build");
  other.id = one.id;
  other.id.litmus.generation = model::Generation::kMagenta2017;
  EXPECT_TRUE(mistake().starts_with(not_one + "the program: T with hash ")) << mistake();
  other.id = one.id;
  other.shards = 3;
  EXPECT_EQ(mistake(), not_one + "one is of 2 shards, one of 3");
}

TEST(MergeShards, AShardThatWasCutLeavesTheWholeUnknown) {
  std::vector<Summary> shards(2);
  for (uint32_t i = 0; i < 2; ++i) {
    shards[i].id.litmus = WriteAndRead("");
    shards[i].id.parts = 2;
    shards[i].shard = i;
    shards[i].shards = 2;
    shards[i].parts[i] = {};
  }
  EXPECT_EQ(MergeParts(std::get<Summary>(MergeShards(shards))).end, CheckEnd::kComplete);
  shards[1].parts[1].report.end = CheckEnd::kBudget;
  shards[1].end = CheckEnd::kBudget;
  EXPECT_EQ(MergeParts(std::get<Summary>(MergeShards(shards))).end, CheckEnd::kBudget);
  shards[1].parts.clear();
  EXPECT_EQ(MergeParts(std::get<Summary>(MergeShards(shards))).end, CheckEnd::kBudget);
}

}  // namespace
}  // namespace props
