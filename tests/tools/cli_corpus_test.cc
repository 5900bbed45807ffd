// heddle list and heddle corpus, and that saved failures come first.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/tools/command.h"

namespace tools {
namespace {

using Words = std::vector<std::string>;

const std::string kRace = "props/litmus/races/two-readers.litmus";
const std::string kName = "two-readers.who-saw-readable-gets-a-message";

TEST(CliList, HasALineForEverythingThatCanBeNamed) {
  const TempFolder folder;
  const Said said = Heddle(folder, {"list"});
  EXPECT_EQ(said.code, 0) << said.All();
  for (const std::string line :
       {"strategy    dpor ", "strategy    random ", "scenario    echo_server ",
        "generation  magenta-2017\n", "generation  current ", "fault       kill-process "}) {
    EXPECT_NE(("\n" + said.out).find("\n" + line), std::string::npos) << line << said.out;
  }
  EXPECT_EQ(Heddle(folder, {"list", "x"}).code, 64);
}

TEST(CliCorpus, KeepsAMinimalTraceThatHappens) {
  const TempFolder folder;
  ASSERT_EQ(Heddle(folder, {"explore", "-q", Source(kRace)}).code, 1);
  const Said added = Heddle(folder, {"corpus", "add", "--corpus", "kept"});
  EXPECT_EQ(added.code, 0) << added.All();
  EXPECT_EQ(added.out, "kept/" + kName + ".trace\n");
  EXPECT_EQ(ReadFile(folder / ("kept/" + kName + ".trace")), ReadFile(folder / ".heddle/latest"));
  const Said again = Heddle(folder, {"corpus", "add", "--corpus", "kept"});
  EXPECT_EQ(again.code, 64) << again.All();
  EXPECT_NE(again.err.find("this trace exists"), std::string::npos);
}

TEST(CliCorpus, IsTracesCorpusUnlessTold) {
  const TempFolder folder;
  ASSERT_EQ(Heddle(folder, {"explore", "-q", Source(kRace)}).code, 1);
  ASSERT_EQ(Heddle(folder, {"corpus", "add"}).code, 0);
  const Said listed = Heddle(folder, {"corpus"});
  EXPECT_EQ(listed.code, 0) << listed.All();
  EXPECT_EQ(listed.out,
            kName + "  two-readers  HD102 who saw READABLE gets a message  x*5 w*14 y*14\n");
  EXPECT_EQ(Heddle(folder, {"corpus", "list"}).out, listed.out);
  EXPECT_EQ(Heddle(folder, {"corpus"}, {"HEDDLE_CORPUS=elsewhere"}).code, 66);
}

TEST(CliCorpus, RerunSaysWhatEveryTraceDoesToday) {
  const TempFolder folder;
  const std::string trace = ReadFile(Source("traces/corpus/two-readers.trace"));
  folder.Write("c/a.trace", trace);
  Said said = Heddle(folder, {"corpus", "rerun", "--corpus", "c"});
  EXPECT_EQ(said.code, 1) << said.All();
  EXPECT_EQ(said.out,
            "reproduced  a  HD102 who saw READABLE gets a message\n"
            "1 trace: 1 reproduced, 0 not reproduced, 0 diverged\n");
  std::string healed = trace;
  healed.replace(healed.find("| forall "), 9, "| exists ");
  folder.Write("c/a.trace", healed);
  EXPECT_EQ(Heddle(folder, {"corpus", "rerun", "--corpus", "c"}).code, 5);
  std::string other = trace;
  other.replace(other.find(" w acquire queue "), 17, " w acquire lock ");
  folder.Write("c/deep/b.trace", other);
  said = Heddle(folder, {"corpus", "rerun", "--corpus", "c"});
  EXPECT_EQ(said.code, 3) << said.All();
  EXPECT_NE(said.out.find("diverged        deep/b  "), std::string::npos) << said.out;
  EXPECT_EQ(said.LastLine(), "2 traces: 0 reproduced, 1 not reproduced, 1 diverged");
  folder.Write("c/c.trace", "no trace\n");
  EXPECT_EQ(Heddle(folder, {"corpus", "rerun", "--corpus", "c"}).code, 65);
  EXPECT_EQ(Heddle(folder, {"corpus", "list", "--corpus", "c"}).code, 65);
}

TEST(CliCorpus, TakesNothingThatDoesNotHappenOrIsNotMinimal) {
  const TempFolder folder;
  folder.Write("found.trace", ReadFile(Source("traces/corpus/two-readers.dfs.trace")));
  const Said large = Heddle(folder, {"corpus", "add", "found.trace"});
  EXPECT_EQ(large.code, 65) << large.All();
  EXPECT_NE(large.err.find("not minimal; run heddle minimize"), std::string::npos);
  const Said gone = Heddle(
      folder, {"corpus", "add", Source("traces/corpus/planted/wait-checks-then-registers.trace")});
  EXPECT_EQ(gone.code, 5) << gone.All();
  EXPECT_EQ(Heddle(folder, {"corpus", "add"}).code, 66);
  EXPECT_EQ(folder.Files(), Words{"found.trace"});
}

TEST(CliCorpus, RemovesWhatItHas) {
  const TempFolder folder;
  folder.Write("c/a.trace", "x");
  folder.Write("b.trace", "x");
  for (const std::string name : {"b", "../b", "/b", ""}) {
    EXPECT_EQ(Heddle(folder, {"corpus", "rm", name, "--corpus", "c"}).code, 66) << name;
  }
  EXPECT_EQ(Heddle(folder, {"corpus", "rm", "a", "--corpus", "c"}).code, 0);
  EXPECT_EQ(folder.Files(), Words{"b.trace"});
}

TEST(CliCorpus, MistakesAreTold) {
  const TempFolder folder;
  EXPECT_EQ(Heddle(folder, {"corpus", "rerum"}).FirstError(),
            "heddle: unknown action 'rerum' of corpus; there are list, rerun, add and rm; did you "
            "mean 'rerun'?");
  EXPECT_EQ(Heddle(folder, {"corpus", "list", "x"}).code, 64);
  EXPECT_EQ(Heddle(folder, {"corpus", "add", "x", "y"}).code, 64);
  EXPECT_EQ(Heddle(folder, {"corpus", "rm"}).code, 64);
  EXPECT_EQ(Heddle(folder, {"corpus", "rerun"}).code, 66);
}

TEST(CliSavedFailures, AreTriedBeforeASearch) {
  const TempFolder folder;
  ASSERT_EQ(Heddle(folder, {"explore", "-q", Source(kRace)}).code, 1);
  const std::string saved = ReadFile(folder / ".heddle/latest");
  const Said said = Heddle(folder, {"explore", "-q", Source(kRace)});
  EXPECT_EQ(said.code, 1) << said.All();
  EXPECT_EQ(said.LastLine(), "first failure: 1 execution, a saved one; nothing was searched");
  EXPECT_NE(said.out.find("       saved before, and it happens again\n"), std::string::npos);
  EXPECT_NE(said.out.find("\n  saved     .heddle/failures/two-readers/"), std::string::npos);
  EXPECT_EQ(ReadFile(folder / ".heddle/latest"), saved);
  EXPECT_EQ(Heddle(folder, {"explore", "-q", "--expect", "violated:HD102", Source(kRace)}).code, 0);
  EXPECT_EQ(Heddle(folder, {"explore", "-q", "--expect", "violated:HD101", Source(kRace)}).code, 1);
}

TEST(CliSavedFailures, AreLeftWhereTheSearchItselfIsAskedFor) {
  const TempFolder folder;
  ASSERT_EQ(Heddle(folder, {"explore", "-q", Source(kRace)}).code, 1);
  for (const Words& more : {Words{"--keep-going"}, Words{"-j", "1"}, Words{"-o", "other"}}) {
    Words words = {"explore", "-q", Source(kRace)};
    words.insert(words.end(), more.begin(), more.end());
    const Said said = Heddle(folder, words);
    EXPECT_EQ(said.code, 1) << said.All();
    EXPECT_EQ(said.out.find("a saved one"), std::string::npos) << said.out;
  }
}

TEST(CliSavedFailures, OfAnotherProgramSayNothing) {
  const TempFolder folder;
  ASSERT_EQ(Heddle(folder, {"explore", "-q", Source(kRace)}).code, 1);
  std::string text = ReadFile(Source(kRace));
  text.replace(text.find("\"job\""), 5, "\"jab\"");
  folder.Write("two-readers.litmus", text);
  const Said said = Heddle(folder, {"explore", "-q", "two-readers.litmus"});
  EXPECT_EQ(said.code, 1) << said.All();
  EXPECT_EQ(said.out.find("a saved one"), std::string::npos) << said.out;
}

}  // namespace
}  // namespace tools
