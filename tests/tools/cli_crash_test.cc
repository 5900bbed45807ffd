// Crashes and memory errors on the command line: findings like any other. And processes that end
// otherwise, which are none.
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "tests/tools/command.h"

namespace tools {
namespace {

struct Wrong {
  std::string scenario;
  std::string told;  // How the finding begins.
};

const std::vector<Wrong> kWrongs = {
    {"free_twice", "HD501  memory error   "},
    {"write_after_free", "HD501  memory error   "},
    {"give_up", "HD703  crash   "},
};

TEST(CliCrash, IsSavedReplayedAndMinimizedLikeAnyOtherFinding) {
  for (const Wrong& wrong : kWrongs) {
    SCOPED_TRACE(wrong.scenario);
    const TempFolder folder;
    const auto run = [&](const Words& words) {
      return tools::Run(HEDDLE_BROKEN_COMMAND, folder, words);
    };
    const Said found = run({"explore", "-q", wrong.scenario});
    EXPECT_EQ(found.code, 1) << found.All();
    EXPECT_TRUE(Has(found.out, "\n" + wrong.told)) << found.All();
    const Said replayed = run({"replay"});
    EXPECT_EQ(replayed.code, 1) << replayed.All();
    EXPECT_TRUE(replayed.out.starts_with(wrong.told)) << replayed.All();
    const Said minimized = run({"minimize"});
    EXPECT_EQ(minimized.code, 0) << minimized.All();
    EXPECT_TRUE(Has(minimized.out, "\n" + wrong.told)) << minimized.All();
    const Said mended = tools::Run(HEDDLE_MENDED_COMMAND, folder, {"replay"});
    EXPECT_EQ(mended.code, 5) << mended.All();
  }
}

TEST(CliCrash, EndsItsExecutionAndNotTheSearch) {
  for (const Wrong& wrong : kWrongs) {
    for (const Words& more : {Words{}, Words{"-j", "2"}}) {
      const TempFolder folder;
      Words words = {"explore", "-q", "--keep-going", wrong.scenario};
      words.insert(words.end(), more.begin(), more.end());
      const Said said = tools::Run(HEDDLE_BROKEN_COMMAND, folder, words);
      EXPECT_EQ(said.code, 1) << said.All();
      EXPECT_TRUE(Has(said.out, wrong.told)) << said.All();
      EXPECT_TRUE(said.LastLine().starts_with("complete: ")) << said.All();
    }
  }
}

// A run that takes minutes, of which a worker is sent a signal.
Said FuzzWithASignalTo(const TempFolder& folder, int signal) {
  Command command(folder, {"fuzz", "-q", "--seed", "1", "--runs", "1000000", "-j", "2"});
  EXPECT_TRUE(command.WaitUntilItCatchesInterrupts());
  const std::vector<pid_t> workers = command.Workers();
  if (!workers.empty()) kill(workers.front(), signal);
  return command.Wait();
}

TEST(CliCrash, AWorkerThatIsAskedToEndEndsTheRun) {
  for (const auto& [signal, code] : {std::pair(SIGTERM, 143), std::pair(SIGINT, 130)}) {
    const TempFolder folder;
    const Said said = FuzzWithASignalTo(folder, signal);
    EXPECT_EQ(said.code, code) << said.All();
    EXPECT_TRUE(Has(said.out, "\ninterrupted: ")) << said.All();
    EXPECT_FALSE(Has(said.out, "HD703")) << said.All();
    EXPECT_EQ(said.err, "");
  }
}

TEST(CliCrash, AWorkerThatIsKilledIsAnInternalErrorAndNoFinding) {
  for (const int signal : {SIGKILL, SIGABRT}) {
    const TempFolder folder;
    const Said said = FuzzWithASignalTo(folder, signal);
    EXPECT_EQ(said.code, 70) << said.All();
    EXPECT_TRUE(Has(said.out, "\nworker lost: ")) << said.All();
    EXPECT_FALSE(Has(said.out, "HD703")) << said.All();
    EXPECT_TRUE(said.FirstError().starts_with(
        "heddle: internal error: a worker was ended by signal " + std::to_string(signal) + " ("))
        << said.err;
    EXPECT_EQ(folder.Files(), Words());
  }
}

}  // namespace
}  // namespace tools
