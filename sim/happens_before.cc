#include "sim/happens_before.h"

#include <algorithm>

#include "sim/random.h"

namespace sim {

void HappensBefore::Clear() {
  steps_.clear();
  clocks_.clear();
  last_event_.fill(-1);
  chain_.fill(0);
  values_seen_ = 0;
  signature_ = 0;
}

void HappensBefore::Update(const Execution& execution) {
  for (;;) {
    const bool value_next = values_seen_ < execution.values.size() &&
                            execution.values[values_seen_].step <= steps_.size();
    if (value_next) {
      AppendValue(execution.values[values_seen_++]);
    } else if (steps_.size() < execution.steps.size()) {
      Append(execution.steps[steps_.size()]);
    } else {
      return;
    }
  }
}

void HappensBefore::AppendValue(const ValueChoice& choice) {
  signature_ -= chain_[choice.thread];
  chain_[choice.thread] = Mix(chain_[choice.thread] ^ choice.thread, uint64_t{choice.value} + 1);
  signature_ += chain_[choice.thread];
}

void HappensBefore::Append(const Step& step) {
  Clock clock{};
  auto join = [&](const Clock& other) {
    for (size_t i = 0; i < clock.size(); ++i) clock[i] = std::max(clock[i], other[i]);
  };
  if (last_event_[step.thread] >= 0) join(clocks_[static_cast<size_t>(last_event_[step.thread])]);
  // Backwards, so that most earlier conflicting events are already in the joined past.
  for (size_t i = steps_.size(); i-- > 0;) {
    const ThreadId other = steps_[i].thread;
    if (other == step.thread || clocks_[i][other] <= clock[other]) continue;
    // A timer follows the thread that armed it, and the thread follows its timer.
    const bool linked = OwnerOf(other) == OwnerOf(step.thread);
    if (linked || steps_[i].footprint.ConflictsWith(step.footprint)) join(clocks_[i]);
  }
  ++clock[step.thread];
  uint64_t hash = Mix(static_cast<uint64_t>(step.kind),
                      (uint64_t{step.object.creator} << 32) | step.object.index);
  hash = Mix(hash, step.key);
  for (size_t i = 0; i < clock.size(); ++i) {
    if (clock[i] != 0) hash = Mix(hash, (uint64_t{i} << 16) | clock[i]);
  }
  const ThreadId thread = step.thread;
  signature_ -= chain_[thread];
  chain_[thread] = Mix(chain_[thread] ^ thread, hash);
  signature_ += chain_[thread];
  last_event_[thread] = static_cast<int32_t>(steps_.size());
  steps_.push_back(step);
  clocks_.push_back(clock);
}

}  // namespace sim
