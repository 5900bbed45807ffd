// Calls with simpler arguments.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/program.h"

namespace props {

/// `call` with one of its arguments simpler: the simplest first. Each weighs less.
std::vector<model::Call> SimplerCalls(const model::Call& call);

/// What the arguments of a call are beyond the simplest ones.
uint64_t WeightOf(const model::Call& call);
uint64_t WeightOf(const model::RightsArgument& rights);

/// Shorter texts instead of `text`, the shortest first.
std::vector<std::string> ShorterTexts(const std::string& text);

}  // namespace props
