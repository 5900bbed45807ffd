#include "sim/strategies/bounded.h"

#include <cassert>

#include "sim/random.h"

namespace sim {

uint32_t Bounded::CostOf(const Node& node, ThreadId thread) {
  return node.enabled.Has(node.last) && thread != node.last ? 1 : 0;
}

bool Bounded::BeginExecution() {
  depth_ = 0;
  used_ = 0;
  order_.Clear();
  if (!started_) {
    started_ = true;
    return true;
  }
  while (!path_.empty()) {
    Node& node = path_.back();
    if (node.value_count != 0) {
      if (++node.value < node.value_count) return true;
    } else if (!node.untried.empty()) {
      node.chosen = node.untried.First();
      node.untried.Remove(node.chosen);
      return true;
    }
    path_.pop_back();
  }
  return false;
}

bool Bounded::SeenBefore(const SchedulePoint& point, uint32_t preemptions) {
  order_.Update(point.execution);
  const uint64_t key = Mix(order_.signature(), point.last);
  const auto [entry, is_new] = best_.try_emplace(key, preemptions);
  if (is_new) return false;
  if (entry->second <= preemptions) return true;
  entry->second = preemptions;
  return false;
}

ThreadId Bounded::PickThread(const SchedulePoint& point) {
  if (depth_ == path_.size()) {
    if (SeenBefore(point, used_)) return kNoThread;
    Node node;
    node.enabled = point.enabled;
    node.last = point.last;
    node.preemptions = used_;
    for (ThreadId thread : point.enabled) {
      if (used_ + CostOf(node, thread) <= max_preemptions_) node.untried.Add(thread);
    }
    assert(!node.untried.empty());
    node.chosen = node.untried.Has(point.last) ? point.last : node.untried.First();
    node.untried.Remove(node.chosen);
    path_.push_back(node);
  }
  const Node& node = path_[depth_++];
  assert(node.enabled == point.enabled);
  used_ = node.preemptions + CostOf(node, node.chosen);
  return node.chosen;
}

uint32_t Bounded::PickValue(const ValuePoint& point) {
  if (depth_ == path_.size()) {
    Node node;
    node.value_count = point.count;
    path_.push_back(node);
  }
  return path_[depth_++].value;
}

void Bounded::EndExecution(const Execution&) {}

uint32_t CountPreemptions(const Execution& execution) {
  uint32_t preemptions = 0;
  for (size_t i = 1; i < execution.steps.size(); ++i) {
    const ThreadId before = execution.steps[i - 1].thread;
    const Step& step = execution.steps[i];
    if (step.thread != before && step.enabled.Has(before)) ++preemptions;
  }
  return preemptions;
}

}  // namespace sim
