// A semaphore: a number that threads wait for to be more than nothing, and take one of.
#pragma once

#include <cstdint>

#include "sim/api/atomic.h"

namespace sim {

class Semaphore {
 public:
  Semaphore(uint32_t initial, const char* role) : left_(initial, role) {}

  /// Before the threads start: somebody waits until a time.
  void SetBounded() { left_.SetBounded(); }

  void Acquire() { AcquireUntil(kForever); }
  /// Takes one if there is one.
  bool TryAcquire() {
    uint32_t before = 0;
    return left_.TryTake<&IsMore, &Less>(0, before, MemoryOrder::kSequential);
  }
  /// Whether one came before `deadline`: kForever, kAtAnyMoment or a virtual time. One that is
  /// there is taken, however late it is.
  bool AcquireUntil(Time deadline) {
    uint32_t before = 0;
    return left_.TakeUntil<&IsMore, &Less>(0, deadline, before, MemoryOrder::kSequential);
  }
  void Release(uint32_t count = 1) { left_.FetchAdd(count, MemoryOrder::kSequential); }

 private:
  static bool IsMore(uint32_t left, uint32_t wanted) { return left > wanted; }
  static uint32_t Less(uint32_t left) { return left - 1; }

  Atomic<uint32_t> left_;
};

}  // namespace sim
