#include "props/parts.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "props/bounds.h"
#include "props/world.h"
#include "sim/explorer.h"
#include "sim/random.h"

namespace props {

namespace {

constexpr sim::StepIndex kStepGrowth = 8;  // Deeper cuts come in larger steps.

}  // namespace

Parts::Parts(const model::Litmus& litmus, const CheckOptions& options)
    : litmus_(litmus), options_(options) {
  if (is_cut_by_events()) {
    CutByEvents();
  } else if (IsDrawnInRanges(options.search)) {
    count_ = static_cast<uint32_t>(std::clamp<uint64_t>(options.runs, 1, kFewestParts));
  }
}

bool Parts::is_cut_by_events() const {
  return options_.search == Search::kSourceSets && !IsBounded(litmus_, options_.search);
}

void Parts::CutByEvents() {
  World world(litmus_);
  sim::ExploreOptions explore;
  explore.limits = LimitsOf(litmus_, options_.max_steps);
  explore.determinism_every = 0;
  do {
    depth_ += 1 + depth_ / kStepGrowth;
    sim::Dpor top = sim::Dpor::Split(depth_);
    sim::Explore(world, top, explore, [](const sim::Execution&) { return true; });
    prefixes_ = top.parts();
  } while (!prefixes_.empty() && prefixes_.size() + 1 < kFewestParts);
  count_ = 1 + static_cast<uint32_t>(prefixes_.size());
}

uint64_t Parts::hash() const {
  uint64_t hash = sim::Mix(count(), depth_);
  for (const sim::Dpor::Path& prefix : prefixes_) {
    hash = sim::Mix(hash, prefix.size());
    for (const sim::Dpor::Node& node : prefix) {
      for (const sim::ThreadSet& set : {node.enabled, node.sleep}) {
        for (uint64_t word : set.words()) hash = sim::Mix(hash, word);
      }
      for (uint64_t word : {uint64_t{node.chosen}, uint64_t{node.value}, uint64_t{node.count}}) {
        hash = sim::Mix(hash, word);
      }
    }
  }
  return hash;
}

PartSearch::PartSearch(const Parts& parts, uint32_t part, PartReport before) {
  assert(part < parts.count());
  const CheckOptions& options = parts.options_;
  if (parts.is_cut_by_events() && part == 0) {
    top_ = MakeDpor(sim::Dpor::Split(parts.depth_));
  } else if (parts.is_cut_by_events()) {
    const sim::Dpor::Path& prefix = parts.prefixes_[part - 1];
    if (before.path.empty()) {
      resumable_ = MakeDpor(sim::Dpor(prefix));
    } else {
      resumable_ = MakeDpor(sim::Dpor::Resume(std::move(before.path), prefix.size()));
      before_ = std::move(before.report);
    }
  } else if (IsDrawnInRanges(options.search)) {
    before_ = std::move(before.report);
    const uint64_t each = options.runs / parts.count();
    const uint64_t more = options.runs % parts.count();  // So many parts have one more.
    const uint64_t first = each * part + std::min<uint64_t>(part, more);
    const uint64_t count = each + (part < more ? 1 : 0);
    strategy_ = MakeStrategy(options.search, options.seed, count - before_.executions,
                             first + before_.executions);
  } else {
    strategy_ = MakeStrategy(parts.litmus_, options);
  }
}

sim::Dpor* PartSearch::MakeDpor(sim::Dpor dpor) {
  auto owned = std::make_unique<sim::Dpor>(std::move(dpor));
  sim::Dpor* const made = owned.get();
  strategy_ = std::move(owned);
  return made;
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
