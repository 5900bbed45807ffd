// Our own random numbers, so that a seed means the same on every machine and library.
#pragma once

#include <cassert>
#include <cstdint>

namespace sim {

namespace internal {

inline constexpr uint64_t kGamma = 0x9E3779B97F4A7C15u;

constexpr uint64_t Scramble(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

}  // namespace internal

/// A well-mixed function of two words; execution i of a search uses Mix(seed, i). Every event is
/// hashed with it, beside other work that does not wait for the hash: hence in line.
constexpr uint64_t Mix(uint64_t a, uint64_t b) {
  return internal::Scramble(internal::Scramble(a + internal::kGamma) ^ (b + internal::kGamma));
}

/// splitmix64 (Steele, Lea, Flood, OOPSLA 2014): one word of state, any seed is a good one.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    state_ += internal::kGamma;
    return internal::Scramble(state_);
  }
  /// Uniform in [0, bound); bound at least 1. Draws nothing when there is nothing to decide.
  uint32_t Below(uint32_t bound) {
    assert(bound > 0);
    if (bound == 1) return 0;
    // Multiply-shift (Lemire 2019), redrawing the few products that would favour small results. How
    // few takes a division, and nearly always the first comparison tells that it is none of them.
    for (;;) {
      const uint64_t product = (Next() & 0xFFFFFFFFu) * bound;
      const auto low = static_cast<uint32_t>(product);
      if (low >= bound || low >= (0u - bound) % bound) return static_cast<uint32_t>(product >> 32);
    }
  }

 private:
  uint64_t state_;
};

}  // namespace sim
