// A flag that one thread parks on until somebody sets it or a deadline passes.
#pragma once

#include "sim/object/ids.h"
#include "sim/object/operation.h"

namespace sim {

class Runtime;

enum class WaitResult : uint8_t { kSignaled, kTimedOut, kInterrupted };

class Flag {
 public:
  explicit Flag(const char* role);
  Flag(const Flag&) = delete;
  Flag& operator=(const Flag&) = delete;

  /// Wakes the waiter, or lets the next wait return at once. Stays set.
  void Signal();

  /// Ends the wait in progress, or the next one, without setting the flag; used up by that wait. A
  /// signal that is there when the waiter wakes up wins over it.
  void Interrupt();

  /// One waiter at a time. Whichever comes first, the signal or the deadline, is the answer; a
  /// signal that was there before the wait began wins over a deadline already past. `deadline`
  /// may be kForever, kAtAnyMoment or a virtual time.
  WaitResult Wait(Time deadline);

 private:
  void Change(OpKind kind);
  WaitResult WaitInThread(Runtime& runtime, Time deadline);
  WaitResult Result();

  ObjectId id_;
  const char* role_;
  WaitState state_;
};

}  // namespace sim
