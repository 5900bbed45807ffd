// The partial order of an execution, and the hash that names its class.
//
// Happens-before is the transitive closure of "same thread, or conflicting footprints". Two
// executions that differ only in the order of independent events are the same Mazurkiewicz trace:
// they have the same happens-before order and reach the same states.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/engine/execution.h"
#include "sim/order/vector_clock.h"

namespace sim {

/// Vector clocks of the events of an execution, as a stack: a search that goes back drops the
/// events that it takes back.
class HappensBefore {
 public:
  HappensBefore() {
    last_.fill(kNone);
    born_.fill(kNone);
  }

  void Clear() { Truncate(0); }
  void Truncate(size_t events);
  /// The next event. `direct`, if given, is left with the events of other threads that it follows
  /// immediately, latest first: in conflict, and not in the past of a later one of them.
  void Append(const Event& step, std::vector<EventIndex>* direct = nullptr);

  size_t size() const { return events_.size(); }
  /// Earlier event `a` happens before event `b`.
  bool Before(EventIndex a, EventIndex b) const {
    return clocks_[b].of(events_[a].thread) >= events_[a].count;
  }
  const VectorClock& clock(EventIndex event) const { return clocks_[event]; }
  ThreadId thread(EventIndex event) const { return events_[event].thread; }
  /// The event's number among those of its thread, from 1.
  uint32_t count(EventIndex event) const { return events_[event].count; }
  const Footprint& footprint(EventIndex event) const { return events_[event].footprint; }

  /// What the next event of `thread` has in its past without looking at its operation.
  VectorClock PastOf(ThreadId thread) const;
  /// The clock of an operation that `thread` could do next; see Append.
  VectorClock ClockOf(ThreadId thread, const Footprint& footprint,
                      std::vector<EventIndex>* direct = nullptr) const;
  void Join(VectorClock& clock, EventIndex event) const { clock.Join(clocks_[event], width_); }

 private:
  static constexpr int32_t kNone = -1;
  struct Node {
    Footprint footprint;
    ThreadId thread;
    ThreadId child;  // Whom it spawned.
    uint16_t count;
    int32_t previous;  // Of the same thread, or kNone.
  };

  std::vector<Node> events_;
  std::vector<VectorClock> clocks_;  // By event; each counts itself.
  std::array<int32_t, 2 * kMaxThreads> last_;
  std::array<int32_t, kMaxThreads> born_;  // The event that spawned the thread, or kNone.
  uint32_t width_ = 2;                     // Of the clocks in use.
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
  void Append(const Event& step);
  void AppendValue(const ValueChoice& choice);
  void Extend(ThreadId thread, uint64_t hash);

  HappensBefore order_;
  std::array<uint64_t, 2 * kMaxThreads> chain_{};
  std::array<uint32_t, 2 * kMaxThreads> asked_{};  // Choices of a thread since its last event.
  size_t values_seen_ = 0;
  uint64_t signature_ = 0;
};

}  // namespace sim
