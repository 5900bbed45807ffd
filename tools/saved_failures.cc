#include "tools/saved_failures.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <variant>
#include <vector>

#include "tools/files.h"
#include "traces/files.h"
#include "traces/text.h"

namespace tools {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> MinimalTracesIn(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().string().ends_with(".min.trace")) paths.push_back(it->path());
  }
  std::ranges::sort(paths);
  return paths;
}

// Without a word on what is wrong with it: nobody asked for this file.
std::optional<traces::Trace> ReadTrace(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  auto parsed = traces::ParseTrace(text.str());
  if (!std::holds_alternative<traces::Trace>(parsed)) return std::nullopt;
  return std::get<traces::Trace>(std::move(parsed));
}

}  // namespace

std::optional<SavedFailure> FindSavedFailure(const Options& options, const model::Litmus& litmus) {
  const fs::path folder =
      fs::path(traces::FailurePath(options.output_dir, litmus.program.name, "any", true))
          .parent_path();
  const std::vector<fs::path> paths = MinimalTracesIn(folder);
  if (paths.empty()) return std::nullopt;
  const std::string text = model::PrintLitmus(litmus);
  const model::AllowedOutcomes allowed = model::EnumerateOutcomes(litmus);
  for (const fs::path& path : paths) {
    const std::optional<traces::Trace> trace = ReadTrace(path);
    if (!trace || trace->litmus != text) continue;
    props::Recording recording = props::Rerun(litmus, &allowed, *trace, options.max_steps);
    if (recording.mismatch || !recording.finding) continue;
    return SavedFailure{path.string(), std::move(recording)};
  }
  return std::nullopt;
}

}  // namespace tools
