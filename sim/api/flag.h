// A flag that one thread parks on until somebody sets it or a deadline passes.
#pragma once

#include "sim/api/primitive.h"
#include "sim/object/flag.h"

namespace sim {

class Flag : public Primitive {
 public:
  explicit Flag(const char* role) : Primitive(role) {}

  /// Wakes the waiter, or lets the next wait return at once. Stays set.
  void Signal() { Set(OpKind::kFlagSignal); }

  /// Ends the wait in progress, or the next one, without setting the flag; used up by that wait. A
  /// signal that is there when the waiter wakes up wins over it.
  void Interrupt() { Set(OpKind::kFlagInterrupt); }

  /// One waiter at a time. Whichever comes first, the signal or the deadline, is the answer; a
  /// signal that was there before the wait began wins over a deadline already past. `deadline`
  /// may be kForever, kAtAnyMoment or a virtual time.
  WaitResult Wait(Time deadline);

 private:
  void Set(OpKind kind);
  WaitResult WaitAnnounced(Runtime& runtime, Time deadline);
};

}  // namespace sim
