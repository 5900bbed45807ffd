// What every primitive is to the code under test: a number that the engine knows.
#pragma once

#include "sim/engine/runtime.h"
#include "sim/engine/sanitizer.h"

namespace sim {

/// A primitive that is made in an execution lives in it: in no other, and no longer than until it
/// is destroyed. One that is made outside of any is good for nothing but to be destroyed.
class Primitive {
 public:
  Primitive(const Primitive&) = delete;
  Primitive& operator=(const Primitive&) = delete;

  /// Before the threads start: the checks at boundaries look at it.
  void SetChecked() {
    if (Runtime* runtime = Runtime::Current()) runtime->Checked(handle(), this);
  }
  /// Before the threads start: some waits for it have a deadline, or are given up at once.
  void SetBounded() {
    if (Runtime* runtime = Runtime::Current()) runtime->Bounded(handle(), this);
  }

 protected:
  explicit Primitive(const char* role, uint64_t value = 0) : role_(role) {
    if (Runtime* runtime = Runtime::Current()) handle_ = runtime->NewObject(role, this, value);
  }
  ~Primitive() {
    if (Runtime* runtime = Runtime::Current()) runtime->Destroy(handle(), this);
  }

  ObjectSlot slot() const { return handle().slot; }
  const char* role() const { return role_; }
  Operation Prepare(Runtime& runtime, OpKind kind, uint32_t key = kWholeObject) const {
    return runtime.Prepare(kind, handle(), this, key);
  }
  /// At the beginning of a destructor that looks at the state: what it finds depends on whoever
  /// changes that.
  void BeginDestruction(Runtime& runtime) const {
    const Operation end = Prepare(runtime, OpKind::kNone);
    runtime.FoldIntoUnforeseen({end.object, kWholeObject, AccessMode::kWrite});
  }
  /// Waits as `wait` says until `deadline`; whether that came first. `fire` is what decides whether
  /// the deadline may pass.
  bool TimesOut(Runtime& runtime, Operation& wait, Time deadline, const Footprint& fire) const;
  /// Fails if the object is not bounded.
  void CheckBounded(Runtime& runtime) const {
    if (!runtime.IsBounded(slot())) {
      runtime.FailWith(FailureKind::kMisuse,
                       "tried, or waited for with a deadline, which was not declared (SetBounded)",
                       role());
    }
  }
  /// Fails if the object is gone.
  void CheckUse(Runtime& runtime) const { Prepare(runtime, OpKind::kNone); }
  /// For checks at boundaries: the state now, which is no operation.
  const State& Peek(Runtime& runtime) const { return runtime.Peek(handle(), this); }

 private:
  // Also of an object that is gone: the engine tells by it that it is.
  HEDDLE_UNSANITIZED ObjectHandle handle() const { return handle_; }

  ObjectHandle handle_;
  const char* role_;
};

}  // namespace sim
