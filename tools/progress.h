// Progress of a long search on stderr: a line redrawn on a terminal, now and then a line elsewhere.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "props/check.h"
#include "tools/outlook.h"

namespace tools {

class ProgressLine {
 public:
  struct Setup {
    std::string name;
    std::string strategy;
    bool quiet = false;
    std::optional<std::chrono::nanoseconds> budget;
    bool draws = false;  // Executions are drawn: the chance of something new is told, no end.
    /// Measures the size of the search for so long; may be empty. Asked when a line is due, for a
    /// small part of the time.
    std::function<Size(std::chrono::nanoseconds)> measure;
  };

  explicit ProgressLine(Setup setup);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// Called after every execution; looks at the clock now and then.
  props::Interruption Update(const props::Progress& progress);
  /// Looks at the clock now.
  props::Interruption Look(const props::Progress& progress);

  /// Seconds since the start.
  double elapsed() const;

 private:
  using Clock = std::chrono::steady_clock;
  void Draw(const props::Progress& progress);

  std::string DescribeEnd(const props::Progress& progress, double so_far);

  const Setup setup_;
  const bool redraws_;
  const Clock::time_point start_;
  Clock::time_point next_;
  uint64_t calls_ = 0;
  bool drawn_ = false;
  std::chrono::nanoseconds measured_{0};  // So long.
  Outlook outlook_;
};

/// From now on the first SIGINT or SIGTERM ends the search in progress instead of the process.
void CatchInterrupts();
/// That signal, or 0 if none has come.
int InterruptSignal();
/// As if `signal`, SIGINT or SIGTERM, had come: a process that takes part was sent it.
void NoteInterrupt(int signal);
/// The exit code of a search that was interrupted: it tells by which signal.
int InterruptedCode();

}  // namespace tools
