// The examples of up to a hundred threads, on the engine that is built for so many; see
// calibration.h.
#include <gtest/gtest.h>

#include <array>

#include "tests/sim/examples/calibration.h"

namespace sim::examples {
namespace {

constexpr std::array<Known, 4> kKnown = {{{"reorder_50", 107, true},
                                          {"reorder_100", 197, true},
                                          {"twostage_50", 138, true},
                                          {"twostage_100", 289, true}}};

class Calibration : public testing::TestWithParam<Known> {};
INSTANTIATE_TEST_SUITE_P(SctBench, Calibration, testing::ValuesIn(kKnown), NameOf);

TEST_P(Calibration, SurwNeedsBetweenHalfAndTwiceTheKnownExecutions) {
  ExpectBetweenHalfAndTwiceTheKnown(GetParam(), 30);
}

TEST_P(Calibration, AWalkFindsNothingInManyTimesAsManyExecutions) {
  constexpr uint64_t kCap = 3'000;
  const AgainstWalk means = MeasureAgainstWalk(GetParam(), 1, kCap);
  EXPECT_LT(means.surw, kCap);
  EXPECT_EQ(means.walk, kCap);
}

}  // namespace
}  // namespace sim::examples
