// Prints how many executions every way of sampling needs for every example: the mean over the
// trials that found the bug, and how many those were unless all did.
//
//   sampling_table [trials [cap [sampler [example]]]]
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tests/sim/examples/first_failure.h"
#include "tests/sim/examples/programs.h"

int main(int argc, char** argv) {
  using namespace sim::examples;
  const uint32_t trials = argc > 1 ? static_cast<uint32_t>(std::strtoul(argv[1], nullptr, 10)) : 20;
  const uint64_t cap = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 10'000;
  const std::string_view only = argc > 3 ? argv[3] : "";
  fmt::print("{:<18}", "");
  for (const NamedSampler& sampler : AllSamplers()) {
    if (only.empty() || only == sampler.name) fmt::print("{:>14}", sampler.name);
  }
  fmt::print("\n");
  const std::string_view only_example = argc > 4 ? argv[4] : "";
  for (const Example& example : AllExamples()) {
    if (!only_example.empty() && only_example != example.name) continue;
    fmt::print("{:<18}", example.name);
    const auto scenario = example.make();
    for (const NamedSampler& sampler : AllSamplers()) {
      if (!only.empty() && only != sampler.name) continue;
      const FirstFailure result = MeasureFirstFailure(*scenario, sampler.make, trials, cap);
      std::string text = result.found == 0 ? "-" : fmt::format("{:.1f}", result.mean);
      if (result.found != 0 && result.found != trials) text += fmt::format(" ({})", result.found);
      fmt::print("{:>14}", text);
      std::fflush(stdout);
    }
    fmt::print("\n");
  }
}
