#include "tools/measure.h"

namespace tools {

Size Measurement::Spend(std::chrono::nanoseconds budget) {
  constexpr uint64_t kLeast = 4;  // Descents, however long they take: an error needs some.
  constexpr uint64_t kMost = 100'000;
  const auto end = std::chrono::steady_clock::now() + budget;
  if (!estimator_) {
    world_.emplace(litmus_);
    estimator_.emplace(*world_, props::LimitsOf(litmus_, max_steps_), seed_);
  }
  while (!estimator_->is_exact() && estimator_->descents() < kMost) {
    estimator_->Descend();
    if (estimator_->descents() >= kLeast && std::chrono::steady_clock::now() >= end) break;
  }
  return {estimator_->mean(), estimator_->StandardError()};
}

}  // namespace tools
