// The partial order of an execution, and the hash that names its class.
//
// Happens-before is the transitive closure of "same thread, or conflicting footprints". Two
// executions that differ only in the order of independent events are the same Mazurkiewicz trace:
// they have the same happens-before order and reach the same states.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "sim/engine/execution.h"
#include "sim/order/access_index.h"
#include "sim/order/vector_clock.h"

namespace sim {

/// Vector clocks of the events of an execution, as a stack: a search that goes back drops the
/// events that it takes back. An event costs as much as it has places and threads that touched
/// them, however many events there were before.
class HappensBefore {
 public:
  HappensBefore() { born_.fill(kNone); }

  void Clear() { Truncate(0); }
  void Truncate(size_t events);
  /// The next event. `direct`, if given, is left with the events of other threads that it follows
  /// immediately, latest first: in conflict, and not in the past of a later one of them.
  void Append(const Event& event, std::vector<EventIndex>* direct = nullptr);

  size_t size() const { return events_.size(); }
  /// Earlier event `a` happens before event `b`.
  bool Before(EventIndex a, EventIndex b) const {
    return ClockAt(b, events_[a].thread) >= events_[a].count;
  }
  /// How many events of the chain of `thread` are in the past of `event`, itself included.
  uint32_t ClockAt(EventIndex event, ThreadId thread) const {
    const ThreadId chain = OwnerOf(thread);
    if (chain >= 4 * width_) return 0;
    return clocks_[size_t{event} * width_ + chain / 4u][chain % 4u];
  }
  VectorClock clock(EventIndex event) const {
    return VectorClock(&clocks_[size_t{event} * width_], width_);
  }
  ThreadId thread(EventIndex event) const { return events_[event].thread; }
  /// The event's number among those of its chain, from 1.
  uint32_t count(EventIndex event) const { return events_[event].count; }
  /// The events of a thread and its timer, in their order.
  const std::vector<EventIndex>& chain(ThreadId thread) const { return chains_[OwnerOf(thread)]; }
  const AccessIndex& accesses() const { return accesses_; }
  /// Threads from this one on have had no events.
  uint32_t threads() const { return threads_; }

  /// What the next event of `thread` has in its past without looking at its operation.
  VectorClock PastOf(ThreadId thread) const;
  /// What `event` had.
  VectorClock PastOf(EventIndex event) const {
    return PastAt(OwnerOf(events_[event].thread), events_[event].count - 1);
  }
  /// The clock of an operation that `thread` could do next; see Append.
  VectorClock ClockOf(ThreadId thread, const Footprint& footprint,
                      std::vector<EventIndex>* direct = nullptr) const;
  void Join(VectorClock& clock, EventIndex event) const {
    clock.Join(&clocks_[size_t{event} * width_], width_);
  }
  bool IsIn(const VectorClock& clock, EventIndex event) const {
    return clock.of(events_[event].thread) >= events_[event].count;
  }

 private:
  static constexpr int32_t kNone = -1;
  struct Node {
    ThreadId thread;
    ThreadId child;  // Whom it spawned.
    uint32_t count;
  };

  void Widen(uint32_t threads);
  VectorClock PastAt(ThreadId chain, uint32_t count) const;

  std::vector<Node> events_;
  std::vector<VectorClock::Vector> clocks_;  // By event, width_ each; each counts itself.
  std::array<std::vector<EventIndex>, kMaxThreads> chains_;
  std::array<int32_t, kMaxThreads> born_;  // The event that spawned the thread, or kNone.
  AccessIndex accesses_;
  uint32_t threads_ = 0;
  uint32_t width_ = 1;                          // Of the clocks.
  mutable std::vector<EventIndex> candidates_;  // Scratch space.
};

/// A hash of the trace of an execution: equal for executions that differ only in the order of
/// independent events. A sum over the threads of the chain of their events, each with its operation
/// and the clock of what happened before it. A value choice counts with its place and value, unless
/// it took the default: a fault that a spent budget no longer offers is one that did not strike.
class TraceSignature {
 public:
  TraceSignature() { Clear(); }

  void Clear();
  /// Takes in the events that `execution` has and this object has not seen yet.
  void Update(const Execution& execution);
  uint64_t value() const { return signature_; }

 private:
  void Append(const Event& event);
  void AppendValue(const ValueChoice& choice);
  void Extend(ThreadId thread, uint64_t hash);

  HappensBefore order_;
  std::array<uint64_t, 2 * kMaxThreads> chain_{};
  std::array<uint32_t, 2 * kMaxThreads> asked_{};  // Choices of a thread since its last event.
  size_t values_seen_ = 0;
  uint64_t signature_ = 0;
};

}  // namespace sim
