// Progress of a long search on stderr: a line redrawn on a terminal, now and then a line elsewhere.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "props/check.h"

namespace tools {

class ProgressLine {
 public:
  ProgressLine(std::string name, std::string strategy, bool quiet,
               std::optional<std::chrono::nanoseconds> budget);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// Called after every execution; looks at the clock now and then.
  props::Interruption Update(const props::Progress& progress);

  /// Seconds since the start.
  double elapsed() const;

 private:
  using Clock = std::chrono::steady_clock;
  void Draw(const props::Progress& progress);

  const std::string name_;
  const std::string strategy_;
  const bool quiet_;
  const bool redraws_;
  const std::optional<std::chrono::nanoseconds> budget_;
  const Clock::time_point start_;
  Clock::time_point next_;
  uint64_t calls_ = 0;
  bool drawn_ = false;
};

/// From now on the first interrupt ends the search in progress instead of the process.
void CatchInterrupts();

}  // namespace tools
