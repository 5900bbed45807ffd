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

namespace {

using namespace sim::examples;

struct Asked {
  uint32_t trials;
  uint64_t cap;
  std::string_view sampler;  // Empty: all of them. The same of
  std::string_view example;
};

void PrintRow(const Example& example, const Asked& asked) {
  if (!asked.example.empty() && asked.example != example.name) return;
  fmt::print("{:<18}", example.name);
  const auto scenario = example.make();
  for (const NamedSampler& sampler : AllSamplers()) {
    if (!asked.sampler.empty() && asked.sampler != sampler.name) continue;
    const FirstFailure result =
        MeasureFirstFailure(*scenario, sampler.make, asked.trials, asked.cap);
    std::string text = result.found == 0 ? "-" : fmt::format("{:.1f}", result.mean);
    if (result.found != 0 && result.found != result.trials) {
      text += fmt::format(" ({})", result.found);
    }
    fmt::print("{:>14}", text);
    std::fflush(stdout);
  }
  fmt::print("\n");
}

}  // namespace

int main(int argc, char** argv) {
  const Asked asked = {
      argc > 1 ? static_cast<uint32_t>(std::strtoul(argv[1], nullptr, 10)) : 20,
      argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 10'000,
      argc > 3 ? argv[3] : "",
      argc > 4 ? argv[4] : "",
  };
  fmt::print("{:<18}", "");
  for (const NamedSampler& sampler : AllSamplers()) {
    if (asked.sampler.empty() || asked.sampler == sampler.name) fmt::print("{:>14}", sampler.name);
  }
  fmt::print("\n");
  for (const Example& example : AllExamples()) PrintRow(example, asked);
  for (const Example& example : ExamplesOfManyThreads()) PrintRow(example, asked);
}
