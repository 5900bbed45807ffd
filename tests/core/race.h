// Threads of user code that race with each other, under every schedule. Simulator only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/engine/runtime.h"
#include "tests/core/core_fixture.h"

namespace core {
inline namespace CORE_PLATFORM {

/// What a thread says about its calls; owned by the race.
class Notes {
 public:
  void operator()(std::string_view note);
  void operator()(Status status) { (*this)(StatusText(status)); }
  /// The bytes of a message, or the status.
  void operator()(const ReadResult& read);
  /// The status, and with kTimedOut, kOk and kCanceled what was observed: "kOk RW". The letters
  /// stand for READABLE, WRITABLE, PEER_CLOSED and HANDLE_CLOSED.
  void operator()(const WaitAnswer& wait);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// The objects and threads of one execution, made anew for each. Bodies of threads must not own
/// memory across a system call: an execution that is cut short runs no destructors.
class Race {
 public:
  using Body = std::function<void(Notes&)>;

  explicit Race(Kernel& kernel) : kernel_(kernel) {}

  User& NewUser();
  User& NewColleague(User& user);
  void Spawn(Body body);
  /// Looks at the end, after every thread has ended.
  void AtEnd(Body body) { at_end_ = std::move(body); }

 private:
  friend class RaceScenario;
  struct Member {
    Body body;
    Notes notes;
    bool done = false;
    void operator()() {
      body(notes);
      done = true;
    }
  };

  Kernel& kernel_;
  std::vector<std::unique_ptr<User>> users_;
  std::vector<std::unique_ptr<Member>> members_;
  Body at_end_ = [](Notes&) {};
};

/// The notes of each thread, then those at the end: "kOk / kBadHandle // closed". A thread that has
/// not ended says "..." last. A failure of the engine is an outcome too: "leak: ...".
using Outcomes = std::set<std::string>;
/// Every outcome of the race, from one execution per trace.
/// One fault of this kind, wherever it strikes.
inline sim::ExecutionLimits OneFault(sim::FaultKind kind) {
  sim::ExecutionLimits limits;
  limits.faults[static_cast<size_t>(kind)] = 1;
  return limits;
}
inline const sim::ExecutionLimits kMemoryRunsOut = OneFault(sim::FaultKind::kAllocation);
inline const sim::ExecutionLimits kUserMemoryFaults = OneFault(sim::FaultKind::kUserMemory);

/// "closed" if the peer of `survivor` is, else "open": without a system call, which could fault.
inline std::string_view StateWithoutCall(User& user, HandleValue survivor) {
  const Signals signals = user.Reference(survivor)->PeekSignals();
  return (signals & kSignalPeerClosed) != 0 ? "closed" : "open";
}

inline void SuspendAndResume(User& user) {
  user.thread().Suspend();
  user.thread().Resume();
}

Outcomes ExploreAll(const std::function<void(Race&)>& program,
                    const sim::ExecutionLimits& limits = {}, const AbiProfile& profile = kCurrent);

}  // namespace CORE_PLATFORM
}  // namespace core
