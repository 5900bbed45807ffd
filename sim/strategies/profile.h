// What one execution did, in numbers: what some ways of sampling need to know beforehand.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/engine/execution.h"
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

}  // namespace sim
