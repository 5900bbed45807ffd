// Every file of the catalogue, a test each: its claims hold on every interleaving, the core shows
// exactly what the model allows, and no execution that the reduction skips shows anything else.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "props/check.h"
#include "props/record.h"
#include "tests/props/programs.h"

namespace props {
namespace {

// Outcomes that the model allows and the core never shows, by file, each with the reason.
const std::map<std::string, std::map<std::string, std::string>>& OnlyInTheModel() {
  static const std::map<std::string, std::map<std::string, std::string>> outcomes = {};
  return outcomes;
}

// Programs with more interleavings than this are compared with what the first of them show.
constexpr uint64_t kBruteForceExecutions = 100'000;

std::string NameOf(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

std::string Described(const CheckReport& report) {
  std::string text = std::string(EndName(report.end));
  for (const Finding& finding : report.findings) {
    text += fmt::format("\n{} {}: {}", finding.id, finding.name, finding.message);
  }
  return text;
}

class Catalogue : public testing::TestWithParam<std::string> {
 protected:
  const model::Litmus litmus_ = FromCatalogue(GetParam());
};

TEST_P(Catalogue, HoldsOnEveryInterleaving) {
  CheckOptions options;
  options.keep_going = true;
  const CheckReport report = Check(litmus_, options);
  EXPECT_EQ(report.end, CheckEnd::kComplete);
  EXPECT_TRUE(report.findings.empty()) << Described(report);
  EXPECT_GT(report.executions, 0u);
}

TEST_P(Catalogue, TheCoreShowsWhatTheModelAllows) {
  const CheckReport report = Check(litmus_, Exhaustively());
  ASSERT_EQ(report.end, CheckEnd::kComplete) << Described(report);
  ASSERT_TRUE(report.model && report.model->complete);
  for (const auto& [outcome, row] : report.outcomes) {
    EXPECT_TRUE(report.model->outcomes.contains(outcome))
        << "not allowed: " << model::PrintOutcome(litmus_, outcome);
  }
  std::set<std::string> missing;
  for (const auto& [outcome, order] : report.model->outcomes) {
    if (!report.outcomes.contains(outcome)) missing.insert(model::PrintOutcome(litmus_, outcome));
  }
  std::set<std::string> known;
  if (const auto entry = OnlyInTheModel().find(GetParam()); entry != OnlyInTheModel().end()) {
    for (const auto& [outcome, reason] : entry->second) known.insert(outcome);
  }
  EXPECT_EQ(missing, known) << "what only the model shows has changed";
}

TEST_P(Catalogue, BruteForceShowsTheSameOutcomes) {
  const CheckReport reduced = Check(litmus_, Exhaustively());
  ASSERT_EQ(reduced.end, CheckEnd::kComplete) << Described(reduced);
  CheckOptions options = Exhaustively(Search::kBruteForce);
  options.max_executions = kBruteForceExecutions;
  options.compare_with_model = false;
  options.determinism_every = 1000;
  const CheckReport all = Check(litmus_, options);
  EXPECT_TRUE(all.findings.empty()) << Described(all);
  EXPECT_GE(all.executions, reduced.executions);
  for (const auto& [outcome, row] : all.outcomes) {
    EXPECT_TRUE(reduced.outcomes.contains(outcome))
        << "skipped: " << model::PrintOutcome(litmus_, outcome);
  }
  if (all.end == CheckEnd::kComplete) {
    EXPECT_EQ(all.outcomes.size(), reduced.outcomes.size());
  } else {
    std::cout << "more than " << kBruteForceExecutions << " interleavings: only the first seen\n";
  }
}

INSTANTIATE_TEST_SUITE_P(Litmus, Catalogue, testing::ValuesIn(CatalogueFiles()), NameOf);

class Races : public testing::TestWithParam<std::string> {};

// Programs that are wrong themselves: something must be found, and the core must not be at fault.
TEST_P(Races, AreFoundAndAreNoFaultOfTheCore) {
  const model::Litmus litmus = FromCatalogue(GetParam());
  for (Search search : {Search::kSleepSets, Search::kBruteForce, Search::kRandom}) {
    const CheckReport report = Check(litmus, Exhaustively(search));
    ASSERT_EQ(report.findings.size(), 1u);
    const Finding& finding = report.findings[0];
    EXPECT_TRUE(finding.id == "HD101" || finding.id == "HD102" || finding.id == "HD201")
        << Described(report);
    EXPECT_EQ(report.end, CheckEnd::kFirstFailure);
    const Recording recording = Record(litmus, nullptr, *finding.schedule, {"test", 0}, 20'000);
    ASSERT_TRUE(recording.finding.has_value());
    EXPECT_TRUE(recording.finding->SameAs(finding));
  }
}

INSTANTIATE_TEST_SUITE_P(Litmus, Races, testing::ValuesIn(CatalogueFiles("races")), NameOf);

TEST(CatalogueFiles, AreThere) {
  EXPECT_GE(CatalogueFiles().size(), 15u);
  EXPECT_GE(CatalogueFiles("races").size(), 1u);
}

}  // namespace
}  // namespace props
