#include "sim/strategies/sleep_sets.h"

#include <cassert>

namespace sim {

ThreadSet StillAsleep(ThreadSet before, ThreadId chosen, const SchedulePoint& point) {
  ThreadSet sleep;
  const Step& event = point.execution.steps.back();
  for (ThreadId thread : before) {
    if (thread == chosen) continue;
    const Operation& pending = point.pending[thread];
    // Gone, or in conflict with the event: awake. What it would do has not changed otherwise.
    const bool linked = OwnerOf(thread) == OwnerOf(event.thread);  // A timer and its thread.
    if (linked || pending.kind == OpKind::kNone) continue;
    if (pending.footprint.ConflictsWith(event.footprint)) continue;
    sleep.Add(thread);
  }
  return sleep;
}

bool SleepSets::BeginExecution() {
  depth_ = 0;
  if (!started_) {
    started_ = true;
    return true;
  }
  while (!path_.empty()) {
    Node& node = path_.back();
    if (node.value_count != 0) {
      if (++node.value < node.value_count) return true;
    } else {
      node.sleep.Add(node.chosen);
      const ThreadSet candidates = node.enabled.Without(node.sleep);
      if (!candidates.empty()) {
        node.chosen = candidates.First();
        return true;
      }
    }
    path_.pop_back();
  }
  return false;
}

ThreadId SleepSets::PickThread(const SchedulePoint& point) {
  if (depth_ == path_.size()) {
    ThreadSet sleep;
    if (point.step != 0) {
      const Node& before = path_[last_thread_node_];
      sleep = StillAsleep(before.sleep, before.chosen, point);
    }
    const ThreadSet candidates = point.enabled.Without(sleep);
    if (candidates.empty()) return kNoThread;
    path_.push_back({point.enabled, sleep, candidates.FirstOr(point.last), 0, 0});
  }
  assert(path_[depth_].enabled == point.enabled);
  last_thread_node_ = depth_;
  return path_[depth_++].chosen;
}

uint32_t SleepSets::PickValue(const ValuePoint& point) {
  if (depth_ == path_.size())
    path_.push_back({ThreadSet(), ThreadSet(), kNoThread, 0, point.count});
  assert(path_[depth_].value_count == point.count);
  return path_[depth_++].value;
}

void SleepSets::EndExecution(const Execution&) {}

}  // namespace sim
