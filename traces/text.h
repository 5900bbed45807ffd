// Traces as text: FORMAT.md has the grammar.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "traces/trace.h"

namespace traces {

/// Where the schedule stands in every trace, from 1.
inline constexpr uint32_t kScheduleLine = 6;
inline constexpr uint32_t kVerdictLine = 7;

/// Header and program: what must be on disk before the first event, so that a crash leaves
/// something that can be replayed.
std::string PrintHeader(const Trace& trace);
/// The whole file.
std::string PrintTrace(const Trace& trace);

struct TraceError {
  uint32_t line = 0;  // From 1.
  std::string message;
};

/// Reads a trace. Never throws, whatever the text. A file that ends among its events is a trace
/// too: its writer was interrupted.
std::variant<Trace, TraceError> ParseTrace(std::string_view text);

/// The line of the file that holds the n-th entry of `lines`, counted from 1.
uint32_t LineNumberOf(const Trace& trace, size_t n);

}  // namespace traces
