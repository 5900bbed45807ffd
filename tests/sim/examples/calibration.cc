#include "tests/sim/examples/calibration.h"

#include <memory>

#include "tests/sim/examples/first_failure.h"
#include "tests/sim/examples/programs.h"

namespace sim::examples {

namespace {

SamplerFactory SamplerNamed(const std::string& name) {
  for (const NamedSampler& sampler : AllSamplers()) {
    if (name == sampler.name) return sampler.make;
  }
  return nullptr;
}

std::unique_ptr<Scenario> ExampleNamed(const std::string& name) {
  for (const auto& examples : {AllExamples(), ExamplesOfManyThreads()}) {
    for (const Example& example : examples) {
      if (name == example.name) return example.make();
    }
  }
  return nullptr;
}

double CappedMean(const FirstFailure& result, uint64_t cap) {
  const double missed = static_cast<double>((result.trials - result.found) * cap);
  return (result.mean * result.found + missed) / result.trials;
}

}  // namespace

std::string NameOf(const testing::TestParamInfo<Known>& test) {
  return test.param.example;
}

void ExpectBetweenHalfAndTwiceTheKnown(const Known& known, uint32_t trials) {
  const auto scenario = ExampleNamed(known.example);
  const FirstFailure surw = MeasureFirstFailure(*scenario, SamplerNamed("SURW"), trials, 10'000);
  EXPECT_EQ(surw.found, trials);
  EXPECT_GE(surw.mean, known.surw / 2);
  EXPECT_LE(surw.mean, known.surw * 2);
}

AgainstWalk MeasureAgainstWalk(const Known& known, uint32_t trials, uint64_t cap) {
  const auto scenario = ExampleNamed(known.example);
  const auto capped_mean = [&](const char* sampler) {
    return CappedMean(MeasureFirstFailure(*scenario, SamplerNamed(sampler), trials, cap), cap);
  };
  return {capped_mean("SURW"), capped_mean("RW")};
}

}  // namespace sim::examples
