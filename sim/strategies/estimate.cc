#include "sim/strategies/estimate.h"

#include <algorithm>
#include <cmath>

#include "sim/engine/explorer.h"
#include "sim/strategies/dpor.h"

namespace sim {

namespace {

constexpr uint64_t kSmall = 500;       // Executions that are searched before anything is drawn.
constexpr uint32_t kProfiled = 40;     // Executions that are drawn from nothing yet,
constexpr uint64_t kProfileEvery = 8;  // and later one for so many draws.
constexpr uint64_t kFewDraws = 200;
constexpr double kMissing = 0.1;
constexpr double kLargeShare = 0.02;  // Of the sum of all draws.

// Walks as samples are profiled with, and counts their choices among values.
class ProfiledWalk final : public Strategy {
 public:
  ProfiledWalk(uint32_t index, Random random) : random_(random) { walk_.Begin(index, random); }

  bool BeginExecution() override { return true; }
  ThreadId PickThread(const SchedulePoint& point) override { return walk_.Pick(point); }
  uint32_t PickValue(const ValuePoint& point) override {
    return walk_.takes_defaults() ? 0 : random_.Below(point.count);
  }
  void EndExecution(const Execution&) override {}

 private:
  Random random_;
  ProfileWalk walk_;
};

uint64_t EventsOf(const Execution& execution) {
  ThreadCounts counts{};
  for (const Event& event : execution.events) ++counts[event.thread];
  uint64_t hash = 0;
  for (uint32_t count : counts) hash = Mix(hash, count);
  return hash;
}

}  // namespace

SizeEstimator::SizeEstimator(Scenario& scenario, const ExecutionLimits& limits, uint64_t seed)
    : scenario_(scenario), runtime_(limits), limits_(limits), random_(seed) {}

void SizeEstimator::Prepare() {
  Dpor search;
  ExploreOptions options;
  options.limits = limits_;
  options.max_executions = kSmall;
  options.determinism_every = 0;
  const Exploration seen = Explore(scenario_, search, options, [&](const Execution& execution) {
    ++seen_[EventsOf(execution)].in_search;
    return true;
  });
  at_least_ = seen.executions;
  is_exact_ = seen.end == ExploreEnd::kExhausted;
  if (is_exact_) return;
  for (uint32_t i = 0; i < kProfiled; ++i) Profile(i);
}

void SizeEstimator::Profile(uint32_t index) {
  ProfiledWalk walk(index, Random(random_.Next()));
  runtime_.Execute(scenario_, walk, execution_);
  plan_.profile.Add(execution_);
  plan_.values = std::max(plan_.values, static_cast<uint32_t>(execution_.values.size()));
  Learn();
}

bool SizeEstimator::Learn() {
  if (!plan_.contention.Learn(execution_)) return false;
  draws_ = 0;
  mean_ = squares_ = largest_ = 0;
  for (auto& [events, seen] : seen_) seen.in_draws = 0;
  return true;
}

void SizeEstimator::Draw() {
  if (!prepared_) Prepare();
  prepared_ = true;
  if (is_exact_) {
    Count(static_cast<double>(at_least_));
    return;
  }
  if (draws_ % kProfileEvery == 0) Profile(kProfiled);
  WeighedWalk walk(plan_, Random(random_.Next()));
  runtime_.Execute(scenario_, walk, execution_);
  const double share = std::exp(share_.LogOf(execution_, plan_, walk.candidates()));
  if (Learn()) return;
  Count(share);
  const auto seen = seen_.find(EventsOf(execution_));
  if (seen != seen_.end()) seen->second.in_draws += share;
}

void SizeEstimator::Count(double share) {
  ++draws_;
  const double distance = share - mean_;
  mean_ += distance / static_cast<double>(draws_);
  squares_ += distance * (share - mean_);
  largest_ = std::max(largest_, share);
}

double SizeEstimator::StandardError() const {
  if (is_exact_ || draws_ < 2) return 0;
  const auto count = static_cast<double>(draws_);
  return std::sqrt(squares_ / (count - 1) / count);
}

double SizeEstimator::Missing() const {
  double missing = 0;
  for (const auto& [events, seen] : seen_) {
    const double drawn = seen.in_draws / static_cast<double>(draws_);
    missing += std::max(static_cast<double>(seen.in_search) - drawn, 0.0);
  }
  return missing / static_cast<double>(std::max<uint64_t>(at_least_, 1));
}

bool SizeEstimator::is_sound() const {
  if (is_exact_) return true;
  const auto count = static_cast<double>(draws_);
  return draws_ >= kFewDraws && largest_ <= kLargeShare * mean_ * count && Missing() <= kMissing &&
         mean_ + 2 * StandardError() >= static_cast<double>(at_least_);
}

}  // namespace sim
