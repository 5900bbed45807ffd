// The calls of xfer+wr.litmus, once, on the core for real threads: no scheduler, one thread.
#pragma once

namespace bench {

/// Kernel, processes, channels, the calls of all three threads in an order that never waits, and
/// the tear-down. False if a call answered something unexpected.
[[nodiscard]] bool RunTransferOnThreads();

}  // namespace bench
