#include "sim/strategies/pos.h"

namespace sim {

void Pos::Begin(const Profile&, uint64_t, Random random) {
  random_ = random;
  drawn_ = ThreadSet();
}

void Pos::Observe(const Event& event, const SchedulePoint& point) {
  drawn_.Remove(event.thread);
  for (ThreadId thread : drawn_) {
    if (point.execution.LastEventWakes(point.pending[thread].footprint)) drawn_.Remove(thread);
  }
}

ThreadId Pos::Pick(const SchedulePoint& point) {
  ThreadId highest = kNoThread;
  for (ThreadId thread : point.enabled) {
    if (!drawn_.Has(thread)) priority_[thread] = random_.Next();
    drawn_.Add(thread);
    if (highest == kNoThread || priority_[thread] > priority_[highest]) highest = thread;
  }
  return highest;
}

}  // namespace sim
