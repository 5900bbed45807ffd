// What a search saw, part by part: what shards write and `heddle merge` reads, what is kept when a
// search is interrupted, what worker processes tell.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "model/litmus.h"
#include "props/check.h"
#include "props/parts.h"

namespace props {

/// What is searched, and how: summaries with the same answer to that can be put together.
struct SearchId {
  model::Litmus litmus;
  std::string file;  // That the program was read from.
  Search search = Search::kSourceSets;
  uint64_t seed = 0;
  uint64_t runs = 0;
  uint32_t max_steps = 0;
  bool keep_going = false;
  uint32_t parts = 1;
  uint64_t cut = 0;  // Parts::hash().
};

/// The first thing in which two searches are not the same, in words; none if they are.
std::optional<std::string> Difference(const SearchId& here, const SearchId& there);

struct Summary {
  SearchId id;
  uint32_t shard = 0;  // Of `shards`; it has the parts whose number leaves this remainder.
  uint32_t shards = 1;
  CheckEnd end = CheckEnd::kInterrupted;  // Why it ended, if some part is not done.
  double seconds = 0;
  std::map<uint32_t, PartReport> parts;
};

/// All parts together, as if one search had seen them in order: after a part that ended with a
/// failure nothing counts, since that search would have ended there.
CheckReport MergeParts(const Summary& summary);

/// The summary of a whole search from those of its shards; or the mistake.
std::variant<Summary, std::string> MergeShards(std::span<const Summary> shards);

}  // namespace props
