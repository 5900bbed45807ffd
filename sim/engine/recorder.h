// Writes down what an execution does, and is the only one who changes the states of its objects.
#pragma once

#include <cassert>
#include <cstdint>

#include "sim/engine/execution.h"
#include "sim/engine/object_table.h"
#include "sim/engine/random.h"
#include "sim/object/rules.h"

namespace sim {

class Recorder {
 public:
  void Begin(Execution& execution, uint32_t number, std::optional<uint32_t> early_fires) {
    execution_ = &execution;
    execution.Clear();
    execution.early_fires = early_fires;
    objects_.Reset(number);
    execution.states = &objects_.states();
  }

  ObjectTable& objects() { return objects_; }
  const ObjectTable& objects() const { return objects_; }
  Execution& execution() { return *execution_; }
  const Execution& execution() const { return *execution_; }
  EventIndex event_count() const { return static_cast<EventIndex>(execution_->events.size()); }
  /// The one in progress.
  Event& event() { return execution_->events.back(); }

  /// `operation` happens, which was one of `enabled`.
  void AddEvent(const Operation& operation, ThreadSet enabled) {
    const uint64_t what = (uint64_t{static_cast<uint8_t>(operation.kind)} << 8) | operation.thread;
    const uint64_t object = (uint64_t{operation.object.creator} << 32) | operation.object.index;
    uint64_t hash = Mix(execution_->hash, what);
    hash = Mix(hash, object ^ (uint64_t{operation.key} << 40));
    for (uint64_t word : enabled.words()) hash = Mix(hash, word);
    execution_->hash = hash;
    execution_->events.emplace_back(operation, enabled, hash);
  }

  void AddAside(const Access& access, bool only_wakes) {
    if (event_count() != 0) execution_->asides.push_back({event_count() - 1, access, only_wakes});
  }

  void AddValue(ThreadId thread, uint32_t count, uint32_t value) {
    execution_->values.push_back({event_count(), thread, count, value});
    execution_->hash = Mix(execution_->hash, (uint64_t{count} << 32) | value);
  }

  const State& StateOf(ObjectSlot slot) const { return objects_[slot].state; }

  /// Part of no event, or of no interest to anybody who waits.
  uint64_t ChangeUnseen(ObjectSlot slot, OpKind kind, ThreadId thread, uint64_t argument = 0) {
    return Apply(objects_[slot].state, kind, thread, argument);
  }

  /// Part of the event in progress; of none before the first, when there is nothing to go back to.
  uint64_t ChangeState(ObjectSlot slot, OpKind kind, ThreadId thread, uint64_t argument = 0) {
    RecordedState& recorded = objects_[slot];
    std::vector<Change>& changes = execution_->changes;
    if (execution_->events.empty()) return Apply(recorded.state, kind, thread, argument);
    changes.push_back({.event = event_count() - 1,
                       .slot = slot,
                       .kind = kind,
                       .thread = thread,
                       .previous = recorded.last_change,
                       .argument = argument,
                       .before = recorded.state});
    const auto number = static_cast<uint32_t>(changes.size());
    if (recorded.last_change != 0) changes[recorded.last_change - 1].next = number;
    recorded.last_change = number;
    return Apply(recorded.state, kind, thread, argument);
  }

  /// Takes back the change of `slot` by the event in progress if it was the last of all: a section
  /// within one event leaves no trace.
  bool TakeBack(ObjectSlot slot) {
    std::vector<Change>& changes = execution_->changes;
    RecordedState& recorded = objects_[slot];
    if (recorded.last_change == 0 || recorded.last_change != changes.size()) return false;
    const Change& change = changes.back();
    if (change.event + 1 != event_count()) return false;
    recorded.state = change.before;
    recorded.last_change = change.previous;
    if (change.previous != 0) changes[change.previous - 1].next = 0;
    changes.pop_back();
    return true;
  }

 private:
  Execution* execution_ = nullptr;
  ObjectTable objects_;
};

}  // namespace sim
