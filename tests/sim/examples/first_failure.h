// How many executions a way of sampling needs until a program fails.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "sim/engine/runtime.h"
#include "sim/strategies/sampling.h"

namespace sim::examples {

using SamplerFactory = std::unique_ptr<Sampler> (*)();

struct NamedSampler {
  const char* name;
  SamplerFactory make;
};
/// SURW, URW, POS, PCT of depths 3 and 10, a random walk, and the portfolio of all.
std::span<const NamedSampler> AllSamplers();

struct FirstFailure {
  uint32_t trials = 0;
  uint32_t found = 0;  // Trials that saw a failure within the cap.
  double mean = 0;     // Executions up to the first failure, of the trials that found one.
};

/// One trial for each seed from 1. Counts what the sampler draws, not the executions that are
/// profiled before, and what those show is not looked at. Releases are visible.
FirstFailure MeasureFirstFailure(Scenario& scenario, SamplerFactory sampler, uint32_t trials,
                                 uint64_t cap);

}  // namespace sim::examples
