// The life of a thread: state.bits is kEnded when it is over. Written by its spawn and its end,
// read by those who wait for the end. The names of threads come from one counter, which every spawn
// writes.
#pragma once

#include "sim/object/operation.h"
#include "sim/object/state.h"

namespace sim {

struct LifeRules {
  static constexpr uint64_t kEnded = 1;
  static constexpr bool IsOver(const State& state) { return state.bits == kEnded; }

  static Footprint OfSpawn() { return Footprint::Writes(kThreadNames); }
  static Footprint OfJoin(const Operation& operation) { return Footprint::Reads(operation.object); }
};

}  // namespace sim
