#include "sim/strategies/thread_weights.h"

#include <algorithm>
#include <cassert>

namespace sim {

void ThreadWeights::Start(const ThreadCounts& events, const Profile& profile) {
  done_.fill(0);
  family_ = events;
  // A child is named after its spawner, so backwards every family is complete when it is added.
  for (uint32_t child = kMaxThreads; child-- > 0;) {
    const ThreadId spawner = profile.spawner[child];
    if (spawner == kNoThread) continue;
    assert(spawner < child);
    family_[spawner] += family_[child];
  }
  left_ = family_;
  for (uint32_t child = 0; child < kMaxThreads; ++child) {
    if (profile.spawner[child] != kNoThread) left_[child] = 0;
  }
}

void ThreadWeights::Spawned(ThreadId parent, ThreadId child) {
  left_[child] = std::min(family_[child], left_[parent]);
  left_[parent] -= left_[child];
}

void ThreadWeights::Executed(ThreadId thread) {
  ++done_[thread];
  if (left_[thread] != 0) --left_[thread];
}

uint32_t ThreadWeights::Of(ThreadId thread, ThreadSet go_on) const {
  if (left_[thread] != 0 || !go_on.Has(thread)) return left_[thread];
  return std::clamp(done_[thread], 1u, kMostBeyond);
}

ThreadId ThreadWeights::Draw(Random& random, ThreadSet candidates, ThreadSet go_on) const {
  uint32_t total = 0;
  for (ThreadId thread : candidates) total += Of(thread, go_on);
  if (total == 0) return kNoThread;
  uint32_t rest = random.Below(total);
  for (ThreadId thread : candidates) {
    const uint32_t weight = Of(thread, go_on);
    if (rest < weight) return thread;
    rest -= weight;
  }
  return kNoThread;
}

}  // namespace sim
