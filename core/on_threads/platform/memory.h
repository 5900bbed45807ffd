// Memory of the kernel on real threads.
#pragma once

#include <cstddef>
#include <cstdlib>

namespace platform {
inline namespace on_threads {

/// What threads write to at the same time should be that far apart.
inline constexpr size_t kCacheLine = 64;

/// Null when memory is exhausted. The last argument names the block in reports.
inline void* Allocate(size_t bytes, size_t alignment, const char*) {
  return alignment <= alignof(std::max_align_t) ? std::malloc(bytes)
                                                : std::aligned_alloc(alignment, bytes);
}
inline void Free(void* block) {
  std::free(block);
}

/// One pointer per thread, null at first: the head of the thread's list of objects to free.
inline void*& ThreadSlot() {
  static thread_local void* slot = nullptr;
  return slot;
}

}  // namespace on_threads
}  // namespace platform
