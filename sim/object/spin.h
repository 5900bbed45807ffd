// A loop that looks until it finds something else. In a pause a thread waits until any object that
// it has looked at since the pause before is no longer as it was: to look again would show nothing
// new. So a loop has as many turns as there are changes to see, and one that waits for what nobody
// does is a deadlock.
//
// A pause keeps what its thread has seen in a list of the execution, operation.argument says which
// part of that, and reads all of it.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/object/operation.h"
#include "sim/object/state.h"

namespace sim {

/// What a thread has found an object to be like.
struct Look {
  OpKind kind = OpKind::kNone;
  ObjectSlot slot = kNoSlot;
  State state;
};

struct SpinRules {
  /// Whether an operation of this kind that leaves its object as it was is a mere look. Any other
  /// may be why the next turn is not like the one before.
  static constexpr bool IsLook(OpKind kind) {
    return kind == OpKind::kWordLoad || kind == OpKind::kWordUpdate ||
           kind == OpKind::kTryAcquire || kind == OpKind::kTryAcquireShared;
  }
  /// Who finds a lock taken looks at those who share it, too: they read it (object/lock.h), so it
  /// takes a write to be in conflict with them. Who would share it looks at its holder alone.
  static Access OfLook(const Operation& look) {
    const bool sees_sharers = look.kind == OpKind::kTryAcquire;
    return {look.object, kWholeObject, sees_sharers ? AccessMode::kWrite : AccessMode::kRead};
  }
  /// From `first` to before `end`.
  static constexpr uint64_t ListOf(uint64_t first, uint64_t end) { return first << 32 | end; }
  /// Whether to look again would show anything else; `state_of(slot)` as in engine/enabled.h.
  template <typename StateOf>
  static bool SeesNews(const Operation& pause, const std::vector<Look>& looks,
                       const StateOf& state_of) {
    for (uint64_t i = pause.argument >> 32; i < (pause.argument & 0xFFFFFFFF); ++i) {
      const Look& look = looks[i];
      const State now = state_of(look.slot);
      const bool sees_sharers = look.kind != OpKind::kTryAcquireShared;
      if (now.value != look.state.value) return true;
      if (sees_sharers && now != look.state) return true;
    }
    return false;
  }
};

}  // namespace sim
