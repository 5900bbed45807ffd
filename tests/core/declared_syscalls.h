// The list of system calls, from the header that declares them: for tests that make every one.
#pragma once

#include <functional>
#include <set>
#include <string>

namespace core {

using Names = std::set<std::string, std::less<>>;

/// As core/syscalls.h has them: "ChannelCreate", ...
Names DeclaredSyscalls();

}  // namespace core
