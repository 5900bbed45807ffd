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
    {Search::kPortfolio, "sample", false, "a sample by all of the following in turn"},
    {Search::kSurw, "surw", false, "a sample: the orders on one shared object, equally likely"},
    {Search::kPos, "pos", false, "a sample: random priorities, drawn again where events conflict"},
    {Search::kPct, "pct", false, "a sample: random priorities of threads that change twice"},
    {Search::kUrw, "urw", false, "a sample: threads in proportion to what they have left"},
    {Search::kRandom, "random", false, "a sample: every choice uniform"},
}};

constexpr uint32_t kPctDepth = 3;  // Two changes of priority.

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

bool IsDrawnInRanges(Search search) {
  return !KindOf(search).is_complete && !MakeSampler(search)->needs_profile();
}

std::unique_ptr<sim::Strategy> MakeStrategy(Search search, uint64_t seed, uint64_t runs,
                                            uint64_t first) {
  switch (search) {
    case Search::kSourceSets:
      return std::make_unique<sim::Dpor>();
    case Search::kSleepSets:
      return std::make_unique<sim::SleepSets>();
    case Search::kBruteForce:
      return std::make_unique<sim::BruteForce>();
    default:
      break;
  }
  std::unique_ptr<sim::Sampler> sampler = MakeSampler(search);
  // Those that are profiled count as well.
  const uint64_t profiles = sampler->needs_profile() ? sim::Sampling::kProfiles : 0;
  return std::make_unique<sim::Sampling>(
      std::move(sampler), sim::Samples{seed, runs - std::min(runs, profiles), first});
}

}  // namespace props
