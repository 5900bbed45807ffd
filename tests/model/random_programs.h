// Small random programs of all calls, for tests of the reference model.
#pragma once

#include <cstdint>

#include "model/litmus.h"

namespace model {

/// What a drawn program may contain, beyond messages, closing and waiting for one.
struct DrawOptions {
  uint32_t threads = 2;
  uint32_t calls_per_thread = 3;
  bool all_calls = true;
  bool interruptions = false;  // Threads and processes are killed and suspended.
  bool bad_arguments = false;  // Bad pointers, lies about sizes, unknown options.
  Faults faults = {};
  Generation generation = Generation::kCurrent;
};

/// The same seed and options give the same program. All threads name the same few handles, so that
/// almost every pair of calls races. Its locations are all results and all objects.
Litmus DrawProgram(uint64_t seed, const DrawOptions& options);

}  // namespace model
