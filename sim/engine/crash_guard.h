// Crashes of the code under test: failures of the execution that they happen in.
#pragma once

#include <cstddef>
#include <memory>

namespace sim {

/// A bad address, a stack that overflows and the like end the execution in progress as a failure,
/// and the next can begin: all that an execution uses is its own. Outside executions they are
/// fatal, as ever. Left to a sanitizer where there is one: it tells more.
class CrashGuard {
 public:
  CrashGuard();
  ~CrashGuard();
  CrashGuard(const CrashGuard&) = delete;
  CrashGuard& operator=(const CrashGuard&) = delete;

  /// On the system thread that begins an execution.
  void Arm();

 private:
  std::unique_ptr<std::byte[]> stack_;  // The handler cannot run on a stack that is full.
};

}  // namespace sim
