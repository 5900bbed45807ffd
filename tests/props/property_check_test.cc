// What runs the properties is tested itself: with properties that break, and parameters that are
// wrong.
#include "tests/props/property_check.h"
#include "tests/props/smallest_failure.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "props/check.h"
#include "tests/props/programs.h"

namespace props {
namespace {

PropertyRun Sample(const std::string& name, KeptBy kept_by) {
  return {name, DrawnPrograms(DrawSequential), 20, 20, std::move(kept_by)};
}

std::optional<std::string> BreaksOnWrites(const model::Litmus& litmus) {
  for (const model::Call& call : litmus.program.threads[0].calls) {
    if (call.kind == model::CallKind::kChannelWrite) return "it writes";
  }
  return std::nullopt;
}

TEST(PropertyCheck, AFailureTellsTheProgramAndHowToFindItAgain) {
  const RunResult result = RunProperty(Sample("sample", BreaksOnWrites), "");
  ASSERT_EQ(result.end, RunEnd::kBroken);
  for (const char* part : {"it writes", "Zircon drawn-row-",
                           "reproduce with: RC_PARAMS='reproduce=", "heddle explore "}) {
    EXPECT_NE(result.message.find(part), std::string::npos) << part << "\n" << result.message;
  }
}

TEST(PropertyCheck, TagsOfProgramsAreCounted) {
  const auto tags = [](const model::Litmus& litmus) -> std::optional<std::string> {
    RC_TAG(litmus.program.threads.size());
    return std::nullopt;
  };
  const RunResult result = RunProperty(Sample("sample", tags), "");
  EXPECT_EQ(result.end, RunEnd::kHolds);
  EXPECT_NE(result.message.find("100.00% - 1"), std::string::npos) << result.message;
}

// The message alone is enough: it is all that a report in JUnit's XML keeps.
TEST(PropertyCheck, AFailureIsMadeSmallSavedAndTellsHowToReplayIt) {
  const model::Litmus litmus = FromCatalogue("races/two-readers.litmus");
  const CheckReport report = Check(litmus, {});
  ASSERT_EQ(report.findings.size(), 1u);
  const std::string text = SmallestFailure(litmus, report.findings[0]);
  for (const char* part : {"\nZircon two-readers\n", "\nHD102  ", "\n   1  ", "\n  schedule  ",
                           "\n  replay    heddle replay /"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(text.find("note"), std::string::npos) << "not made small\n" << text;
  const size_t path = text.rfind("heddle replay ") + 14;
  const std::filesystem::path trace = text.substr(path, text.find('\n', path) - path);
  EXPECT_TRUE(std::filesystem::is_regular_file(trace));
  std::filesystem::remove_all(trace.parent_path());
}

// RC_PARAMS as the failure says it leads to the same program.
TEST(PropertyCheck, TheLineOfAFailureReproducesIt) {
  const RunResult first = RunProperty(Sample("sample", BreaksOnWrites), "");
  const size_t begin = first.message.find("'reproduce=") + 1;
  const std::string params = first.message.substr(begin, first.message.find('\'', begin) - begin);
  const RunResult again = RunProperty(Sample("sample", BreaksOnWrites), params);
  ASSERT_EQ(again.end, RunEnd::kBroken);
  const auto program = [](const RunResult& result) {
    const size_t from = result.message.find("Zircon");
    return result.message.substr(from, result.message.find("reproduce with") - from);
  };
  EXPECT_EQ(program(again), program(first));
  EXPECT_EQ(RunProperty(Sample("another", BreaksOnWrites), params).end, RunEnd::kSkipped);
}

TEST(PropertyCheck, UnknownParametersAreRefused) {
  EXPECT_FALSE(MistakeIn(""));
  EXPECT_FALSE(MistakeIn("seed=3 max_success=10 noshrink=1"));
  const std::optional<std::string> mistake = MistakeIn("max_succes=10");
  ASSERT_TRUE(mistake);
  EXPECT_NE(mistake->find("'max_succes'; did you mean 'max_success'?"), std::string::npos)
      << *mistake;
  EXPECT_TRUE(MistakeIn("seed=three"));
  EXPECT_EQ(RunProperty(Sample("sample", BreaksOnWrites), "seeds=3").end, RunEnd::kRefused);
}

TEST(PropertyCheck, ParametersOfTheUserComeBeforeOurs) {
  int programs = 0;
  const KeptBy counts = [&](const model::Litmus&) {
    ++programs;
    return std::nullopt;
  };
  EXPECT_EQ(RunProperty(Sample("sample", counts), "max_success=7").end, RunEnd::kHolds);
  EXPECT_EQ(programs, 7);
}

// Whatever the core does to the process.
TEST(PropertyCheckDeathTest, TheProgramIsOnDiskWhenTheCoreAborts) {
  const KeptBy aborts = [](const model::Litmus&) -> std::optional<std::string> { std::abort(); };
  std::ofstream(ProgramFile("aborting")) << "";
  EXPECT_DEATH(RunProperty(Sample("aborting", aborts), ""), "");
  std::stringstream text;
  text << std::ifstream(ProgramFile("aborting")).rdbuf();
  EXPECT_EQ(Parsed(text.str()).program.threads.size(), 1u);
}

}  // namespace
}  // namespace props
