// Every scenario of ours holds; what the suite says of one that does not.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/props/scenario_suite.h"

HEDDLE_SCENARIO_SUITE();

namespace props {
namespace {

TEST(ScenarioSuite, HoldsAtLeastSix) {
  EXPECT_GE(ScenarioNames().size(), 6u);
}

// Described by hand, so that it is not one of the suite.
TEST(ScenarioSuite, AFailureSaysWhatBrokeWhereAndHowToReplayIt) {
  const Scenario* broken = FindScenario("echo_server");
  ASSERT_NE(broken, nullptr);
  Scenario changed = *broken;
  changed.litmus.within.steps = 20;
  const std::string folder = testing::TempDir() + "/scenario-suite";
  const std::string said = ExploreScenario(changed, folder);
  std::filesystem::remove_all(folder);
  for (const std::string part :
       {"HD202  step limit   props/scenarios/echo_server.cc\n", "\n   1", "  schedule  ",
        "/failures/echo_server/", "\n  replay    heddle replay "}) {
    EXPECT_NE(said.find(part), std::string::npos) << part << "\n" << said;
  }
}

}  // namespace
}  // namespace props
