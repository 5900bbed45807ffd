// Allocation in the core: it can fail, it is never hidden, and it goes through the platform.
#pragma once

#include <cstddef>
#include <new>
#include <utility>

#include "core/platform_contract.h"

namespace core {
inline namespace CORE_PLATFORM {

/// Null when memory cannot be had. `what` names the block in leak reports; static text.
inline void* AllocateBytes(size_t bytes, const char* what,
                           size_t alignment = alignof(std::max_align_t)) {
  if (platform::Fails(platform::FaultPoint::kAllocation)) return nullptr;
  return platform::Allocate(bytes, alignment, what);
}

/// Base of everything that the core allocates: `delete` gives the memory back to the platform.
/// There is no operator new; see TryNew.
class Allocated {
 public:
  static void operator delete(void* block) { platform::Free(block); }
  static void* operator new(size_t) = delete;
  static void* operator new(size_t, void* place) { return place; }
};

/// A new T, or null when memory cannot be had.
template <typename T, typename... Arguments>
[[nodiscard]] T* TryNew(const char* what, Arguments&&... arguments) {
  void* memory = AllocateBytes(sizeof(T), what, alignof(T));
  return memory == nullptr ? nullptr : new (memory) T(std::forward<Arguments>(arguments)...);
}

}  // namespace CORE_PLATFORM
}  // namespace core
