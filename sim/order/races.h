// The races of an execution, and which of them could have gone the other way.
//
// Two conflicting events race in an execution E when nothing orders them but their conflict. The
// first, E[k], is taken out together with everything that happens after it; what is left, the cut,
// is an execution too. The race can be reversed if the second operation is enabled after the cut.
// One that cannot hides nothing: the partner of an acquire is the acquire before it, not the
// release between the two.
#pragma once

#include <vector>

#include "sim/engine/execution.h"
#include "sim/order/happens_before.h"

namespace sim {

/// The second operation of a race: an event, one that is still pending, or one that an event has
/// taken away.
struct RaceTarget {
  const Operation& operation;
  EventIndex position;       // How many events are before it,
  EventIndex taker = kNone;  // but for this one and what follows from it.

  static constexpr EventIndex kNone = UINT32_MAX;
};

class Races {
 public:
  /// All must outlive this; `order` has the events of `execution` up to the targets. `scratch`
  /// saves the next one an allocation.
  Races(const Execution& execution, const HappensBefore& order, std::vector<EventIndex>& scratch)
      : execution_(execution), order_(order), earlier_(scratch) {}

  /// Calls `visit(k)` with every event that races with `second` and could have come after it.
  /// `direct` are those that the second follows immediately, latest first; `past` is its past
  /// without them.
  template <typename Visit>
  void ForEachReversible(const RaceTarget& second, const std::vector<EventIndex>& direct,
                         VectorClock past, Visit visit) {
    size_t known = 0;
    for (; known < direct.size() && CanReverse(direct[known], second); ++known) {
      visit(direct[known]);
    }
    if (known == direct.size()) return;
    for (size_t i = 0; i < known; ++i) order_.Join(past, direct[i]);
    FindEarlier(second, direct[known], past);
    for (EventIndex k : earlier_) {
      if (order_.IsIn(past, k) || !CanReverse(k, second)) continue;
      visit(k);
      order_.Join(past, k);
    }
  }

  /// The same of an operation that was taken away, given what came after its taker. `past` is left
  /// with what happens before the operation. Of races with that, which it may have hidden, only
  /// those that are before the taker are visited.
  template <typename Visit>
  void ForEachReversibleOfTaken(const RaceTarget& second, VectorClock& past, Visit visit) {
    FindEarlier(second, second.position, past);
    VectorClock known = past;
    for (EventIndex k : earlier_) {
      if (!order_.IsIn(past, k)) order_.Join(past, k);
    }
    for (EventIndex k : earlier_) {
      if (order_.IsIn(known, k) || !CanReverse(k, second)) continue;
      if (k < second.taker) visit(k);
      order_.Join(known, k);
    }
  }

  bool CanReverse(EventIndex k, const RaceTarget& second) const;
  /// Whether `event` would not have happened before the operation.
  static bool IsOut(const HappensBefore& order, EventIndex event, const RaceTarget& second) {
    if (event >= second.position) return true;
    return event >= second.taker && (event == second.taker || order.Before(second.taker, event));
  }

  /// Calls `visit(k)` with every event that adds to the count which event `drop` drops, and without
  /// which, and all that follows from it, the drop would have been the last: whoever adds then
  /// finds nothing. The two are in conflict although each of them alone can change places with all
  /// that is between.
  template <typename Visit>
  void ForEachSaving(EventIndex drop, Visit visit) const {
    const ObjectSlot slot = execution_.events[drop].slot;
    uint32_t number = (*execution_.states)[slot].last_change;
    for (; number != 0; number = execution_.changes[number - 1].previous) {
      const Change& change = execution_.changes[number - 1];
      if (change.event >= drop || change.kind != OpKind::kCountAdd) continue;
      if (order_.Before(change.event, drop)) continue;
      if (WouldBeLast(drop, change.event)) visit(change.event);
    }
  }

 private:
  bool WouldBeLast(EventIndex drop, EventIndex without) const;
  void FindEarlier(const RaceTarget& second, EventIndex end, const VectorClock& past);

  const Execution& execution_;
  const HappensBefore& order_;
  std::vector<EventIndex>& earlier_;
};

}  // namespace sim
