// Every build says the same bytes: each compares what it finds, replays and shows with the files in
// traces/corpus, which one of them wrote.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "tests/tools/command.h"

namespace tools {
namespace {

namespace fs = std::filesystem;

constexpr char kHowToRegenerate[] =
    "\nIf the change is meant, write the files anew with\n    traces/corpus/regenerate.sh\n"
    "and look at the difference before you commit it.\n";

std::vector<std::string> Corpus() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(Source("traces/corpus"))) {
    if (entry.path().extension() == ".trace") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);  // The order of a folder is the file system's.
  return names;
}

std::string CorpusFile(const std::string& name) {
  return Source("traces/corpus/" + name);
}

std::string NameOf(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::ranges::replace_if(
      name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}

class CorpusTrace : public testing::TestWithParam<std::string> {};

TEST_P(CorpusTrace, ReplaysToItsViolation) {
  const TempFolder folder;
  const Said said = Heddle(folder, {"replay", CorpusFile(GetParam() + ".trace")});
  EXPECT_EQ(said.code, 1) << said.All() << kHowToRegenerate;
  EXPECT_EQ(said.LastLine(), "reproduced");
}

TEST_P(CorpusTrace, IsShownByteForByteAsCommitted) {
  const TempFolder folder;
  const Said said = Heddle(folder, {"show", CorpusFile(GetParam() + ".trace")});
  EXPECT_EQ(said.code, 0) << said.All();
  EXPECT_EQ(said.out, ReadFile(CorpusFile(GetParam() + ".show"))) << kHowToRegenerate;
}

INSTANTIATE_TEST_SUITE_P(Traces, CorpusTrace, testing::ValuesIn(Corpus()), NameOf);

struct Search {
  std::string name;
  std::vector<std::string> arguments;
};

// GoogleTest would print the bytes of the struct, addresses included, into the name of the test.
void PrintTo(const Search& search, std::ostream* out) {
  *out << search.name;
}

class Found : public testing::TestWithParam<Search> {};

TEST_P(Found, IsWrittenByteForByteAsCommitted) {
  const TempFolder folder;
  std::vector<std::string> arguments = {"explore", "-q",
                                        Source("props/litmus/races/two-readers.litmus")};
  arguments.insert(arguments.end(), GetParam().arguments.begin(), GetParam().arguments.end());
  const Said said = Heddle(folder, arguments);
  ASSERT_EQ(said.code, 1) << said.All();
  size_t compared = 0;
  for (const std::string& file : folder.Files()) {
    if (!file.ends_with(".trace")) continue;
    ++compared;
    const std::string golden = file.ends_with(".min.trace")
                                   ? "two-readers.trace"
                                   : "two-readers." + GetParam().name + ".trace";
    EXPECT_EQ(ReadFile(folder / file), ReadFile(CorpusFile(golden))) << kHowToRegenerate;
  }
  EXPECT_EQ(compared, 2u);
}

std::string SearchName(const testing::TestParamInfo<Search>& info) {
  std::string name = info.param.name;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(
    Searches, Found,
    testing::Values(Search{"sleep", {"--strategy", "sleep"}}, Search{"dfs", {"--strategy", "dfs"}},
                    Search{"random-7", {"--strategy", "random", "--seed", "7"}}),
    SearchName);

// Which programs are drawn, what each of their executions answers, and what that reaches.
TEST(DrawnPrograms, AnswerByteForByteAsCommitted) {
  const TempFolder folder;
  const Said said = Heddle(folder, {"fuzz", "-q", "--seed", "1", "--runs", "60"});
  ASSERT_EQ(said.code, 0) << said.All();
  const std::string told = said.out.substr(0, said.out.find(" executions in "));
  EXPECT_EQ(told + "\n", ReadFile(CorpusFile("drawn-60.fuzz"))) << kHowToRegenerate;
}

TEST(Corpus, IsThere) {
  EXPECT_GE(Corpus().size(), 4u);
}

}  // namespace
}  // namespace tools
