// What processes that do a part of the work need, whatever the work.
#pragma once

#include <fmt/format.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>

namespace tools {

inline constexpr uint32_t kMaxWorkers = 256;

/// A system call that should not fail did: an internal error.
[[noreturn]] inline void Fail(const char* what) {
  throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

}  // namespace tools
