// PCT: Burckhardt, Kothari, Musuvathi and Nagarakatte, ASPLOS 2010. Threads and timers have random
// priorities, and at d - 1 random ones of the first k points whoever is about to run falls below
// all others. A bug of depth d among n of them, of which an execution shows that is decided by its
// first k points, is found with a chance of at least 1 / (n k^(d-1)): one of them has to be the
// lowest from the start, and each change has to come at one point of k.
//
// Differs: a point counts only if there is something to decide at it; a thread that appears later
// gets a random rank among those that are there. And nobody knows k. The profile had p points, but
// longer executions must be left late too: an execution draws its changes from the first p points
// with a chance of 3/4, and from the first 2^j p with one of 1 / (4 j (j + 1)) for every j above 0,
// which sums to 1. That leaves a promise for every k:
//
//   If p >= k, the changes come from the first p points with a chance of 3/4, so the bug is found
//   with one of at least 3/4 / (n p^(d-1)). If not, let j be the least with 2^j p >= k; then 2^j p
//   is below 2 k, and the chance is at least 1 / (4 j (j + 1)) / (n (2 k)^(d-1)), j < 1 + log2(k /
//   p).
#pragma once

#include <array>
#include <cstdint>

#include "sim/strategies/sampling.h"

namespace sim {

class Pct final : public Sampler {
 public:
  static constexpr uint32_t kMaxDepth = 16;

  /// `depth` is 1 to kMaxDepth: one more than the changes of priority.
  explicit Pct(uint32_t depth);

  bool needs_profile() const override { return true; }
  void Begin(const Profile& profile, uint64_t index, Random random) override;
  ThreadId Pick(const SchedulePoint& point) override;

 private:
  static constexpr uint64_t kNone = 0;

  // The points that the changes are drawn from: so many as the profile had, or more.
  uint32_t DrawRange(uint32_t profiled);
  void DrawChangePoints(uint32_t points);
  ThreadId Highest(ThreadSet enabled);

  uint32_t depth_;
  Random random_{0};
  uint32_t point_ = 0;  // Contested points so far.
  // The i-th change point: where the thread about to run falls to priority i + 1.
  std::array<uint32_t, kMaxDepth> change_{};
  uint32_t changes_ = 0;
  std::array<uint64_t, 2 * kMaxThreads> priority_{};  // kNone: not seen so far.
};

}  // namespace sim
