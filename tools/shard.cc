#include "tools/shard.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>

namespace tools {

namespace {

std::optional<uint32_t> ParseNumber(std::string_view text) {
  uint32_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

// A number of the environment, if it is one.
std::optional<uint32_t> NumberOf(const char* variable) {
  const char* text = std::getenv(variable);
  return text == nullptr ? std::nullopt : ParseNumber(text);
}

// What a job scheduler has chosen.
std::optional<Shard> ShardOfJob(std::optional<uint32_t> count) {
  if (count) {
    const auto index = NumberOf("JOB_COMPLETION_INDEX");
    return index ? std::optional(Shard{*index, *count}) : std::nullopt;
  }
  const auto test = NumberOf("GTEST_SHARD_INDEX");
  const auto tests = NumberOf("GTEST_TOTAL_SHARDS");
  if (test && tests) return Shard{*test, *tests};
  const auto task = NumberOf("SLURM_ARRAY_TASK_ID");
  const auto tasks = NumberOf("SLURM_ARRAY_TASK_COUNT");
  const uint32_t first = NumberOf("SLURM_ARRAY_TASK_MIN").value_or(0);
  if (task && tasks && *task >= first) return Shard{*task - first, *tasks};
  return std::nullopt;
}

}  // namespace

std::variant<Shard, std::string> ParseShard(std::string_view text) {
  const size_t slash = std::min(text.find('/'), text.size());
  const std::string_view index = text.substr(0, slash);
  std::optional<uint32_t> count;
  if (slash < text.size()) count = ParseNumber(text.substr(slash + 1));
  if (index == "auto" && (slash == text.size() || count)) {
    const auto shard = ShardOfJob(count);
    if (shard && shard->index < shard->count) return *shard;
    return fmt::format("--shard {}, but no job scheduler says which shard this is", text);
  }
  const auto number = ParseNumber(index);
  if (number && count && *number >= 1 && *number <= *count) return Shard{*number - 1, *count};
  return fmt::format("--shard takes I/N with I from 1 to N, auto or auto/N, not '{}'", text);
}

}  // namespace tools
