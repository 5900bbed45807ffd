// heddle merge: what the shards of a search saw, as if one process had seen it.
#include <fmt/format.h>

#include <utility>

#include "props/summary.h"
#include "tools/commands.h"
#include "tools/exit_codes.h"
#include "tools/file_explorer.h"
#include "tools/files.h"

namespace tools {

int Merge(const Options& options) {
  std::vector<props::Summary> shards;
  for (const std::string& path : options.inputs) {
    Loaded<props::Summary> shard = LoadSummary(path);
    if (const int* code = std::get_if<int>(&shard)) return *code;
    shards.push_back(std::get<props::Summary>(std::move(shard)));
  }
  auto merged = props::MergeShards(shards);
  if (const auto* mistake = std::get_if<std::string>(&merged)) {
    fmt::print(stderr, "heddle: {}\n", *mistake);
    return kExitMalformed;
  }
  const props::Summary& summary = std::get<props::Summary>(merged);
  const props::SearchId& id = summary.id;
  Options searched = options;
  searched.search = id.search;
  searched.seed = id.seed;
  searched.runs = id.runs;
  searched.max_steps = id.max_steps;
  props::CheckReport report = props::MergeParts(summary);
  report.model = props::AllowedOutcomesOf(id.litmus);
  if (report.end == props::CheckEnd::kComplete) {
    props::AddMissing(id.litmus, id.search, report);
  }
  return FileExplorer(searched, id.file, id.litmus).Present(std::move(report), summary.seconds);
}

}  // namespace tools
