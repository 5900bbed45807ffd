// A condition variable: a queue of threads that wait for somebody to tell them of a change.
//
// First come, first served, and nobody wakes up without a reason: a waiter is notified once, or its
// deadline passes, which takes it out of the queue. A program that must bear the spurious wakeups
// of other implementations can add them with Choose.
#pragma once

#include "sim/api/flag.h"
#include "sim/api/mutex.h"
#include "sim/api/thread_annotations.h"
#include "sim/object/footprint.h"
#include "sim/object/ids.h"
#include "sim/object/operation.h"

namespace sim {

class CondVar {
 public:
  explicit CondVar(const char* role);
  ~CondVar();
  CondVar(const CondVar&) = delete;
  CondVar& operator=(const CondVar&) = delete;

  /// Releases `mutex` and joins the queue in one step, waits, and acquires `mutex` again.
  void Wait(Mutex& mutex) SIM_REQUIRES(mutex) { WaitUntil(mutex, kForever); }
  /// kSignaled or kTimedOut: which came first. `deadline` may be kForever, kAtAnyMoment or a
  /// virtual time; one that has passed already still lets go of `mutex` for a moment.
  WaitResult WaitUntil(Mutex& mutex, Time deadline) SIM_REQUIRES(mutex);
  /// The deadline is `timeout` after the moment at which the wait begins.
  WaitResult WaitFor(Mutex& mutex, Time timeout) SIM_REQUIRES(mutex);

  /// Wakes the waiter that has been in the queue the longest, if there is one. Needs no lock.
  void NotifyOne();
  void NotifyAll();

 private:
  struct Waiter {
    WaitState state;
    Waiter* next = nullptr;
    bool queued() const { return !state.signaled && !state.timed_out; }
  };

  // The parts of the object. A waiter that wakes up touches only its own word, so it commutes with
  // everything that happens to the queue after it was notified.
  static constexpr uint32_t kQueue = 1;
  static constexpr uint32_t WordOf(ThreadId waiter) { return uint32_t{2} + waiter; }

  WaitResult WaitInThread(Mutex& mutex, Time deadline, bool is_relative)
      SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis);
  bool Enter(Runtime& runtime, Mutex& mutex, Waiter& self, bool is_relative)
      SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis);
  void Leave(Waiter& self);
  void Wake(Waiter& waiter);
  void AnnounceNotify(OpKind kind, const Footprint& footprint) const;

  ObjectId id_;
  const char* role_;
  Waiter* front_ = nullptr;  // The waiters that have not left yet, in order; on their stacks.
};

}  // namespace sim
