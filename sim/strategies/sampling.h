// Executions drawn at random, each on its own: execution i depends on the seed and on i alone, so
// that any of them can be run again, and a search be cut into ranges, without the others.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/engine/random.h"
#include "sim/engine/strategy.h"
#include "sim/strategies/profile.h"

namespace sim {

/// A way to draw the schedule of an execution.
class Sampler {
 public:
  virtual ~Sampler() = default;

  /// Whether Begin wants a profile; it gets an empty one otherwise.
  virtual bool needs_profile() const { return false; }
  /// Execution `index` begins, whose draws come from `random`; `profile` outlives it.
  virtual void Begin(const Profile& profile, uint64_t index, Random random) = 0;
  /// `event` has happened, and `point` is where it led to, before Pick is asked.
  virtual void Observe(const Event& /*event*/, const SchedulePoint& /*point*/) {}
  /// One of point.enabled, which has more than one. May draw.
  virtual ThreadId Pick(const SchedulePoint& point) = 0;
};

struct Samples {
  /// One profile alone may miss a thread's longer path, and every sample would pay for that.
  static constexpr uint32_t kProfiles = 3;

  uint64_t seed = 0;
  uint64_t executions = 0;  // Besides those that are profiled.
  uint64_t first = 0;       // Index of the first.
  // Of the executions that are profiled, those from here
  uint32_t first_profile = 0;
  uint32_t end_profile = kProfiles;  // to here, this one not included.
};

/// Runs one sampler. If that needs a profile, the first few executions are walks of their own,
/// which depend on the seed alone, and what they do is the profile of all others. Values come from
/// a stream of their own: whether a fault strikes moves no other draw.
class Sampling : public Strategy {
 public:
  static constexpr uint32_t kProfiles = Samples::kProfiles;

  /// `profile` is what is known already, if the executions that are profiled were run before.
  Sampling(std::unique_ptr<Sampler> sampler, const Samples& samples, Profile profile = {});

  const Profile& profile() const { return profile_; }

  bool BeginExecution() override;
  ThreadId PickThread(const SchedulePoint& point) override;
  uint32_t PickValue(const ValuePoint& point) override;
  void EndExecution(const Execution& execution) override;

 private:
  std::unique_ptr<Sampler> sampler_;
  Samples samples_;
  uint64_t drawn_ = 0;
  uint32_t next_profile_;
  bool in_profile_ = false;
  Profile profile_;
  ProfileWalk walk_;
  Random values_{0};
};

}  // namespace sim
