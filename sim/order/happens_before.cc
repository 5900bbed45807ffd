#include "sim/order/happens_before.h"

#include <algorithm>
#include <functional>

#include "sim/engine/random.h"

namespace sim {

void HappensBefore::Truncate(size_t events) {
  accesses_.Truncate(events);
  while (events_.size() > events) {
    const Node& event = events_.back();
    chains_[OwnerOf(event.thread)].pop_back();
    if (event.child != kNoThread) born_[event.child] = kNone;
    events_.pop_back();
  }
  clocks_.resize(events_.size() * width_);
}

void HappensBefore::Widen(uint32_t threads) {
  threads_ = threads;
  const uint32_t width = VectorClock::WidthFor(threads);
  if (width <= width_) return;
  std::vector<VectorClock::Vector> clocks(events_.size() * width);
  for (size_t event = 0; event < events_.size(); ++event) {
    for (uint32_t i = 0; i < width_; ++i) clocks[event * width + i] = clocks_[event * width_ + i];
  }
  clocks_ = std::move(clocks);
  width_ = width;
}

VectorClock HappensBefore::PastOf(ThreadId thread) const {
  const ThreadId chain = OwnerOf(thread);
  return PastAt(chain, static_cast<uint32_t>(chains_[chain].size()));
}

// After so many events of the chain.
VectorClock HappensBefore::PastAt(ThreadId chain, uint32_t count) const {
  if (count != 0) return clock(chains_[chain][count - 1]);
  return born_[chain] == kNone ? VectorClock(width_) : clock(static_cast<EventIndex>(born_[chain]));
}

VectorClock HappensBefore::ClockOf(ThreadId thread, const Footprint& footprint,
                                   std::vector<EventIndex>* direct) const {
  VectorClock clock = PastOf(thread);
  candidates_.clear();
  accesses_.ForEachLatest(footprint, [&](EventIndex event) {
    if (!IsIn(clock, event)) candidates_.push_back(event);
  });
  // Backwards, so that most are in the past of those that came before.
  if (candidates_.size() > 1) {
    std::sort(candidates_.begin(), candidates_.end(), std::greater<>());
  }
  for (EventIndex event : candidates_) {
    if (IsIn(clock, event)) continue;
    Join(clock, event);
    if (direct != nullptr) direct->push_back(event);
  }
  return clock;
}

void HappensBefore::Append(const Event& event, std::vector<EventIndex>* direct) {
  const ThreadId chain = OwnerOf(event.thread);
  if (chain >= threads_) Widen(chain + 1u);
  VectorClock clock = ClockOf(event.thread, event.footprint, direct);
  const uint32_t count = static_cast<uint32_t>(chains_[chain].size()) + 1;
  clock.Set(event.thread, count);
  const auto index = static_cast<EventIndex>(events_.size());
  accesses_.Push(index, event.thread, event.footprint);
  events_.push_back({event.thread, event.child, count});
  chains_[chain].push_back(index);
  if (event.child != kNoThread) born_[event.child] = static_cast<int32_t>(index);
  clocks_.resize(clocks_.size() + width_);
  clock.CopyTo(&clocks_[size_t{index} * width_], width_);
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

void TraceSignature::Append(const Event& event) {
  order_.Append(event);
  asked_[event.thread] = 0;
  const auto index = static_cast<EventIndex>(order_.size() - 1);
  uint64_t hash = Mix(static_cast<uint64_t>(event.kind),
                      (uint64_t{event.object.creator} << 32) | event.object.index);
  hash = Mix(hash, event.key);
  for (ThreadId thread = 0; thread < order_.threads(); ++thread) {
    const uint64_t count = order_.ClockAt(index, thread);
    if (count != 0) hash = Mix(hash, (uint64_t{thread} << 32) | count);
  }
  Extend(event.thread, hash);
}

}  // namespace sim
