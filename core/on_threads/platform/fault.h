// Faults are injected by a schedule; on real threads they only happen.
#pragma once

namespace platform {
inline namespace on_threads {

enum class FaultPoint { kAllocation, kUserMemory };

constexpr bool Fails(FaultPoint) {
  return false;
}

}  // namespace on_threads
}  // namespace platform
