// Processes own handles; threads make system calls on their behalf.
#pragma once

#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <memory>

#include "core/abi.h"
#include "core/handle_table.h"

namespace core {
inline namespace CORE_PLATFORM {

class Kernel;

class Process final : public Allocated, public boost::intrusive::list_base_hook<> {
 public:
  /// Closes every handle, the most recently added first. Its threads must be gone. D-8.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Identifies the process as an owner of endpoints.
  Koid koid() const { return koid_; }
  Kernel& kernel() const { return kernel_; }
  HandleTable& handles() { return handles_; }
  const HandleTable& handles() const { return handles_; }

 private:
  friend class Kernel;
  template <typename T, typename... Arguments>
  friend T* TryNew(const char* what, Arguments&&... arguments);
  Process(Kernel& kernel, Koid koid);

  Kernel& kernel_;
  const Koid koid_;
  HandleTable handles_;
};

/// A thread of a process, as the caller of system calls. Used by one flow of control at a time.
///
/// New koids and handle values come from sequences of the thread, not of the kernel: what two
/// threads create gets the same names whoever goes first, so creating commutes.
class Thread final : public Allocated, public boost::intrusive::list_base_hook<> {
 public:
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  Process& process() const { return process_; }

  /// Unique in the life of the kernel.
  Koid NextKoid() { return (Koid{number_} << kKoidSequenceBits) | ++last_koid_; }

  /// Values that no handle of the kernel ever had, written to `out`; false, with nothing used up,
  /// when this thread's share of all values does not hold that many any more. H-4, HO-6.
  [[nodiscard]] bool NextHandleValues(uint32_t count, HandleValue* out);

 private:
  friend class Kernel;
  template <typename T, typename... Arguments>
  friend T* TryNew(const char* what, Arguments&&... arguments);
  Thread(Process& process, uint32_t number) : process_(process), number_(number) {}

  static constexpr uint32_t kKoidSequenceBits = 40;

  Process& process_;
  const uint32_t number_;  // Of all threads of the kernel, from 1.
  uint64_t last_koid_ = 0;
  uint32_t last_value_ = 0;
};

/// A handle value is, from the top: the creating thread's number, its count of values, and the two
/// bits that every valid value has set.
inline constexpr uint32_t kValueSequenceBits = 20;
inline constexpr uint32_t kMaxThreadNumber = (1u << (30 - kValueSequenceBits)) - 1;

}  // namespace CORE_PLATFORM
}  // namespace core
