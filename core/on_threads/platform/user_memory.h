// Copies between the kernel and its callers on real threads.
//
// User memory is the memory of this very program, so a bad address would end it. Copies are
// therefore made by the operating system, which answers instead; a host that trusts its callers can
// have plain copies, thread by thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace platform {
inline namespace on_threads {

/// The first page is never mapped: null, and null with a small offset.
inline constexpr uintptr_t kFirstMappedAddress = 4096;

enum class UserMemory : uint8_t {
  kChecked,  // Whatever the address, a fault is an answer.
  kTrusted,  // Only the first page is; every other bad address ends the program.
};

/// How copies are made on the calling thread of the operating system, until it says otherwise.
inline constinit thread_local UserMemory user_memory = UserMemory::kChecked;

/// The copies of kChecked.
[[nodiscard]] bool CopyInChecked(void* to, const void* from_user, size_t bytes);
[[nodiscard]] bool CopyOutChecked(void* to_user, const void* from, size_t bytes);
/// Whether the operating system lets us make them: a sandbox may not.
[[nodiscard]] bool CanCheckUserMemory();

/// False on a fault; what comes before the fault may have been copied. A copy of nothing never
/// faults, whatever the address.
[[nodiscard]] inline bool CopyIn(void* to, const void* from_user, size_t bytes) {
  if (bytes == 0) return true;
  if (reinterpret_cast<uintptr_t>(from_user) < kFirstMappedAddress) return false;
  if (user_memory == UserMemory::kChecked) return CopyInChecked(to, from_user, bytes);
  std::memcpy(to, from_user, bytes);
  return true;
}
[[nodiscard]] inline bool CopyOut(void* to_user, const void* from, size_t bytes) {
  if (bytes == 0) return true;
  if (reinterpret_cast<uintptr_t>(to_user) < kFirstMappedAddress) return false;
  if (user_memory == UserMemory::kChecked) return CopyOutChecked(to_user, from, bytes);
  std::memcpy(to_user, from, bytes);
  return true;
}

}  // namespace on_threads
}  // namespace platform
