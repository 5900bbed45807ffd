#include "sim/strategies/sampling.h"

#include <utility>

namespace sim {

namespace {

// Where no sample has its index: the indices of the profiles.
constexpr uint64_t kFirstProfile = uint64_t{1} << 63;
constexpr uint64_t kValueStream = 1;

}  // namespace

Sampling::Sampling(std::unique_ptr<Sampler> sampler, const Samples& samples, Profile profile)
    : sampler_(std::move(sampler)),
      samples_(samples),
      next_profile_(samples.first_profile),
      profile_(std::move(profile)) {}

bool Sampling::BeginExecution() {
  if (next_profile_ < samples_.end_profile && sampler_->needs_profile()) {
    const uint64_t seed = Mix(samples_.seed, kFirstProfile + next_profile_);
    walk_.Begin(next_profile_++, Random(seed));
    values_ = Random(Mix(seed, kValueStream));
    in_profile_ = true;
    return true;
  }
  in_profile_ = false;
  if (samples_.executions == drawn_) return false;
  const uint64_t index = samples_.first + drawn_++;
  const uint64_t seed = Mix(samples_.seed, index);
  values_ = Random(Mix(seed, kValueStream));
  sampler_->Begin(profile_, index, Random(seed));
  return true;
}

ThreadId Sampling::PickThread(const SchedulePoint& point) {
  if (in_profile_) return walk_.Pick(point);
  if (point.step != 0) sampler_->Observe(point.execution.events.back(), point);
  return point.enabled.size() == 1 ? point.enabled.First() : sampler_->Pick(point);
}

uint32_t Sampling::PickValue(const ValuePoint& point) {
  if (in_profile_ && walk_.takes_defaults()) return 0;
  return values_.Below(point.count);
}

void Sampling::EndExecution(const Execution& execution) {
  if (in_profile_) profile_.Add(execution);
}

}  // namespace sim
