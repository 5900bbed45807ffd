// Memory of the kernel on real threads, counted, and used up when a test says so. It takes the
// place of the platform's own header of this name, by include path.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace platform {
inline namespace on_threads {

/// What threads write to at the same time should be that far apart.
inline constexpr size_t kCacheLine = 64;

/// Blocks that were allocated and not freed. Relaxed: an order among the threads that allocate
/// would hide races from the thread sanitizer.
inline std::atomic<int64_t> live_blocks = 0;

/// How many more allocations of this thread succeed before one fails; negative: all of them.
inline constinit thread_local int64_t allocations_before_failure = -1;

/// Null when memory is exhausted. The last argument names the block in reports.
inline void* Allocate(size_t bytes, size_t alignment, const char*) {
  if (allocations_before_failure >= 0 && allocations_before_failure-- == 0) return nullptr;
  void* block = alignment <= alignof(std::max_align_t) ? std::malloc(bytes)
                                                       : std::aligned_alloc(alignment, bytes);
  if (block != nullptr) live_blocks.fetch_add(1, std::memory_order_relaxed);
  return block;
}
inline void Free(void* block) {
  if (block != nullptr) live_blocks.fetch_sub(1, std::memory_order_relaxed);
  std::free(block);
}

/// One pointer per thread, null at first: the head of the thread's list of objects to free.
inline void*& ThreadSlot() {
  static thread_local void* slot = nullptr;
  return slot;
}

}  // namespace on_threads
}  // namespace platform
