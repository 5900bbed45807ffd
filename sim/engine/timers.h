// Virtual time, and the timers: every thread has one, which is armed while it waits with a
// deadline. When one may fire is said in engine/enabled.h.
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/engine/recorder.h"

namespace sim {

class Timers {
 public:
  explicit Timers(Recorder& recorder) : recorder_(recorder) {}

  void Begin() { now_ = 0; }
  Time now() const { return now_; }

  /// Starts the timer of `wait`, which its thread announces next: part of the thread's last event.
  /// `footprint` is what firing touches besides the clock. Returns the timer's operation.
  const Operation& Arm(const Operation& wait, const Footprint& footprint) {
    Execution& execution = recorder_.execution();
    const uint64_t arming = execution.armings.size();
    Operation& fire = execution.armings.emplace_back(wait);
    fire.kind = OpKind::kTimerFire;
    fire.awaited = wait.kind;
    fire.thread = TimerOf(wait.thread);
    fire.footprint = TimerRules::OfFire(wait, footprint);
    if (execution.early_fires) fire.footprint.Add({kEverything, kWholeObject, AccessMode::kWrite});
    recorder_.ChangeState(TimerSlot(wait.thread), OpKind::kArm, wait.thread, arming);
    return fire;
  }
  /// The wait of `thread` is over. Whether that is because its deadline has passed.
  bool Disarm(ThreadId thread) {
    const bool has_fired = TimerRules::HasFired(recorder_.StateOf(TimerSlot(thread)));
    recorder_.ChangeState(TimerSlot(thread), OpKind::kDisarm, thread);
    return has_fired;
  }
  void Fire(const Operation& fire, bool is_early) {
    const ThreadId owner = OwnerOf(fire.thread);
    recorder_.ChangeState(TimerSlot(owner), OpKind::kTimerFire, owner);
    if (is_early) recorder_.ChangeState(kEarlySlot, OpKind::kCountAdd, owner);
    if (HasTime(fire.deadline)) now_ = std::max(now_, fire.deadline);
  }

 private:
  Recorder& recorder_;
  Time now_ = 0;
};

}  // namespace sim
