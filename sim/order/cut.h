// What an object would be like had only some of the events of an execution happened.
//
// A cut is a set of events that holds the past of each of its members: the events before some event
// and those after it that do not depend on it, or an ideal. No thread is run for the answer: the
// changes of each state are recorded with what was before them, and following those of the cut by
// the rules of the primitives gives the state.
#pragma once

#include "sim/engine/enabled.h"
#include "sim/engine/execution.h"
#include "sim/object/rules.h"

namespace sim {

/// `Contains(event)` says whether an event is in the cut; all before `first_out` are.
template <typename Contains>
class Cut {
 public:
  Cut(const Execution& execution, uint32_t threads, EventIndex first_out, EventIndex end,
      Contains contains)
      : execution_(execution),
        threads_(threads),
        first_out_(first_out),
        end_(end),
        contains_(contains) {}

  State StateOf(ObjectSlot slot) const {
    const uint32_t first = execution_.FirstChangeFrom(slot, first_out_);  // That may be missing.
    if (first == 0) return (*execution_.states)[slot].state;
    State state = At(first).before;
    for (uint32_t i = first; i != 0 && At(i).event < end_; i = At(i).next) {
      const Change& change = At(i);
      if (contains_(change.event)) {
        Apply(state, change.kind, change.thread, change.argument);
      } else if (IsInOrder(change.kind)) {
        break;  // All that follow depend on it.
      }
    }
    return state;
  }

  bool CanHappen(const Operation& operation) const {
    return sim::CanHappen(execution_, threads_, operation,
                          [this](ObjectSlot slot) { return StateOf(slot); });
  }

 private:
  const Change& At(uint32_t number) const { return execution_.changes[number - 1]; }

  const Execution& execution_;
  const uint32_t threads_;
  const EventIndex first_out_;
  const EventIndex end_;
  const Contains contains_;
};

}  // namespace sim
