// Small programs and histories of them, drawn from a seed: as the model allows, or spoilt.
#pragma once

#include <cstdint>

#include "model/history.h"
#include "model/litmus.h"

namespace model {

/// Numbers from a seed, the same everywhere.
class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15 + 1) {}
  uint32_t Below(uint32_t limit) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<uint32_t>(state_ >> 33) % limit;
  }

 private:
  uint64_t state_;
};

/// `threads` threads of up to `calls` calls each, all at one channel and its two ends.
Litmus DrawProgram(Dice& dice, uint32_t threads, uint32_t calls);

/// A walk through the model, as its threads would see it, to the end.
History DrawHistory(Dice& dice, const Litmus& litmus);
/// The same, but it stops after some moves, if it has not ended by then.
History DrawBeginning(Dice& dice, const Litmus& litmus);

/// The same history with one or two things changed: an answer, the order of events.
History Spoil(Dice& dice, History history);

}  // namespace model
