// A counter: of references, or of what a program may ask the number of. state.value is the count.
//
// Additions commute, and so do drops, but for the last: who takes the count to nothing is told so.
// Two drops are in conflict only if one of them would be that, so while the count is one, a drop
// that somebody is about to make is a write, and before that an addition. Of n threads that drop
// one count each, only who is the last makes a difference: n classes, not n!.
//
// An addition to a count of one keeps a drop from being the last, so it wakes a drop that sleeps:
// had that come first, there would have been nothing to add to. Among more, it takes several drops
// that come first to the same end, each of which can change places with the addition; see Races.
// Neither happens where whoever adds has a count of his own.
//
// That all this depends on the count is no exception to the rule that a third operation takes no
// dependence away. Two drops conflict when the count is two; no third operation can happen then
// that is independent of both and changes the count: it would be a drop, and there are two to be
// had, or an addition, which needs somebody who has a third.
#pragma once

#include <cstdint>

#include "sim/object/operation.h"
#include "sim/object/state.h"

namespace sim {

struct CounterRules {
  /// The next drop is the last.
  static constexpr bool IsLast(const State& state) { return state.value <= 1; }
  /// Whether it was the last.
  static constexpr bool Drop(State& state) { return --state.value == 0; }

  /// The parts of the object: how much it counts, and whether anybody has added to the last.
  static constexpr uint32_t kAmount = 1;
  static constexpr uint32_t kSaved = 2;

  static Footprint OfAdd(const Operation& operation) {
    return Footprint::Adds(operation.object, kAmount);
  }
  /// What an addition is to those who sleep, if the count was one.
  static Access OfSaving(const Operation& operation) {
    return {operation.object, kSaved, AccessMode::kWrite};
  }
  static Footprint OfDrop(const Operation& operation, const State& state) {
    Footprint footprint = IsLast(state) ? Footprint::Writes(operation.object, kAmount)
                                        : Footprint::Adds(operation.object, kAmount);
    footprint.Add({operation.object, kSaved, AccessMode::kRead});
    return footprint;
  }
  static Footprint OfLoad(const Operation& operation) {
    return Footprint::Reads(operation.object, kAmount);
  }
};

}  // namespace sim
