// Which share of a search this process does.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace tools {

/// Shard `index`, from 0, of `count`.
struct Shard {
  uint32_t index = 0;
  uint32_t count = 1;
};

/// "2/8", from 1; "auto": what the sharding of GoogleTest or a Slurm array says; "auto/8": what an
/// indexed job of Kubernetes says, which does not know its size. Or the mistake, in words.
std::variant<Shard, std::string> ParseShard(std::string_view text);

}  // namespace tools
