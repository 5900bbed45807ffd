#include "tests/sim/examples/first_failure.h"

#include <array>

#include "sim/engine/explorer.h"
#include "sim/strategies/pct.h"
#include "sim/strategies/portfolio.h"
#include "sim/strategies/pos.h"
#include "sim/strategies/random_walk.h"
#include "sim/strategies/surw.h"
#include "sim/strategies/urw.h"

namespace sim::examples {

namespace {

template <typename Kind, uint32_t... kDepth>
std::unique_ptr<Sampler> MakeSampler() {
  return std::make_unique<Kind>(kDepth...);
}

constexpr std::array<NamedSampler, 7> kSamplers = {{
    {"SURW", MakeSampler<Surw>},
    {"URW", MakeSampler<Urw>},
    {"POS", MakeSampler<Pos>},
    {"PCT3", MakeSampler<Pct, 3>},
    {"PCT10", MakeSampler<Pct, 10>},
    {"RW", MakeSampler<UniformSampler>},
    {"portfolio", MakeSampler<Portfolio>},
}};

}  // namespace

std::span<const NamedSampler> AllSamplers() {
  return kSamplers;
}

FirstFailure MeasureFirstFailure(Scenario& scenario, SamplerFactory sampler, uint32_t trials,
                                 uint64_t cap) {
  ExploreOptions options;
  options.limits.visible_releases = true;
  options.limits.arena_bytes = size_t{1} << 20;
  options.determinism_every = 0;
  FirstFailure result;
  double sum = 0;
  for (uint64_t seed = 1; seed <= trials; ++seed) {
    Sampling strategy(sampler(), {seed, cap});
    const uint64_t profiled = sampler()->needs_profile() ? Sampling::kProfiles : 0;
    uint64_t executions = 0;
    bool failed = false;
    Explore(scenario, strategy, options, [&](const Execution& execution) {
      failed = ++executions > profiled && execution.failure.has_value();
      return !failed;
    });
    ++result.trials;
    if (!failed) continue;
    ++result.found;
    sum += static_cast<double>(executions - profiled);
  }
  if (result.found != 0) result.mean = sum / result.found;
  return result;
}

}  // namespace sim::examples
