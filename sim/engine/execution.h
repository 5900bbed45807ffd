// The record of one execution: what ran, what could have run, what it changed, how it ended.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/engine/failure.h"
#include "sim/object/operation.h"
#include "sim/object/spin.h"
#include "sim/object/state.h"

namespace sim {

/// One visible operation, and the local code up to the thread's next one. Its footprint is that of
/// the operation, of the releases folded into it, and of the objects that the code destroyed.
struct Event : Operation {
  Event() {}
  Event(const Operation& operation, ThreadSet all_enabled, uint64_t hash_with_it)
      : Operation(operation), enabled(all_enabled), hash(hash_with_it) {}

  ThreadId child = kNoThread;  // Whom it spawned.
  ThreadSet enabled;           // What the strategy could choose from.
  uint64_t hash = 0;           // Of the execution up to and including this event.
};

/// A change of a state that somebody may wait for, by an event. Several may belong to one: a
/// release is folded into the event before it. The changes of a state are a list, oldest first.
struct Change {
  EventIndex event = 0;
  ObjectSlot slot = kNoSlot;
  OpKind kind = OpKind::kNone;
  ThreadId thread = kNoThread;
  uint32_t previous = 0;  // Of the same state: index plus one, or 0.
  uint32_t next = 0;      // The same.
  uint64_t argument = 0;  // As in Apply.
  State before;
};

/// An access of an event that says more to a search by sleep sets than the footprint does.
struct Aside {
  EventIndex event = 0;
  Access access;
  /// It wakes who sleeps and touches this, and is nothing else to anybody: see object/counter.h. If
  /// not, it is part of the footprint, but of what the code did after the operation: nobody who
  /// looks at an operation that is pending can know of it.
  bool only_wakes = false;
};

/// A state, and the last change of it: index plus one into Execution::changes, or 0.
struct RecordedState {
  State state;
  uint32_t last_change = 0;
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
  std::vector<Change> changes;
  std::vector<Aside> asides;  // In the order of their events.
  /// What threads had seen when they paused, by pause: the state that each look found.
  std::vector<Look> looks;
  /// The operation of each timer that was armed.
  std::vector<Operation> armings;
  ExecutionEnd end = ExecutionEnd::kFinished;
  std::optional<Failure> failure;
  ThreadSet blocked;                    // Threads that had not ended.
  std::optional<uint32_t> early_fires;  // Of the limits it ran under.
  /// By thread and timer: what each would do next; kNone of those that have ended, that are not
  /// armed, or whose operation is the event in progress. Valid until the next execution.
  std::span<const Operation> pending;
  /// By slot: what the objects are like now. Valid until the next execution.
  const std::vector<RecordedState>* states = nullptr;
  uint64_t hash = 0;  // Of every event: thread, operation, object, enabled set; and of every value.
  uint32_t thread_count = 0;

  /// What the object was like before an event.
  State StateBefore(ObjectSlot slot, EventIndex event) const {
    const uint32_t first = FirstChangeFrom(slot, event);
    return first == 0 ? (*states)[slot].state : changes[first - 1].before;
  }
  /// The first change of it from the event on: index plus one, or 0.
  uint32_t FirstChangeFrom(ObjectSlot slot, EventIndex event) const {
    uint32_t first = 0;
    uint32_t i = (*states)[slot].last_change;
    for (; i != 0 && changes[i - 1].event >= event; i = changes[i - 1].previous) first = i;
    return first;
  }
  /// Whether somebody who sleeps, and touches this, is another after the last event.
  bool LastEventWakes(const Footprint& sleeper) const {
    if (events.back().footprint.ConflictsWith(sleeper)) return true;
    for (size_t i = asides.size(); i-- > 0 && asides[i].event + 1 == events.size();) {
      const bool wakes =
          asides[i].only_wakes && Footprint::Of(asides[i].access).ConflictsWith(sleeper);
      if (wakes) return true;
    }
    return false;
  }

  void Clear() {
    events.clear();
    values.clear();
    changes.clear();
    asides.clear();
    looks.clear();
    armings.clear();
    end = ExecutionEnd::kFinished;
    failure.reset();
    blocked = ThreadSet();
    hash = 0;
    thread_count = 0;
  }
};

}  // namespace sim
