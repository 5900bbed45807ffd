// The closed list of visible operations: the steps of a thread that other threads may notice.
//
// A thread announces its next visible operation and yields; it performs the operation when it is
// picked, and runs on to the next one. So a strategy always knows what it chooses between. What an
// operation does is said by the primitive that it belongs to, in a file of this folder; rules.h
// finds it.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/object/footprint.h"
#include "sim/object/ids.h"

namespace sim {

/// Virtual nanoseconds. An execution starts at 0; time moves only when a timer fires.
using Time = int64_t;
inline constexpr Time kForever = INT64_MAX;
/// A deadline that may pass at any point of the wait, whatever the clock says: the schedule
/// decides.
inline constexpr Time kAtAnyMoment = INT64_MAX - 1;
/// A deadline that the clock knows.
constexpr bool HasTime(Time deadline) {
  return deadline < kAtAnyMoment;
}

/// New ones go last: the numbers are part of the hashes in recorded traces.
enum class OpKind : uint8_t {
  kNone,           // Nothing pending: the thread has not started, has ended, or is picked.
  kAcquire,        // Of a lock.
  kAcquireShared,  // Of a lock.
  kRelease,        // Of a lock, and
  kTryAcquire,     // of one too.
  kFlagSignal,
  kFlagInterrupt,
  kFlagEnter,  // Begins a wait for a flag: reads the clock.
  kFlagWait,
  kTimerFire,  // Of a timer.
  kCountDrop,
  kWordLoad,
  kWordStore,
  kWordUpdate,
  kClockRead,
  kChoice,  // A value choice that is a step of its own.
  kSpawn,
  kJoin,
  kQueueEnter,  // Lets go of the lock, joins the queue and arms the timer, in one step.
  kQueueWait,
  kNotifyOne,
  kNotifyAll,
  kWordAwait,
  kCountAdd,
  kCountLoad,
  kReleaseShared,  // Of a lock.
  kEnd,            // Of a thread: no operation of its own, but a change of its life.
  kWake,           // Of a waiter in a queue: the same.
  kArm,            // Of a timer: the same,
  kDisarm,         // and the same.
  kJoinQueue,      // Of a waiter in a queue: the same.
  kTryAcquireShared,
  kWordTake,  // Waits for a word to be as wanted, and changes it.
  kPause,     // Of a loop that looks.
  kDestroy,   // Of an object: no operation of its own, but a change of its state.
};

/// "acquire", "signal", ...: the verb of a trace line.
std::string_view OpName(OpKind kind);

/// Whether a word is as somebody wants it; `wanted` is what he gave along.
using WordCondition = bool (*)(uint64_t word, uint64_t wanted);

struct Operation {
  OpKind kind = OpKind::kNone;
  OpKind awaited = OpKind::kNone;  // Timers: the kind of the operation that waits; the rest is its.
  ThreadId thread = kNoThread;     // Whose.
  ObjectSlot slot = kNoSlot;       // The state that it depends on and changes.
  uint32_t key = kWholeObject;     // The part of the object that it is about.
  ObjectId object;                 // The object's name,
  const char* role = "";           // and what it is to its owner: "pair lock". Static text.
  uint64_t argument = 0;           // Of stores and awaits: the bits.
  WordCondition holds = nullptr;   // Of awaits.
  Time deadline = kForever;        // Of what may wait.
  Footprint footprint;
};

}  // namespace sim
