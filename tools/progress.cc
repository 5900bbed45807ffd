#include "tools/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace tools {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// An execution takes microseconds; the clock is looked at once in so many.
constexpr uint64_t kExecutionsPerLook = 64;
constexpr milliseconds kRedrawEvery{200};

volatile std::sig_atomic_t g_interrupted = 0;

void OnInterrupt(int) {
  g_interrupted = 1;
  std::signal(SIGINT, SIG_DFL);  // The second one does what it always does.
}

bool RedrawsLine() {
  const char* term = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && std::getenv("CI") == nullptr && term != nullptr &&
         std::string_view(term) != "dumb";
}

// Lines of a log come at 10 s, 30 s, 1 min, then every minute.
seconds NextLogLine(seconds elapsed) {
  if (elapsed < seconds(10)) return seconds(10);
  if (elapsed < seconds(30)) return seconds(30);
  return seconds((elapsed.count() / 60 + 1) * 60);
}

}  // namespace

void CatchInterrupts() {
  std::signal(SIGINT, OnInterrupt);
}

ProgressLine::ProgressLine(std::string name, std::string strategy, bool quiet,
                           std::optional<std::chrono::nanoseconds> budget)
    : name_(std::move(name)),
      strategy_(std::move(strategy)),
      quiet_(quiet),
      redraws_(RedrawsLine()),
      budget_(budget),
      start_(Clock::now()),
      next_(start_ + (redraws_ ? Clock::duration(kRedrawEvery) : NextLogLine(seconds(0)))) {}

ProgressLine::~ProgressLine() {
  if (drawn_ && redraws_) fmt::print(stderr, "\r\033[K");
}

double ProgressLine::elapsed() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

props::Interruption ProgressLine::Update(const props::Progress& progress) {
  if (g_interrupted != 0) return props::Interruption::kSignal;
  if (calls_++ % kExecutionsPerLook != 0) return props::Interruption::kNone;
  const Clock::time_point now = Clock::now();
  if (budget_ && now - start_ >= *budget_) return props::Interruption::kBudget;
  if (!quiet_ && now >= next_) Draw(progress);
  return props::Interruption::kNone;
}

void ProgressLine::Draw(const props::Progress& progress) {
  const double so_far = elapsed();
  fmt::print(stderr, "{}{} {} {} runs {:.1f}k/s outcomes {} fail {} {:.0f}s{}",
             redraws_ ? "\r\033[K" : "", name_, strategy_, progress.executions,
             static_cast<double>(progress.executions) / so_far / 1000, progress.outcomes,
             progress.findings, so_far, redraws_ ? "" : "\n");
  std::fflush(stderr);
  drawn_ = true;
  next_ = redraws_ ? Clock::now() + kRedrawEvery
                   : start_ + NextLogLine(std::chrono::duration_cast<std::chrono::seconds>(
                                  Clock::now() - start_));
}

}  // namespace tools
