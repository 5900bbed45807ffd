// Selectively uniform random walk: Zhao, Wolff, Mathur and Roychoudhury, "Selectively Uniform
// Concurrency Testing", ASPLOS 2025. Each execution picks one shared object and makes the orders of
// the operations on it equally likely, whatever else the threads do: a thread is intended to be the
// next on the object, drawn in proportion to the operations on it that each has left, and others
// that come to it first are held back until it was there.
//
// Differs: the counts come from the profile, as for Urw; if nobody can move but those that are held
// back, one of them becomes the intended one.
#pragma once

#include <cstdint>

#include "sim/strategies/sampling.h"
#include "sim/strategies/thread_weights.h"

namespace sim {

class Surw final : public Sampler {
 public:
  bool needs_profile() const override { return true; }
  void Begin(const Profile& profile, uint64_t index, Random random) override;
  void Observe(const Event& event, const SchedulePoint& point) override;
  ThreadId Pick(const SchedulePoint& point) override;

 private:
  // A thread that takes so many events in a row may wait for one that is held back.
  static constexpr uint32_t kMaxInARow = 1000;

  bool IsInteresting(const SchedulePoint& point, ThreadId thread) const;
  void DrawIntended(const SchedulePoint& point);
  void TransferIntention(ThreadId parent, ThreadId child);

  Random random_{0};
  bool has_object_ = false;  // Without one it is a uniform walk.
  ObjectId object_;
  ThreadWeights weights_;  // Of the operations on it.
  ThreadId intended_ = kNoThread;
  ThreadSet held_back_;
  ThreadId last_ = kNoThread;
  uint32_t in_a_row_ = 0;
};

}  // namespace sim
