// A barrier: so many threads wait for each other, again and again.
#pragma once

#include <cstdint>

#include "sim/api/atomic.h"

namespace sim {

class Barrier {
 public:
  /// For `expected` threads, at least one.
  Barrier(uint32_t expected, const char* role) : expected_(expected), arrived_(0, role) {}

  /// Waits until as many have arrived as are expected. True for the last of them, which does not
  /// wait; the barrier is then as new.
  bool ArriveAndWait() {
    const uint64_t before = arrived_.FetchAdd(1, MemoryOrder::kSequential);
    const uint64_t all = (before / expected_ + 1) * expected_;
    if (before + 1 == all) return true;
    arrived_.AwaitThat<&IsReached>(all, MemoryOrder::kSequential);
    return false;
  }

 private:
  static bool IsReached(uint64_t arrived, uint64_t all) { return arrived >= all; }

  uint32_t expected_;
  Atomic<uint64_t> arrived_;  // Ever.
};

}  // namespace sim
