// How many events of every chain an event has in its past.
//
// A thread and its timer are one chain: a timer fires after the thread has armed it, and the thread
// goes on after that, so that their events are in one order.
#pragma once

#include <array>
#include <cstdint>

#include "sim/object/ids.h"

namespace sim {

/// One lane per thread, four lanes to a vector of the machine; of the vectors only the first
/// `width` are in use, the rest is never read.
class VectorClock {
 public:
  using Vector [[gnu::vector_size(16)]] = uint32_t;

  /// Vectors that a program of so many threads uses.
  static constexpr uint32_t WidthFor(uint32_t threads) { return (threads + 3) / 4; }

  explicit VectorClock(uint32_t width) {
    for (uint32_t i = 0; i < width; ++i) lanes_[i] = Vector{};
  }
  VectorClock(const Vector* lanes, uint32_t width) {
    for (uint32_t i = 0; i < width; ++i) lanes_[i] = lanes[i];
  }

  uint32_t of(ThreadId thread) const { return lanes_[OwnerOf(thread) / 4u][OwnerOf(thread) % 4u]; }
  void Set(ThreadId thread, uint32_t count) {
    lanes_[OwnerOf(thread) / 4u][OwnerOf(thread) % 4u] = count;
  }
  void Join(const Vector* other, uint32_t width) {
    for (uint32_t i = 0; i < width; ++i) {
      lanes_[i] = lanes_[i] > other[i] ? lanes_[i] : other[i];
    }
  }
  void CopyTo(Vector* lanes, uint32_t width) const {
    for (uint32_t i = 0; i < width; ++i) lanes[i] = lanes_[i];
  }

 private:
  std::array<Vector, kMaxThreads / 4> lanes_;
};

}  // namespace sim
