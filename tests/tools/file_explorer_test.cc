// What a search that found nothing answers.
#include "tools/file_explorer.h"

#include <gtest/gtest.h>

#include "tools/exit_codes.h"

namespace tools {
namespace {

props::CheckReport Ended(props::CheckEnd end) {
  props::CheckReport report;
  report.end = end;
  report.histories.judged = {1, 2, 3};
  return report;
}

TEST(CodeOfEnd, OnlyACompleteSearchOrAWholeSampleHolds) {
  const auto code = [](props::CheckEnd end, props::Search search) {
    return CodeOfEnd(Ended(end), search);
  };
  EXPECT_EQ(code(props::CheckEnd::kComplete, props::Search::kSourceSets), kExitHolds);
  EXPECT_EQ(code(props::CheckEnd::kRunsReached, props::Search::kRandom), kExitHolds);
  EXPECT_EQ(code(props::CheckEnd::kRunsReached, props::Search::kSourceSets), kExitUnknown);
  EXPECT_EQ(code(props::CheckEnd::kBudget, props::Search::kRandom), kExitUnknown);
  EXPECT_EQ(code(props::CheckEnd::kInterrupted, props::Search::kRandom), kExitInterrupted);
}

// A check out of budget is never ok.
TEST(CodeOfEnd, AHistoryOrAModelThatIsUnknownMakesTheAnswerUnknown) {
  props::CheckReport report = Ended(props::CheckEnd::kComplete);
  report.histories.unknown = {2};
  EXPECT_EQ(CodeOfEnd(report, props::Search::kSourceSets), kExitUnknown);
  report = Ended(props::CheckEnd::kComplete);
  report.model = model::AllowedOutcomes{};
  EXPECT_EQ(CodeOfEnd(report, props::Search::kSourceSets), kExitHolds);
  report.model->complete = false;
  EXPECT_EQ(CodeOfEnd(report, props::Search::kSourceSets), kExitUnknown);
}

}  // namespace
}  // namespace tools
