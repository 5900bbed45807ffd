// The ways to search the interleavings of a program, by the names that the command line gives them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "sim/strategies/path_search.h"
#include "sim/strategies/sampling.h"

namespace props {

enum class Search : uint8_t {
  kSourceSets,
  kSleepSets,
  kBruteForce,
  kPortfolio,
  kSurw,
  kPos,
  kPct,
  kUrw,
  kRandom,
};

struct SearchKind {
  Search search;
  std::string_view name;
  bool is_complete;              // It ends with every interleaving accounted for.
  std::string_view description;  // One line.
};

/// All of them, the default first.
std::span<const SearchKind> SearchKinds();
const SearchKind& KindOf(Search search);
/// Null if there is none of that name.
const SearchKind* SearchNamed(std::string_view name);

/// Of complete searches: one that can be split.
std::unique_ptr<sim::PathSearch> MakePathSearch(Search search);

/// Of searches that draw.
std::unique_ptr<sim::Sampler> MakeSampler(Search search);
/// So many of the first executions of a sample of `runs` are there to be profiled.
uint32_t ProfilesOf(Search search, uint64_t runs);

/// The whole search; the rest is for those that draw: `runs` executions.
std::unique_ptr<sim::Strategy> MakeStrategy(Search search, uint64_t seed, uint64_t runs);

}  // namespace props
