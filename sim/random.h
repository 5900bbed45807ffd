// Our own random numbers, so that a seed means the same on every machine and library.
#pragma once

#include <cstdint>

namespace sim {

/// A well-mixed function of two words; execution i of a search uses Mix(seed, i).
uint64_t Mix(uint64_t a, uint64_t b);

/// splitmix64 (Steele, Lea, Flood, OOPSLA 2014): one word of state, any seed is a good one.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next();
  /// Uniform in [0, bound); bound at least 1. Draws nothing when there is nothing to decide.
  uint32_t Below(uint32_t bound);

 private:
  uint64_t state_;
};

}  // namespace sim
