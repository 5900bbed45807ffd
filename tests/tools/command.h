// Runs the heddle command in a folder of its own, and keeps what it said.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace tools {

/// A folder that disappears with the test.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  /// Makes a file, and the folders it is in.
  void Write(const std::string& name, std::string_view content) const;
  /// Its files and those of its folders, by their path in it, sorted. Links count as files.
  std::vector<std::string> Files() const;

 private:
  std::string path_;
};

/// Programs of the source tree: nothing is wrong with the one, a claim of the other is broken.
inline const std::string kHolds = "props/litmus/mp.litmus";
inline const std::string kRace = "props/litmus/races/two-readers.litmus";

using Words = std::vector<std::string>;
inline bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string ReadFile(const std::string& path);
/// A file of the source tree.
std::string Source(const std::string& path);

struct Said {
  int code = -1;  // Exit code; 128 + n when signal n ended it, as a shell says.
  std::string out;
  std::string err;

  std::string FirstError() const;  // The first line of stderr.
  std::string LastLine() const;    // Of stdout.
  /// Everything, for messages of tests.
  std::string All() const;
};

/// A heddle command that has been started. Its environment is this one's without any variable that
/// could change what it does, and with `variables` ("NAME=value").
class Command {
 public:
  Command(const TempFolder& folder, const std::vector<std::string>& arguments,
          const std::vector<std::string>& variables = {},
          const std::string& program = HEDDLE_COMMAND);
  ~Command();  // Ends it if nobody waited.
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  /// Returns once it catches interrupts; false if it ends before or does not for a long time.
  bool WaitUntilItCatchesInterrupts() const;
  void Interrupt() const;
  void Send(int signal) const;
  /// The processes that it has started and that run; waits a while until there is one.
  std::vector<pid_t> Workers() const;
  Said Wait();

 private:
  const TempFolder& folder_;
  TempFolder streams_;
  pid_t pid_ = -1;
};

/// Runs it to its end.
Said Run(const std::string& program, const TempFolder& folder,
         const std::vector<std::string>& arguments, const std::vector<std::string>& variables = {});
/// The heddle of this build.
Said Heddle(const TempFolder& folder, const std::vector<std::string>& arguments,
            const std::vector<std::string>& variables = {});

}  // namespace tools
