// One program, searched in parts: workers, shards, checkpoints, summaries.
#pragma once

#include <string>

#include "model/litmus.h"
#include "props/check.h"
#include "tools/files.h"
#include "tools/options.h"
#include "tools/progress.h"

namespace tools {

/// What was seen; or the exit code of a mistake that was reported.
Loaded<props::CheckReport> SearchInParts(const Options& options, const std::string& file,
                                         const model::Litmus& litmus,
                                         const props::CheckOptions& check, ProgressLine& progress);

}  // namespace tools
