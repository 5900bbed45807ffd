#include "sim/strategies/bounded.h"

#include <cassert>

#include "sim/engine/random.h"

namespace sim {

uint32_t Bounded::Preemption(ThreadSet enabled, ThreadId last, ThreadId thread) {
  return enabled.Has(last) && thread != last ? 1 : 0;
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

bool Bounded::SeenBefore(const SchedulePoint& point, uint32_t cost) {
  order_.Update(point.execution);
  const uint64_t key = Mix(order_.value(), point.last);
  const auto [entry, is_new] = best_.try_emplace(key, cost);
  if (is_new) return false;
  if (entry->second <= cost) return true;
  entry->second = cost;
  return false;
}

ThreadId Bounded::PickThread(const SchedulePoint& point) {
  if (depth_ == path_.size()) {
    if (SeenBefore(point, used_)) return kNoThread;
    Node node;
    node.enabled = point.enabled;
    node.last = point.last;
    node.cost = used_;
    for (ThreadId thread : point.enabled) {
      const uint32_t cost = cost_(point.enabled, point.last, thread);
      if (used_ + cost <= max_cost_) node.untried.Add(thread);
      if (cost == 0 && node.chosen == kNoThread) node.chosen = thread;
    }
    assert(node.untried.Has(node.chosen));
    node.untried.Remove(node.chosen);
    path_.push_back(node);
  }
  const Node& node = path_[depth_++];
  assert(node.enabled == point.enabled);
  used_ = node.cost + cost_(node.enabled, node.last, node.chosen);
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

uint32_t CostOf(const Execution& execution, Bounded::Cost cost) {
  uint32_t sum = 0;
  ThreadId last = kNoThread;
  for (const Event& step : execution.events) {
    sum += cost(step.enabled, last, step.thread);
    last = step.thread;
  }
  return sum;
}

}  // namespace sim
