#include "sim/strategies/pct.h"

#include <algorithm>
#include <cassert>

namespace sim {

Pct::Pct(uint32_t depth) : depth_(depth) {
  assert(depth >= 1 && depth <= kMaxDepth);
}

void Pct::Begin(const Profile& profile, uint64_t, Random random) {
  random_ = random;
  point_ = 0;
  priority_.fill(kNone);
  DrawChangePoints(DrawRange(profile.contested_points));
}

uint32_t Pct::DrawRange(uint32_t profiled) {
  constexpr uint32_t kLongest = 1u << 30;
  uint32_t range = std::max(profiled, 1u);
  if (random_.Below(4) != 0) return range;
  range *= 2;
  // 2^j times as many, or more, with a chance of 1 / j.
  for (uint32_t j = 1; range < kLongest && random_.Below(j + 1) != 0; ++j) range *= 2;
  return range;
}

// Without replacement, in random order; all points if there are no more than changes.
void Pct::DrawChangePoints(uint32_t points) {
  changes_ = 0;
  const uint32_t wanted = std::min(depth_ - 1, points);
  const auto begin = change_.begin();
  while (changes_ < wanted) {
    const uint32_t candidate = random_.Below(points);
    const auto end = begin + changes_;
    if (std::find(begin, end, candidate) == end) change_.at(changes_++) = candidate;
  }
}

ThreadId Pct::Highest(ThreadSet enabled) {
  ThreadId highest = kNoThread;
  for (ThreadId thread : enabled) {
    // Above all that a change of priority gives.
    if (priority_[thread] == kNone) priority_[thread] = random_.Next() | (uint64_t{1} << 32);
    if (highest == kNoThread || priority_[thread] > priority_[highest]) highest = thread;
  }
  return highest;
}

ThreadId Pct::Pick(const SchedulePoint& point) {
  ThreadId picked = Highest(point.enabled);
  for (uint32_t i = 0; i < changes_; ++i) {
    if (change_[i] != point_) continue;
    priority_[picked] = i + 1;
    picked = Highest(point.enabled);
  }
  ++point_;
  return picked;
}

}  // namespace sim
