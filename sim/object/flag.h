// A flag that one thread parks on: set once, and set for good.
//
// state.bits: kSet, and kInterrupted until the wait that it ends is over; state.threads is who
// waits.
#pragma once

#include "sim/object/operation.h"
#include "sim/object/state.h"

namespace sim {

enum class WaitResult : uint8_t { kSignaled, kTimedOut, kInterrupted };

struct FlagRules {
  static constexpr uint64_t kSet = 1;
  static constexpr uint64_t kInterrupted = 2;

  /// A wait for it is over.
  static constexpr bool IsOver(const State& state) { return state.bits != 0; }
  /// Ends a wait. The deadline wins if it passed before anything else came; a signal wins over an
  /// interruption, which is used up whatever won.
  static constexpr WaitResult Leave(State& state, bool timed_out) {
    const bool is_set = (state.bits & kSet) != 0;
    const bool interrupted = (state.bits & kInterrupted) != 0;
    state.bits &= ~kInterrupted;
    state.threads = ThreadSet();
    if (timed_out) return WaitResult::kTimedOut;
    if (is_set) return WaitResult::kSignaled;
    return interrupted ? WaitResult::kInterrupted : WaitResult::kTimedOut;
  }

  /// The parts of the object: whether it is set, and who waits. That a thread is about to wait is
  /// seen by nobody but another one that is.
  static constexpr uint32_t kState = 1;
  static constexpr uint32_t kWaiter = 2;

  /// What the code before a wait touches.
  static Access OfBeginning(const Operation& operation) {
    return {operation.object, kWaiter, AccessMode::kWrite};
  }
  static Footprint OfWait(const Operation& operation) {
    Footprint footprint = OfFire(operation);
    footprint.Add(OfBeginning(operation));
    return footprint;
  }
  /// Of the timer of a wait.
  static Footprint OfFire(const Operation& operation) {
    return Footprint::Writes(operation.object, kState);
  }
  /// To begin a wait with a deadline reads the clock. To set the flag may take the earliest
  /// deadline off the clock, and so let a later one pass; timers of waits without a time don't
  /// touch the clock, so this costs nothing where no deadline has one. One that finds the wait
  /// timed out changes nothing, but it looked: always a write.
  static Footprint OfEnterOrSet(const Operation& operation) {
    Footprint footprint = Footprint::Writes(operation.object, kState);
    footprint.Add({kClock, kWholeObject, AccessMode::kRead});
    return footprint;
  }
};

}  // namespace sim
