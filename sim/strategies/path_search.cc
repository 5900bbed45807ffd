#include "sim/strategies/path_search.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace sim {

void PathSearch::StartBelow(Path prefix) {
  assert(!started_);
  path_ = std::move(prefix);
  fixed_ = path_.nodes.size();
}

void PathSearch::Continue(Path path, size_t fixed) {
  assert(!started_ && fixed <= path.nodes.size());
  path_ = std::move(path);
  fixed_ = fixed;
  started_ = true;
}

bool PathSearch::BeginExecution() {
  depth_ = 0;
  return !std::exchange(started_, true) || path_.nodes.size() > fixed_;
}

void PathSearch::EndExecution(const Execution& execution) {
  while (path_.nodes.size() > fixed_) {
    Node& node = path_.nodes.back();
    if (node.count != 0) {
      if (++node.value < node.count) return;
    } else {
      node.sleep.Add(node.chosen);
      const ThreadSet candidates = node.backtrack.Without(node.sleep);
      if (!candidates.empty()) {
        FallAsleep(node, execution);
        return;
      }
    }
    path_.sleepers.resize(node.first_sleeper);
    path_.nodes.pop_back();
  }
}

// The last node's choice has been explored, and another one takes its place.
void PathSearch::FallAsleep(Node& node, const Execution& execution) {
  const auto first =
      std::lower_bound(execution.asides.begin(), execution.asides.end(), node.step,
                       [](const Aside& aside, EventIndex event) { return aside.event < event; });
  for (auto aside = first; aside != execution.asides.end() && aside->event == node.step; ++aside) {
    if (!aside->only_wakes) path_.sleepers.push_back({node.chosen, aside->access});
  }
  node.chosen = node.backtrack.Without(node.sleep).First();
}

// The place after the last of those of a node.
size_t PathSearch::EndOfSleepers(size_t node) const {
  return node + 1 < path_.nodes.size() ? path_.nodes[node + 1].first_sleeper
                                       : path_.sleepers.size();
}

ThreadSet PathSearch::StillAsleep(const SchedulePoint& point) const {
  ThreadSet sleep;
  if (point.step == 0) return sleep;
  const Node& before = path_.nodes[last_thread_node_];
  const Event& event = point.execution.events.back();
  for (ThreadId thread : before.sleep) {
    if (thread == before.chosen) continue;
    const Operation& pending = point.pending[thread];
    // Gone, or in conflict with the event: awake. What it would do has not changed otherwise.
    const bool linked = OwnerOf(thread) == OwnerOf(event.thread);  // A timer and its thread.
    if (linked || pending.kind == OpKind::kNone) continue;
    if (point.execution.LastEventWakes(pending.footprint)) continue;
    sleep.Add(thread);
  }
  if (sleep.empty()) return sleep;
  for (size_t i = before.first_sleeper; i < EndOfSleepers(last_thread_node_); ++i) {
    const Sleeper& sleeper = path_.sleepers[i];
    if (point.execution.LastEventWakes(Footprint::Of(sleeper.access))) sleep.Remove(sleeper.thread);
  }
  return sleep;
}

bool PathSearch::IsCut(const SchedulePoint& point) {
  assert(is_new());
  if (point.step != split_depth_) return false;
  parts_.push_back(path_);
  return true;
}

void PathSearch::Add(const SchedulePoint& point, ThreadSet sleep, ThreadId chosen,
                     ThreadSet backtrack) {
  assert(is_new() && point.enabled.Has(chosen));
  Node node;
  node.enabled = point.enabled;
  node.sleep = sleep;
  node.backtrack = backtrack;
  node.chosen = chosen;
  node.step = point.step;
  node.first_sleeper = static_cast<uint32_t>(path_.sleepers.size());
  if (!sleep.empty()) {
    const size_t end = EndOfSleepers(last_thread_node_);  // More are added behind.
    for (size_t i = path_.nodes[last_thread_node_].first_sleeper; i < end; ++i) {
      const Sleeper sleeper = path_.sleepers[i];
      if (sleep.Has(sleeper.thread)) path_.sleepers.push_back(sleeper);
    }
  }
  path_.nodes.push_back(node);
}

uint32_t PathSearch::PickValue(const ValuePoint& point) {
  if (is_new()) {
    Node node;
    node.step = point.step;
    node.count = point.count;
    node.first_sleeper = static_cast<uint32_t>(path_.sleepers.size());
    path_.nodes.push_back(node);
  }
  assert(path_.nodes[depth_].count == point.count);
  return path_.nodes[depth_++].value;
}

}  // namespace sim
