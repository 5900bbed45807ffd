// What processes that do a part of the work need, whatever the work.
#pragma once

#include <fmt/format.h>
#include <sys/types.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>

namespace tools {

inline constexpr uint32_t kMaxWorkers = 256;

/// A system call that should not fail did: an internal error.
[[noreturn]] inline void Fail(const char* what) {
  throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

/// In a new process: it ends when `parent` does, however that comes.
void EndWithParent(pid_t parent);

/// Waits for the end of a process; what waitpid says of it.
int WaitFor(pid_t process);

/// "was ended by signal 9 (Killed)", "ended with exit code 3": of what waitpid says.
std::string DescribeEnd(int status);

}  // namespace tools
