// Locks, parking and reference counts in a simulated execution: every operation asks the scheduler.
#pragma once

#include "platform/assert.h"
#include "sim/event.h"
#include "sim/mutex.h"
#include "sim/ref_count.h"

namespace platform {
inline namespace on_sim {

using sim::Event;
using sim::Mutex;
using sim::RefCount;
using sim::SharedMutex;
using sim::VisibleCount;
using sim::WaitResult;

}  // namespace on_sim
}  // namespace platform
