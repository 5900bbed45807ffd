// Better schedules near a given one.
#pragma once

#include <functional>
#include <optional>

#include "props/findings.h"
#include "props/runner.h"

namespace props {

/// Whether a finding, of the last execution of the runner, is what is looked for.
using IsWanted = std::function<bool(const Finding&)>;

/// Takes out of the schedule of `finding` the faults and choices that it can do without, and what
/// happened besides, if it ended the execution; then puts its trace into the order with the fewest
/// preemptions that shows the finding. Everything that it keeps is wanted.
Finding Polish(Runner& runner, const Finding& finding, const IsWanted& is_wanted);

/// The trace of the last execution in the order with the fewest
/// preemptions. Nothing if that is too much to search, or is not wanted.
std::optional<Finding> Reordered(Runner& runner, const IsWanted& is_wanted);

/// `finding`, which is of the last execution, in an execution that shows it: itself, or the order
/// with the fewest preemptions among those that follow its edges.
std::optional<Finding> Shown(Runner& runner, const Finding& finding, const IsWanted& is_wanted);

}  // namespace props
