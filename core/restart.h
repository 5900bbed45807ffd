// What stands between user code and the system calls that a suspension interrupts.
#pragma once

#include "core/thread.h"

namespace core {
inline namespace CORE_PLATFORM {

/// Makes a call that answers kInternalIntrRetry again, from its start, each time the thread has
/// been resumed: handles are looked up anew, an absolute deadline stays what it is. A thread that
/// is killed meanwhile gets kInternalIntrKilled. WT-9, WT-10.
template <typename Call>
Status RestartWhenResumed(Thread& caller, Call call) {
  for (;;) {
    const Status status = call();
    if (status != Status::kInternalIntrRetry) return status;
    if (!caller.WaitUntilResumed()) return Status::kInternalIntrKilled;
  }
}

}  // namespace CORE_PLATFORM
}  // namespace core
