// The virtual clock of a simulated execution.
#pragma once

#include "sim/api/clock.h"

namespace platform {
inline namespace on_sim {

using sim::Now;
using sim::Time;

}  // namespace on_sim
}  // namespace platform
