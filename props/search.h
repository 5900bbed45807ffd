// The ways to search the interleavings of a program, by the names that the command line gives them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "sim/strategy.h"

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

/// Whether any range of its executions can be drawn without the others; not if some are measured
/// first, to know what to draw.
bool IsDrawnInRanges(Search search);

/// The rest is for searches that draw: `runs` executions, `first` and those after it.
std::unique_ptr<sim::Strategy> MakeStrategy(Search search, uint64_t seed, uint64_t runs,
                                            uint64_t first = 0);

}  // namespace props
