// Several threads that do the same at the same time, timed as one.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <limits>
#include <thread>
#include <vector>

namespace bench {

/// Nanoseconds of the wall per operation, of whichever thread. Each thread has an operation of its
/// own, from `make(thread)`, and all begin together, again and again; the shortest time from the
/// first to begin to the last to end counts, so that a machine that is busy with something else
/// need only for once let all of them run.
class SideBySide {
 public:
  SideBySide(int threads, int operations) : threads_(threads), operations_(operations) {}

  template <typename Make>
  double Run(const Make& make) {
    for (int i = 0; i < threads_; ++i) times_.emplace_back(kWindows);
    std::vector<std::thread> threads;
    for (int i = 0; i < threads_; ++i) {
      threads.emplace_back([this, &make, &times = times_[static_cast<size_t>(i)], i] {
        auto operation = make(i);
        for (Window& window : times) {
          BeginTogether();
          window.begin = Clock::now();
          for (int k = 0; k < operations_; ++k) operation();
          window.end = Clock::now();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    return Best();
  }

 private:
  using Clock = std::chrono::steady_clock;
  struct Window {
    Clock::time_point begin;
    Clock::time_point end;
  };
  static constexpr size_t kWindows = 100;

  // Spins, since a thread that is woken comes late.
  void BeginTogether() {
    const int round = arrived_.fetch_add(1) / threads_;
    while (arrived_.load() < (round + 1) * threads_) continue;
  }

  double Best() const {
    double best = std::numeric_limits<double>::infinity();
    for (size_t i = 0; i < kWindows; ++i) {
      Window all = times_[0][i];
      for (const std::vector<Window>& times : times_) {
        all.begin = std::min(all.begin, times[i].begin);
        all.end = std::max(all.end, times[i].end);
      }
      const std::chrono::duration<double, std::nano> taken = all.end - all.begin;
      best = std::min(best, taken.count() / (operations_ * threads_));
    }
    return best;
  }

  const int threads_;
  const int operations_;
  std::atomic<int> arrived_ = 0;
  std::vector<std::vector<Window>> times_;
};

}  // namespace bench
