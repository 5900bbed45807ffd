#include "tools/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "tools/exit_codes.h"

namespace tools {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// An execution takes microseconds; the clock is looked at once in so many.
constexpr uint64_t kExecutionsPerLook = 64;
constexpr milliseconds kRedrawEvery{200};
// The size of the search is measured for so long at first, and again as the search goes on.
constexpr milliseconds kMeasureFor{300};
constexpr int kMeasureShare = 10;  // At most one part in so many of the time.

volatile std::sig_atomic_t g_interrupted = 0;

void OnInterrupt(int signal) {
  g_interrupted = signal;
  std::signal(signal, SIG_DFL);  // The second one does what it always does.
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
  std::signal(SIGTERM, OnInterrupt);
}

int InterruptSignal() {
  return g_interrupted;
}

void NoteInterrupt(int signal) {
  g_interrupted = signal;
}

int InterruptedCode() {
  return g_interrupted == SIGTERM ? kExitTerminated : kExitInterrupted;
}

ProgressLine::ProgressLine(Setup setup)
    : setup_(std::move(setup)),
      redraws_(RedrawsLine()),
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
  return Look(progress);
}

props::Interruption ProgressLine::Look(const props::Progress& progress) {
  if (g_interrupted != 0) return props::Interruption::kSignal;
  const Clock::time_point now = Clock::now();
  if (setup_.budget && now - start_ >= *setup_.budget) return props::Interruption::kBudget;
  if (!setup_.quiet && now >= next_) Draw(progress);
  return props::Interruption::kNone;
}

std::string ProgressLine::DescribeEnd(const props::Progress& progress, double so_far) {
  if (setup_.draws) {
    const auto executions = static_cast<double>(std::max<uint64_t>(progress.executions, 1));
    const double chance = static_cast<double>(progress.singletons) / executions;
    return fmt::format("new outcome {:.2g}%", 100 * chance);  // Good and Turing's estimate.
  }
  const Clock::time_point now = Clock::now();
  if (setup_.measure && measured_ <= (now - start_) / kMeasureShare) {
    outlook_.Measured(setup_.measure(kMeasureFor));
    measured_ += Clock::now() - now;
  }
  return outlook_.Describe(progress.executions, so_far);
}

void ProgressLine::Draw(const props::Progress& progress) {
  const double so_far = elapsed();
  const uint64_t all = progress.executions + progress.cut_short;
  fmt::print(stderr, "{}{} {} {} runs {:.1f}k/s {} outcomes {} fail {} {:.0f}s{}",
             redraws_ ? "\r\033[K" : "", setup_.name, setup_.strategy, Grouped(progress.executions),
             static_cast<double>(all) / so_far / 1000, DescribeEnd(progress, so_far),
             progress.outcomes, progress.findings, so_far, redraws_ ? "" : "\n");
  std::fflush(stderr);
  drawn_ = true;
  next_ = redraws_ ? Clock::now() + kRedrawEvery
                   : start_ + NextLogLine(std::chrono::duration_cast<std::chrono::seconds>(
                                  Clock::now() - start_));
}

}  // namespace tools
