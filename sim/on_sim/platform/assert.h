// Assertions of the core in a simulated execution: a broken one is the verdict of the execution.
#pragma once

#include <cstdio>
#include <cstdlib>

#include "sim/engine/runtime.h"

/// The inline namespace of everything that is compiled against this platform, so that mixing two
/// platforms in one program fails to link.
#define CORE_PLATFORM on_sim

namespace platform {
inline namespace on_sim {

[[noreturn]] inline void AssertFailed(const char* condition, const char* file, int line) {
  if (sim::Runtime* runtime = sim::Runtime::Current()) {
    runtime->FailAssertion(condition, file, line);
  }
  std::fprintf(stderr, "%s:%d: assertion failed outside an execution: %s\n", file, line, condition);
  std::abort();
}

}  // namespace on_sim
}  // namespace platform

#define ASSERT(condition)                              \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::platform::AssertFailed(#condition, __FILE_NAME__, __LINE__))
