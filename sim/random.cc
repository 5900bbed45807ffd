#include "sim/random.h"

#include <cassert>

namespace sim {

namespace {

constexpr uint64_t kGamma = 0x9E3779B97F4A7C15u;

uint64_t Scramble(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

}  // namespace

uint64_t Mix(uint64_t a, uint64_t b) {
  return Scramble(Scramble(a + kGamma) ^ (b + kGamma));
}

uint64_t Random::Next() {
  state_ += kGamma;
  return Scramble(state_);
}

uint32_t Random::Below(uint32_t bound) {
  assert(bound > 0);
  if (bound == 1) return 0;
  // Multiply-shift (Lemire 2019), redrawing the few products that would favour small results.
  const uint32_t threshold = (0u - bound) % bound;
  for (;;) {
    const uint64_t product = (Next() & 0xFFFFFFFFu) * bound;
    if (static_cast<uint32_t>(product) >= threshold) return static_cast<uint32_t>(product >> 32);
  }
}

}  // namespace sim
