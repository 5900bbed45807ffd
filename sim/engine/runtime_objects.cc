// The part of the runtime that knows which objects there are, and which are gone.
#include "sim/engine/runtime.h"

#include <algorithm>
#include <utility>

#include "sim/object/spin.h"

namespace sim {

ObjectId Runtime::NewName() {
  // What a check makes is nobody's: it must not move the names of the thread it interrupts.
  if (!in_thread()) return {kNoThread, root_objects_++};
  return {current_, threads_[current_].objects++};
}

ObjectHandle Runtime::NewObject(const char* role, const void* place, uint64_t value) {
  return recorder_.objects().Make(NewName(), role, place, value);
}

uint64_t Runtime::Change(ObjectSlot slot, OpKind kind, ThreadId thread, uint64_t argument) {
  return recorder_.ChangeState(slot, kind, thread, argument);
}

bool Runtime::TakeBack(ObjectSlot slot) {
  return recorder_.TakeBack(slot);
}

// Whoever uses what is gone has announced that and waits for his turn, as all who use it have: so
// what his thread does before it does not depend on who has destroyed it.
void Runtime::AnnounceUseOfGone(OpKind kind, const void* place, uint32_t key) {
  const bool would_be_announced = kind != OpKind::kNone && in_thread() && !leaf_;
  const ObjectTable::Object* object = recorder_.objects().LastAt(place);
  if (!would_be_announced || object == nullptr || !object->is_gone) return;
  Operation use = OperationOn(*object, kind, key);
  Announce(use);
}

void Runtime::FailGone(ObjectHandle handle, const void* place) {
  // Of freed memory the handle is gone as well, but not what was known of the place.
  const ObjectTable::Object* object = recorder_.objects().LastAt(place);
  if (object != nullptr) {
    // No operation on it was announced, and yet this depends on whoever destroyed it.
    if (in_thread()) FoldIntoUnforeseen({object->id, kWholeObject, AccessMode::kRead});
    FailWith(FailureKind::kMemory, kUsedWhenGone, object->role);
  }
  FailWith(FailureKind::kMisuse, recorder_.objects().IsOfThisExecution(handle)
                                     ? "a primitive is used that is none"
                                     : "a primitive is used that was not made in this execution");
}

void Runtime::Destroy(ObjectHandle handle, const void* place) {
  ObjectTable& objects = recorder_.objects();
  // What an execution has left behind is destroyed whenever its owner likes.
  if (!objects.IsOfThisExecution(handle) && objects.LastAt(place) == nullptr) return;
  ObjectTable::Object& object = Use(handle, place);
  if (in_thread()) {
    FoldIntoUnforeseen({object.id, kWholeObject, AccessMode::kWrite});
    // Whoever has announced an operation on it goes on, and fails.
    Change(handle.slot, OpKind::kDestroy, current_);
  }
  object.is_gone = true;
}

const State& Runtime::Peek(ObjectHandle handle, const void* place) {
  const ObjectTable::Object& object = Use(handle, place);
  if (observing_ && !object.is_checked && !scenario_->ChecksAreLocal()) {
    FailWith(FailureKind::kMisuse,
             "looked at by a check at a boundary, which was not declared (Runtime::Checked)",
             object.role);
  }
  return StateOf(handle.slot);
}

// --- Loops that look ---

// Whether all that the current thread has done from that event on was to look: nothing is another
// for it, and nothing is why its next turn would not be like this one.
bool Runtime::OnlyLooked(EventIndex since) const {
  const Execution& execution = recorder_.execution();
  const auto acted = [this](const Event& event) {
    return event.thread == current_ && !SpinRules::IsLook(event.kind);
  };
  if (std::any_of(execution.events.begin() + since, execution.events.end(), acted)) return false;
  for (size_t i = execution.changes.size(); i-- > 0 && execution.changes[i].event >= since;) {
    const sim::Change& change = execution.changes[i];
    State after = change.before;
    Apply(after, change.kind, change.thread, change.argument);
    if (change.thread == current_ && after != change.before) return false;
  }
  return true;
}

void Runtime::Pause() {
  if (!in_thread()) return;
  const EventIndex since = std::exchange(threads_[current_].turn, event_count());
  if (!OnlyLooked(since)) return;
  Execution& execution = recorder_.execution();
  Operation pause;
  pause.kind = OpKind::kPause;
  pause.thread = current_;
  const size_t first = execution.looks.size();
  for (EventIndex i = since; i < event_count(); ++i) {
    const Event& event = execution.events[i];
    if (event.thread != current_) continue;
    pause.object = event.object;
    pause.role = event.role;
    pause.footprint.Add(SpinRules::OfLook(event));
    execution.looks.push_back({event.kind, event.slot, execution.StateBefore(event.slot, i)});
  }
  pause.argument = SpinRules::ListOf(first, execution.looks.size());
  if (execution.looks.size() != first) Announce(pause);
  threads_[current_].turn = event_count();
}

}  // namespace sim
