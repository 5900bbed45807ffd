#include "sim/strategies/thread_weights.h"

#include <algorithm>
#include <cassert>

namespace sim {

void ThreadWeights::Start(const ThreadCounts& events, const Profile& profile) {
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
  if (left_[thread] != 0) --left_[thread];
}

ThreadId ThreadWeights::Draw(Random& random, ThreadSet candidates, uint32_t least) const {
  uint32_t total = 0;
  for (ThreadId thread : candidates) total += std::max(left_[thread], least);
  if (total == 0) return kNoThread;
  uint32_t rest = random.Below(total);
  for (ThreadId thread : candidates) {
    const uint32_t weight = std::max(left_[thread], least);
    if (rest < weight) return thread;
    rest -= weight;
  }
  return kNoThread;
}

}  // namespace sim
