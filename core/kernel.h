// One kernel: processes and threads. There is no global state; any number of kernels can coexist.
#pragma once

#include <boost/intrusive/list.hpp>

#include "core/process.h"

namespace core {
inline namespace CORE_PLATFORM {

class Kernel final {
 public:
  Kernel();
  /// Ends what is left: threads first, then processes, the newest first.
  ~Kernel();
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;

  /// Owned by the kernel. Null when memory cannot be had.
  [[nodiscard]] Process* CreateProcess() EXCLUDES(lock_);
  /// Owned by the kernel. Null when memory cannot be had, or every thread number has been used.
  [[nodiscard]] Thread* CreateThread(Process& process) EXCLUDES(lock_);

  /// For checks only: takes no lock, and is true only while nothing else runs. Oldest first.
  template <typename Visitor>
  void PeekProcesses(Visitor visit) const NO_THREAD_SAFETY_ANALYSIS {
    for (const Process& process : processes_) visit(process);
  }

 private:
  platform::Mutex lock_;
  boost::intrusive::list<Process> processes_ GUARDED_BY(lock_);
  boost::intrusive::list<Thread> threads_ GUARDED_BY(lock_);
  uint32_t last_thread_number_ GUARDED_BY(lock_) = 0;
  uint64_t last_process_ GUARDED_BY(lock_) = 0;
};

}  // namespace CORE_PLATFORM
}  // namespace core
