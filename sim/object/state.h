// The state of a primitive: a value that the engine owns.
//
// What the code under test holds is a number. So the engine knows at any moment what an object is
// like, can say what it was like before each event, and can follow what it would be like without
// some of them.
#pragma once

#include <cstdint>

#include "sim/object/ids.h"

namespace sim {

/// What the three mean is said by the primitive.
struct State {
  uint64_t value = 0;
  uint64_t bits = 0;
  ThreadSet threads;

  /// A bit that no primitive uses otherwise: a thread has destroyed the object.
  static constexpr uint64_t kGone = uint64_t{1} << 63;
  constexpr bool is_gone() const { return (bits & kGone) != 0; }
  constexpr bool operator==(const State&) const = default;
};

}  // namespace sim
