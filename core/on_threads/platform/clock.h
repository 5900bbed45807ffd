// The monotonic clock on real threads.
#pragma once

#include <chrono>
#include <cstdint>

namespace platform {
inline namespace on_threads {

/// Absolute monotonic nanoseconds.
using Time = int64_t;

inline Time Now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace on_threads
}  // namespace platform
