#include "sim/strategies/delay_bounded.h"

namespace sim {

uint32_t DelayBounded::Delays(ThreadSet enabled, ThreadId last, ThreadId thread) {
  const uint32_t start = last == kNoThread ? 0 : last;
  uint32_t skipped = 0;
  for (uint32_t i = 0; i < 2 * kMaxThreads; ++i) {
    const ThreadId next = static_cast<ThreadId>((start + i) % (2 * kMaxThreads));
    if (next == thread) break;
    if (enabled.Has(next)) ++skipped;
  }
  return skipped;
}

}  // namespace sim
