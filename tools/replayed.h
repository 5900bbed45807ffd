// A trace run again, and what that means.
#pragma once

#include <optional>
#include <string>

#include "model/litmus.h"
#include "props/persistence.h"
#include "props/record.h"
#include "tools/files.h"
#include "traces/trace.h"

namespace tools {

struct Replayed {
  traces::Trace trace;
  model::Litmus litmus;
  props::Recording recording;
  // Where trace and program part, and a violation was recorded: whether it is still there.
  std::optional<props::Persistence> persistence;
  int code = 0;  // Of exit: reproduced, diverged, not reproduced.
};

/// Runs the trace of that file. What cannot be run has been reported.
Loaded<Replayed> ReplayTrace(const std::string& path, uint32_t max_steps);

/// "not reproduced", ...: one word or two for an exit code of a replay.
std::string_view ReplayVerdict(int code);

}  // namespace tools
