#include "tests/tools/command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

extern char** environ;

namespace tools {

namespace fs = std::filesystem;

TempFolder::TempFolder() : path_((fs::temp_directory_path() / "heddle-test-XXXXXX").string()) {
  if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "no folder for temporary files";
}

TempFolder::~TempFolder() {
  std::error_code error;
  fs::remove_all(path_, error);
}

void TempFolder::Write(const std::string& name, std::string_view content) const {
  const fs::path path = fs::path(path_) / name;
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

std::vector<std::string> TempFolder::Files() const {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(path_)) {
    if (entry.is_directory()) continue;
    files.push_back(fs::relative(entry.path().parent_path(), path_) / entry.path().filename());
  }
  for (std::string& file : files) {
    if (file.starts_with("./")) file.erase(0, 2);
  }
  std::ranges::sort(files);
  return files;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string Source(const std::string& path) {
  return (fs::path(HEDDLE_SOURCE_DIR) / path).string();
}

std::string Said::FirstError() const {
  return err.substr(0, err.find('\n'));
}

std::string Said::LastLine() const {
  if (!out.ends_with('\n')) return out.empty() ? "" : "no newline at the end";
  const std::string lines = out.substr(0, out.size() - 1);
  const size_t before = lines.rfind('\n');
  return before == std::string::npos ? lines : lines.substr(before + 1);
}

std::string Said::All() const {
  return fmt::format("exit code {}\n--- stdout\n{}--- stderr\n{}---\n", code, out, err);
}

Command::Command(const TempFolder& folder, const std::vector<std::string>& arguments,
                 const std::vector<std::string>& variables, const std::string& program)
    : folder_(folder) {
  std::vector<std::string> words = {program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment = variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const bool changes_it = text.starts_with("HEDDLE_") || text.starts_with("CI=");
    if (!changes_it) environment.emplace_back(text);
  }
  const auto pointers = [](std::vector<std::string>& strings) {
    std::vector<char*> result;
    for (std::string& string : strings) result.push_back(string.data());
    result.push_back(nullptr);
    return result;
  };
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder_.path().c_str());
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  const int flags = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, (streams_ / "out").c_str(), flags,
                                   0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, (streams_ / "err").c_str(), flags,
                                   0600);
  const int failed = posix_spawn(&pid_, program.c_str(), &actions, nullptr, pointers(words).data(),
                                 pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    pid_ = -1;
    ADD_FAILURE() << program << " cannot be started";
  }
}

Command::~Command() {
  if (pid_ == -1) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

bool Command::WaitUntilItCatchesInterrupts() const {
  constexpr int kLooks = 6000;
  constexpr useconds_t kPause = 10'000;
  for (int i = 0; i < kLooks && pid_ != -1; ++i) {
    std::ifstream status(fmt::format("/proc/{}/status", pid_));
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("State:\tZ")) return false;
      if (!line.starts_with("SigCgt:")) continue;
      const uint64_t caught = std::strtoull(line.c_str() + 7, nullptr, 16);
      if (((caught >> (SIGINT - 1)) & 1) != 0) return true;
    }
    usleep(kPause);
  }
  return false;
}

void Command::Interrupt() const {
  Send(SIGINT);
}

void Command::Send(int signal) const {
  if (pid_ != -1) kill(pid_, signal);
}

std::vector<pid_t> Command::Workers() const {
  constexpr int kLooks = 6000;
  constexpr useconds_t kPause = 10'000;
  std::vector<pid_t> workers;
  for (int i = 0; i < kLooks && workers.empty(); ++i) {
    std::ifstream children(fmt::format("/proc/{}/task/{}/children", pid_, pid_));
    for (pid_t child = 0; children >> child;) workers.push_back(child);
    usleep(kPause);
  }
  return workers;
}

Said Command::Wait() {
  Said said;
  if (pid_ == -1) return said;
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  said.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  said.out = ReadFile(streams_ / "out");
  said.err = ReadFile(streams_ / "err");
  return said;
}

Said Run(const std::string& program, const TempFolder& folder,
         const std::vector<std::string>& arguments, const std::vector<std::string>& variables) {
  return Command(folder, arguments, variables, program).Wait();
}

Said Heddle(const TempFolder& folder, const std::vector<std::string>& arguments,
            const std::vector<std::string>& variables) {
  return Command(folder, arguments, variables).Wait();
}

}  // namespace tools
