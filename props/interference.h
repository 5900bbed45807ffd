// What a schedule may do to a program besides choosing its order: faults, and somebody else who
// kills and suspends its threads.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "model/litmus.h"

namespace props {

/// How often each may happen in an execution; the schedule decides where.
struct Interference {
  uint32_t nomem = 0;         // Memory that cannot be had.
  uint32_t memory = 0;        // A copy from or to the caller's memory that fails.
  uint32_t kill = 0;          // A thread is killed.
  uint32_t kill_process = 0;  // A process is killed.
  uint32_t suspend = 0;       // A thread is suspended and, later, resumed.
  /// A deadline passes while some thread could still run. As in the model, that may happen any
  /// number of times, unless it is said.
  static constexpr uint32_t kAny = UINT32_MAX;
  uint32_t early = kAny;
  bool operator==(const Interference&) const = default;
};

struct InterferenceKind {
  std::string_view name;  // As the text says it.
  uint32_t Interference::*count;
  std::string_view description;
};
std::span<const InterferenceKind> InterferenceKinds();

/// Reads `nomem=1,kill=1`. A string is what is wrong with the text, and what would be right.
std::variant<Interference, std::string> ParseInterference(std::string_view text);

/// The program with so much more of it, and with a bound of early deadlines. Faults go into the
/// file's own. Whoever kills or suspends is a thread of a process of its own, a thread for each
/// time, which chooses one target or none; so core, model and traces know nothing new. The file's
/// complete list of outcomes says nothing any more; with anything but the bound, threads may stay
/// blocked.
model::Litmus WithInterference(const model::Litmus& litmus, const Interference& interference);

}  // namespace props
