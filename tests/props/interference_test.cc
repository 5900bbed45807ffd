// What a schedule may do to a program besides its order: judged like everything else.
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "props/check.h"
#include "props/interference.h"
#include "tests/props/programs.h"

namespace props {
namespace {

Interference ParsedFaults(const std::string& text) {
  const auto parsed = ParseInterference(text);
  EXPECT_TRUE(std::holds_alternative<Interference>(parsed)) << text;
  return std::get<Interference>(parsed);
}

std::string MistakeIn(const std::string& text) {
  const auto parsed = ParseInterference(text);
  const auto* mistake = std::get_if<std::string>(&parsed);
  return mistake == nullptr ? "" : *mistake;
}

TEST(Interference, IsReadFromAList) {
  EXPECT_EQ(ParsedFaults("nomem=1,kill=2,suspend=3"), (Interference{1, 0, 2, 0, 3}));
  EXPECT_EQ(ParsedFaults(""), Interference{});
  EXPECT_EQ(MistakeIn("oom=1"),
            "unknown fault 'oom'; there are nomem, memory, kill, kill-process, suspend, early");
  EXPECT_EQ(ParsedFaults("early=0").early, 0u);
  EXPECT_EQ(MistakeIn("early=0,early=0"), "early is given twice");
  EXPECT_EQ(MistakeIn("early"), "'early' should say how often, 0 to 100, as in early=1");
  EXPECT_EQ(MistakeIn("kill"), "'kill' should say how often, 1 to 8, as in kill=1");
  EXPECT_EQ(MistakeIn("kill=9"), "'kill=9' should say how often, 1 to 8, as in kill=1");
  EXPECT_EQ(MistakeIn("nomem=x"), "'nomem=x' should say how often, 1 to 100, as in nomem=1");
  EXPECT_EQ(MistakeIn("kill=1,kill=1"), "kill is given twice");
}

// A trace holds the program as text, so what was added must survive that.
TEST(Interference, IsPartOfTheProgramAsText) {
  const model::Litmus litmus = WithInterference(FromCatalogue("xfer+wr.litmus"),
                                                ParsedFaults("nomem=1,memory=2,kill=1,suspend=1"));
  const auto again = model::ParseLitmus(model::PrintLitmus(litmus));
  ASSERT_TRUE(std::holds_alternative<model::Litmus>(again)) << model::PrintLitmus(litmus);
  EXPECT_EQ(model::PrintLitmus(std::get<model::Litmus>(again)), model::PrintLitmus(litmus));
  EXPECT_EQ(std::get<model::Litmus>(again).faults, (model::Faults{1, 2}));
}

class EveryInterference : public testing::TestWithParam<const char*> {};

// Whoever is killed, suspended or starved does what the model allows.
TEST_P(EveryInterference, IsExplainedByTheModel) {
  for (const char* file : {"xfer+wr.litmus", "call+close.litmus", "fault+rd.litmus"}) {
    const model::Litmus plain = FromCatalogue(file);
    model::Litmus litmus = WithInterference(plain, ParsedFaults(GetParam()));
    litmus.conditions.clear();  // They may well break.
    CheckOptions options;
    options.search = Search::kPortfolio;
    options.runs = 300;
    options.keep_going = true;
    const CheckReport report = Check(litmus, options);
    EXPECT_TRUE(report.findings.empty()) << file << ": " << Described(report);
    EXPECT_EQ(report.histories.unknown.size(), 0u);
    const CheckReport before = Check(plain, Exhaustively());
    const bool shows_more =
        std::any_of(report.outcomes.begin(), report.outcomes.end(),
                    [&](const auto& row) { return !before.outcomes.contains(row.first); });
    // Whoever is suspended and resumed does what it would have done.
    EXPECT_EQ(shows_more, std::string_view(GetParam()) != "suspend=1") << file;
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryInterference,
                         testing::Values("nomem=1", "memory=1", "kill=1", "kill-process=1",
                                         "suspend=1"),
                         [](const auto& test) {
                           std::string name = test.param;
                           for (char& c : name) {
                             if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
                           }
                           return name;
                         });

}  // namespace
}  // namespace props
