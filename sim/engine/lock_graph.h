// The order in which the threads of an execution take their locks.
//
// An edge from lock a to lock b: somebody took b while holding a. A cycle is a deadlock that waits
// for its schedule, and every execution that walks its edges shows it, whether or not it blocks;
// the idea of the Linux kernel's lockdep. A lock that was only tried for has no edge towards it,
// since nobody waits there.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "sim/object/ids.h"

namespace sim {

class LockGraph {
 public:
  void Clear();

  /// `thread` took `lock`, whose `role` is static text; `waited` if it could have had to wait. What
  /// is wrong, as one line, if that closes a cycle.
  std::optional<std::string> Acquired(ThreadId thread, ObjectId lock, const char* role,
                                      bool waited);
  void Released(ThreadId thread, ObjectId lock);

 private:
  struct Lock {
    ObjectId id;
    const char* role;
  };
  struct Edge {
    uint32_t held;
    uint32_t taken;
  };
  uint32_t IndexOf(const Lock& lock);
  bool Has(const Edge& edge) const;
  /// The locks on a path over edges, both ends included; empty if there is none.
  std::vector<uint32_t> Path(uint32_t from, uint32_t to) const;

  std::array<std::vector<Lock>, kMaxThreads> held_;
  std::vector<Lock> locks_;  // Those that were nested, in the order of their first nesting.
  std::vector<Edge> edges_;
};

}  // namespace sim
