// Something that is done once, by whoever comes first; others wait until it is done.
#pragma once

#include <cstdint>

#include "sim/api/atomic.h"

namespace sim {

class Once {
 public:
  explicit Once(const char* role) : state_(State::kNotDone, role) {}

  /// Calls `function` unless somebody has; true if this call did. If it throws, it was not done,
  /// and the next who comes, or waits, does it.
  template <typename Function>
  bool Call(Function&& function) {
    State before = State::kNotDone;
    state_.TakeUntil<&IsNot, &Begin>(State::kInProgress, kForever, before,
                                     MemoryOrder::kSequential);
    if (before == State::kDone) return false;
    Attempt attempt{state_};
    function();
    attempt.result = State::kDone;
    return true;
  }

 private:
  enum class State : uint8_t { kNotDone, kInProgress, kDone };
  struct Attempt {
    Atomic<State>& state;
    State result = State::kNotDone;
    ~Attempt() { state.Store(result, MemoryOrder::kSequential); }
  };
  static bool IsNot(State state, State other) { return state != other; }
  static State Begin(State state) { return state == State::kNotDone ? State::kInProgress : state; }

  Atomic<State> state_;
};

}  // namespace sim
