// Answers of calls as a person reads them.
#pragma once

#include <string>

#include "model/observation.h"
#include "model/program.h"

namespace props {

/// The answer of a call: its status, and whatever else it told. `block` is what a kChoose chose.
std::string DescribeResult(const model::Call& call, const model::CallResult& result,
                           uint32_t block);

}  // namespace props
