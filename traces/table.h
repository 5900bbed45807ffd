// A trace as a table: a column per thread, one for each queue that the program looks at.
#pragma once

#include <string>

#include "model/litmus.h"
#include "traces/trace.h"

namespace traces {

/// `litmus` is the trace's program, and has every thread that the trace names. Lines end with
/// newlines.
std::string RenderTable(const Trace& trace, const model::Litmus& litmus);

}  // namespace traces
