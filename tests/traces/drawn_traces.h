// Traces that RapidCheck draws: any value that a recorder could write, with odd names and texts.
#pragma once

#include <rapidcheck.h>

#include <string>

#include "traces/trace.h"

namespace traces {

rc::Gen<Trace> DrawnTrace();
/// Any bytes but a newline.
rc::Gen<std::string> DrawnLine();

}  // namespace traces
