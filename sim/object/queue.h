// The queue of a condition variable, and the word by which each thread in it is told to leave.
//
// Of the queue: state.threads are those who wait, state.value the number of the next to join. Of a
// waiter: state.value is its number, state.bits kTold once somebody has woken it up. A waiter that
// wakes up touches only its own word, so it commutes with everything that happens to the queue
// after it was told.
#pragma once

#include "sim/object/operation.h"
#include "sim/object/state.h"

namespace sim {

struct QueueRules {
  static constexpr uint64_t kTold = 1;
  /// The parts of the object: the order of the queue, and a word for each waiter.
  static constexpr uint32_t kOrder = 1;
  static constexpr uint32_t WordOf(ThreadId waiter) { return uint32_t{2} + waiter; }

  static constexpr bool IsTold(const State& waiter) { return waiter.bits != 0; }

  static Footprint OfEnter(const Operation& operation) {
    const Footprint order = Footprint::Writes(operation.object, kOrder);
    return HasTime(operation.deadline) ? ReadingClock(order) : order;
  }
  static Footprint OfWait(const Operation& operation) {
    return Footprint::Reads(operation.object, operation.key);
  }
  /// Whom it wakes is known when it does. Nothing can touch that word without touching the order,
  /// but the waiter that then wakes up, and that comes after it.
  static Footprint OfNotifyOne(const Operation& operation) {
    return ReadingClock(Footprint::Writes(operation.object, kOrder));
  }
  static Footprint OfNotifyAll(const Operation& operation) {
    return ReadingClock(Footprint::Writes(operation.object));
  }
  /// Of the timer of a waiter, who is no longer in the queue when it has fired.
  static Footprint OfFire(const Operation& wait) {
    Footprint footprint = Footprint::Writes(wait.object, kOrder);
    footprint.Add({wait.object, wait.key, AccessMode::kWrite});
    return footprint;
  }

 private:
  // A notification may take the earliest deadline off the clock, and so let a later one pass.
  static Footprint ReadingClock(Footprint footprint) {
    footprint.Add({kClock, kWholeObject, AccessMode::kRead});
    return footprint;
  }
};

}  // namespace sim
