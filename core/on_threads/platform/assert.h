// Assertions of the core on real threads: a broken one says where, and aborts.
#pragma once

#include <cstdio>
#include <cstdlib>

/// The inline namespace of everything that is compiled against this platform, so that mixing two
/// platforms in one program fails to link.
#define CORE_PLATFORM on_threads

namespace platform {
inline namespace on_threads {

[[noreturn]] inline void AssertFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace on_threads
}  // namespace platform

#define ASSERT(condition)                              \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::platform::AssertFailed(#condition, __FILE_NAME__, __LINE__))
