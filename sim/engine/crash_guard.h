// Crashes of the code under test: failures of the execution that they happen in.
#pragma once

#include <csignal>
#include <cstddef>
#include <memory>
#include <string>

namespace sim {

/// Signals by which a process that went wrong ends.
inline constexpr int kCrashSignals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};

/// The type and the text of the exception that is being handled: "std::range_error: too far".
std::string DescribeException();

/// A bad address, a stack that overflows, abort, std::terminate and the like end the execution in
/// progress as a failure, and the next can begin: all that an execution uses is its own. Outside
/// executions they are fatal, as ever, and so is at any time a signal that somebody else sent. What
/// a sanitizer reports in an execution is a failure of it as well.
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
