#include "traces/files.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace traces {

namespace fs = std::filesystem;

namespace {

std::string Complaint(const std::string& path, const std::string& why) {
  return fmt::format("{}: error: cannot be written: {}", path, why);
}

}  // namespace

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

std::string FailurePath(const std::string& dir, const std::string& program,
                        const std::string& fingerprint, bool minimized) {
  return fmt::format("{}/failures/{}/{}{}.trace", dir, FolderName(program), fingerprint,
                     minimized ? ".min" : "");
}

std::optional<std::string> WriteFile(const std::string& path, const std::string& content) {
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  const std::string temporary = fmt::format("{}.{}.part", path, getpid());
  {
    std::ofstream out(temporary, std::ios::binary);
    out << content;
    out.close();
    if (!out) {
      std::string complaint = Complaint(path, std::strerror(errno));
      fs::remove(temporary, error);
      return complaint;
    }
  }
  fs::rename(temporary, path, error);
  if (!error) return std::nullopt;
  std::string complaint = Complaint(path, error.message());
  fs::remove(temporary, error);
  return complaint;
}

std::optional<std::string> SetLatest(const std::string& dir, const std::string& path) {
  const fs::path link = fs::path(dir) / "latest";
  const fs::path temporary = fs::path(dir) / fmt::format("latest.{}.part", getpid());
  std::error_code error;
  fs::remove(temporary, error);
  const fs::path target = fs::relative(path, dir, error);
  if (!error) fs::create_symlink(target, temporary, error);
  if (!error) fs::rename(temporary, link, error);
  if (!error) return std::nullopt;
  return Complaint(link.string(), error.message());
}

}  // namespace traces
