#include "sim/strategies/sleep_sets.h"

namespace sim {

ThreadSet StillAsleep(ThreadSet before, ThreadId chosen, const SchedulePoint& point) {
  ThreadSet sleep;
  const Event& event = point.execution.events.back();
  for (ThreadId thread : before) {
    if (thread == chosen) continue;
    const Operation& pending = point.pending[thread];
    // Gone, or in conflict with the event: awake. What it would do has not changed otherwise.
    const bool linked = OwnerOf(thread) == OwnerOf(event.thread);  // A timer and its thread.
    if (linked || pending.kind == OpKind::kNone) continue;
    if (event.Wakes(pending.footprint)) continue;
    sleep.Add(thread);
  }
  return sleep;
}

ThreadId SleepSets::PickThread(const SchedulePoint& point) {
  if (is_new()) {
    ThreadSet sleep;
    if (point.step != 0) {
      const Node& before = path_[last_thread_node_];
      sleep = StillAsleep(before.sleep, before.chosen, point);
    }
    const ThreadSet candidates = point.enabled.Without(sleep);
    if (candidates.empty() || IsCut(point)) return kNoThread;
    Add(point, sleep, candidates.FirstOr(point.last), /*backtrack=*/point.enabled);
  }
  last_thread_node_ = depth_;
  return Follow(point);
}

}  // namespace sim
