// Workers, shards, checkpoints: what is found does not depend on them.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "sim/engine/random.h"
#include "tests/tools/command.h"

namespace tools {
namespace {

const std::string kSuspended = "props/litmus/call+suspend.litmus";
const std::string kSeconds = "tools/bench/call+suspend-thrice.litmus";

Words operator+(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// What is printed, but for the time that it took.
std::string Result(const Said& said) {
  const size_t time = said.out.find("\nTime ");
  if (time == std::string::npos) return said.out;
  const size_t end = said.out.find('\n', time + 1);
  return std::to_string(said.code) + said.out.substr(0, time) + said.out.substr(end);
}

// About a second of work for sleep sets: 2 of the 3 suspensions.
std::string SuspendedTwice() {
  std::string text = ReadFile(Source(kSeconds));
  const std::string pair = "  zx_thread_suspend(c);\n  zx_thread_resume(c);\n";
  return text.erase(text.find(pair), pair.size());
}

Words SearchWith(const std::string& workers) {
  return {"explore", "-q", "-j", workers, "--strategy", "sleep", "x.litmus"};
}

// The claim is broken, but the first part that shows it is far from the first.
constexpr std::string_view kLateFailure = R"(Zircon order
{ process client, server; channel a : client.a0 <-> server.a1; }
thread client.x { x1 = zx_channel_write(a0, "x1"); x2 = zx_channel_write(a0, "x2"); }
thread client.y { y1 = zx_channel_write(a0, "y1"); }
thread server.r { m1 = zx_channel_read(a1); m2 = zx_channel_read(a1); }
thread client.c { zx_handle_close(a0); }
locations [ r:m1; r:m1.bytes; r:m2; r:m2.bytes; ]
~exists "y first" (r:m1.bytes = "y1" /\ r:m2.bytes = "x1")
)";

TEST(CliParts, TheFirstFailureIsTheSameWhoeverIsFaster) {
  const TempFolder folder;
  folder.Write("x.litmus", kLateFailure);
  const Said one = Heddle(folder, {"explore", "-q", "-j", "1", "x.litmus"});
  EXPECT_EQ(one.code, 1) << one.All();
  EXPECT_TRUE(one.LastLine().starts_with("first failure: ")) << one.All();
  for (const std::string workers : {"2", "3", "8", "8", "8"}) {
    const Said said = Heddle(folder, {"explore", "-q", "-j", workers, "x.litmus"});
    EXPECT_EQ(Result(said), Result(one)) << said.All();
  }
  Words merge = {"merge", "-q"};
  for (const std::string shard : {"1/3", "2/3", "3/3"}) {
    merge.push_back("summary" + shard.substr(0, 1));
    Heddle(folder, {"explore", "-q", "--shard", shard, "--summary", merge.back(), "x.litmus"});
  }
  const Said merged = Heddle(folder, merge);
  EXPECT_EQ(Result(merged), Result(one)) << merged.All();
}

TEST(CliParts, AnyNumberOfWorkersSaysTheSame) {
  for (const std::string& file : {kSuspended, kRace}) {
    for (const Words& more :
         {Words{}, Words{"--keep-going"}, Words{"--strategy", "random", "--runs", "3000"}}) {
      std::string first;
      for (const std::string workers : {"1", "2", "3"}) {
        const TempFolder folder;
        const Said said =
            Heddle(folder, Words{"explore", "-q", "-j", workers, Source(file)} + more);
        if (first.empty()) first = Result(said);
        EXPECT_EQ(Result(said), first) << said.All();
        EXPECT_EQ(said.err, "");
      }
    }
  }
}

TEST(CliParts, ShardsMergeToWhatOneProcessSays) {
  for (const std::string& file : {kSuspended, kRace}) {
    const TempFolder whole_folder;
    const Said whole = Heddle(whole_folder, {"explore", "-q", "-j", "1", Source(file)});
    for (const int count : {1, 2, 5, 16}) {
      const TempFolder folder;
      Words merge = {"merge", "-q"};
      for (int i = count; i >= 1; --i) {
        const std::string shard = std::to_string(i) + "/" + std::to_string(count);
        merge.push_back("summary" + std::to_string(i));
        const Said said = Heddle(
            folder, {"explore", "-q", "--shard", shard, "--summary", merge.back(), Source(file)});
        EXPECT_TRUE(said.code == 0 || (file == kRace && said.code == 1)) << said.All();
      }
      const Said merged = Heddle(folder, merge);
      EXPECT_EQ(Result(merged), Result(whole)) << merged.All();
    }
  }
}

TEST(CliParts, AShardAloneClaimsNoMoreThanItsShare) {
  const TempFolder folder;
  const Said said = Heddle(folder, {"explore", "--shard", "3/4", Source(kSuspended)});
  EXPECT_EQ(said.code, 0) << said.All();
  EXPECT_TRUE(said.LastLine().starts_with("shard complete: ")) << said.out;
  EXPECT_TRUE(Has(said.out, ", one shard)\n")) << said.out;
  EXPECT_FALSE(Has(said.out, "BROKEN")) << said.out;
}

TEST(CliParts, TheShardCanComeFromAJobScheduler) {
  const TempFolder folder;
  const auto explore = [&](const std::string& shard, const Words& variables) {
    return Result(Heddle(folder, {"explore", "--shard", shard, Source(kSuspended)}, variables));
  };
  const std::string second = explore("2/3", {});
  EXPECT_EQ(explore("auto", {"GTEST_SHARD_INDEX=1", "GTEST_TOTAL_SHARDS=3"}), second);
  EXPECT_EQ(explore("auto", {"SLURM_ARRAY_TASK_ID=8", "SLURM_ARRAY_TASK_MIN=7",
                             "SLURM_ARRAY_TASK_COUNT=3"}),
            second);
  EXPECT_EQ(explore("auto/3", {"JOB_COMPLETION_INDEX=1"}), second);
  EXPECT_NE(explore("1/3", {}), second);
}

TEST(CliParts, SummariesThatDoNotMakeAWholeAreNotMerged) {
  const TempFolder folder;
  const auto summary = [&](const std::string& shard, const std::string& file, const Words& more) {
    Heddle(folder, Words{"explore", "-q", "--shard", shard, "--summary", file} + more);
  };
  summary("1/3", "a", {Source(kSuspended)});
  summary("2/3", "b", {Source(kSuspended)});
  summary("2/3", "other", {Source("props/litmus/mp.litmus")});
  const auto expect = [&](const Words& files, int code, const std::string& error) {
    const Said said = Heddle(folder, Words{"merge"} + files);
    EXPECT_EQ(said.code, code) << said.All();
    EXPECT_TRUE(said.FirstError().starts_with(error)) << said.err;
    EXPECT_EQ(said.out, "");
  };
  expect({"a", "b"}, 65, "heddle: not all shards are there; missing: 3/3");
  expect({"a", "b", "a"}, 65, "heddle: shard 1/3 is there twice");
  expect({"a", "other"}, 65, "heddle: these summaries are not of one search; the program: ");
  expect({"a", "nowhere"}, 66, "nowhere: error: there is no such file");
  folder.Write("text", "no summary");
  expect({"text"}, 65, "text: error: ");
}

// Ends a search with SIGKILL `kills` times, at any moment, and each time takes it up again.
void KillAndResume(const std::string& workers, int kills) {
  const TempFolder folder;
  folder.Write("x.litmus", SuspendedTwice());
  const Words search = SearchWith(workers);
  const std::string whole = Result(Heddle(folder, search));
  EXPECT_TRUE(Has(whole, "\ncomplete: ")) << whole;
  Words resumed = search + Words{"--checkpoint", "saved"};
  bool is_resumed = false;
  sim::Random random(17);
  int resumes = 0;
  for (int i = 0; i < kills; ++i) {
    Command command(folder, resumed);
    usleep(50'000 + random.Below(500'000));
    command.Send(SIGKILL);
    command.Wait();
    const std::vector<std::string> files = folder.Files();
    const bool is_saved = std::find(files.begin(), files.end(), "saved") != files.end();
    if (is_saved && !is_resumed) resumed = resumed + Words{"--resume", "saved"};
    is_resumed = is_resumed || is_saved;
    resumes += is_saved ? 1 : 0;
  }
  EXPECT_GT(resumes, 0);
  const Said said = Heddle(folder, resumed);
  EXPECT_EQ(Result(said), whole) << said.All();
}

// HEDDLE_TEST_KILLS says how often; 20 and more take a while.
TEST(CliParts, ASearchThatIsKilledAtAnyMomentGoesOnToTheSameEnd) {
  const char* kills = std::getenv("HEDDLE_TEST_KILLS");
  const int count = kills == nullptr ? 5 : std::atoi(kills);
  KillAndResume("1", count);
  KillAndResume("3", count);
}

TEST(CliParts, AnInterruptLeavesACheckpointThatGoesOnToTheSameEnd) {
  const TempFolder folder;
  folder.Write("x.litmus", SuspendedTwice());
  const Words search = SearchWith("2");
  const std::string whole = Result(Heddle(folder, search));
  for (const auto& [signal, code] : {std::pair(SIGINT, 130), std::pair(SIGTERM, 143)}) {
    const Words saving = search + Words{"--checkpoint", std::to_string(code)};
    Command command(folder, saving);
    ASSERT_FALSE(command.Workers().empty());
    command.Send(signal);
    const Said said = command.Wait();
    EXPECT_EQ(said.code, code) << said.All();
    EXPECT_TRUE(said.LastLine().starts_with("interrupted: ")) << said.All();
    const Said again = Heddle(folder, saving + Words{"--resume", std::to_string(code)});
    EXPECT_EQ(Result(again), whole) << again.All();
  }
}

TEST(CliParts, ABudgetCanBeSpentAgainAndAgain) {
  const TempFolder folder;
  folder.Write("x.litmus", SuspendedTwice());
  const Words search = SearchWith("2");
  const std::string whole = Result(Heddle(folder, search));
  Said said = Heddle(folder, search + Words{"--budget", "100ms", "--checkpoint", "saved"});
  EXPECT_EQ(said.code, 2) << said.All();
  EXPECT_TRUE(said.LastLine().starts_with("budget: ")) << said.out;
  for (int i = 0; i < 1000 && said.code == 2; ++i) {
    said = Heddle(
        folder, search + Words{"--budget", "200ms", "--checkpoint", "saved", "--resume", "saved"});
  }
  EXPECT_EQ(Result(said), whole) << said.All();
}

TEST(CliParts, ACheckpointOfAnotherSearchIsRefused) {
  const TempFolder folder;
  Heddle(folder, {"explore", "-q", "--checkpoint", "saved", Source(kSuspended)});
  const auto expect = [&](const Words& search, int code, const std::string& error) {
    const Said said = Heddle(folder, Words{"explore", "--resume", "saved"} + search);
    EXPECT_EQ(said.code, code) << said.All();
    EXPECT_TRUE(said.FirstError().starts_with(error)) << said.err;
  };
  const std::string other = "saved: error: this is the checkpoint of another search; ";
  expect({Source(kSuspended), "--max-steps", "500"}, 65,
         other + "the steps: 500 here, 20000 there");
  expect({Source(kSuspended), "--strategy", "sleep"}, 65, other + "the strategy: sleep here, ");
  expect({Source(kSuspended), "--shard", "2/3"}, 65, other + "the shard: 2/3 here, 1/1 there");
  expect({Source("props/litmus/mp.litmus")}, 65, other + "the program: MP with hash ");
  expect({Source(kSuspended), "--abi", "magenta-2017"}, 65, other + "the program: ");
  expect({Source(kSuspended)}, 0, "");
  std::string cut = ReadFile(folder / "saved");
  folder.Write("saved", cut.substr(0, cut.size() / 2));
  expect({Source(kSuspended)}, 65, "saved: error: ");
}

TEST(CliParts, AWorkerThatCrashesIsAnInternalErrorThatNamesThePart) {
  const TempFolder folder;
  Command command(folder, {"explore", "-q", "-j", "2", Source(kSeconds)});
  const std::vector<pid_t> workers = command.Workers();
  ASSERT_FALSE(workers.empty());
  kill(workers.front(), SIGABRT);  // Sanitizers handle other crashes their own way.
  const Said said = command.Wait();
  EXPECT_EQ(said.code, 70) << said.All();
  EXPECT_TRUE(said.FirstError().starts_with(
      "heddle: internal error: a worker was ended by signal 6 (Aborted) in part "))
      << said.err;
}

TEST(CliParts, ASearchThatCannotBeCutIsDoneByOneProcess) {
  const TempFolder folder;
  const Said said = Heddle(
      folder, {"explore", "--preemptions", "1", "-j", "2", Source("props/litmus/mp.litmus")});
  EXPECT_EQ(said.code, 0) << said.All();
  EXPECT_EQ(said.err, "heddle: MP cannot be cut into parts: one process does it all\n");
}

// Each part of a sample knows the same profile.
TEST(CliParts, EverySearchThatCanBeCutSaysTheSameForEveryNumberOfWorkers) {
  const TempFolder folder;
  for (const Words& strategy :
       {Words{"sleep"}, Words{"sample", "--runs", "700"}, Words{"surw", "--runs", "700"},
        Words{"pct", "--runs", "2"}, Words{"urw", "--seed", "3", "--runs", "300"}}) {
    const Words search = Words{"explore", "-q", "--keep-going", "--strategy"} + strategy;
    const auto explore = [&](const Words& more) {
      return Result(Heddle(folder, search + more + Words{Source(kSuspended)}));
    };
    const std::string one = explore({"-j", "1"});
    EXPECT_EQ(one.front(), '0') << one;
    EXPECT_EQ(explore({"-j", "3"}), one);
    if (strategy.size() > 1) {
      EXPECT_EQ(explore({}), one) << "of a sample, parts are the whole";
    }
  }
}

TEST(CliEstimate, SaysSizeSpeedAndTime) {
  const TempFolder folder;
  Said said = Heddle(folder, {"estimate", Source("props/litmus/mp.litmus")});
  EXPECT_EQ(said.code, 0) << said.All();
  EXPECT_TRUE(Has(said.out, "\nClasses  6 (counted)\n")) << said.out;
  EXPECT_TRUE(Has(said.out, "\nTime     less than 0.1 s in one process\n")) << said.out;
}

TEST(CliEstimate, WhatWasNotCountedHasAnErrorOrIsUnknown) {
  const TempFolder folder;
  const Said said = Heddle(folder, {"estimate", "--budget", "200ms", Source(kSeconds)});
  EXPECT_FALSE(Has(said.out, "(counted)")) << said.out;
  if (said.code == 0) {
    EXPECT_TRUE(Has(said.out, "\nClasses  ~")) << said.out;
    EXPECT_TRUE(Has(said.out, " (standard error)\n")) << said.out;
  } else {
    EXPECT_EQ(said.code, 2) << said.All();
    EXPECT_TRUE(Has(said.out, "\nClasses  unknown, at least ")) << said.out;
    EXPECT_TRUE(Has(said.out, "\nTime     unknown; ")) << said.out;
  }
}

}  // namespace
}  // namespace tools
