#include "tools/parts_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "props/parts.h"
#include "props/summary.h"
#include "props/summary_text.h"
#include "tools/exit_codes.h"
#include "tools/part_workers.h"

namespace tools {

namespace {

props::Summary Begin(const Options& options, const std::string& file, const model::Litmus& litmus,
                     const props::Parts& parts) {
  props::Summary summary;
  summary.id.litmus = litmus;
  summary.id.file = file;
  summary.id.search = options.search;
  summary.id.seed = options.seed;
  summary.id.runs = options.runs;
  summary.id.max_steps = options.max_steps;
  summary.id.keep_going = options.keep_going;
  summary.id.parts = parts.count();
  summary.id.cut = parts.hash();
  if (options.shard) {
    summary.shard = options.shard->index;
    summary.shards = options.shard->count;
  }
  return summary;
}

// Takes the parts of a checkpoint over; an exit code if it is none, or is of another search.
std::optional<int> Resume(const std::string& path, props::Summary& summary) {
  Loaded<props::Summary> loaded = LoadSummary(path);
  if (const int* code = std::get_if<int>(&loaded)) return *code;
  auto& checkpoint = std::get<props::Summary>(loaded);
  std::optional<std::string> difference = props::Difference(summary.id, checkpoint.id);
  if (!difference && (checkpoint.shard != summary.shard || checkpoint.shards != summary.shards)) {
    difference = fmt::format("the shard: {}/{} here, {}/{} there", summary.shard + 1,
                             summary.shards, checkpoint.shard + 1, checkpoint.shards);
  }
  if (difference) {
    fmt::print(stderr, "{}: error: this is the checkpoint of another search; {}\n", path,
               *difference);
    return kExitMalformed;
  }
  summary.parts = std::move(checkpoint.parts);
  summary.seconds = checkpoint.seconds;
  return std::nullopt;
}

}  // namespace

Loaded<props::CheckReport> SearchInParts(const Options& options, const std::string& file,
                                         const model::Litmus& litmus,
                                         const props::CheckOptions& check, ProgressLine& progress) {
  const props::Parts parts(litmus, check);
  props::Summary summary = Begin(options, file, litmus, parts);
  if (!options.resume.empty()) {
    if (const auto code = Resume(options.resume, summary)) return *code;
  }
  if (options.jobs > 1 && parts.count() == 1 && !options.quiet) {
    fmt::print(stderr, "heddle: {} cannot be cut into parts: one process does it all\n",
               litmus.program.name);
  }
  const std::optional<model::AllowedOutcomes> allowed = props::AllowedOutcomesOf(litmus);
  const double before = summary.seconds;
  bool written = true;
  const auto write = [&](const std::string& path) {
    summary.seconds = before + progress.elapsed();
    written = WriteFile(path, props::PrintSummary(summary)) && written;
  };
  PartWorkers::Setup setup{
      litmus, check, parts, allowed ? &*allowed : nullptr, std::max(options.jobs, 1u), {}, {}};
  setup.progress = [&](const props::Progress& seen) { return progress.Look(seen); };
  if (!options.checkpoint.empty()) setup.save = [&] { write(options.checkpoint); };
  PartWorkers(setup, summary).Run();
  for (const std::string& path : {options.checkpoint, options.summary}) {
    if (!path.empty()) write(path);
  }
  if (!written) return kExitIo;
  props::CheckReport report = props::MergeParts(summary);
  report.model = allowed;
  if (report.end == props::CheckEnd::kComplete) props::AddMissing(litmus, check.search, report);
  return report;
}

}  // namespace tools
