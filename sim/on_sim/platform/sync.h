// Locks, parking and reference counts in a simulated execution: every operation asks the scheduler.
#pragma once

#include "platform/assert.h"
#include "sim/api/flag.h"
#include "sim/api/mutex.h"
#include "sim/api/ref_count.h"

namespace platform {
inline namespace on_sim {

using Event = sim::Flag;
using sim::Mutex;
using sim::RefCount;
using sim::SharedMutex;
using sim::VisibleCount;
using sim::WaitResult;

}  // namespace on_sim
}  // namespace platform
