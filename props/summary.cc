#include "props/summary.h"

#include <fmt/format.h>

#include <vector>

namespace props {

namespace {

void Add(const CheckReport& part, CheckReport& sum) {
  sum.executions += part.executions;
  sum.cut_short += part.cut_short;
  for (const auto& [outcome, row] : part.outcomes) {
    const auto [known, is_new] = sum.outcomes.try_emplace(outcome, row);
    if (!is_new) known->second.count += row.count;
  }
  for (size_t i = 0; i < part.conditions.size(); ++i) {
    sum.conditions[i].holds += part.conditions[i].holds;
    sum.conditions[i].fails += part.conditions[i].fails;
  }
  for (const Finding& finding : part.findings) AddFinding(finding, sum);
  sum.histories.Add(part.histories);
}

CheckEnd EndOfWhole(const Summary& summary) {
  if (!KindOf(summary.id.search).is_complete) return CheckEnd::kRunsReached;
  return summary.shards == 1 ? CheckEnd::kComplete : CheckEnd::kShardDone;
}

}  // namespace

std::optional<std::string> Difference(const SearchId& here, const SearchId& there) {
  const auto differ = [](std::string_view what, const auto& a, const auto& b) {
    return fmt::format("{}: {} here, {} there", what, a, b);
  };
  if (!(here.litmus == there.litmus)) {
    return fmt::format("the program: {} with hash {:016x} here, {} with hash {:016x} there",
                       here.litmus.program.name, model::LitmusHash(here.litmus),
                       there.litmus.program.name, model::LitmusHash(there.litmus));
  }
  if (here.search != there.search) {
    return differ("the strategy", KindOf(here.search).name, KindOf(there.search).name);
  }
  const bool draws = !KindOf(here.search).is_complete;
  if (draws && here.seed != there.seed) return differ("the seed", here.seed, there.seed);
  if (draws && here.runs != there.runs) return differ("the runs", here.runs, there.runs);
  if (here.max_steps != there.max_steps) {
    return differ("the steps", here.max_steps, there.max_steps);
  }
  if (here.keep_going != there.keep_going) {
    return differ("keep going", here.keep_going, there.keep_going);
  }
  if (here.parts != there.parts) return differ("the parts", here.parts, there.parts);
  if (here.cut != there.cut) {
    return std::string("the cut: the core or the engine are of another build");
  }
  return std::nullopt;
}

CheckReport MergeParts(const Summary& summary) {
  CheckReport sum;
  sum.conditions.resize(summary.id.litmus.conditions.size());
  sum.end = EndOfWhole(summary);
  for (uint32_t part = summary.shard; part < summary.id.parts; part += summary.shards) {
    const auto found = summary.parts.find(part);
    if (found == summary.parts.end() || !found->second.is_done()) sum.end = summary.end;
    if (found == summary.parts.end()) continue;
    Add(found->second.report, sum);
    if (found->second.report.end == CheckEnd::kFirstFailure) {
      sum.end = CheckEnd::kFirstFailure;
      break;
    }
  }
  return sum;
}

std::variant<Summary, std::string> MergeShards(std::span<const Summary> shards) {
  Summary whole;
  whole.id = shards.front().id;
  whole.end = CheckEnd::kInterrupted;
  const uint32_t count = shards.front().shards;
  std::vector<bool> there(count);
  for (const Summary& shard : shards) {
    if (const auto difference = Difference(whole.id, shard.id)) {
      return "these summaries are not of one search; " + *difference;
    }
    if (shard.shards != count) {
      return fmt::format("these summaries are not of one search; one is of {} shards, one of {}",
                         count, shard.shards);
    }
    if (there[shard.shard]) {
      return fmt::format("shard {}/{} is there twice", shard.shard + 1, count);
    }
    there[shard.shard] = true;
    if (shard.end == CheckEnd::kBudget) whole.end = CheckEnd::kBudget;
    whole.seconds += shard.seconds;
    whole.parts.insert(shard.parts.begin(), shard.parts.end());
  }
  std::string missing;
  for (uint32_t i = 0; i < count; ++i) {
    if (!there[i]) missing += fmt::format("{}{}/{}", missing.empty() ? "" : ", ", i + 1, count);
  }
  if (!missing.empty()) return "not all shards are there; missing: " + missing;
  return whole;
}

}  // namespace props
