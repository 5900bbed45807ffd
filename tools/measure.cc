#include "tools/measure.h"

namespace tools {

Size Measurement::Spend(std::chrono::nanoseconds budget) {
  constexpr uint64_t kMost = 10'000'000;
  constexpr uint64_t kDrawsPerLook = 16;
  const auto end = std::chrono::steady_clock::now() + budget;
  if (!estimator_) {
    world_.emplace(litmus_);
    estimator_.emplace(*world_, props::LimitsOf(litmus_, max_steps_), seed_);
  }
  do {
    for (uint64_t i = 0; i < kDrawsPerLook && !estimator_->is_exact(); ++i) estimator_->Draw();
  } while (!estimator_->is_exact() && estimator_->draws() < kMost &&
           std::chrono::steady_clock::now() < end);
  Size size;
  size.at_least = estimator_->at_least();
  if (!estimator_->is_sound()) return size;
  size.source = estimator_->is_exact() ? Size::Source::kCounted : Size::Source::kDrawn;
  size.executions = estimator_->mean();
  size.error = estimator_->StandardError();
  return size;
}

}  // namespace tools
