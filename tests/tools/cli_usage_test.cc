// Mistakes on the command line: exit code 64, what is wrong, and what would be right.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/tools/command.h"

namespace tools {
namespace {

const std::string kProgram = "props/litmus/mp.litmus";

// Checks that the mistake is told first, with examples, and that nothing is done.
void ExpectUsage(const Words& arguments, const std::string& mistake, const Words& variables = {}) {
  const TempFolder folder;
  const Said said = Heddle(folder, arguments, variables);
  EXPECT_EQ(said.code, 64) << said.All();
  EXPECT_EQ(said.FirstError(), "heddle: " + mistake);
  EXPECT_NE(said.err.find("\n\nExamples:\n  heddle explore "), std::string::npos) << said.All();
  EXPECT_EQ(said.out, "");
  EXPECT_TRUE(folder.Files().empty());
}

TEST(CliUsage, WithoutACommandThereAreExamples) {
  ExpectUsage({}, "a command is missing");
}

TEST(CliUsage, AWrongCommandIsToldWithTheOneThatWasMeant) {
  ExpectUsage({"explre", "x"}, "unknown command 'explre'; did you mean 'explore'?");
  ExpectUsage({"Show"}, "unknown command 'Show'; did you mean 'show'?");
  ExpectUsage({"relpay"}, "unknown command 'relpay'; did you mean 'replay'?");
  ExpectUsage({"dance"}, "unknown command 'dance'");
  ExpectUsage({""}, "unknown command ''");
}

TEST(CliUsage, AnUnknownFlagIsAMistake) {
  const TempFolder folder;
  for (const Words& arguments :
       {Words{"explore", "--bogus", Source(kProgram)}, Words{"explore", Source(kProgram), "-Z"},
        Words{"show", "--strategy", "dfs"}}) {
    const Said said = Heddle(folder, arguments);
    EXPECT_EQ(said.code, 64) << said.All();
    EXPECT_NE(said.FirstError().find(" -"), std::string::npos) << said.All();
    EXPECT_EQ(said.out, "");
  }
}

TEST(CliUsage, AnUnknownVariableIsAMistake) {
  ExpectUsage({"explore", Source(kProgram)},
              "the environment variable HEDDLE_SEEDS means nothing; did you mean 'HEDDLE_SEED'?",
              {"HEDDLE_SEEDS=1"});
  ExpectUsage({"show"}, "the environment variable HEDDLE_COLOUR_OF_NIGHT means nothing",
              {"HEDDLE_COLOUR_OF_NIGHT="});
}

TEST(CliUsage, ABadDurationIsToldWithGoodOnes) {
  for (const std::string text : {"5", "s", "5 s", "-5s", "5d", "1.5s", "99999999h", "0x5s", "5S"}) {
    ExpectUsage({"explore", "--budget=" + text, Source(kProgram)},
                "'" + text + "' is no duration; say 200ms, 30s, 5m or 1h");
  }
}

TEST(CliUsage, ABadStrategyIsToldWithThoseThatThereAre) {
  const std::string known = "dpor, sleep, dfs, sample, surw, pos, pct, urw, random";
  ExpectUsage({"explore", "--strategy", "dpro", Source(kProgram)},
              "unknown strategy 'dpro'; there are " + known + "; did you mean 'dpor'?");
  ExpectUsage({"explore", Source(kProgram)}, "unknown strategy 'DFS'; there are " + known,
              {"HEDDLE_STRATEGY=DFS"});
}

TEST(CliUsage, ABadGenerationIsToldWithTheOneThatWasMeant) {
  const std::string known = "magenta-2017, zircon-2018-04, zircon-2018-10, current, and all";
  for (const std::string command : {"explore", "model"}) {
    ExpectUsage({command, "--abi", "currant", Source(kProgram)},
                "unknown generation 'currant'; there are " + known + "; did you mean 'current'?");
    ExpectUsage({command, Source(kProgram)},
                "unknown generation 'zircon-2018-4'; there are " + known +
                    "; did you mean 'zircon-2018-04'?",
                {"HEDDLE_ABI=zircon-2018-4"});
    ExpectUsage({command, "--abi=fuchsia", Source(kProgram)},
                "unknown generation 'fuchsia'; there are " + known);
  }
}

TEST(CliUsage, NumbersAreWholeAndFit) {
  for (const std::string flag : {"--seed", "--runs", "--max-executions", "--max-steps"}) {
    for (const std::string text : {"-1", "x", "1.5", "18446744073709551616", "0x10", "+1"}) {
      const TempFolder folder;
      const Said said = Heddle(folder, {"explore", flag + "=" + text, Source(kProgram)});
      EXPECT_EQ(said.code, 64) << flag << "=" << text << "\n" << said.All();
      EXPECT_NE(said.FirstError().find(flag), std::string::npos) << said.All();
    }
  }
  ExpectUsage({"explore", "--runs", "0", Source(kProgram)},
              "--runs: '0' is no whole number from 1 on, or too large");
  ExpectUsage({"explore", "--max-steps", "0", Source(kProgram)},
              "--max-steps: '0' is no whole number from 1 to 2147483647");
  ExpectUsage({"explore", "--max-steps", "2147483648", Source(kProgram)},
              "--max-steps: '2147483648' is no whole number from 1 to 2147483647");
  ExpectUsage({"explore", Source(kProgram)},
              "--seed: '-1' is no whole number from 0 on, or too large", {"HEDDLE_SEED=-1"});
}

TEST(CliUsage, ABadExpectationIsAMistake) {
  for (const std::string text : {"violation", "violated:", "violated:HD1", "violated:hd101",
                                 "violated:HD1011", "violated:HDxxx", "Holds"}) {
    ExpectUsage({"explore", "--expect=" + text, Source(kProgram)},
                "--expect takes holds, violated or violated:ID, such as violated:HD101, not '" +
                    text + "'");
  }
}

TEST(CliUsage, ABadScheduleIsAMistake) {
  const TempFolder folder;
  for (const auto& [schedule, mistake] : std::vector<std::pair<std::string, std::string>>{
           {"x", "unknown thread 'x' in the schedule; the program has w, r"},
           {"w*0", "'w*0' in the schedule has no count from 1 after '*'"},
           {"w=y", "'w=y' in the schedule has no number after '='"}}) {
    const Said said = Heddle(folder, {"replay", "--schedule", schedule, Source(kProgram)});
    EXPECT_EQ(said.code, 64) << said.All();
    EXPECT_EQ(said.err, "heddle: " + mistake + "\n");
  }
  ExpectUsage({"replay", "--schedule", "w"}, "--schedule needs the litmus file that it is for");
}

TEST(CliUsage, ABadShardIsAMistake) {
  for (const std::string text : {"0/2", "3/2", "1", "1/", "/2", "a/2", "1/2/3", "-1/2", "auto/x"}) {
    ExpectUsage({"explore", "--shard=" + text, Source(kProgram)},
                "--shard takes I/N with I from 1 to N, auto or auto/N, not '" + text + "'");
  }
  for (const std::string text : {"auto", "auto/4"}) {
    ExpectUsage({"explore", "--shard", text, Source(kProgram)},
                "--shard " + text + ", but no job scheduler says which shard this is");
  }
}

TEST(CliUsage, WhatDoesNotGoWithASearchInPartsIsAMistake) {
  for (const Words& more :
       {Words{"-j", "2"}, Words{"--shard", "1/2"}, Words{"--checkpoint", "x"}}) {
    Words arguments = {"explore", "--max-executions", "5", Source(kProgram)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    ExpectUsage(arguments,
                "--max-executions does not go with a search in parts: which executions came first "
                "would depend on the workers; use --budget");
  }
  for (const std::string flag : {"--summary", "--checkpoint", "--resume"}) {
    const std::string mistake = flag + " is for one program under one generation";
    ExpectUsage({"explore", flag, "x", Source(kProgram), Source(kProgram)}, mistake);
    ExpectUsage({"explore", flag, "x", "--abi", "all", Source(kProgram)}, mistake);
    ExpectUsage({"explore", flag, "x", "@list"}, mistake);
  }
  ExpectUsage({"explore", "-j", "0", Source(kProgram)},
              "--jobs: '0' is no whole number from 1 on, or too large");
}

TEST(CliUsage, OnlyOneTraceAtATime) {
  for (const std::string command : {"replay", "minimize", "show"}) {
    ExpectUsage({command, "a.trace", "b.trace"}, "only one trace at a time");
  }
}

TEST(CliUsage, ExploreAndModelNeedAFile) {
  ExpectUsage({"explore"}, "FILES is required");
  ExpectUsage({"model"}, "FILES is required");
}

TEST(CliUsage, HelpIsAResult) {
  const TempFolder folder;
  for (const Words& arguments : {Words{"--help"}, Words{"explore", "--help"}, Words{"-h"}}) {
    const Said said = Heddle(folder, arguments);
    EXPECT_EQ(said.code, 0) << said.All();
    EXPECT_EQ(said.err, "");
    EXPECT_NE(said.out.find("Usage: heddle"), std::string::npos) << said.All();
  }
  const Said help = Heddle(folder, {"--help"});
  for (const std::string command :
       {"explore", "merge", "estimate", "model", "replay", "minimize", "show"}) {
    EXPECT_NE(help.out.find("  " + command), std::string::npos) << command;
  }
}

TEST(CliUsage, AFlagWinsOverAVariableAndAVariableOverTheDefault) {
  const TempFolder folder;
  const Words arguments = {"explore", "--strategy", "dfs", Source(kProgram)};
  Said said = Heddle(folder, arguments, {"HEDDLE_MAX_EXECUTIONS=3"});
  EXPECT_EQ(said.LastLine(), "runs reached: 3 executions, 0 cut short as repetitions");
  Words with_flag = arguments;
  with_flag.insert(with_flag.end(), {"--max-executions", "4"});
  said = Heddle(folder, with_flag, {"HEDDLE_MAX_EXECUTIONS=3"});
  EXPECT_EQ(said.LastLine(), "runs reached: 4 executions, 0 cut short as repetitions");
}

}  // namespace
}  // namespace tools
