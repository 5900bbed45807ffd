// What one execution did, in numbers: what some ways of sampling need to know beforehand.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/engine/execution.h"
#include "sim/engine/random.h"
#include "sim/engine/strategy.h"
#include "sim/object/ids.h"

namespace sim {

/// By thread and timer.
using ThreadCounts = std::array<uint32_t, 2 * kMaxThreads>;

/// The most that any of the executions did.
struct Profile {
  struct Object {
    ObjectId id;
    ThreadCounts events{};  // Of operations on it.
    bool written = false;
    /// The order of its events can matter: several threads have some, and not all only look.
    bool is_shared() const;
  };

  Profile() { spawner.fill(kNoThread); }

  uint32_t contested_points = 0;  // Where more than one thread was enabled.
  ThreadCounts events{};
  std::array<ThreadId, kMaxThreads> spawner;  // kNoThread: none, or the set-up.
  std::vector<Object> objects;                // In the order of their first events.
  std::vector<uint32_t> shared;               // Which of them are.

  void Add(const Execution& execution);
};

/// How an execution that is profiled picks. What a random walk shows may be far too short: whoever
/// waits for one event of another thread rarely comes late, and what ends the others' work comes
/// soon. So the first two run each thread as far as it goes, in order of their spawns and
/// backwards, with deadlines only where nothing else can happen and no fault; the others are random
/// walks. Of threads that start together, never wait and do the same whatever the schedule is, one
/// of the two has at least half as many contested points as any execution: all count but those of
/// the last thread to run, which is the last one in one of them and the first in the other.
class ProfileWalk {
 public:
  static constexpr uint32_t kInOrder = 2;

  /// The execution that is profiled as number `index` begins.
  void Begin(uint32_t index, Random random);
  ThreadId Pick(const SchedulePoint& point);
  /// A value takes its default, not a random one.
  bool takes_defaults() const { return index_ < kInOrder; }

 private:
  // A thread that takes so many events in a row may wait for one that does not run.
  static constexpr uint32_t kMaxInARow = 1000;

  uint32_t index_ = 0;
  Random random_{0};
  ThreadSet passed_over_;
  uint32_t in_a_row_ = 0;
};

}  // namespace sim
