// Simulated locks. Who gets one is decided by the schedule.
//
// A section that is entered with a key is a leaf that touches only that part of what the lock
// protects: it must take no other lock and wait for nothing, and it commutes with sections of other
// keys. The engine refuses a leaf that turns out not to be one.
//
// A lock that somebody tries, or waits for until a deadline, is declared so before the threads
// start (SetBounded): who tries can see that it is held, so its releases are steps of their own.
#pragma once

#include "sim/api/primitive.h"
#include "sim/api/thread_annotations.h"

namespace sim {

/// What all locks have in common: one holder, or any number who share it.
class Lock : public Primitive {
 protected:
  explicit Lock(const char* role) : Primitive(role) {}
  ~Lock();

  // `kind` is that of an acquisition, shared or not.
  void AcquireAs(OpKind kind, uint32_t key = kWholeObject);
  bool TryAs(OpKind kind);
  bool AcquireAsUntil(OpKind kind, Time deadline);
  void ReleaseAs(OpKind kind);
  bool IsMine(Runtime& runtime) const;

 private:
  friend class CondVar;

  // Within the event of the current thread, which holds it.
  void ReleaseInEvent(Runtime& runtime, ObjectId id);
  void CheckNotMine(Runtime& runtime) const;

  uint32_t leaf_key_ = kWholeObject;  // While the current thread is inside a leaf.
};

class SIM_CAPABILITY("mutex") Mutex : public Lock {
 public:
  /// `role` says in traces what the lock protects; static text.
  explicit Mutex(const char* role) : Lock(role) {}

  void Acquire() SIM_ACQUIRE() { AcquireAs(OpKind::kAcquire); }
  /// Takes it if nobody has it.
  bool TryAcquire() SIM_TRY_ACQUIRE(true) { return TryAs(OpKind::kTryAcquire); }
  /// Whether it has the lock, for which it waits until `deadline`: kForever, kAtAnyMoment or a
  /// virtual time. A lock that is free is taken, however late it is.
  bool AcquireUntil(Time deadline) SIM_TRY_ACQUIRE(true) {
    return AcquireAsUntil(OpKind::kAcquire, deadline);
  }
  void Release() SIM_RELEASE() { ReleaseAs(OpKind::kRelease); }
  /// Tells the analysis what it cannot see; fails the execution if the caller is not the holder.
  void AssertHeld() const SIM_ASSERT_CAPABILITY(this);
};

/// Its holder may take it again, and has to release it as often.
class SIM_CAPABILITY("mutex") RecursiveMutex : public Lock {
 public:
  explicit RecursiveMutex(const char* role) : Lock(role) {}

  void Acquire() SIM_ACQUIRE() { AcquireUntil(kForever); }
  bool TryAcquire() SIM_TRY_ACQUIRE(true);
  bool AcquireUntil(Time deadline) SIM_TRY_ACQUIRE(true);
  void Release() SIM_RELEASE();

 private:
  bool Nest();

  uint32_t depth_ = 0;  // How often the holder has taken it again.
};

class SIM_CAPABILITY("mutex") SharedMutex : public Lock {
 public:
  explicit SharedMutex(const char* role) : Lock(role) {}

  void Acquire(uint32_t key = kWholeObject) SIM_ACQUIRE() { AcquireAs(OpKind::kAcquire, key); }
  bool TryAcquire() SIM_TRY_ACQUIRE(true) { return TryAs(OpKind::kTryAcquire); }
  bool AcquireUntil(Time deadline) SIM_TRY_ACQUIRE(true) {
    return AcquireAsUntil(OpKind::kAcquire, deadline);
  }
  void Release() SIM_RELEASE() { ReleaseAs(OpKind::kRelease); }
  /// Who shares it may not take it again, shared or not: a writer that waits may come first.
  void AcquireShared(uint32_t key = kWholeObject) SIM_ACQUIRE_SHARED() {
    AcquireAs(OpKind::kAcquireShared, key);
  }
  bool TryAcquireShared() SIM_TRY_ACQUIRE_SHARED(true) { return TryAs(OpKind::kTryAcquireShared); }
  bool AcquireSharedUntil(Time deadline) SIM_TRY_ACQUIRE_SHARED(true) {
    return AcquireAsUntil(OpKind::kAcquireShared, deadline);
  }
  void ReleaseShared() SIM_RELEASE_SHARED() { ReleaseAs(OpKind::kReleaseShared); }
};

}  // namespace sim
