// Scenarios on the command line: explored, saved, shown and replayed by name.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/tools/command.h"

namespace tools {
namespace {

using Words = std::vector<std::string>;

Said Broken(const TempFolder& folder, const Words& arguments) {
  return Run(HEDDLE_BROKEN_COMMAND, folder, arguments);
}
Said Mended(const TempFolder& folder, const Words& arguments) {
  return Run(HEDDLE_MENDED_COMMAND, folder, arguments);
}

TEST(CliScenarios, AreExploredByName) {
  const TempFolder folder;
  for (const Words& arguments :
       {Words{"explore", "-q", "broker"}, Words{"explore", "-q", "broker", "--strategy", "sample"},
        Words{"explore", "-q", "broker", "-j", "2"}, Words{"explore", "-q", "broker", "retry"}}) {
    const Said said = Heddle(folder, arguments);
    EXPECT_EQ(said.code, 0) << said.All();
    EXPECT_NE(said.out.find("Test broker   (Zircon)   hash "), std::string::npos) << said.out;
    EXPECT_NE(said.out.find("all compared with the model\n"), std::string::npos) << said.out;
  }
}

TEST(CliScenarios, FaultsAndGenerationsGoWithThem) {
  const TempFolder folder;
  const Said said = Heddle(folder, {"explore", "-q", "broker", "--abi", "zircon-2018-04",
                                    "--strategy", "sample", "--runs", "200"});
  EXPECT_EQ(said.code, 0) << said.All();
  const Said killed = Heddle(folder, {"explore", "-q", "port_server", "--faults", "kill=1",
                                      "--strategy", "sample", "--runs", "500"});
  EXPECT_EQ(killed.code, 0) << killed.All();
}

TEST(CliScenarios, AFileOfThatNameComesFirst) {
  const TempFolder folder;
  folder.Write("broker",
               "Zircon FILE\n{ process p; channel a : p.a0 <-> p.a1; }\n"
               "thread p.t { zx_handle_close(a0); }\n");
  const Said said = Heddle(folder, {"explore", "-q", "broker"});
  EXPECT_TRUE(said.out.starts_with("Test FILE ")) << said.All();
}

TEST(CliScenarios, ANameOfNothingIsMissing) {
  const TempFolder folder;
  const Said said = Heddle(folder, {"explore", "-q", "brokr"});
  EXPECT_EQ(said.code, 66) << said.All();
  EXPECT_EQ(said.err,
            "brokr: error: there is no such file, and no scenario of that name; see heddle list\n");
}

TEST(CliScenarios, AreEstimatedAndMergedFromShards) {
  const TempFolder folder;
  EXPECT_EQ(Heddle(folder, {"estimate", "--budget", "60s", "broker"}).code, 0);
  for (const std::string part : {"1", "2"}) {
    const Said said = Heddle(
        folder, {"explore", "-q", "--shard", part + "/2", "--summary", part + ".json", "broker"});
    EXPECT_EQ(said.code, 0) << said.All();
  }
  const Said merged = Heddle(folder, {"merge", "1.json", "2.json"});
  EXPECT_EQ(merged.code, 0) << merged.All();
  EXPECT_EQ(merged.out.find("model "), std::string::npos) << merged.out;
}

TEST(CliScenarios, TheModelAloneCannotTellWhatTheyCall) {
  const TempFolder folder;
  const Said said = Heddle(folder, {"model", "broker"});
  EXPECT_EQ(said.code, 64) << said.All();
  EXPECT_TRUE(said.err.starts_with("heddle: broker is a scenario: ")) << said.err;
}

TEST(CliScenarios, AViolationIsFoundSavedShownAndReplayed) {
  const TempFolder folder;
  const Said found = Broken(folder, {"explore", "-q", "hasty_reader"});
  EXPECT_EQ(found.code, 1) << found.All();
  EXPECT_NE(found.out.find("HD108  there is something to read   tests/tools/broken_scenario.cc:"),
            std::string::npos)
      << found.out;
  EXPECT_NE(found.out.find("r1 = zx_channel_read(a1) → ZX_ERR_SHOULD_WAIT"), std::string::npos)
      << found.out;
  const std::string trace = folder / ".heddle/latest";
  const Said replayed = Broken(folder, {"replay"});
  EXPECT_EQ(replayed.code, 1) << replayed.All();
  EXPECT_EQ(replayed.LastLine(), "reproduced");
  EXPECT_EQ(Broken(folder, {"minimize"}).code, 0);
  // Of a command that does not know the scenario: it can show the trace, and nothing else.
  EXPECT_EQ(Heddle(folder, {"show"}).code, 0);
  const Said unknown = Heddle(folder, {"replay", trace});
  EXPECT_EQ(unknown.code, 66) << unknown.All();
  EXPECT_NE(unknown.err.find("this heddle has no scenario 'hasty_reader'"), std::string::npos);
}

TEST(CliScenarios, AMendedScenarioAnswersThatItsViolationIsGone) {
  const TempFolder folder;
  ASSERT_EQ(Broken(folder, {"explore", "-q", "hasty_reader"}).code, 1);
  const Said said = Mended(folder, {"replay"});
  EXPECT_EQ(said.code, 5) << said.All();
  EXPECT_TRUE(said.out.starts_with("not reproduced: the violation did not happen; ")) << said.out;
  EXPECT_EQ(Mended(folder, {"explore", "-q", "hasty_reader"}).code, 0);
}

TEST(CliScenarios, AScenarioThatStartsOtherwiseDoesNotFitItsTrace) {
  const TempFolder folder;
  ASSERT_EQ(Broken(folder, {"explore", "-q", "empty_start"}).code, 1);
  const Said said = Mended(folder, {"replay"});
  EXPECT_EQ(said.code, 3) << said.All();
  EXPECT_NE(said.err.find("scenario 'empty_start' has changed"), std::string::npos) << said.err;
}

TEST(CliScenarios, TheSameFailureIsTheSameBytes) {
  const TempFolder one;
  const TempFolder two;
  ASSERT_EQ(Broken(one, {"explore", "-q", "hasty_reader"}).code, 1);
  ASSERT_EQ(Broken(two, {"explore", "-q", "hasty_reader", "--strategy", "random"}).code, 1);
  EXPECT_EQ(ReadFile(one / ".heddle/latest"), ReadFile(two / ".heddle/latest"));
}

}  // namespace
}  // namespace tools
