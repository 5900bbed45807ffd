// A thread of a process, as the caller of system calls.
#pragma once

#include <boost/intrusive/list.hpp>
#include <cstdint>

#include "core/abi.h"
#include "core/locks.h"
#include "core/memory.h"
#include "core/message_waiter.h"
#include "core/thread_names.h"

namespace core {
inline namespace CORE_PLATFORM {

class Kernel;
class Process;

/// Why a thread that slept runs again.
enum class WakeReason : uint8_t { kEvent, kDeadline, kSuspended, kKilled };

/// Used by one flow of control at a time; Kill, Suspend and Resume may come from any.
class alignas(platform::kCacheLine) Thread final : public Allocated,
                                                   public boost::intrusive::list_base_hook<> {
 public:
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;
  ~Thread();

  Process& process() const { return process_; }
  /// The parked half of this thread's call, if it is in one.
  MessageWaiter& message_waiter() { return message_waiter_; }

  /// As ThreadNames says, for what this thread makes in its process.
  Koid NextKoid() { return names_->NextKoid(); }
  [[nodiscard]] bool NextHandleValues(uint32_t count, HandleValue* out);

  /// Parks until `event` is set, `deadline` has passed, or somebody suspends or kills this thread.
  /// An event that is set wins over a suspension or a kill that is pending. CC-29.
  [[nodiscard]] WakeReason Sleep(platform::Event& event, platform::Time deadline) EXCLUDES(lock_);

  /// Parks while this thread is suspended. False: it was killed.
  [[nodiscard]] bool WaitUntilResumed() EXCLUDES(lock_);

  /// Takes effect where the thread sleeps, or will next. A killed thread gets no answer any more.
  void Kill() EXCLUDES(lock_);
  /// Suspensions count: as many resumptions end them.
  void Suspend() EXCLUDES(lock_);
  void Resume() EXCLUDES(lock_);
  [[nodiscard]] bool IsKilled() const EXCLUDES(lock_);

 private:
  friend class Kernel;
  template <typename T, typename... Arguments>
  friend T* TryNew(const char* what, Arguments&&... arguments);
  Thread(Process& process, ThreadNamesPtr names);

  Process& process_;
  ThreadNamesPtr names_;
  MessageWaiter message_waiter_;

  mutable platform::Mutex lock_;  // Taken last: no other lock is taken while it is held.
  platform::Event* sleeping_on_ GUARDED_BY(lock_) = nullptr;
  platform::Event* suspended_on_ GUARDED_BY(lock_) = nullptr;
  uint32_t suspensions_ GUARDED_BY(lock_) = 0;
  bool killed_ GUARDED_BY(lock_) = false;
};

}  // namespace CORE_PLATFORM
}  // namespace core
