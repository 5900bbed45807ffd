// One kernel: a generation, processes and threads. There is no global state; any number of kernels
// can coexist.
#pragma once

#include <boost/intrusive/list.hpp>

#include "core/abi_profile.h"
#include "core/channel_dispatcher.h"
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
  /// Every process of this kernel sees the interface of `profile`, which must outlive it.
  explicit Kernel(const AbiProfile& profile = kCurrent);
  /// Ends what is left: threads first, then processes, the newest first.
  ~Kernel();
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;

  const AbiProfile& profile() const { return profile_; }

  /// Owned by the kernel. Null when memory cannot be had.
  [[nodiscard]] Process* CreateProcess() EXCLUDES(lock_);
  /// Owned by the kernel until ExitThread. Null when memory cannot be had, every thread number has
  /// been used, or the process is being killed.
  [[nodiscard]] Thread* CreateThread(Process& process) EXCLUDES(lock_);

  /// The end of `thread`, which makes no call any more and is destroyed. A call that it left behind
  /// is taken down. The last thread of a killed process takes the handles with it. CC-30, D-8.
  void ExitThread(Thread& thread) EXCLUDES(lock_);

  /// Kills every thread of `process`; once the last has exited, its handles close. The process
  /// object stays, without handles, until the kernel goes.
  void KillProcess(Process& process, int64_t exit_code) EXCLUDES(lock_);
  /// Nonzero once the process was killed with such a code.
  int64_t ExitCode(const Process& process) const EXCLUDES(lock_);

  /// Before the first thread runs; by default nobody is told.
  void set_pending_message_policy(PendingMessagePolicy policy) { pending_policy_ = policy; }
  void ReportPending(Thread& writer, const PendingMessages& pending) const {
    if (pending.level == PendingMessages::Level::kNormal) return;
    if (pending_policy_.report != nullptr) {
      pending_policy_.report(pending_policy_.context, writer, pending);
    }
  }

  /// For checks only: takes no lock, and is true only while nothing else runs. Oldest first.
  template <typename Visitor>
  void PeekProcesses(Visitor visit) const NO_THREAD_SAFETY_ANALYSIS {
    for (const Process& process : processes_) visit(process);
  }

 private:
  const AbiProfile& profile_;
  PendingMessagePolicy pending_policy_;
  mutable platform::Mutex
      lock_;  // Taken before any thread's lock; no object's lock is taken under it.
  boost::intrusive::list<Process> processes_ GUARDED_BY(lock_);
  boost::intrusive::list<Thread> threads_ GUARDED_BY(lock_);
  uint32_t last_thread_number_ GUARDED_BY(lock_) = 0;
  uint64_t last_process_ GUARDED_BY(lock_) = 0;
};

/// What a process that broke the contract of a call is killed with. CC-24.
inline constexpr int64_t kExitVdsoContractBreach = -1027;

}  // namespace CORE_PLATFORM
}  // namespace core
