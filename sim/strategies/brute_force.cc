#include "sim/strategies/brute_force.h"

namespace sim {

ThreadId BruteForce::PickThread(const SchedulePoint& point) {
  if (is_new()) {
    if (IsCut(point)) return kNoThread;
    Add(point, /*sleep=*/ThreadSet(), point.enabled.First(), /*backtrack=*/point.enabled);
  }
  return Follow(point);
}

}  // namespace sim
