// What an execution of a program shows at its end, whoever ran it: the core or the model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/abi.h"
#include "model/program.h"

namespace model {

/// The answer of one call, as the calling thread sees it. Fields that the call did not write keep
/// their defaults.
struct CallResult {
  core::Status status = core::Status::kOk;
  std::string bytes;  // The payload: without the transaction id. Empty for short messages.
  uint32_t txid = 0;
  uint32_t actual_bytes = 0;  // All bytes of the message, the id included.
  uint32_t actual_handles = 0;
  uint32_t handle_count = 0;  // Handles received or created.
  core::Signals observed = core::kSignalNone;
  bool operator==(const CallResult&) const = default;
};

/// A declared endpoint at the end.
struct EndpointObservation {
  enum class Place : uint8_t { kTable, kTransit, kGone };
  Place place = Place::kGone;
  ProcessIndex owner = 0;          // Meaningful for kTable: the process whose table has it.
  std::vector<std::string> queue;  // Payloads of the unread messages; empty when gone.
  core::Signals signals = core::kSignalNone;  // Active signals; none when gone.
  bool operator==(const EndpointObservation&) const = default;
};

/// The end of one execution.
struct Observation {
  /// By thread, by variable; empty where the call was never answered.
  std::vector<std::vector<std::optional<CallResult>>> results;
  std::vector<EndpointObservation> endpoints;  // By DeclaredHandle; channels only, others default.
  std::vector<bool> blocked;                   // By thread: waiting for ever at the end.
  bool operator==(const Observation&) const = default;
};

}  // namespace model
