// Scenarios as GoogleTest tests, one for each that is linked in:
//
//     HEDDLE_SCENARIO_SUITE();
//
// makes `Scenarios/ScenarioTest.Holds/NAME`. A test searches as `heddle explore NAME` does. Where
// something is wrong, the failure message holds the report and the line that replays it, and the
// minimal trace is saved in .heddle, which is in the folder that the test runs in.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "props/scenario.h"

namespace props {

/// Empty if the scenario holds on everything that a complete search sees within its bounds.
std::string ExploreScenario(const Scenario& scenario, const std::string& output_dir = ".heddle");

inline std::vector<std::string> ScenarioNames() {
  std::vector<std::string> names;
  for (const Scenario* scenario : Scenarios()) names.push_back(scenario->name());
  return names;
}

class ScenarioTest : public testing::TestWithParam<std::string> {};

inline std::string ScenarioTestName(const testing::TestParamInfo<std::string>& info) {
  return info.param;
}

}  // namespace props

// The names are asked for when GoogleTest starts: by then all scenarios have registered themselves.
#define HEDDLE_SCENARIO_SUITE()                                                         \
  namespace props {                                                                     \
  TEST_P(ScenarioTest, Holds) {                                                         \
    EXPECT_EQ(ExploreScenario(*FindScenario(GetParam())), "");                          \
  }                                                                                     \
  INSTANTIATE_TEST_SUITE_P(Scenarios, ScenarioTest, testing::ValuesIn(ScenarioNames()), \
                           ScenarioTestName);                                           \
  }                                                                                     \
  static_assert(true)
