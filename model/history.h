// What the threads of a program did, as they saw it: which call began when, which ended when and
// how.
//
// A history is recorded by whoever ran the program, in the simulator or on real threads; the
// reference model then says whether it explains it (linearizability.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/observation.h"
#include "model/program.h"

namespace model {

struct HistoryEvent {
  enum class Kind : uint8_t { kInvoke, kReturn };
  Kind kind = Kind::kInvoke;
  ThreadIndex thread = 0;
  uint32_t call = 0;   // Into ThreadProgram::calls. A kChoose returns in `block` what was chosen.
  uint32_t block = 0;  // kReturn of a kChoose.
  CallResult result;   // kReturn.
  bool operator==(const HistoryEvent&) const = default;
};

/// In the order in which it happened: a call whose return stands before another's invocation ended
/// before the other began. Calls that overlap may have taken effect in either order. A call without
/// a return never ended: its thread was killed, or waits to this day, or the record stops before.
struct History {
  std::vector<HistoryEvent> events;
  // Set if the record goes to the end of the execution, at which nothing could happen any more:
  // then calls that did not return are blocked for good, or their threads were killed.
  std::optional<Observation> end;
  bool operator==(const History&) const = default;
};

/// The history as bytes: equal histories give equal bytes and different ones different bytes.
std::string Encode(const History& history);

}  // namespace model
