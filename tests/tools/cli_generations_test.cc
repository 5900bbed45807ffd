// The reference model on the command line, and programs under other generations than their own.
#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

#include "tests/tools/command.h"

namespace tools {
namespace {

// The failed write of this one consumes its handles only from the third generation on.
const std::string kSend = "props/litmus/send+send.litmus";
const std::string kSelf = "props/litmus/self.litmus";

// A write that fails, and then a wait for the end of what it wanted to send.
const std::string kConsumed =
    "Zircon CONSUMED\n"
    "{ process p; channel a : p.a0 <-> p.a1; channel b : p.b0 <-> p.b1; }\n"
    "thread p.t {\n"
    "  st = zx_channel_write(a0, \"x\", handles: [b0], options: 8);\n"
    "  wt = zx_object_wait_one(b1, PEER_CLOSED, deadline: never);\n"
    "}\n"
    "locations [ t:st; t:wt; ]\n"
    "forall \"consumed\" (t:wt = ZX_OK)\n";

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++count;
  return count;
}

std::string Squeezed(const std::string& text) {
  return std::regex_replace(text, std::regex(" +"), " ");
}

// H2, H3
TEST(CliGenerations, SideBySideThereIsAColumnPerGenerationAndWhatDiffersIsMarked) {
  const TempFolder folder;
  const Said said = Heddle(folder, {"explore", "--abi", "all", Source(kSend)});
  EXPECT_EQ(said.code, 0) << said.All();
  const std::regex table(
      "Test SEND\\+send \\(Zircon\\) hash [0-9a-f]{16}\n"
      "outcome magenta-2017 zircon-2018-04 zircon-2018-10 current\n"
      "x:st=ZX_ERR_BAD_HANDLE; [^\n]*; b0.owner=transit; [^\n]*;( [1-9][0-9]*){4}\n"
      "x:st=ZX_OK; [^\n]*; b0.owner=client; [^\n]*;( [1-9][0-9]*){2} - - differs\n"
      "x:st=ZX_OK; [^\n]*; b0.owner=gone; [^\n]*; - -( [1-9][0-9]*){2} differs\n"
      "magenta-2017: complete: [^\n]*\n"
      "zircon-2018-04: complete: [^\n]*\n"
      "zircon-2018-10: complete: [^\n]*\n"
      "current: complete: [^\n]*\n");
  EXPECT_TRUE(std::regex_match(Squeezed(said.out), table)) << said.out;
  EXPECT_TRUE(folder.Files().empty());
}

// H2: "failed, kept" is false of 2017, and the file does not speak of 2017.
TEST(CliGenerations, WhatAFileClaimsIsNotJudgedUnderAnotherGeneration) {
  const TempFolder folder;
  Said said = Heddle(folder, {"explore", "--abi", "magenta-2017", Source(kSend)});
  EXPECT_EQ(said.code, 0) << said.All();
  EXPECT_TRUE(Has(said.out, "b0.owner=client")) << said.out;
  EXPECT_FALSE(Has(said.out, "failed, kept")) << said.out;
  EXPECT_FALSE(Has(said.out, "outcomes exact")) << said.out;
  EXPECT_TRUE(Has(Squeezed(said.out), "\n model 2 of 2 seen, none extra\n")) << said.out;
  said = Heddle(folder, {"explore", "--abi", "current", Source(kSend)});
  EXPECT_EQ(said.out.substr(0, said.out.find("\nTime ")), [&] {
    const std::string own = Heddle(folder, {"explore", Source(kSend)}).out;
    return own.substr(0, own.find("\nTime "));
  }()) << "its own generation, named or not, is the same";
}

TEST(CliGenerations, AFilesOwnGenerationIsTheOneWhoseClaimsAreJudged) {
  const TempFolder folder;
  std::string old = kConsumed;
  old.replace(old.find("{ process"), 0, "Abi = \"magenta-2017\"\nAllow = \"blocked\"\n");
  folder.Write("old.litmus", old);
  Said said = Heddle(folder, {"explore", "-q", "old.litmus"});
  EXPECT_EQ(said.code, 1) << said.All();
  EXPECT_TRUE(Has(said.out, "\nHD102  consumed ")) << said.out;
  said = Heddle(folder, {"explore", "-q", "--abi", "current", "old.litmus"});
  EXPECT_EQ(said.code, 0) << said.All();
  EXPECT_FALSE(Has(said.out, "consumed")) << said.out;
}

// What waits for ever elsewhere is an outcome to look at; at home it is a deadlock.
TEST(CliGenerations, AThreadThatIsBlockedUnderAnotherGenerationIsNoFinding) {
  const TempFolder folder;
  folder.Write("x.litmus", kConsumed);
  Said said = Heddle(folder, {"explore", "--abi", "magenta-2017", "x.litmus"});
  EXPECT_EQ(said.code, 0) << said.All();
  EXPECT_TRUE(Has(said.out, "  (blocked)\n")) << said.out;
  said = Heddle(folder, {"explore", "--abi", "all", "x.litmus"});
  EXPECT_EQ(said.code, 0) << said.All();
  EXPECT_EQ(Count(said.out, "  differs\n"), 2u) << said.out;
}

TEST(CliGenerations, SideBySideWhatIsFoundAtHomeIsReportedOnce) {
  const TempFolder folder;
  const Said said = Heddle(
      folder, {"explore", "-q", "--abi", "all", Source("props/litmus/races/two-readers.litmus")});
  EXPECT_EQ(said.code, 1) << said.All();
  EXPECT_EQ(Count(said.out, "\nHD102 "), 1u) << said.out;
  EXPECT_TRUE(Has(said.out, "\ncurrent: first failure: ")) << said.out;
}

TEST(CliGenerations, TheVariableIsAsGoodAsTheFlagAndTheFlagWins) {
  const TempFolder folder;
  Said said = Heddle(folder, {"model", Source(kSelf)}, {"HEDDLE_ABI=all"});
  EXPECT_EQ(Count(said.out, "Test SELF "), 4u) << said.All();
  said = Heddle(folder, {"model", "--abi", "zircon-2018-10", Source(kSelf)}, {"HEDDLE_ABI=all"});
  EXPECT_EQ(Count(said.out, "Test SELF "), 1u) << said.All();
  said = Heddle(folder, {"explore", Source(kSend)}, {"HEDDLE_ABI=magenta-2017"});
  EXPECT_TRUE(Has(said.out, "b0.owner=client")) << said.All();
}

// --- heddle model ---

TEST(CliModel, PrintsEveryOutcomeWithAnOrderOfStepsAndHowManyStatesThereAre) {
  const TempFolder folder;
  const Said said = Heddle(folder, {"model", Source("props/litmus/mp.litmus")});
  EXPECT_EQ(said.code, 0) << said.All();
  EXPECT_EQ(said.err, "");
  const std::regex form(
      "Test MP   \\(Zircon\\)   hash [0-9a-f]{16}   current\n"
      "Allowed \\(4 outcomes, [0-9]+ states, complete\\)\n"
      "(  r:m1=[^\n]+;  +e\\.g\\. [wr* 0-9]+\n){4}");
  EXPECT_TRUE(std::regex_match(said.out, form)) << said.out;
  EXPECT_TRUE(folder.Files().empty());
}

TEST(CliModel, TellsWhoIsBlockedForEver) {
  const TempFolder folder;
  folder.Write("x.litmus", kConsumed);
  Said said = Heddle(folder, {"model", "--abi", "magenta-2017", "x.litmus"});
  EXPECT_EQ(said.code, 0) << said.All();
  EXPECT_TRUE(Has(said.out, "\n  blocked for ever: t  e.g. t")) << said.out;
  said = Heddle(folder, {"model", "x.litmus"});
  EXPECT_FALSE(Has(said.out, "blocked")) << said.out;
}

// W-5: the endpoint itself stays open in the first two generations.
TEST(CliModel, HasAnAnswerForEachGeneration) {
  const TempFolder folder;
  const Said said = Heddle(folder, {"model", "--abi", "all", Source(kSelf)});
  EXPECT_EQ(said.code, 0) << said.All();
  size_t at = 0;
  for (const std::string& part :
       Words{"magenta-2017\n", "a0.owner=client", "zircon-2018-04\n", "a0.owner=client",
             "zircon-2018-10\n", "a0.owner=gone", "current\n", "a0.owner=gone"}) {
    at = said.out.find(part, at);
    ASSERT_NE(at, std::string::npos) << part << "\n" << said.out;
  }
}

TEST(CliModel, TheWorstAnswerOfSeveralFilesIsTheAnswer) {
  const TempFolder folder;
  folder.Write("bad.litmus", "Zirkon\n");
  Said said = Heddle(folder, {"model", "bad.litmus", Source(kSelf), "nowhere.litmus"});
  EXPECT_EQ(said.code, 65) << said.All();
  EXPECT_TRUE(Has(said.out, "Test SELF ")) << said.All();
  said = Heddle(folder, {"model", "nowhere.litmus"});
  EXPECT_EQ(said.code, 66) << said.All();
}

}  // namespace
}  // namespace tools
