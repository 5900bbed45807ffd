#include "tools/files.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "props/bounds.h"
#include "props/scenario.h"
#include "props/summary_text.h"
#include "tools/exit_codes.h"
#include "traces/files.h"
#include "traces/text.h"

namespace tools {

namespace fs = std::filesystem;

namespace {

// Far above any program or trace of ours; a larger file is something else.
constexpr uintmax_t kMaxInputBytes = uintmax_t{256} << 20;

}  // namespace

Loaded<std::string> ReadInput(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    fmt::print(stderr, "{}: error: there is no such file\n", path);
    return kExitMissing;
  }
  if (fs::is_directory(status)) {
    fmt::print(stderr, "{}: error: this is a folder; name a file in it\n", path);
    return kExitMissing;
  }
  const uintmax_t size = fs::is_regular_file(status) ? fs::file_size(path, error) : 0;
  if (size > kMaxInputBytes) {
    fmt::print(stderr, "{}: error: {} bytes are too much for a litmus file or a trace\n", path,
               size);
    return kExitMalformed;
  }
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) {
    // An empty file leaves the stream failed as well: nothing was inserted.
    if (in.is_open() && size == 0) return std::string();
    fmt::print(stderr, "{}: error: cannot be read: {}\n", path, std::strerror(errno));
    return kExitMissing;
  }
  return text.str();
}

Loaded<model::Litmus> ParseProgram(const std::string& text, const std::string& name) {
  auto parsed = model::ParseLitmus(text);
  if (const auto* error = std::get_if<model::LitmusError>(&parsed)) {
    fmt::print(stderr, "{}", model::FormatLitmusError(*error, name));
    return kExitMalformed;
  }
  return std::get<model::Litmus>(std::move(parsed));
}

namespace {

// Keys that the parser takes for annotations.
std::optional<int> RefuseBounds(const model::Litmus& litmus, const std::string& name) {
  const auto mistake = props::FindBoundMistake(litmus);
  if (!mistake) return std::nullopt;
  fmt::print(stderr, "{}: error: {}\n", name, *mistake);
  return kExitMalformed;
}

// A program that names a scenario can run if that is here, and starts as the program says.
std::optional<int> RefuseScenario(const model::Litmus& litmus, const std::string& name) {
  const auto mistake = props::FindScenarioMistake(litmus);
  if (!mistake) return std::nullopt;
  const std::string_view scenario = props::ScenarioNameOf(litmus);
  if (*mistake == props::ScenarioMistake::kUnknown) {
    fmt::print(stderr,
               "{}: error: this heddle has no scenario '{}'; it may be part of another program. "
               "See heddle list.\n",
               name, scenario);
    return kExitMissing;
  }
  fmt::print(stderr, "{}: error: scenario '{}' has changed: it starts with something else now\n",
             name, scenario);
  return kExitDiverged;
}

}  // namespace

Loaded<model::Litmus> LoadLitmus(const std::string& path) {
  std::error_code error;
  if (!fs::exists(path, error)) {
    if (const props::Scenario* scenario = props::FindScenario(path)) return scenario->litmus;
    if (path.find_first_of("./") == std::string::npos) {
      fmt::print(
          stderr,
          "{}: error: there is no such file, and no scenario of that name; see heddle list\n",
          path);
      return kExitMissing;
    }
  }
  Loaded<std::string> text = ReadInput(path);
  if (const int* code = std::get_if<int>(&text)) return *code;
  Loaded<model::Litmus> litmus = ParseProgram(std::get<std::string>(text), path);
  if (const auto* program = std::get_if<model::Litmus>(&litmus)) {
    if (const auto code = RefuseBounds(*program, path)) return *code;
    if (const auto code = RefuseScenario(*program, path)) return *code;
  }
  return litmus;
}

Loaded<model::Litmus> ProgramToRun(const traces::Trace& trace, const std::string& path) {
  Loaded<model::Litmus> litmus = ParseProgram(trace.litmus, path + " (program)");
  if (const auto* program = std::get_if<model::Litmus>(&litmus)) {
    if (const auto code = RefuseBounds(*program, path)) return *code;
    if (const auto code = RefuseScenario(*program, path)) return *code;
  }
  return litmus;
}

std::string SourceOf(const model::Litmus& litmus, const std::string& file) {
  const props::Scenario* scenario = props::ScenarioOf(litmus);
  return scenario != nullptr ? scenario->file : file;
}

Loaded<traces::Trace> LoadTrace(const std::string& path) {
  Loaded<std::string> text = ReadInput(path);
  if (const int* code = std::get_if<int>(&text)) return *code;
  auto parsed = traces::ParseTrace(std::get<std::string>(text));
  if (const auto* error = std::get_if<traces::TraceError>(&parsed)) {
    fmt::print(stderr, "{}:{}:1: error: {}\n", path, error->line, error->message);
    return kExitMalformed;
  }
  return std::get<traces::Trace>(std::move(parsed));
}

Loaded<props::Summary> LoadSummary(const std::string& path) {
  Loaded<std::string> text = ReadInput(path);
  if (const int* code = std::get_if<int>(&text)) return *code;
  auto parsed = props::ParseSummary(std::get<std::string>(text));
  if (const auto* mistake = std::get_if<std::string>(&parsed)) {
    fmt::print(stderr, "{}: error: {}\n", path, *mistake);
    return kExitMalformed;
  }
  return std::get<props::Summary>(std::move(parsed));
}

Loaded<std::string> TracePath(const std::string& output_dir,
                              const std::vector<std::string>& inputs) {
  if (!inputs.empty()) return inputs.front();
  std::string latest = output_dir + "/latest";
  std::error_code error;
  if (fs::exists(latest, error)) return latest;
  fmt::print(stderr,
             "heddle: no failure has been saved in {}; name a trace, or find a failure first with "
             "heddle explore\n",
             output_dir);
  return kExitMissing;
}

bool WriteFile(const std::string& path, const std::string& content) {
  const std::optional<std::string> complaint = traces::WriteFile(path, content);
  if (complaint) fmt::print(stderr, "{}\n", *complaint);
  return !complaint;
}

}  // namespace tools
