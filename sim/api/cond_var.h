// A condition variable: a queue of threads that wait for somebody to tell them of a change.
//
// First come, first served, and nobody wakes up without a reason: a waiter is notified once, or its
// deadline passes, which takes it out of the queue. A program that must bear the spurious wakeups
// of other implementations can add them with Choose.
#pragma once

#include "sim/api/mutex.h"
#include "sim/api/primitive.h"
#include "sim/api/thread_annotations.h"
#include "sim/object/flag.h"

namespace sim {

class CondVar : public Primitive {
 public:
  explicit CondVar(const char* role) : Primitive(role) {}

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
  WaitResult WaitInThread(Mutex& mutex, Time deadline, bool is_relative)
      SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis);
  bool Enter(Runtime& runtime, Mutex& mutex, Time& deadline, bool is_relative)
      SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis);
  void Wake(Runtime& runtime, ThreadId waiter);
};

}  // namespace sim
