// The size of a search, measured for as long as one likes.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "model/litmus.h"
#include "props/world.h"
#include "sim/strategies/estimate.h"
#include "tools/outlook.h"

namespace tools {

/// Of a search by source sets: its complete executions.
class Measurement {
 public:
  /// `litmus` must outlive the measurement.
  Measurement(const model::Litmus& litmus, uint32_t max_steps, uint64_t seed)
      : litmus_(litmus), max_steps_(max_steps), seed_(seed) {}

  /// Measures for about so long, and answers what is known now.
  Size Spend(std::chrono::nanoseconds budget);

 private:
  const model::Litmus& litmus_;
  uint32_t max_steps_;
  uint64_t seed_;
  std::optional<props::World> world_;  // Once something is measured.
  std::optional<sim::SizeEstimator> estimator_;
};

}  // namespace tools
