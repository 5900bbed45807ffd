// PCT: Burckhardt, Kothari, Musuvathi and Nagarakatte, ASPLOS 2010. Finds a bug of depth d among n
// threads and k steps with a chance of at least 1 / (n k^(d-1)).
//
// Differs: k is what the profile had, and counts only the points at which there is something to
// decide; a thread that appears later gets a random rank among those that are there.
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
