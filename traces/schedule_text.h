// Schedules on one line: "w m*2 h:timer h=1 w".
//
// A word for every decision, in order: a thread where more than one could run, `t:timer` for the
// timer of thread t, `t=v` for a value that t asked for. `*n` repeats a word.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "sim/engine/replay.h"

namespace traces {

std::string PrintSchedule(const sim::Schedule& schedule, std::span<const std::string> names);

/// The mistake, in words, or the schedule. Never throws.
std::variant<sim::Schedule, std::string> ParseSchedule(std::string_view text,
                                                       std::span<const std::string> names);

/// One decision: "h", "h:timer", "h=1".
std::string PrintDecision(const sim::Decision& decision, std::span<const std::string> names);

}  // namespace traces
