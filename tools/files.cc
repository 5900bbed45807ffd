#include "tools/files.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "props/summary_text.h"
#include "tools/exit_codes.h"
#include "traces/text.h"

namespace tools {

namespace fs = std::filesystem;

namespace {

// A program may be called anything; a folder should not be "..", or one inside another.
std::string FolderName(const std::string& program) {
  std::string name = program;
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '+' || c == '-' || c == '_' || c == '.';
    if (!plain) c = '_';
  }
  if (name.empty() || name.front() == '.') name.insert(name.begin(), '_');
  return name;
}

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

Loaded<model::Litmus> LoadLitmus(const std::string& path) {
  Loaded<std::string> text = ReadInput(path);
  if (const int* code = std::get_if<int>(&text)) return *code;
  return ParseProgram(std::get<std::string>(text), path);
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

std::string FailurePath(const std::string& output_dir, const std::string& program,
                        const std::string& fingerprint, bool minimized) {
  return fmt::format("{}/failures/{}/{}{}.trace", output_dir, FolderName(program), fingerprint,
                     minimized ? ".min" : "");
}

bool WriteFile(const std::string& path, const std::string& content) {
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  const std::string temporary = fmt::format("{}.{}.part", path, getpid());
  {
    std::ofstream out(temporary, std::ios::binary);
    out << content;
    out.close();
    if (!out) {
      fmt::print(stderr, "{}: error: cannot be written: {}\n", path, std::strerror(errno));
      fs::remove(temporary, error);
      return false;
    }
  }
  fs::rename(temporary, path, error);
  if (!error) return true;
  fmt::print(stderr, "{}: error: cannot be written: {}\n", path, error.message());
  fs::remove(temporary, error);
  return false;
}

bool SetLatest(const std::string& output_dir, const std::string& path) {
  const fs::path link = fs::path(output_dir) / "latest";
  const fs::path temporary = fs::path(output_dir) / fmt::format("latest.{}.part", getpid());
  std::error_code error;
  fs::remove(temporary, error);
  const fs::path target = fs::relative(path, output_dir, error);
  if (!error) fs::create_symlink(target, temporary, error);
  if (!error) fs::rename(temporary, link, error);
  if (!error) return true;
  fmt::print(stderr, "{}: error: cannot be written: {}\n", link.string(), error.message());
  return false;
}

}  // namespace tools
