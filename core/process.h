// Processes own handles; their threads make system calls on their behalf.
#pragma once

#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <memory>

#include "core/abi.h"
#include "core/handle_table.h"
#include "core/locks.h"
#include "core/thread.h"

namespace core {
inline namespace CORE_PLATFORM {

class Kernel;

class Process final : public Allocated, public boost::intrusive::list_base_hook<> {
 public:
  /// Closes what handles are left. Its threads must be gone.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Identifies the process as an owner of endpoints.
  Koid koid() const { return koid_; }
  Kernel& kernel() const { return kernel_; }
  HandleTable& handles() { return handles_; }
  const HandleTable& handles() const { return handles_; }

  /// Closes every handle, the most recently added first. D-8.
  void CloseHandles();

 private:
  friend class Kernel;
  template <typename T, typename... Arguments>
  friend T* TryNew(const char* what, Arguments&&... arguments);
  Process(Kernel& kernel, Koid koid);

  Kernel& kernel_;
  const Koid koid_;
  HandleTable handles_;

  // Of a process that is killed: one for each thread that it had then, and the killer's. Who drops
  // the last closes the handles. The end of a thread before that is nobody else's business.
  platform::RefCount dying_threads_;
  // Sections about different threads commute. Taken before any thread's lock and the kernel's.
  mutable platform::SharedMutex lock_;
  boost::intrusive::list<Thread> threads_ GUARDED_BY(lock_);
  bool dying_ GUARDED_BY(lock_) = false;
  int64_t exit_code_ GUARDED_BY(lock_) = 0;
  ThreadNamesList idle_names_ GUARDED_BY(lock_);  // For its next threads.
};

}  // namespace CORE_PLATFORM
}  // namespace core
