#include "sim/strategies/sleep_sets.h"

namespace sim {

ThreadId SleepSets::PickThread(const SchedulePoint& point) {
  if (is_new()) {
    const ThreadSet sleep = StillAsleep(point);
    const ThreadSet candidates = point.enabled.Without(sleep);
    if (candidates.empty() || IsCut(point)) return kNoThread;
    Add(point, sleep, candidates.FirstOr(point.last), /*backtrack=*/point.enabled);
  }
  return Follow(point);
}

}  // namespace sim
