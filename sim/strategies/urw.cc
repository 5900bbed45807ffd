#include "sim/strategies/urw.h"

namespace sim {

void Urw::Begin(const Profile& profile, uint64_t, Random random) {
  random_ = random;
  weights_.Start(profile.events, profile);
}

void Urw::Observe(const Event& event, const SchedulePoint&) {
  weights_.Executed(event.thread);
  if (event.kind == OpKind::kSpawn) weights_.Spawned(event.thread, event.child);
}

ThreadId Urw::Pick(const SchedulePoint& point) {
  return weights_.Draw(random_, point.enabled, /*go_on=*/point.enabled);
}

}  // namespace sim
