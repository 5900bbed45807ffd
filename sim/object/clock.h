// Virtual time, and the timer that every thread has: it is armed while the thread waits with a
// deadline, and may fire as long as nothing else has ended the wait.
//
// state.bits: kArmed or kFired, or neither; state.value says which of the execution's armings it
// is.
#pragma once

#include <cstdint>

#include "sim/object/operation.h"
#include "sim/object/state.h"

namespace sim {

struct TimerRules {
  static constexpr uint64_t kArmed = 1;
  static constexpr uint64_t kFired = 2;

  static constexpr bool IsArmed(const State& state) { return state.bits == kArmed; }
  static constexpr bool HasFired(const State& state) { return state.bits == kFired; }

  /// Firing looks at whatever could have ended `wait` instead: `footprint`.
  static Footprint OfFire(const Operation& wait, Footprint footprint) {
    if (HasTime(wait.deadline)) footprint.Add({kClock, kWholeObject, AccessMode::kWrite});
    return footprint;
  }
  static Footprint OfRead() { return Footprint::Reads(kClock); }
};

}  // namespace sim
