// Whether the second event of a race could have come first.
//
// Two conflicting events race in an execution E when nothing orders them but their conflict. The
// first, E[k], is taken out together with everything that happens after it; what is left, the cut,
// is an execution too. The race can be reversed if the second operation is enabled after the cut.
// No thread is run for the answer: every event recorded the state of what it changed.
#pragma once

#include "sim/engine/execution.h"
#include "sim/object/operation.h"
#include "sim/order/happens_before.h"

namespace sim {

/// The second operation of a race: an event, or an operation that is still pending.
struct RaceTarget {
  ThreadId thread = kNoThread;
  OpKind kind = OpKind::kNone;
  uint32_t key = kWholeObject;
  ObjectId object;
  bool is_over = false;      // Of operations on waits: as in Step, at `position`.
  Time deadline = kForever;  // Of those too.
  uint64_t word = 0;         // Of kAtomicAwait: the bits of the value at `position`, and
  uint64_t wanted = 0;       // of the one that it waits for.
  Footprint footprint;
  EventIndex position{};  // How many events are before it.

  static RaceTarget OfEvent(const Execution& execution, EventIndex step);
  static RaceTarget OfPending(const Operation& operation, ThreadId thread, EventIndex position);
};

/// Answers for one execution; refers to what it is given.
class Reversal {
 public:
  Reversal(const Execution& execution, const HappensBefore& order)
      : execution_(execution), order_(order) {}

  /// `second` would be enabled in the state after E[0..k) and those later events before
  /// second.position that E[k] does not happen before.
  bool IsPossible(EventIndex k, const RaceTarget& second) const;

 private:
  bool InCut(EventIndex k, EventIndex step) const {
    return step < k || (step != k && !order_.Before(k, step));
  }
  bool LockIsFree(EventIndex k, const RaceTarget& second) const;
  bool EventIsSet(EventIndex k, const RaceTarget& second) const;
  bool WordHasValue(EventIndex k, const RaceTarget& second) const;
  /// What ended the wait that `thread` is in, if anything, is in the cut.
  bool WasWoken(EventIndex k, ThreadId thread, EventIndex position) const;
  bool MayFire(EventIndex k, const RaceTarget& fire) const;
  /// Deadlines in the cut that passed while some thread could run.
  uint32_t EarlyFires(EventIndex k, EventIndex position) const;
  /// Nothing in the cut has ended the wait that began with event `arming`.
  bool IsStillArmed(EventIndex k, EventIndex arming, EventIndex position) const;

  const Execution& execution_;
  const HappensBefore& order_;
};

}  // namespace sim
