// SURW against its published strength: executions until an example fails, for the same programs in
// a simulator like ours. A sampler that is subtly wrong still finds bugs, only later; this is what
// notices.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "tests/sim/examples/first_failure.h"
#include "tests/sim/examples/programs.h"

namespace sim::examples {
namespace {

struct Known {
  const char* example;
  double surw;  // Mean over 20 trials, so with a standard error of 22 % of itself.
  bool surw_beats_walk;
};

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

std::string NameOf(const testing::TestParamInfo<Known>& test) {
  return test.param.example;
}

class Calibration : public testing::TestWithParam<Known> {};
INSTANTIATE_TEST_SUITE_P(SctBench, Calibration, testing::ValuesIn(kKnown), NameOf);

class AgainstAWalk : public testing::TestWithParam<Known> {};
INSTANTIATE_TEST_SUITE_P(SctBench, AgainstAWalk, testing::ValuesIn(WhereSurwBeatsAWalk()), NameOf);

SamplerFactory SamplerNamed(const std::string& name) {
  for (const NamedSampler& sampler : AllSamplers()) {
    if (name == sampler.name) return sampler.make;
  }
  return nullptr;
}

std::unique_ptr<Scenario> ExampleNamed(const std::string& name) {
  for (const Example& example : AllExamples()) {
    if (name == example.name) return example.make();
  }
  return nullptr;
}

// The mean with a standard error of 7 % of itself (the numbers of a trial are geometric), which
// leaves the factor of two to the known number and to how the program was written down.
TEST_P(Calibration, SurwNeedsBetweenHalfAndTwiceTheKnownExecutions) {
  constexpr uint32_t kTrials = 200;
  const auto scenario = ExampleNamed(GetParam().example);
  const FirstFailure surw = MeasureFirstFailure(*scenario, SamplerNamed("SURW"), kTrials, 10'000);
  EXPECT_EQ(surw.found, kTrials);
  EXPECT_GE(surw.mean, GetParam().surw / 2);
  EXPECT_LE(surw.mean, GetParam().surw * 2);
}

// A trial that finds nothing counts as the cap.
double CappedMean(const FirstFailure& result, uint64_t cap) {
  const double missed = static_cast<double>((result.trials - result.found) * cap);
  return (result.mean * result.found + missed) / result.trials;
}

TEST_P(AgainstAWalk, SurwNeedsFewerExecutions) {
  constexpr uint32_t kTrials = 100;
  constexpr uint64_t kCap = 500;
  const auto scenario = ExampleNamed(GetParam().example);
  const auto surw = MeasureFirstFailure(*scenario, SamplerNamed("SURW"), kTrials, kCap);
  const auto walk = MeasureFirstFailure(*scenario, SamplerNamed("RW"), kTrials, kCap);
  EXPECT_LT(CappedMean(surw, kCap), CappedMean(walk, kCap));
}

TEST(Examples, ThePortfolioFindsEveryBug) {
  for (const Example& example : AllExamples()) {
    const auto scenario = example.make();
    const auto found = MeasureFirstFailure(*scenario, SamplerNamed("portfolio"), 10, 2'000);
    EXPECT_EQ(found.found, found.trials) << example.name;
  }
}

}  // namespace
}  // namespace sim::examples
