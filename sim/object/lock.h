// A lock: one holder, or any number who share it.
//
// state.value is the holder plus one, or 0; state.threads are those who share it.
#pragma once

#include <cstdint>

#include "sim/object/operation.h"
#include "sim/object/state.h"

namespace sim {

struct LockRules {
  static constexpr bool IsHeld(const State& state) { return state.value != 0; }
  static constexpr bool IsHeldBy(const State& state, ThreadId thread) {
    return state.value == uint64_t{thread} + 1;
  }
  static constexpr bool IsFree(const State& state) {
    return state.value == 0 && state.threads.empty();
  }

  /// Whether the thread has it now.
  static constexpr bool Take(State& state, ThreadId thread) {
    if (!IsFree(state)) return false;
    state.value = uint64_t{thread} + 1;
    return true;
  }
  static constexpr bool Share(State& state, ThreadId thread) {
    if (IsHeld(state)) return false;
    state.threads.Add(thread);
    return true;
  }

  static Footprint OfOne(const Operation& operation) {
    return Footprint::Writes(operation.object, operation.key);
  }
  /// Of the timer of a wait: it looks at whether the wait could be over instead.
  static Footprint OfFire(const Operation& wait) {
    return wait.kind == OpKind::kAcquireShared ? OfShared(wait) : OfOne(wait);
  }
  static Footprint OfShared(const Operation& operation) {
    return Footprint::Reads(operation.object, operation.key);
  }
};

}  // namespace sim
