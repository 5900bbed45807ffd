// The record of one execution: what ran, what could have run, how it ended.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/engine/failure.h"
#include "sim/object/footprint.h"
#include "sim/object/operation.h"

namespace sim {

/// One event: a visible operation, and the local code up to the thread's next one.
struct Event {
  ThreadId thread = kNoThread;
  OpKind kind = OpKind::kNone;
  ThreadId child = kNoThread;  // Whom it spawned.
  bool was_over = false;       // Of operations on waits: before the event the wait was over.
  uint32_t key = kWholeObject;
  ObjectId object;
  const char* role = "";
  ThreadSet enabled;         // What the strategy could choose from.
  ThreadSet woken;           // Whose waits it ended: the timer that fires, whoever is notified.
  Footprint footprint;       // Of the operation and of the releases folded into the event.
  Time deadline = kForever;  // Of the wait that it is an operation on.
  Time armed = kForever;     // The deadline of a timer that it armed, if that is a time.
  uint64_t word = 0;         // Of operations on words: the bits before the event.
  uint64_t hash = 0;         // Of the execution up to and including this event.
};

/// A lock that stays held, or stops to be, when an event is over. Sections within one event leave
/// none.
struct LockChange {
  EventIndex step = 0;  // The event that did it.
  ObjectId lock;
  bool exclusive = false;
  bool acquired = false;
};

/// A decision among values: which alternative a choice took, whether a fault struck.
struct ValueChoice {
  EventIndex step = 0;          // How many events had happened: it belongs to the one before.
  ThreadId thread = kNoThread;  // Who asked.
  uint32_t count = 0;
  uint32_t value = 0;
};

enum class ExecutionEnd : uint8_t {
  kFinished,  // Every thread ended.
  kBlocked,   // Nothing is enabled, some thread waits: a deadlock, unless the program allows it.
  kFailed,    // See failure.
  kStopped,   // The strategy wanted no more of this execution.
};

/// Reused from one execution to the next, so that a search allocates nothing per event.
struct Execution {
  std::vector<Event> events;
  std::vector<ValueChoice> values;
  std::vector<LockChange> lock_changes;
  ExecutionEnd end = ExecutionEnd::kFinished;
  std::optional<Failure> failure;
  ThreadSet blocked;                    // Threads that had not ended.
  std::optional<uint32_t> early_fires;  // Of the limits it ran under.
  /// By thread and timer: what each would have done next. Valid until the next execution.
  std::span<const Operation> pending;
  uint64_t hash = 0;  // Of every step: thread, operation, object, enabled set; and of every value.
  uint32_t thread_count = 0;

  void Clear() {
    events.clear();
    values.clear();
    lock_changes.clear();
    end = ExecutionEnd::kFinished;
    failure.reset();
    blocked = ThreadSet();
    hash = 0;
    pending = {};
    thread_count = 0;
  }
};

}  // namespace sim
