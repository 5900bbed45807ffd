// One kernel: a generation, processes and threads. There is no global state; any number of kernels
// can coexist.
#pragma once

#include <boost/intrusive/list.hpp>
#include <optional>

#include "core/abi_profile.h"
#include "core/channel_dispatcher.h"
#include "core/handle_reaper.h"
#include "core/process.h"

namespace core {
inline namespace CORE_PLATFORM {

/// Called on the writing thread, with no lock held, when a queue reaches half the generation's
/// limit, and for every message beyond the limit. The write itself succeeds: what happens to the
/// writer is the host's to decide. L-1.
struct PendingMessagePolicy {
  void (*report)(void* context, Thread& writer, const PendingMessages& pending) = nullptr;
  void* context = nullptr;
};

class Kernel final {
 public:
  /// Every process of this kernel sees the interface of `profile`, which must outlive it. Names are
  /// not used again in a generation that puts handles back under their old values. W-2.
  explicit Kernel(const AbiProfile& profile = kCurrent, NameReuse name_reuse = NameReuse::kNever);
  /// Ends what is left: threads first, then processes, the newest first.
  ~Kernel();
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;

  const AbiProfile& profile() const { return profile_; }

  /// Owned by the kernel. Null when memory cannot be had.
  [[nodiscard]] Process* CreateProcess() EXCLUDES(lock_);
  /// Owned by the kernel until ExitThread. Null when memory cannot be had, every thread number is
  /// in use (or has been, without reuse), or the process is being killed.
  [[nodiscard]] Thread* CreateThread(Process& process) EXCLUDES(process.lock_, lock_);

  /// The end of `thread`, which makes no call any more and is destroyed. A call that it left behind
  /// is taken down. The last thread of a killed process takes the handles with it. CC-30, D-8.
  void ExitThread(Thread& thread) EXCLUDES(lock_);

  /// Kills every thread of `process`; once the last has exited, its handles close. The process
  /// object stays, without handles, until the kernel goes.
  void KillProcess(Process& process, int64_t exit_code) EXCLUDES(process.lock_, lock_);
  /// Nonzero once the process was killed with such a code.
  int64_t ExitCode(const Process& process) const EXCLUDES(process.lock_);

  /// Before the first thread runs; by default nobody is told.
  void set_pending_message_policy(PendingMessagePolicy policy) { pending_policy_ = policy; }
  void ReportPending(Thread& writer, const PendingMessages& pending) const {
    if (pending.level == PendingMessages::Level::kNormal) return;
    if (pending_policy_.report != nullptr) {
      pending_policy_.report(pending_policy_.context, writer, pending);
    }
  }

  /// Before the first thread runs; matters only where handles of destroyed messages close later.
  /// Without a worker they close at once there, too: as soon as a worker could, though of handles
  /// that lead to others a worker closes the oldest first.
  void set_reaper_worker(HandleReaper::Worker worker);
  /// For the worker: closes the handles that have been left to it.
  void ReapHandles() {
    if (reaper_) reaper_->CloseAll();
  }
  /// Null where the handles of a destroyed message close at once. X-17.
  HandleReaper* reaper() { return reaper_ && reaper_->has_worker() ? &*reaper_ : nullptr; }

  /// For checks only: takes no lock, and is true only while nothing else runs. Oldest first.
  template <typename Visitor>
  void PeekProcesses(Visitor visit) const NO_THREAD_SAFETY_ANALYSIS {
    for (const Process& process : processes_) visit(process);
  }

 private:
  ThreadNamesPtr TakeNamesLocked(Process& process) REQUIRES(process.lock_) EXCLUDES(lock_);
  void KeepNamesLocked(Process& process, ThreadNamesPtr names) REQUIRES(process.lock_)
      EXCLUDES(lock_);
  void LeaveNamesLocked(Process& process) REQUIRES(process.lock_) EXCLUDES(lock_);

  const AbiProfile& profile_;
  const NameReuse name_reuse_;
  PendingMessagePolicy pending_policy_;
  std::optional<HandleReaper> reaper_;  // If the generation has one.
  platform::Mutex lock_;                // Taken last: no other lock is taken while it is held.
  boost::intrusive::list<Process> processes_ GUARDED_BY(lock_);
  uint32_t last_thread_number_ GUARDED_BY(lock_) = 0;
  ThreadNamesList idle_names_ GUARDED_BY(lock_);  // Left by processes that were killed.
  uint64_t last_process_ GUARDED_BY(lock_) = 0;
};

/// What the generation of the thread says.
inline const AbiProfile& ProfileOf(const Thread& thread) {
  return thread.process().kernel().profile();
}

/// What a process that broke the contract of a call is killed with. CC-24.
inline constexpr int64_t kExitVdsoContractBreach = -1027;

}  // namespace CORE_PLATFORM
}  // namespace core
