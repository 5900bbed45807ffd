// An atomic word: state.value is its bits.
#pragma once

#include <cstdint>
#include <utility>

#include "sim/object/operation.h"
#include "sim/object/state.h"

namespace sim {

struct WordRules {
  static constexpr bool IsEqual(uint64_t word, uint64_t wanted) { return word == wanted; }
  static bool Holds(const Operation& await, const State& state) {
    return await.holds(state.value, await.argument);
  }
  /// Returns the bits before.
  static constexpr uint64_t Store(State& state, uint64_t bits) {
    return std::exchange(state.value, bits);
  }

  /// Of the timer of a wait: it looks at whether the wait could be over instead.
  static Footprint OfFire(const Operation& wait) { return OfLook(wait); }
  static Footprint OfLook(const Operation& operation) { return Footprint::Reads(operation.object); }
  /// Also of what may find that it has nothing to change.
  static Footprint OfChange(const Operation& operation) {
    return Footprint::Writes(operation.object);
  }
};

}  // namespace sim
