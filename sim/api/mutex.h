// Simulated locks. Who gets one is decided by the schedule.
//
// A section that is entered with a key is a leaf that touches only that part of what the lock
// protects: it must take no other lock and wait for nothing, and it commutes with sections of other
// keys. The engine refuses a leaf that turns out not to be one.
#pragma once

#include "sim/api/primitive.h"
#include "sim/api/thread_annotations.h"

namespace sim {

class SIM_CAPABILITY("mutex") Mutex : public Primitive {
 public:
  /// `role` says in traces what the lock protects; static text.
  explicit Mutex(const char* role) : Primitive(role) {}
  ~Mutex();

  void Acquire() SIM_ACQUIRE();
  /// Only with ExecutionLimits::visible_releases, else the order of a release would be lost.
  bool TryAcquire() SIM_TRY_ACQUIRE(true);
  void Release() SIM_RELEASE();
  /// Tells the analysis what it cannot see; fails the execution if the caller is not the holder.
  void AssertHeld() const SIM_ASSERT_CAPABILITY(this);

 private:
  friend class CondVar;

  // Within the event of the current thread, which holds it.
  void ReleaseInEvent(Runtime& runtime, ObjectId id);
};

class SIM_CAPABILITY("mutex") SharedMutex : public Primitive {
 public:
  explicit SharedMutex(const char* role) : Primitive(role) {}
  ~SharedMutex();

  void Acquire(uint32_t key = kWholeObject) SIM_ACQUIRE();
  void Release() SIM_RELEASE();
  /// Who shares it may not take it again, shared or not: a writer that waits may come first.
  void AcquireShared(uint32_t key = kWholeObject) SIM_ACQUIRE_SHARED();
  void ReleaseShared() SIM_RELEASE_SHARED();

 private:
  void EnterLeaf(Runtime& runtime, uint32_t key);
  /// The key of the leaf that the current thread is in; the whole object if it is in none.
  uint32_t LeaveLeaf(Runtime& runtime);

  uint32_t leaf_key_ = kWholeObject;  // While the current thread is inside a leaf.
};

}  // namespace sim
