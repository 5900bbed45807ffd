#include "props/parts.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "props/bounds.h"
#include "props/world.h"
#include "sim/engine/explorer.h"
#include "sim/engine/random.h"

namespace props {

namespace {

constexpr sim::EventIndex kStepGrowth = 8;  // Deeper cuts come in larger steps.

}  // namespace

Parts::Parts(const model::Litmus& litmus, const CheckOptions& options)
    : litmus_(litmus), options_(options) {
  if (is_cut_by_events()) CutByEvents();
  if (is_sample()) MeasureProfile();
}

bool Parts::is_cut_by_events() const {
  return !is_sample() && !IsBounded(litmus_, options_.search);
}

void Parts::CutByEvents() {
  World world(litmus_);
  sim::ExploreOptions explore;
  explore.limits = LimitsOf(litmus_, options_.max_steps);
  explore.determinism_every = 0;
  do {
    depth_ += 1 + depth_ / kStepGrowth;
    const auto top = MakePathSearch(options_.search);
    top->SplitAt(depth_);
    sim::Explore(world, *top, explore, [](const sim::Execution&) { return true; });
    prefixes_ = top->parts();
  } while (!prefixes_.empty() && prefixes_.size() + 1 < kFewestParts);
  count_ = 1 + static_cast<uint32_t>(prefixes_.size());
}

// The executions that are profiled belong to part 0, which has them judged; the others only need
// to know what they do.
void Parts::MeasureProfile() {
  const uint32_t profiles = ProfilesOf(options_.search, options_.runs);
  count_ = static_cast<uint32_t>(std::clamp<uint64_t>(options_.runs - profiles, 1, kFewestParts));
  if (profiles == 0) return;
  World world(litmus_);
  sim::ExploreOptions explore;
  explore.limits = LimitsOf(litmus_, options_.max_steps);
  explore.determinism_every = 0;
  sim::Samples samples;
  samples.seed = options_.seed;
  samples.end_profile = profiles;
  sim::Sampling sampling(MakeSampler(options_.search), samples);
  sim::Explore(world, sampling, explore, [](const sim::Execution&) { return true; });
  profile_ = sampling.profile();
}

sim::Samples Parts::SamplesOf(uint32_t part, uint64_t done) const {
  const uint32_t profiles = ProfilesOf(options_.search, options_.runs);
  const uint64_t all = options_.runs - profiles;
  const uint64_t each = all / count_;
  const uint64_t more = all % count_;  // So many parts have one more.
  sim::Samples samples;
  samples.seed = options_.seed;
  samples.first = each * part + std::min<uint64_t>(part, more);
  samples.executions = each + (part < more ? 1 : 0);
  samples.end_profile = part == 0 ? profiles : 0;
  samples.first_profile = static_cast<uint32_t>(std::min<uint64_t>(done, samples.end_profile));
  samples.first += done - samples.first_profile;
  samples.executions -= done - samples.first_profile;
  return samples;
}

uint64_t Parts::hash() const {
  uint64_t hash = sim::Mix(count(), depth_);
  for (const sim::PathSearch::Path& prefix : prefixes_) {
    hash = sim::Mix(hash, prefix.nodes.size());
    for (const sim::PathSearch::Node& node : prefix.nodes) {
      for (const sim::ThreadSet& set : {node.enabled, node.sleep}) {
        for (uint64_t word : set.words()) hash = sim::Mix(hash, word);
      }
      for (uint64_t word : {uint64_t{node.chosen}, uint64_t{node.value}, uint64_t{node.count}}) {
        hash = sim::Mix(hash, word);
      }
    }
  }
  for (uint32_t events : profile_.events) hash = sim::Mix(hash, events);
  return hash;
}

PartSearch::PartSearch(const Parts& parts, uint32_t part, PartReport before) {
  assert(part < parts.count());
  const CheckOptions& options = parts.options_;
  if (parts.is_sample()) {
    before_ = std::move(before.report);
    strategy_ = std::make_unique<sim::Sampling>(
        MakeSampler(options.search), parts.SamplesOf(part, before_.executions), parts.profile_);
    return;
  }
  if (!parts.is_cut_by_events()) {
    strategy_ = MakeStrategy(parts.litmus_, options);
    return;
  }
  auto search = MakePathSearch(options.search);
  if (part == 0) {
    search->SplitAt(parts.depth_);
    top_ = search.get();
  } else {
    const sim::PathSearch::Path& prefix = parts.prefixes_[part - 1];
    resumable_ = search.get();
    if (before.path.nodes.empty()) {
      search->StartBelow(prefix);
    } else {
      search->Continue(std::move(before.path), prefix.nodes.size());
      before_ = std::move(before.report);
    }
  }
  strategy_ = std::move(search);
}

Progress PartSearch::before() const {
  Progress progress;
  progress.executions = before_.executions;
  progress.cut_short = before_.cut_short;
  progress.findings = before_.findings.size();
  return progress;
}

PartReport PartSearch::Run(Checker& checker) {
  PartReport after;
  after.report = checker.Run(*strategy_, std::move(before_));
  // What stopped at the cut goes on in the other parts: it is not cut short.
  if (top_ != nullptr) after.report.cut_short -= top_->parts().size();
  const bool begun = after.report.executions + after.report.cut_short != 0;
  if (resumable_ != nullptr && begun && !after.is_done()) after.path = resumable_->path();
  return after;
}

PartReport PartSearch::Snapshot(const Checker& checker) const {
  PartReport now;
  now.report = checker.Snapshot();
  if (top_ != nullptr) now.report.cut_short -= top_->parts().size();
  if (resumable_ != nullptr) now.path = resumable_->path();
  return now;
}

}  // namespace props
