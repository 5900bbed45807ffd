// Memory of the kernel on real threads.
#pragma once

#include <cstddef>
#include <cstdlib>

namespace platform {
inline namespace on_threads {

/// Aligned to 16; null when memory is exhausted. The second argument names the block in reports.
inline void* Allocate(size_t bytes, const char*) {
  return std::malloc(bytes);
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
