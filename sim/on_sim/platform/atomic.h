// Atomic words in a simulated execution.
#pragma once

#include "sim/api/atomic.h"

namespace platform {
inline namespace on_sim {

using sim::Atomic;
using sim::MemoryOrder;

}  // namespace on_sim
}  // namespace platform
