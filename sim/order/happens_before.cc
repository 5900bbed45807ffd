#include "sim/order/happens_before.h"

#include <algorithm>
#include <cassert>

#include "sim/engine/random.h"

namespace sim {

void HappensBefore::Truncate(size_t events) {
  while (events_.size() > events) {
    const Node& event = events_.back();
    last_[event.thread] = event.previous;
    if (event.child != kNoThread) born_[event.child] = kNone;
    events_.pop_back();
    clocks_.pop_back();
  }
}

VectorClock HappensBefore::PastOf(ThreadId thread) const {
  // A timer follows the thread that armed it, and the thread follows its timer: the later of the
  // two has the other in its past.
  const ThreadId owner = OwnerOf(thread);
  int32_t last = std::max(last_[owner], last_[TimerOf(owner)]);
  if (last == kNone) last = born_[owner];
  return last == kNone ? VectorClock() : clocks_[static_cast<size_t>(last)];
}

VectorClock HappensBefore::ClockOf(ThreadId thread, const Footprint& footprint,
                                   std::vector<EventIndex>* direct) const {
  VectorClock clock = PastOf(thread);
  // Backwards, so that most earlier conflicting events are already in the joined past.
  for (size_t i = events_.size(); i-- > 0;) {
    const Node& earlier = events_[i];
    if (earlier.count <= clock.of(earlier.thread)) continue;
    if (!earlier.footprint.ConflictsWith(footprint)) continue;
    clock.Join(clocks_[i], width_);
    if (direct != nullptr) direct->push_back(static_cast<EventIndex>(i));
  }
  return clock;
}

void HappensBefore::Append(const Event& step, std::vector<EventIndex>* direct) {
  width_ = std::max(width_, VectorClock::WidthFor(OwnerOf(step.thread) + 1u));
  VectorClock clock = ClockOf(step.thread, step.footprint, direct);
  const uint32_t count = clock.of(step.thread) + 1;
  assert(count <= VectorClock::kMaxCount);
  clock.Set(step.thread, count);
  events_.push_back(
      {step.footprint, step.thread, step.child, static_cast<uint16_t>(count), last_[step.thread]});
  if (step.child != kNoThread) born_[step.child] = static_cast<int32_t>(events_.size() - 1);
  clocks_.push_back(clock);
  last_[step.thread] = static_cast<int32_t>(events_.size() - 1);
}

void TraceSignature::Clear() {
  order_.Clear();
  chain_.fill(0);
  asked_.fill(0);
  values_seen_ = 0;
  signature_ = 0;
}

void TraceSignature::Update(const Execution& execution) {
  for (;;) {
    const bool value_next = values_seen_ < execution.values.size() &&
                            execution.values[values_seen_].step <= order_.size();
    if (value_next) {
      AppendValue(execution.values[values_seen_++]);
    } else if (order_.size() < execution.events.size()) {
      Append(execution.events[order_.size()]);
    } else {
      return;
    }
  }
}

void TraceSignature::Extend(ThreadId thread, uint64_t hash) {
  signature_ -= chain_[thread];
  chain_[thread] = Mix(chain_[thread] ^ thread, hash);
  signature_ += chain_[thread];
}

void TraceSignature::AppendValue(const ValueChoice& choice) {
  const uint64_t place = ++asked_[choice.thread];
  if (choice.value != 0) Extend(choice.thread, (place << 32) | choice.value);
}

void TraceSignature::Append(const Event& step) {
  order_.Append(step);
  asked_[step.thread] = 0;
  const VectorClock& clock = order_.clock(static_cast<EventIndex>(order_.size() - 1));
  uint64_t hash = Mix(static_cast<uint64_t>(step.kind),
                      (uint64_t{step.object.creator} << 32) | step.object.index);
  hash = Mix(hash, step.key);
  for (ThreadId thread = 0; thread < 2 * kMaxThreads; ++thread) {
    const uint64_t count = clock.of(thread);
    if (count != 0) hash = Mix(hash, (uint64_t{thread} << 16) | count);
  }
  Extend(step.thread, hash);
}

}  // namespace sim
