// Small programs and histories of them, drawn from a seed: as the model allows, or spoilt.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "model/history.h"
#include "model/litmus.h"

namespace model {

/// Numbers from a seed, the same everywhere; or given numbers, and zeros after them.
class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15 + 1) {}
  explicit Dice(std::vector<uint32_t> numbers) : numbers_(std::move(numbers)) {}
  uint32_t Below(uint32_t limit) {
    if (numbers_) return position_ < numbers_->size() ? (*numbers_)[position_++] % limit : 0;
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<uint32_t>(state_ >> 33) % limit;
  }

 private:
  uint64_t state_ = 0;
  std::optional<std::vector<uint32_t>> numbers_;
  size_t position_ = 0;
};

/// `threads` threads of up to `calls` calls each, all at one channel and its two ends, through
/// which an event may go.
Litmus DrawProgram(Dice& dice, uint32_t threads, uint32_t calls);
/// Adds the threads and objects of another program, as they are: the two share nothing but the
/// names of the first.
void Append(const Program& other, Program* program);
/// Adds the objects of another program, and its calls to the threads that have the same index, in
/// between their calls, so that no thread has a part to itself. Where a call of the other program
/// sends something, it may send a handle of this one, or bytes that were received from it: that
/// joins the two.
void Braid(Dice& dice, const Program& other, Program* program);
/// Threads of `calls` calls each in two processes with two channels between them, and an event that
/// travels, or one for each channel. The last calls may close an end.
Litmus DrawBusyProgram(Dice& dice, uint32_t threads, uint32_t calls);

/// A walk through the model, as its threads would see it, to the end.
History DrawHistory(Dice& dice, const Litmus& litmus);
/// The same, but it stops after some moves, if it has not ended by then.
History DrawBeginning(Dice& dice, const Litmus& litmus);

/// The same history with one to three things changed: an answer, the order of events, the
/// end.
History Spoil(Dice& dice, History history);

}  // namespace model
