// Numbers of interleavings, traces and outcomes that every search has to give.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "tests/sim/lambda_scenario.h"

namespace sim {

struct KnownCounts {
  uint64_t interleavings = 0;
  uint64_t traces = 0;
  std::set<std::string> outcomes;
};

/// Brute force, sleep sets and source sets; the reductions in every order of creating the threads.
void ExpectCounts(const LambdaScenario::Factory& factory, const KnownCounts& known,
                  bool visible_releases = true);

}  // namespace sim
