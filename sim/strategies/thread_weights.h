// How much each thread still has to do, for draws in proportion to it.
#pragma once

#include <cstdint>

#include "sim/engine/random.h"
#include "sim/object/ids.h"
#include "sim/strategies/profile.h"

namespace sim {

/// Counts of events that are left, by thread and timer. Until a thread is spawned, its spawner
/// bears its weight: who will do the spawning must not look as if it were nearly done. A thread
/// that outlives its count is taken to be halfway. So if the profile was too short, what another
/// thread does comes after m events of this one with a chance that falls as 1 / m^2 does, not as 1
/// / 2^m.
class ThreadWeights {
 public:
  /// `events` are those that count; who spawns whom is in `profile`.
  void Start(const ThreadCounts& events, const Profile& profile);
  /// `parent` hands its weight over to `child`.
  void Spawned(ThreadId parent, ThreadId child);
  /// One that counts has happened.
  void Executed(ThreadId thread);

  uint32_t of(ThreadId thread) const { return left_[thread]; }
  /// If those in `go_on` have another event that counts for sure.
  uint32_t Of(ThreadId thread, ThreadSet go_on) const;
  /// One of `candidates`, in proportion; those of them in `go_on` have another event that counts
  /// for sure. kNoThread if nobody weighs anything.
  ThreadId Draw(Random& random, ThreadSet candidates, ThreadSet go_on) const;

 private:
  // Of a thread that goes on though nothing is left; whoever waits for another one in a loop must
  // not keep it from its turn for ever.
  static constexpr uint32_t kMostBeyond = 1000;

  ThreadCounts done_{};
  ThreadCounts left_{};
  ThreadCounts family_{};  // What a thread has when it is spawned: its own and its descendants'.
};

}  // namespace sim
