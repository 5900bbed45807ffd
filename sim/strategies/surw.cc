#include "sim/strategies/surw.h"

namespace sim {

void Surw::Begin(const Profile& profile, uint64_t, Random random) {
  random_ = random;
  intended_ = kNoThread;
  held_back_ = ThreadSet();
  last_ = kNoThread;
  in_a_row_ = 0;
  has_object_ = !profile.shared.empty();
  if (!has_object_) return;
  const Profile::Object& object =
      profile.objects[profile.shared[random_.Below(static_cast<uint32_t>(profile.shared.size()))]];
  object_ = object.id;
  weights_.Start(object.events, profile);
}

bool Surw::IsInteresting(const SchedulePoint& point, ThreadId thread) const {
  return point.pending[thread].object == object_;
}

void Surw::TransferIntention(ThreadId parent, ThreadId child) {
  weights_.Spawned(parent, child);
  if (intended_ != parent) return;
  intended_ =
      weights_.Draw(random_, ThreadSet::Of(parent).Union(ThreadSet::Of(child)), ThreadSet());
}

void Surw::Observe(const Event& event, const SchedulePoint&) {
  in_a_row_ = event.thread == last_ ? in_a_row_ + 1 : 0;
  last_ = event.thread;
  if (!has_object_) return;
  held_back_.Remove(event.thread);  // It had no rival, and was not picked.
  if (event.object == object_) {
    weights_.Executed(event.thread);
    if (event.thread == intended_) {
      intended_ = kNoThread;
      held_back_ = ThreadSet();
    }
  }
  if (event.kind == OpKind::kSpawn) TransferIntention(event.thread, event.child);
}

// Anybody who has not ended may be, also who is blocked now.
void Surw::DrawIntended(const SchedulePoint& point) {
  ThreadSet alive;
  ThreadSet there;  // At the object.
  for (ThreadId thread = 0; thread < 2 * kMaxThreads; ++thread) {
    if (point.pending[thread].kind == OpKind::kNone) continue;
    alive.Add(thread);
    if (IsInteresting(point, thread)) there.Add(thread);
  }
  intended_ = weights_.Draw(random_, alive, /*go_on=*/there);
}

ThreadId Surw::Pick(const SchedulePoint& point) {
  if (!has_object_) return point.enabled.Nth(random_.Below(point.enabled.size()));
  const bool stuck = in_a_row_ >= kMaxInARow;
  if (stuck) {
    in_a_row_ = 0;
    held_back_ = ThreadSet();
  }
  if (stuck || intended_ == kNoThread || point.pending[intended_].kind == OpKind::kNone) {
    DrawIntended(point);
  }
  for (;;) {
    const ThreadSet free = point.enabled.Without(held_back_);
    if (free.empty()) {
      held_back_ = ThreadSet();
      intended_ = weights_.Draw(random_, point.enabled, /*go_on=*/point.enabled);
      continue;
    }
    const ThreadId picked = free.Nth(random_.Below(free.size()));
    const bool may_run =
        picked == intended_ || intended_ == kNoThread || !IsInteresting(point, picked);
    if (may_run) return picked;
    held_back_.Add(picked);
  }
}

}  // namespace sim
