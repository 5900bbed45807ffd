// What the message of a test says of a failure: all that is needed to understand it and to see it
// again, also where nothing but the message is kept, as in a report in JUnit's XML.
#pragma once

#include <string>

#include "model/litmus.h"
#include "props/findings.h"

namespace props {

/// The failure with its program and its schedule made small, as a person reads it: the litmus text,
/// what broke, the table, the schedule, and the line that replays the trace, which is saved in
/// .heddle of the current folder. A core that crashes in some smaller program does not end the
/// test.
std::string SmallestFailure(const model::Litmus& litmus, const Finding& finding);

}  // namespace props
