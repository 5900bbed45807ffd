// The examples of few threads; see calibration.h.
#include "tests/sim/examples/calibration.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "tests/sim/examples/first_failure.h"
#include "tests/sim/examples/programs.h"

namespace sim::examples {
namespace {

constexpr std::array<Known, 14> kKnown = {{{"reorder_3", 8, true},
                                           {"reorder_4", 7, true},
                                           {"reorder_5", 8, true},
                                           {"reorder_10", 22, true},
                                           {"reorder_20", 3, true},
                                           {"twostage", 10, true},
                                           {"twostage_20", 66, true},
                                           {"lazy01", 2, false},
                                           {"deadlock01", 3, false},
                                           {"account", 4, true},
                                           {"stack", 2, false},
                                           {"wronglock_3", 5, false},
                                           {"wronglock", 5, false},
                                           {"bluetooth_driver", 15, true}}};

std::vector<Known> WhereSurwBeatsAWalk() {
  std::vector<Known> those;
  for (const Known& known : kKnown) {
    if (known.surw_beats_walk) those.push_back(known);
  }
  return those;
}

class Calibration : public testing::TestWithParam<Known> {};
INSTANTIATE_TEST_SUITE_P(SctBench, Calibration, testing::ValuesIn(kKnown), NameOf);

class AgainstAWalk : public testing::TestWithParam<Known> {};
INSTANTIATE_TEST_SUITE_P(SctBench, AgainstAWalk, testing::ValuesIn(WhereSurwBeatsAWalk()), NameOf);

TEST_P(Calibration, SurwNeedsBetweenHalfAndTwiceTheKnownExecutions) {
  ExpectBetweenHalfAndTwiceTheKnown(GetParam(), 200);
}

TEST_P(AgainstAWalk, SurwNeedsFewerExecutions) {
  const AgainstWalk means = MeasureAgainstWalk(GetParam(), 100, 500);
  EXPECT_LT(means.surw, means.walk);
}

TEST(Examples, ThePortfolioFindsEveryBug) {
  for (const Example& example : AllExamples()) {
    const auto scenario = example.make();
    const auto found = MeasureFirstFailure(*scenario, AllSamplers().back().make, 10, 2'000);
    EXPECT_EQ(found.found, found.trials) << example.name;
  }
}

}  // namespace
}  // namespace sim::examples
