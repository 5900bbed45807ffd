// Simulated locks. Each is a small state machine; the engine decides who gets it.
//
// A section that is entered with a key is a leaf that touches only that part of what the lock
// protects: it must take no other lock and wait for nothing, and it commutes with sections of other
// keys. The engine refuses a leaf that turns out not to be one.
#pragma once

#include "sim/api/thread_annotations.h"
#include "sim/object/footprint.h"
#include "sim/object/ids.h"
#include "sim/object/operation.h"

namespace sim {

class SIM_CAPABILITY("mutex") Mutex {
 public:
  /// `role` says in traces what the lock protects; static text.
  explicit Mutex(const char* role);
  ~Mutex();
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void Acquire() SIM_ACQUIRE();
  /// Only with ExecutionLimits::visible_releases, else the order of a release would be lost.
  bool TryAcquire() SIM_TRY_ACQUIRE(true);
  void Release() SIM_RELEASE();
  /// Tells the analysis what it cannot see; fails the execution if the caller is not the holder.
  void AssertHeld() const SIM_ASSERT_CAPABILITY(this);

 private:
  friend class CondVar;

  // Within the event of the current thread, which holds it.
  void ReleaseInEvent();

  ObjectId id_;
  const char* role_;
  LockState state_;
};

class SIM_CAPABILITY("mutex") SharedMutex {
 public:
  explicit SharedMutex(const char* role);
  ~SharedMutex();
  SharedMutex(const SharedMutex&) = delete;
  SharedMutex& operator=(const SharedMutex&) = delete;

  void Acquire(uint32_t key = kWholeObject) SIM_ACQUIRE();
  void Release() SIM_RELEASE();
  void AcquireShared(uint32_t key = kWholeObject) SIM_ACQUIRE_SHARED();
  void ReleaseShared() SIM_RELEASE_SHARED();

 private:
  void EnterLeaf(uint32_t key);
  /// The key of the leaf that the current thread is in; the whole object if it is in none.
  uint32_t LeaveLeaf();

  ObjectId id_;
  const char* role_;
  LockState state_;
  uint32_t leaf_key_ = kWholeObject;  // While the current thread is inside a leaf.
};

}  // namespace sim
