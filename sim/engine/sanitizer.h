// What the address sanitizer must be told: poisoned memory, and switches between stacks. And what
// sanitizers tell: a report in an execution is its failure, as a crash is.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define HEDDLE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HEDDLE_ASAN 1
#endif
#endif

#ifdef HEDDLE_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
/// Of a function that may look at poisoned memory.
#define HEDDLE_UNSANITIZED __attribute__((no_sanitize("address"), noinline))
#else
#define HEDDLE_UNSANITIZED
#endif

namespace sim {

#ifdef HEDDLE_ASAN
inline void PoisonMemory(void* start, size_t bytes) {
  __asan_poison_memory_region(start, bytes);
}
inline void UnpoisonMemory(void* start, size_t bytes) {
  __asan_unpoison_memory_region(start, bytes);
}
inline void StartSwitch(void** fake_stack_save, const void* bottom, size_t size) {
  __sanitizer_start_switch_fiber(fake_stack_save, bottom, size);
}
inline void FinishSwitch(void* fake_stack, const void** old_bottom, size_t* old_size) {
  __sanitizer_finish_switch_fiber(fake_stack, old_bottom, old_size);
}
/// From here on reports in executions are failures of these. Outside, they end the process.
void CatchReports();
#else
inline void CatchReports() {}
inline void PoisonMemory(void*, size_t) {}
inline void UnpoisonMemory(void*, size_t) {}
inline void StartSwitch(void**, const void*, size_t) {}
inline void FinishSwitch(void*, const void**, size_t*) {}
#endif

}  // namespace sim
