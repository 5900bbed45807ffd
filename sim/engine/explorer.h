// The outer loop: executions until the strategy has nothing left, or somebody has seen enough.
#pragma once

#include <cstdint>
#include <functional>

#include "sim/engine/replay.h"
#include "sim/engine/runtime.h"
#include "sim/engine/strategy.h"

namespace sim {

struct ExploreOptions {
  ExecutionLimits limits;
  /// Executions, the stopped ones included; 0 is no limit.
  uint64_t max_executions = 0;
  /// One execution in so many is run a second time from its own schedule and compared; 0 is never.
  uint32_t determinism_every = 20;
};

enum class ExploreEnd : uint8_t {
  kExhausted,         // The strategy had nothing left.
  kLimit,             // max_executions.
  kVisitor,           // The visitor had seen enough.
  kNondeterministic,  // The same schedule behaved in two ways: see Exploration::divergent_step.
};

struct Exploration {
  ExploreEnd end = ExploreEnd::kExhausted;
  uint64_t executions = 0;  // Those that ran to an end of their own.
  uint64_t stopped = 0;     // Those that the strategy cut short as known.
  EventIndex divergent_step = 0;
};

/// Called after every execution that ran to its end; false stops the search.
using Visitor = std::function<bool(const Execution&)>;

Exploration Explore(Scenario& scenario, Strategy& strategy, const ExploreOptions& options,
                    const Visitor& visitor);

}  // namespace sim
