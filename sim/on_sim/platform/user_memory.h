// Copies between the kernel and its callers in a simulated execution.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "platform/fault.h"

namespace platform {
inline namespace on_sim {

/// The first page is never mapped: null, and null with a small offset.
inline constexpr uintptr_t kFirstMappedAddress = 4096;

/// False on a fault, by the address or by the schedule. A copy of nothing never faults.
[[nodiscard]] inline bool CopyIn(void* to, const void* from_user, size_t bytes) {
  if (bytes == 0) return true;
  if (reinterpret_cast<uintptr_t>(from_user) < kFirstMappedAddress) return false;
  if (Fails(FaultPoint::kUserMemory)) return false;
  std::memcpy(to, from_user, bytes);
  return true;
}
[[nodiscard]] inline bool CopyOut(void* to_user, const void* from, size_t bytes) {
  if (bytes == 0) return true;
  if (reinterpret_cast<uintptr_t>(to_user) < kFirstMappedAddress) return false;
  if (Fails(FaultPoint::kUserMemory)) return false;
  std::memcpy(to_user, from, bytes);
  return true;
}

}  // namespace on_sim
}  // namespace platform
