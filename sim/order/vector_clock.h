// How many events of every thread and timer an event has in its past.
#pragma once

#include <array>
#include <cstdint>

#include "sim/object/ids.h"

namespace sim {

/// One 16-bit lane per thread and timer, eight lanes to a vector of the machine. The lanes of a
/// thread and of its timer are near each other, so that a program of up to eight threads needs two
/// vectors of eight.
class VectorClock {
 public:
  static constexpr uint32_t kMaxCount = UINT16_MAX;

  /// Vectors that a program of so many threads uses; the rest stay zero.
  static constexpr uint32_t WidthFor(uint32_t threads) { return (threads + 7) / 8 * 2; }

  uint32_t of(ThreadId thread) const { return lanes_[VectorOf(thread)][LaneOf(thread)]; }
  void Set(ThreadId thread, uint32_t count) {
    lanes_[VectorOf(thread)][LaneOf(thread)] = static_cast<uint16_t>(count);
  }
  void Join(const VectorClock& other, uint32_t width) {
    for (uint32_t i = 0; i < width; ++i) {
      lanes_[i] = lanes_[i] > other.lanes_[i] ? lanes_[i] : other.lanes_[i];
    }
  }

 private:
  using Vector [[gnu::vector_size(16)]] = uint16_t;

  static constexpr uint32_t VectorOf(ThreadId thread) {
    return OwnerOf(thread) / 8u * 2 + (IsTimer(thread) ? 1 : 0);
  }
  static constexpr uint32_t LaneOf(ThreadId thread) { return thread % 8u; }

  std::array<Vector, kMaxThreads / 4> lanes_{};
};

}  // namespace sim
