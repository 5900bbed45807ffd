// Whether an order of steps explains a history: taken one by one, without any search.
#pragma once

#include <vector>

#include "model/history.h"
#include "model/litmus.h"

namespace model {

/// Every result must have a variable of its own, and no step may go several ways.
bool IsWitness(const Litmus& litmus, const History& history, const std::vector<ThreadIndex>& steps);

}  // namespace model
