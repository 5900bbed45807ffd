// Processes own handles; their threads make system calls on their behalf.
#pragma once

#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <memory>

#include "core/abi.h"
#include "core/handle_table.h"
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
  // Guarded by the kernel's lock.
  uint32_t threads_ = 0;
  bool dying_ = false;
  int64_t exit_code_ = 0;
  boost::intrusive::list<ThreadNames> idle_names_;  // For its next threads.
};

}  // namespace CORE_PLATFORM
}  // namespace core
