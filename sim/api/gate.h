// A gate that any number of threads wait at: opened, and shut again. What others call an event that
// can be reset.
#pragma once

#include <cstdint>

#include "sim/api/atomic.h"

namespace sim {

class Gate {
 public:
  /// Shut at first.
  explicit Gate(const char* role) : is_open_(0, role) {}

  /// Before the threads start: somebody waits until a time.
  void SetBounded() { is_open_.SetBounded(); }

  void Open() { is_open_.Store(1, MemoryOrder::kSequential); }
  void Shut() { is_open_.Store(0, MemoryOrder::kSequential); }
  /// Whether it is open before `deadline`: kForever, kAtAnyMoment or a virtual time. Somebody who
  /// waits may miss that it was open for a moment.
  bool Pass(Time deadline) { return PassAnd<&Leave>(deadline); }
  /// The same, and shuts it in the same step: one passes for each time that it is opened.
  bool PassAndShut(Time deadline) { return PassAnd<&Close>(deadline); }

 private:
  static bool IsEqual(uint8_t is_open, uint8_t wanted) { return is_open == wanted; }
  static uint8_t Leave(uint8_t is_open) { return is_open; }
  static uint8_t Close(uint8_t) { return 0; }
  template <uint8_t (*change)(uint8_t)>
  bool PassAnd(Time deadline) {
    uint8_t before = 0;
    return is_open_.TakeUntil<&IsEqual, change>(1, deadline, before, MemoryOrder::kSequential);
  }

  Atomic<uint8_t> is_open_;
};

}  // namespace sim
