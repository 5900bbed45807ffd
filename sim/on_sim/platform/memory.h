// Memory of the kernel in a simulated execution: the arena of the execution.
#pragma once

#include <cstddef>

#include "platform/assert.h"
#include "sim/engine/runtime.h"

namespace platform {
inline namespace on_sim {

/// Simulated threads run one at a time: nothing is gained by keeping apart what they write to.
inline constexpr size_t kCacheLine = alignof(std::max_align_t);

/// Null when memory is exhausted. `what` names the block in reports.
inline void* Allocate(size_t bytes, size_t alignment, const char* what) {
  sim::Runtime* runtime = sim::Runtime::Current();
  ASSERT(runtime != nullptr);
  ASSERT(alignment <= alignof(std::max_align_t));
  return runtime->arena().Allocate(bytes, what);
}
/// What was freed before, or never allocated, is the verdict of the execution.
inline void Free(void* block) {
  sim::Runtime* runtime = sim::Runtime::Current();
  ASSERT(runtime != nullptr);
  runtime->Free(block);
}

/// One pointer per simulated thread, null at first: the head of its list of objects to free.
inline void*& ThreadSlot() {
  sim::Runtime* runtime = sim::Runtime::Current();
  ASSERT(runtime != nullptr);
  return runtime->thread_slot();
}

}  // namespace on_sim
}  // namespace platform
