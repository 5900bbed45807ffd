#include "props/search.h"

#include <algorithm>
#include <array>

#include "sim/strategies/brute_force.h"
#include "sim/strategies/dpor.h"
#include "sim/strategies/pct.h"
#include "sim/strategies/portfolio.h"
#include "sim/strategies/pos.h"
#include "sim/strategies/random_walk.h"
#include "sim/strategies/sampling.h"
#include "sim/strategies/sleep_sets.h"
#include "sim/strategies/surw.h"
#include "sim/strategies/urw.h"

namespace props {

namespace {

constexpr std::array<SearchKind, 9> kSearches = {{
    {Search::kSourceSets, "dpor", true,
     "complete: one execution per class of equivalent interleavings (source sets)"},
    {Search::kSleepSets, "sleep", true,
     "complete: the same classes by sleep sets alone, with more executions cut short"},
    {Search::kBruteForce, "dfs", true, "complete: every interleaving"},
    {Search::kPortfolio, "sample", false,
     "a sample: --runs executions by all of the following in turn, pct with depths 2, 3, 5 and 10"},
    {Search::kSurw, "surw", false, "a sample: the orders on one shared object, equally likely"},
    {Search::kPos, "pos", false, "a sample: random priorities, drawn again where events conflict"},
    {Search::kPct, "pct", false,
     "a sample: random priorities of threads that change twice (depth 3)"},
    {Search::kUrw, "urw", false, "a sample: threads in proportion to what they have left"},
    {Search::kRandom, "random", false, "a sample: every choice uniform"},
}};

constexpr uint32_t kPctDepth = 3;  // Two changes of priority.

}  // namespace

std::span<const SearchKind> SearchKinds() {
  return kSearches;
}

const SearchKind& KindOf(Search search) {
  return *std::find_if(kSearches.begin(), kSearches.end(),
                       [=](const SearchKind& kind) { return kind.search == search; });
}

const SearchKind* SearchNamed(std::string_view name) {
  const auto found = std::find_if(kSearches.begin(), kSearches.end(),
                                  [=](const SearchKind& kind) { return kind.name == name; });
  return found == kSearches.end() ? nullptr : &*found;
}

std::unique_ptr<sim::PathSearch> MakePathSearch(Search search) {
  switch (search) {
    case Search::kSleepSets:
      return std::make_unique<sim::SleepSets>();
    case Search::kBruteForce:
      return std::make_unique<sim::BruteForce>();
    default:
      return std::make_unique<sim::Dpor>();
  }
}

std::unique_ptr<sim::Sampler> MakeSampler(Search search) {
  switch (search) {
    case Search::kSurw:
      return std::make_unique<sim::Surw>();
    case Search::kPos:
      return std::make_unique<sim::Pos>();
    case Search::kPct:
      return std::make_unique<sim::Pct>(kPctDepth);
    case Search::kUrw:
      return std::make_unique<sim::Urw>();
    case Search::kRandom:
      return std::make_unique<sim::UniformSampler>();
    default:
      return std::make_unique<sim::Portfolio>();
  }
}

uint32_t ProfilesOf(Search search, uint64_t runs) {
  if (!MakeSampler(search)->needs_profile()) return 0;
  return static_cast<uint32_t>(std::min<uint64_t>(runs, sim::Samples::kProfiles));
}

std::unique_ptr<sim::Strategy> MakeStrategy(Search search, uint64_t seed, uint64_t runs) {
  if (KindOf(search).is_complete) return MakePathSearch(search);
  sim::Samples samples;
  samples.seed = seed;
  samples.end_profile = ProfilesOf(search, runs);
  samples.executions = runs - samples.end_profile;
  return std::make_unique<sim::Sampling>(MakeSampler(search), samples);
}

}  // namespace props
