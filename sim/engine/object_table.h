// The objects of an execution: their names, their states, and whether they are still there.
#pragma once

#include <cassert>
#include <cstdint>
#include <vector>

#include "sim/engine/execution.h"
#include "sim/object/ids.h"

namespace sim {

/// What the code under test holds of an object: where the engine keeps it, and of which execution
/// it is. An object that was made outside of any is of none.
struct ObjectHandle {
  ObjectSlot slot = kNoSlot;
  uint32_t execution = 0;
};

class ObjectTable {
 public:
  struct Object {
    ObjectId id;
    const char* role = "";
    const void* place = nullptr;  // Where the code under test keeps its handle.
    bool is_gone = false;
    bool is_checked = false;  // Looked at by the checks at boundaries.
    bool is_bounded = false;  // Somebody may stop waiting for it, or does not wait at all.
  };

  /// Makes room for an execution; no other on this system thread has this number.
  void Reset(uint32_t execution) {
    objects_.clear();
    states_.resize(kFirstSlot);
    for (ObjectSlot slot = 0; slot < used_; ++slot) states_[slot] = RecordedState{};
    states_[kEarlySlot] = RecordedState{};
    used_ = 0;
    execution_ = execution;
  }
  /// `thread` runs, and uses its own slots.
  void UseThread(ThreadId thread) { used_ = 3u * (thread + 1u); }

  ObjectHandle Make(ObjectId id, const char* role, const void* place, uint64_t value) {
    const auto slot = static_cast<ObjectSlot>(states_.size());
    objects_.push_back({id, role, place});
    states_.push_back({State{value, 0, ThreadSet()}, 0});
    return {slot, execution_};
  }

  /// Null if it is not of this execution, or gone.
  Object* Find(ObjectHandle handle) {
    const uint32_t index = handle.slot - kFirstSlot;
    if (handle.execution != execution_ || index >= objects_.size()) return nullptr;
    return objects_[index].is_gone ? nullptr : &objects_[index];
  }
  const Object& At(ObjectSlot slot) const { return objects_[slot - kFirstSlot]; }
  ObjectSlot SlotOf(const Object& object) const {
    return kFirstSlot + static_cast<ObjectSlot>(&object - objects_.data());
  }
  bool IsOfThisExecution(ObjectHandle handle) const { return handle.execution == execution_; }
  /// What was at `place` last; null if nothing was.
  const Object* LastAt(const void* place) const {
    for (size_t i = objects_.size(); i-- > 0;) {
      if (objects_[i].place == place) return &objects_[i];
    }
    return nullptr;
  }

  RecordedState& operator[](ObjectSlot slot) { return states_[slot]; }
  const RecordedState& operator[](ObjectSlot slot) const { return states_[slot]; }
  const std::vector<RecordedState>& states() const { return states_; }

 private:
  std::vector<Object> objects_;        // By slot, from kFirstSlot on.
  std::vector<RecordedState> states_;  // By slot.
  ObjectSlot used_ = 0;                // So many slots of threads.
  uint32_t execution_ = 0;
};

}  // namespace sim
