// How much each thread still has to do, for draws in proportion to it.
#pragma once

#include <cstdint>

#include "sim/engine/random.h"
#include "sim/object/ids.h"
#include "sim/strategies/profile.h"

namespace sim {

/// Counts of events that are left, by thread and timer. Until a thread is spawned, its spawner
/// bears its weight: who will do the spawning must not look as if it were nearly done.
class ThreadWeights {
 public:
  /// `events` are those that count; who spawns whom is in `profile`.
  void Start(const ThreadCounts& events, const Profile& profile);
  /// `parent` hands its weight over to `child`.
  void Spawned(ThreadId parent, ThreadId child);
  /// One that counts has happened.
  void Executed(ThreadId thread);

  uint32_t of(ThreadId thread) const { return left_[thread]; }
  /// One of `candidates`, in proportion; each weighs `least` at least. kNoThread if nobody weighs
  /// anything.
  ThreadId Draw(Random& random, ThreadSet candidates, uint32_t least) const;

 private:
  ThreadCounts left_{};
  ThreadCounts family_{};  // What a thread has when it is spawned: its own and its descendants'.
};

}  // namespace sim
