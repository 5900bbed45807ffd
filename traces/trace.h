// A recorded execution as a value: complete in itself, the same bytes on every machine.
//
// A trace holds the whole program, how it was found, every event with what else could have run, and
// the verdict. Nothing in it names a machine, a path, an address or a time of day.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/engine/execution.h"
#include "sim/engine/replay.h"

namespace traces {

/// One event. The hash covers everything up to it: kinds, objects, enabled sets, values.
struct TraceEvent {
  std::string thread;     // "w", or "w:timer".
  std::string operation;  // "acquire queue main.12".
  std::string enabled;    // "w,m,h": by id.
  uint64_t hash = 0;
  bool operator==(const TraceEvent&) const = default;
};

/// A value that the schedule picked.
struct TraceValue {
  std::string thread;
  uint32_t value = 0;
  uint32_t count = 0;
  bool operator==(const TraceValue&) const = default;
};

/// What happened between events, in the words of the program.
struct TraceNote {
  enum class Kind : uint8_t { kCall, kReturn, kQueue, kRemark };
  Kind kind = Kind::kRemark;
  std::string subject;  // Calls and returns: the thread. Queues: the location.
  std::string result;   // Calls: the name of the result; may be empty.
  std::string text;
  bool operator==(const TraceNote&) const = default;
};

using TraceLine = std::variant<TraceEvent, TraceValue, TraceNote>;

struct Verdict {
  std::string id;       // "HD101"; "none" if nothing was found.
  std::string name;     // "order inverted".
  std::string message;  // One line.
  bool operator==(const Verdict&) const = default;
};

struct Trace {
  std::string program;  // The name in the litmus text.
  std::string litmus;   // Canonical text, ends with a newline.
  std::string generation = "current";
  std::string strategy;  // How it was found.
  uint64_t seed = 0;
  std::string schedule;  // One line; see schedule_text.h.
  Verdict verdict;
  std::vector<TraceLine> lines;
  bool finished = false;  // The recording came to its end; otherwise only the header is sure.
  bool operator==(const Trace&) const = default;
};

/// "w", "w:timer".
std::string ThreadLabel(sim::ThreadId thread, std::span<const std::string> names);
/// "w,m,h:timer".
std::string EnabledLabel(sim::ThreadSet enabled, std::span<const std::string> names);
/// "acquire-shared handle-table main.3/0x7": the verb, what it is about, its object and key.
std::string OperationLabel(sim::OpKind kind, const char* role, sim::ObjectId object, uint32_t key,
                           std::span<const std::string> names);
TraceEvent EventOf(const sim::Event& step, std::span<const std::string> names);

/// The events of a trace, without the lines between them.
std::vector<const TraceEvent*> EventsOf(const Trace& trace);

}  // namespace traces
