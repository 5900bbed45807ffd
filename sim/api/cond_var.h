// A condition variable: a queue of threads that wait for somebody to tell them of a change.
//
// A waiter is notified once, or its deadline passes, which takes it out of the queue. Of what other
// implementations are allowed to do besides, a condition variable does as much as it is told to:
// wake any waiter and not the first that came, and end waits for nothing, as long as the budget
// lasts (ExecutionLimits::faults of kIdleWake).
#pragma once

#include "sim/api/mutex.h"
#include "sim/api/primitive.h"
#include "sim/api/thread_annotations.h"
#include "sim/object/flag.h"

namespace sim {

/// Whom a notification wakes.
enum class Wakes : uint8_t { kFirst, kAny };

class CondVar : public Primitive {
 public:
  explicit CondVar(const char* role, Wakes wakes = Wakes::kFirst)
      : Primitive(role), wakes_(wakes) {}
  /// Who waits wakes up, and fails.
  ~CondVar();

  /// Releases `mutex` and joins the queue in one step, waits, and acquires `mutex` again.
  void Wait(Mutex& mutex) SIM_REQUIRES(mutex) { WaitUntil(mutex, kForever); }
  /// kSignaled or kTimedOut: which came first. A wait that ends for nothing says kSignaled.
  /// `deadline` may be kForever, kAtAnyMoment or a virtual time; one that has passed already still
  /// lets go of `mutex` for a moment.
  WaitResult WaitUntil(Mutex& mutex, Time deadline) SIM_REQUIRES(mutex);
  /// The deadline is `timeout` after the moment at which the wait begins.
  WaitResult WaitFor(Mutex& mutex, Time timeout) SIM_REQUIRES(mutex);

  /// Wakes one waiter, if there is one: that which has been in the queue the longest, or any. Needs
  /// no lock.
  void NotifyOne();
  void NotifyAll();

 private:
  WaitResult WaitInThread(Mutex& mutex, Time deadline, bool is_relative)
      SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis);
  bool Enter(Runtime& runtime, Mutex& mutex, Time& deadline, bool is_relative)
      SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis);
  ThreadId PickWaiter(Runtime& runtime) const;
  void Wake(Runtime& runtime, ThreadId waiter);

  Wakes wakes_;
};

}  // namespace sim
