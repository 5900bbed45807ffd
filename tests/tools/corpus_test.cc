// The corpus in every build: no planted bug is in the core, and no mistake that drawn programs once
// found in core, model or properties is back, whatever they have become since.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/tools/command.h"

namespace tools {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> NamesIn(const std::string& folder, const std::string& extension) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(Source(folder))) {
    if (entry.path().extension() == extension) names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);  // The order of a folder is the file system's.
  return names;
}

void ExpectNotReproduced(const std::string& trace) {
  const TempFolder folder;
  const Said said = Heddle(folder, {"replay", Source("traces/corpus/" + trace + ".trace")});
  EXPECT_EQ(said.code, 5) << said.All();
}

class PlantedBug : public testing::TestWithParam<std::string> {};

TEST_P(PlantedBug, IsNotInThisCore) {
  ExpectNotReproduced("planted/" + GetParam());
}

class FoundMistake : public testing::TestWithParam<std::string> {};

TEST_P(FoundMistake, IsNotMadeAgain) {
  ExpectNotReproduced("found/" + GetParam());
}

std::string NameOf(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Planted, PlantedBug,
                         testing::ValuesIn(NamesIn("traces/corpus/planted", ".trace")), NameOf);
INSTANTIATE_TEST_SUITE_P(Found, FoundMistake,
                         testing::ValuesIn(NamesIn("traces/corpus/found", ".trace")), NameOf);

// tests/mutants/record_traces.sh writes them.
TEST(Corpus, HasATraceOfEveryBugThatAProgramShows) {
  std::vector<std::string> expected;
  for (const std::string& name : NamesIn("tests/mutants", ".patch")) {
    const std::string patch = ReadFile(Source("tests/mutants/" + name + ".patch"));
    if (patch.find("\n# litmus: ") != std::string::npos) expected.push_back(name);
  }
  EXPECT_EQ(NamesIn("traces/corpus/planted", ".trace"), expected);
}

}  // namespace
}  // namespace tools
