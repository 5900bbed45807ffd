// Faults that a schedule injects: each is a choice of two, as long as the execution's budget lasts.
#pragma once

#include "sim/engine/runtime.h"

namespace platform {
inline namespace on_sim {

enum class FaultPoint { kAllocation, kUserMemory };

inline bool Fails(FaultPoint point) {
  sim::Runtime* runtime = sim::Runtime::Current();
  if (runtime == nullptr) return false;
  return runtime->PickFault(point == FaultPoint::kAllocation ? sim::FaultKind::kAllocation
                                                             : sim::FaultKind::kUserMemory);
}

}  // namespace on_sim
}  // namespace platform
