#include "sim/order/races.h"

#include <algorithm>
#include <functional>

#include "sim/order/cut.h"

namespace sim {

bool Races::CanReverse(EventIndex k, const RaceTarget& second) const {
  const Event& first = execution_.events[k];
  const Operation& operation = second.operation;
  if (execution_.early_fires && first.kind == OpKind::kTimerFire) {
    // All that follows depends on it: nothing to cut out.
    return first.enabled.Has(operation.thread);
  }
  if (!MayHaveToWait(operation.kind)) return true;
  const auto contains = [&](EventIndex event) {
    return event < k || (event != k && !order_.Before(k, event) && !IsOut(order_, event, second));
  };
  const Cut cut(execution_, order_.threads(), k, second.position, contains);
  const bool is_fire = operation.kind == OpKind::kTimerFire;
  // The thread of E[k] can run after the cut, so a deadline that passes then passes early.
  const bool is_early =
      is_fire && execution_.early_fires && cut.StateOf(kEarlySlot).value >= *execution_.early_fires;
  return !is_early && cut.CanHappen(operation);
}

bool Races::WouldBeLast(EventIndex drop, EventIndex without) const {
  const Cut cut(execution_, order_.threads(), without, drop + 1, [&](EventIndex event) {
    return event < without || (event != without && !order_.Before(without, event));
  });
  return cut.StateOf(execution_.events[drop].slot).value == 0;
}

// Events in conflict with the target that are not in its past, the latest first. A write that is in
// it hides all before it.
void Races::FindEarlier(const RaceTarget& second, EventIndex end, const VectorClock& past) {
  earlier_.clear();
  order_.accesses().ForEachBefore(second.operation.footprint, end,
                                  [&](EventIndex event, bool is_write) {
                                    if (IsOut(order_, event, second)) return true;
                                    const bool is_hidden = order_.IsIn(past, event);
                                    if (!is_hidden) earlier_.push_back(event);
                                    return !(is_hidden && is_write);
                                  });
  std::sort(earlier_.begin(), earlier_.end(), std::greater<>());
  earlier_.erase(std::unique(earlier_.begin(), earlier_.end()), earlier_.end());
}

}  // namespace sim
