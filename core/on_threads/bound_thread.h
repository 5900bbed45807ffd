// What stands behind native.h: kernels with their options, processes, threads that are bound.
//
// Locks: a process's, then a thread's, then those of the core.
#pragma once

#include <atomic>
#include <boost/intrusive/list.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "core/kernel.h"
#include "core/locks.h"
#include "core/on_threads/reaper_thread.h"
#include "heddle/native.h"

namespace heddle {

class KernelState {
 public:
  KernelState(const core::AbiProfile& profile, const KernelOptions& options);

  core::Kernel& kernel() { return kernel_; }
  UserMemory user_memory() const { return user_memory_; }

 private:
  static void OnPending(void* context, core::Thread& writer, const core::PendingMessages& pending);

  core::Kernel kernel_;
  std::optional<ReaperThread> reaper_thread_;  // If the generation has a reaper.
  const UserMemory user_memory_;
  const decltype(KernelOptions::on_pending_messages) on_pending_messages_;
};

/// A thread of the core that a thread of the operating system acts as. Made, used for calls and
/// ended by that one; controlled by any.
class BoundThread : public boost::intrusive::list_base_hook<> {
 public:
  BoundThread(std::shared_ptr<ProcessState> process, core::Thread& thread, OnKill on_kill)
      : process_(std::move(process)), on_kill_(on_kill), lock_("native thread"), thread_(&thread) {}

  /// What the calling thread of the operating system is bound to; null: nothing.
  static BoundThread* Current() { return current_; }
  /// Binds the calling thread to this, on top of what it was bound to, and back.
  void Enter();
  void Leave();

  const std::shared_ptr<ProcessState>& process() const { return process_; }
  core::Thread& thread() const NO_THREAD_SAFETY_ANALYSIS { return *thread_; }

  /// Before a call: whether it has to stop first.
  bool is_disturbed() const { return disturbances_.load(std::memory_order_acquire) != 0; }
  bool is_killed() const {
    return (disturbances_.load(std::memory_order_acquire) & kKilledBit) != 0;
  }
  /// Parks while the thread is suspended. False: it was killed.
  [[nodiscard]] bool WaitUntilResumed() { return thread().WaitUntilResumed(); }
  /// What a call of a killed thread comes to, if it comes to anything.
  zx_status_t AnswerKilled() const;

  zx_status_t Kill() EXCLUDES(lock_);
  zx_status_t Suspend() EXCLUDES(lock_);
  zx_status_t Resume() EXCLUDES(lock_);
  /// Cuts the link to the thread of the core. `reusable`: it is as good as new.
  core::Thread& Detach(bool* reusable) EXCLUDES(lock_);

 private:
  static constexpr uint32_t kKilledBit = 1u << 31;

  static constinit thread_local BoundThread* current_;
  static_assert(std::atomic<uint32_t>::is_always_lock_free);

  const std::shared_ptr<ProcessState> process_;
  const OnKill on_kill_;
  // What held for the thread of the operating system before.
  BoundThread* outer_ = nullptr;
  platform::UserMemory outer_user_memory_ = platform::UserMemory::kChecked;
  platform::Mutex lock_;
  core::Thread* thread_ GUARDED_BY(lock_);  // Null: ended. The bound thread reads it without lock.
  // Suspensions, and the bit of a kill. A hint for the bound thread; the core knows the truth.
  std::atomic<uint32_t> disturbances_ = 0;
};

class ProcessState : public std::enable_shared_from_this<ProcessState> {
 public:
  ProcessState(std::shared_ptr<KernelState> kernel, core::Process& process)
      : kernel_(std::move(kernel)), process_(process), lock_("native process") {}
  ~ProcessState();

  KernelState& kernel() { return *kernel_; }
  core::Process& process() { return process_; }

  [[nodiscard]] zx_status_t NewThread(OnKill on_kill, std::shared_ptr<BoundThread>* out)
      EXCLUDES(lock_);
  /// `bound` makes no call any more.
  void EndThread(BoundThread& bound) EXCLUDES(lock_);
  zx_status_t Kill(int64_t exit_code) EXCLUDES(lock_);
  /// Moves the handle named `value` from the table to this process, where it is named `*out`.
  /// Answers as Process::MoveHandle.
  [[nodiscard]] zx_status_t Receive(core::HandleTable& from, core::HandleValue value,
                                    core::HandleValue* out) EXCLUDES(lock_);

 private:
  /// Lets one more thread be idle, if none is: null when it cannot be had.
  core::Thread* IdleThreadLocked() REQUIRES(lock_);

  const std::shared_ptr<KernelState> kernel_;
  core::Process& process_;
  platform::Mutex lock_;
  boost::intrusive::list<BoundThread> bound_ GUARDED_BY(lock_);
  // Left over from bindings that have ended, for new ones: a kernel has few thread numbers.
  std::vector<core::Thread*> idle_ GUARDED_BY(lock_);
  bool killed_ GUARDED_BY(lock_) = false;
};

}  // namespace heddle
