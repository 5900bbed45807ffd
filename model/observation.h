// What an execution of a program shows at its end, whoever ran it: the core or the model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/abi.h"
#include "model/program.h"

namespace model {

/// What a program can learn about a handle, apart from numbers that depend on the order of
/// creation.
struct HandleDescription {
  core::ObjectType type = core::ObjectType::kNone;
  core::Rights rights = core::kRightNone;
  bool operator==(const HandleDescription&) const = default;
};

/// The answer of one call, as the calling thread sees it. Fields that the call did not write keep
/// their defaults.
struct CallResult {
  core::Status status = core::Status::kOk;
  std::string bytes;  // The payload: without the transaction id. Empty for short messages.
  uint32_t txid = 0;
  uint32_t actual_bytes = 0;  // All bytes of the message, the id included.
  uint32_t actual_handles = 0;
  uint32_t handle_count = 0;                     // Handles received or created.
  core::Signals observed = core::kSignalNone;    // Waits; kPortWait: of the packet.
  core::Status read_status = core::Status::kOk;  // channel_call in the generations that have it.
  std::vector<core::Status> results;             // By disposition; kOk where the call wrote none.
  std::vector<core::Signals> pending;    // By item of object_wait_many; empty if none was written.
  std::vector<HandleDescription> infos;  // By received handle, from the _etc forms.
  HandleDescription info;                // object_get_info: of the handle.
  uint32_t info_count = 0;               // object_get_info: how many handles the object has.
  // kPortWait.
  uint64_t key = 0;
  bool from_user = false;  // From port_queue.
  core::Signals trigger = core::kSignalNone;
  uint64_t count = 0;
  bool operator==(const CallResult&) const = default;
};

/// The object of a declared handle at the end.
struct EndpointObservation {
  enum class Place : uint8_t { kTable, kTransit, kGone };
  Place place = Place::kGone;
  // Meaningful for kTable: the process whose table has the endpoint. Events can have handles in
  // several tables: kTable with owner 0 while they have any handle.
  ProcessIndex owner = 0;
  std::vector<std::string> queue;             // Payloads of the unread messages; empty when gone.
  core::Signals signals = core::kSignalNone;  // Active signals; none when gone.
  bool operator==(const EndpointObservation&) const = default;
};

/// The end of one execution.
struct Observation {
  /// By thread, by variable; empty where the call was never answered.
  std::vector<std::vector<std::optional<CallResult>>> results;
  std::vector<EndpointObservation> endpoints;  // By DeclaredHandle.
  // By thread: waiting for ever at the end. A thread that was killed is not.
  std::vector<bool> blocked;
  bool operator==(const Observation&) const = default;
};

}  // namespace model
