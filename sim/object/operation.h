// The closed list of visible operations: the steps of a thread that other threads may notice.
//
// A thread announces its next visible operation and yields; it performs the operation when it is
// picked, and runs on to the next one. So a strategy always knows what it chooses between.
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

/// New ones go last: the numbers are part of the hashes in recorded traces.
enum class OpKind : uint8_t {
  kNone,           // Nothing pending: the thread has not started or has ended.
  kAcquire,        // Enabled while nobody holds the lock.
  kAcquireShared,  // Enabled while nobody holds it exclusively.
  kRelease,        // A schedule point only with ExecutionLimits::visible_releases.
  kTryAcquire,
  kEventSignal,
  kEventInterrupt,
  kEventEnter,  // Arms the timer of a wait, or ends the wait at once.
  kEventWait,   // Enabled once the event is set or the timer has fired.
  kTimerFire,   // Of a timer; enabled while its wait is armed and no deadline is earlier.
  kRefRelease,
  kAtomicLoad,
  kAtomicStore,
  kAtomicUpdate,
  kClockRead,
  kChoice,  // A value choice that is a step of its own.
  kSpawn,
  kJoin,       // Enabled once the thread, the creator in the name of the object, has ended.
  kCondEnter,  // Releases the mutex, joins the queue and arms the timer, in one step.
  kCondWait,   // Enabled once this waiter was notified or its timer has fired.
  kNotifyOne,
  kNotifyAll,
  kAtomicAwait,  // Enabled while the word has the value that is wanted.
};

/// "acquire", "signal", ...: the verb of a trace line.
std::string_view OpName(OpKind kind);

/// What the engine asks about a primitive to know whether an operation is enabled.
struct LockState {
  ThreadId writer = kNoThread;
  uint8_t readers = 0;
};
struct WaitState {
  bool signaled = false;
  bool timed_out = false;
  bool interrupted = false;
  bool armed = false;           // The timer of the waiter runs, or has fired, for this wait.
  ThreadId waiter = kNoThread;  // Who waits, or is about to.
  Time deadline = kForever;

  /// The waiter may go on.
  bool over() const { return signaled || timed_out || interrupted; }
};

struct Operation {
  OpKind kind = OpKind::kNone;
  ObjectId object;
  uint32_t key = kWholeObject;
  const char* role = "";  // What the object is to its owner: "pair lock". Static text.
  Footprint footprint;
  const LockState* lock = nullptr;  // kAcquire, kAcquireShared.
  WaitState* wait = nullptr;        // kEvent..., kCondWait, kTimerFire.
  const uint64_t* word = nullptr;   // kAtomic...: the bits of the value.
  uint64_t wanted = 0;              // kAtomicAwait.
};

/// The object that stands for virtual time.
inline constexpr ObjectId kClock = {kNoThread, 0xFFFFFFFF};

}  // namespace sim
