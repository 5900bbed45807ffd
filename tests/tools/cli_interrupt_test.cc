// An interrupt ends the search in progress, not the command: the summary is printed.
#include <gtest/gtest.h>

#include <string>

#include "tests/tools/command.h"

namespace tools {
namespace {

const std::string kEndless = "props/litmus/xfer+wr.litmus";  // For brute force, as good as endless.

TEST(CliInterrupt, TheFirstOneEndsTheSearchWithItsSummary) {
  const TempFolder folder;
  Command command(folder, {"explore", "--strategy", "dfs", Source(kEndless)});
  ASSERT_TRUE(command.WaitUntilItCatchesInterrupts());
  command.Interrupt();
  const Said said = command.Wait();
  EXPECT_EQ(said.code, 130) << said.All();
  EXPECT_TRUE(said.LastLine().starts_with("interrupted: ")) << said.All();
  EXPECT_NE(said.out.find("\nHistogram ("), std::string::npos) << said.All();
  EXPECT_NE(said.out.find(", bounded)\n"), std::string::npos) << said.All();
  EXPECT_NE(said.out.find("\nUnknown\n"), std::string::npos) << said.All();
}

TEST(CliInterrupt, NoFurtherFileIsSearched) {
  const TempFolder folder;
  Command command(
      folder, {"explore", "--strategy", "dfs", Source(kEndless), Source("props/litmus/mp.litmus")});
  ASSERT_TRUE(command.WaitUntilItCatchesInterrupts());
  command.Interrupt();
  const Said said = command.Wait();
  EXPECT_EQ(said.code, 130) << said.All();
  EXPECT_EQ(said.out.find("Test MP"), std::string::npos) << said.All();
}

}  // namespace
}  // namespace tools
