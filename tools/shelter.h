// Work that may crash, in a process of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <set>

namespace tools {

/// Tells what the work is about to do, by a number.
using TellMark = std::function<void(uint64_t)>;
/// Answers an exit code. Does nothing of what is marked with one of `crashes`.
using ShelteredWork = std::function<int(const std::set<uint64_t>& crashes, const TellMark& tell)>;

/// Does the work in a process of its own, and again after each crash, without what it was about to
/// do then: what damages the process, and crashes later, ends it and not just an execution.
/// Gives up when it crashes without anything new to leave out: that is reported, and an internal
/// error, as is an exception, and the end of the process by a signal that is none of a crash.
/// SIGINT and SIGTERM end the work as they would end this process.
int RunSheltered(const ShelteredWork& work);

}  // namespace tools
