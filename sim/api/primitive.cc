#include "sim/api/primitive.h"

namespace sim {

bool Primitive::TimesOut(Runtime& runtime, Operation& wait, Time deadline,
                         const Footprint& fire) const {
  wait.deadline = deadline;
  // Also when the wait is over already, unable to fire then: what is pending may not depend on an
  // event that nothing orders with this one.
  if (deadline != kForever) runtime.Arm(wait, fire);
  runtime.Announce(wait);
  return deadline != kForever && runtime.HasTimedOut(wait);
}

}  // namespace sim
