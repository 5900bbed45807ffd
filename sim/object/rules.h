// What each operation needs, does and touches: for every kind the rule of its primitive. The
// scheduler, the reversal of races, the search for the simplest order of a trace and the recorder
// all ask here, and nobody else knows.
#pragma once

#include <cassert>
#include <cstdint>

#include "sim/object/clock.h"
#include "sim/object/counter.h"
#include "sim/object/flag.h"
#include "sim/object/life.h"
#include "sim/object/lock.h"
#include "sim/object/operation.h"
#include "sim/object/queue.h"
#include "sim/object/spin.h"
#include "sim/object/state.h"
#include "sim/object/word.h"

namespace sim {

/// Whether it depends on the state if an operation of this kind can happen: IsEnabled is true
/// otherwise, and need not be asked.
constexpr bool MayHaveToWait(OpKind kind) {
  constexpr auto bit = [](OpKind one) { return uint64_t{1} << static_cast<uint8_t>(one); };
  constexpr uint64_t kWaits =
      bit(OpKind::kNone) | bit(OpKind::kAcquire) | bit(OpKind::kAcquireShared) |
      bit(OpKind::kFlagWait) | bit(OpKind::kQueueWait) | bit(OpKind::kWordAwait) |
      bit(OpKind::kWordTake) | bit(OpKind::kPause) | bit(OpKind::kJoin) | bit(OpKind::kTimerFire);
  return (kWaits & bit(kind)) != 0;
}

/// Whether the operation could happen, as one of `kind`, while its slot has this state. Nobody
/// waits for an object that was destroyed: he goes on, and finds that out. What waits with a
/// deadline may also go on when its timer has fired; that, when a timer may fire, and when a pause
/// is over, are questions of several states (engine/enabled.h).
inline bool IsEnabled(OpKind kind, const Operation& operation, const State& state) {
  if (state.is_gone()) return true;
  switch (kind) {
    case OpKind::kNone:
    case OpKind::kTimerFire:
    case OpKind::kPause:
      return false;
    case OpKind::kAcquire:
      return LockRules::IsFree(state);
    case OpKind::kAcquireShared:
      return !LockRules::IsHeld(state);
    case OpKind::kFlagWait:
      return FlagRules::IsOver(state);
    case OpKind::kQueueWait:
      return QueueRules::IsTold(state);
    case OpKind::kWordAwait:
    case OpKind::kWordTake:
      return WordRules::Holds(operation, state);
    case OpKind::kJoin:
      return LifeRules::IsOver(state);
    case OpKind::kRelease:
    case OpKind::kReleaseShared:
    case OpKind::kTryAcquire:
    case OpKind::kTryAcquireShared:
    case OpKind::kFlagSignal:
    case OpKind::kFlagInterrupt:
    case OpKind::kFlagEnter:
    case OpKind::kCountAdd:
    case OpKind::kCountDrop:
    case OpKind::kCountLoad:
    case OpKind::kWordLoad:
    case OpKind::kWordStore:
    case OpKind::kWordUpdate:
    case OpKind::kClockRead:
    case OpKind::kChoice:
    case OpKind::kSpawn:
    case OpKind::kQueueEnter:
    case OpKind::kNotifyOne:
    case OpKind::kNotifyAll:
    case OpKind::kEnd:
    case OpKind::kWake:
    case OpKind::kArm:
    case OpKind::kDisarm:
    case OpKind::kJoinQueue:
    case OpKind::kDestroy:
      return true;
  }
  return false;
}

/// A change of a thread's own states: its timer, its life, its word in a queue. See Apply.
inline uint64_t ApplyToThread(State& state, OpKind kind, uint64_t argument) {
  if (kind == OpKind::kArm) {
    state.value = argument;
    state.bits = TimerRules::kArmed;
  } else if (kind == OpKind::kTimerFire) {
    state.bits = TimerRules::kFired;
  } else if (kind == OpKind::kEnd) {
    state.bits = LifeRules::kEnded;
  } else if (kind == OpKind::kJoinQueue) {
    state = State{argument, 0, ThreadSet()};
  } else if (kind == OpKind::kWake) {
    state.bits = QueueRules::kTold;
  } else {
    state.bits = 0;  // The timer is disarmed, the queue left.
  }
  return 0;
}

/// A change of a state by an operation of `thread`; returns what the operation answers. Of a wait,
/// `argument` says whether its deadline has passed; of the rest, see Operation.
inline uint64_t Apply(State& state, OpKind kind, ThreadId thread, uint64_t argument) {
  switch (kind) {
    case OpKind::kAcquire:
    case OpKind::kTryAcquire:
      return LockRules::Take(state, thread) ? 1 : 0;
    case OpKind::kAcquireShared:
    case OpKind::kTryAcquireShared:
      return LockRules::Share(state, thread) ? 1 : 0;
    case OpKind::kRelease:
      state.value = 0;
      return 0;
    case OpKind::kReleaseShared:
      state.threads.Remove(thread);
      return 0;
    case OpKind::kFlagSignal:
      state.bits |= FlagRules::kSet;
      return 0;
    case OpKind::kFlagInterrupt:
      state.bits |= FlagRules::kInterrupted;
      return 0;
    case OpKind::kFlagEnter:
      state.threads = ThreadSet::Of(thread);
      return 0;
    case OpKind::kFlagWait:
      return static_cast<uint64_t>(FlagRules::Leave(state, argument != 0));
    case OpKind::kQueueEnter:
      state.threads.Add(thread);
      return state.value++;
    case OpKind::kNotifyOne:
    case OpKind::kNotifyAll:  // Of `thread`, who waits.
      state.threads.Remove(thread);
      return 0;
    case OpKind::kWordStore:
    case OpKind::kWordUpdate:
    case OpKind::kWordTake:
      return WordRules::Store(state, argument);
    case OpKind::kWordLoad:
    case OpKind::kWordAwait:
    case OpKind::kCountLoad:
      return state.value;
    case OpKind::kCountAdd:
      return state.value++;
    case OpKind::kCountDrop:
      return CounterRules::Drop(state) ? 1 : 0;
    case OpKind::kArm:
    case OpKind::kTimerFire:
    case OpKind::kDisarm:
    case OpKind::kEnd:
    case OpKind::kJoinQueue:
    case OpKind::kWake:
    case OpKind::kQueueWait:
      return ApplyToThread(state, kind, argument);
    case OpKind::kDestroy:
      state.bits |= State::kGone;
      return 0;
    case OpKind::kNone:
    case OpKind::kClockRead:
    case OpKind::kChoice:
    case OpKind::kSpawn:
    case OpKind::kJoin:
    case OpKind::kPause:
      return 0;
  }
  return 0;
}

/// Whether what the change leaves is a question of what was before it in the order of the object's
/// events: of these, no two can change places. Of the rest, any that is taken out leaves the others
/// their effect.
inline bool IsInOrder(OpKind kind) {
  return kind != OpKind::kAcquireShared && kind != OpKind::kTryAcquireShared &&
         kind != OpKind::kReleaseShared && kind != OpKind::kCountAdd && kind != OpKind::kCountDrop;
}

/// Of an operation that is about to be announced. A timer's is made with it.
inline Footprint FootprintOf(const Operation& operation, const State& state) {
  switch (operation.kind) {
    case OpKind::kAcquire:
    case OpKind::kTryAcquire:
    case OpKind::kRelease:
      return LockRules::OfOne(operation);
    case OpKind::kAcquireShared:
    case OpKind::kTryAcquireShared:
    case OpKind::kReleaseShared:
      return LockRules::OfShared(operation);
    case OpKind::kFlagWait:
      return FlagRules::OfWait(operation);
    case OpKind::kFlagSignal:
    case OpKind::kFlagInterrupt:
    case OpKind::kFlagEnter:
      return FlagRules::OfEnterOrSet(operation);
    case OpKind::kQueueEnter:
      return QueueRules::OfEnter(operation);
    case OpKind::kQueueWait:
      return QueueRules::OfWait(operation);
    case OpKind::kNotifyOne:
      return QueueRules::OfNotifyOne(operation);
    case OpKind::kNotifyAll:
      return QueueRules::OfNotifyAll(operation);
    case OpKind::kWordLoad:
    case OpKind::kWordAwait:
      return WordRules::OfLook(operation);
    case OpKind::kWordStore:
    case OpKind::kWordUpdate:
    case OpKind::kWordTake:
      return WordRules::OfChange(operation);
    case OpKind::kCountAdd:
      return CounterRules::OfAdd(operation);
    case OpKind::kCountDrop:
      return CounterRules::OfDrop(operation, state);
    case OpKind::kCountLoad:
      return CounterRules::OfLoad(operation);
    case OpKind::kClockRead:
      return TimerRules::OfRead();
    case OpKind::kSpawn:
      return LifeRules::OfSpawn();
    case OpKind::kJoin:
      return LifeRules::OfJoin(operation);
    case OpKind::kChoice:
    case OpKind::kNone:
    case OpKind::kTimerFire:
    case OpKind::kEnd:
    case OpKind::kWake:
    case OpKind::kArm:
    case OpKind::kDisarm:
    case OpKind::kJoinQueue:
    case OpKind::kPause:
    case OpKind::kDestroy:
      return {};
  }
  return {};
}

}  // namespace sim
