// Programs as values: processes, objects, and one list of calls per thread.
//
// A Program is what everything else passes around: the litmus reader makes it, the reference
// model enumerates it, the world runs it on the core, a trace embeds its text. Nothing in it
// refers to an execution. Names of threads, processes and objects are stored once; every use is
// an index.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/abi.h"

namespace model {

/// Where something stands in its source text. Positions never take part in comparisons, so that
/// two texts that say the same make equal programs.
struct SourcePosition {
  uint32_t line = 0;    // From 1; 0 when the program did not come from a text.
  uint32_t column = 0;  // From 1, in code points.
  bool operator==(const SourcePosition&) const { return true; }
};

using ProcessIndex = uint32_t;
using ThreadIndex = uint32_t;
using ObjectIndex = uint32_t;    // Into Program::objects.
using EndpointIndex = uint32_t;  // Into Program::handles: a declared handle, by its name.
using VariableIndex = uint32_t;  // Into ThreadProgram::variables.

/// One handle that exists when the threads start: an endpoint of a channel, or a handle to an
/// event. Its name means the value it has at the start, for ever.
struct DeclaredHandle {
  std::string name;
  ProcessIndex process = 0;
  ObjectIndex object = 0;
  uint32_t side = 0;  // Channels: which endpoint, 0 or 1. Events: which of the handles.
  core::Rights rights = core::kRightNone;
  bool operator==(const DeclaredHandle&) const = default;
};

/// One object that exists when the threads start.
struct DeclaredObject {
  std::string name;
  core::ObjectType type = core::ObjectType::kChannel;
  std::vector<EndpointIndex> handles;  // Two for a channel, by side; one or more for an event.
  bool operator==(const DeclaredObject&) const = default;
};

/// Messages already queued at an endpoint, oldest first: payloads, to be preceded by txid 0.
struct InitialQueue {
  EndpointIndex endpoint = 0;
  std::vector<std::string> payloads;
  bool operator==(const InitialQueue&) const = default;
};

/// A handle that an earlier call of the same thread brought: `r.handles[i]`.
struct ResultHandle {
  VariableIndex variable = 0;
  uint32_t index = 0;
  bool operator==(const ResultHandle&) const = default;
};
/// A literal value, for tests of bad input: `handle: 0x3`.
struct RawHandle {
  core::HandleValue value = core::kInvalidHandle;
  bool operator==(const RawHandle&) const = default;
};
struct NamedHandle {
  EndpointIndex handle = 0;
  bool operator==(const NamedHandle&) const = default;
};
using HandleArgument = std::variant<NamedHandle, ResultHandle, RawHandle>;

/// A field of an earlier result of the same thread, used as an argument: `m.bytes`, `m.txid`.
struct ResultField {
  VariableIndex variable = 0;
  bool operator==(const ResultField&) const = default;
};
/// Pieces that are concatenated: `"re:" + m.bytes`.
using BytesArgument = std::vector<std::variant<std::string, ResultField>>;
using TxidArgument = std::variant<uint32_t, ResultField>;

/// When a wait gives up.
struct Deadline {
  enum class Kind : uint8_t {
    kNever,
    kNow,  // Already past: a poll.
    kMay,  // At any point of the wait; the schedule decides.
    kAt,   // At `at` on the virtual clock, which starts at 0.
  };
  Kind kind = Kind::kNever;
  core::Time at_ns = 0;
  bool operator==(const Deadline&) const = default;
};

enum class CallKind : uint8_t {
  kChannelCreate,
  kChannelWrite,
  kChannelRead,
  kEventCreate,
  kHandleClose,
  kObjectWaitOne,
};

/// One system call of a thread. Fields that a kind does not use keep their defaults.
struct Call {
  CallKind kind = CallKind::kHandleClose;
  std::optional<VariableIndex> result;  // Where the results go; none: not observable.
  HandleArgument handle = RawHandle{};  // All but the creating calls.

  // kChannelWrite.
  BytesArgument bytes;  // The payload, after the transaction id; read from a text: never empty.
  bool raw = false;     // `raw:`: the bytes are the whole message, without an id in front.
  TxidArgument txid = uint32_t{0};
  std::vector<HandleArgument> handles;

  // kChannelRead. Without a limit the buffers hold the largest message.
  std::optional<uint32_t> max_bytes;
  std::optional<uint32_t> max_handles;

  uint32_t options = 0;  // kChannelWrite, kChannelRead.

  // kObjectWaitOne.
  core::Signals signals = core::kSignalNone;
  Deadline deadline;

  SourcePosition position;
  bool operator==(const Call&) const = default;
};

/// A name for a result, and the call that sets it. Assigned at most once per thread.
struct Variable {
  std::string name;
  CallKind kind = CallKind::kHandleClose;
  bool operator==(const Variable&) const = default;
};

struct ThreadProgram {
  std::string name;
  ProcessIndex process = 0;
  std::vector<Variable> variables;  // In order of assignment.
  std::vector<Call> calls;
  SourcePosition position;
  bool operator==(const ThreadProgram&) const = default;
};

struct Program {
  std::string name;
  std::vector<std::string> processes;
  std::vector<DeclaredObject> objects;  // In order of declaration.
  std::vector<DeclaredHandle> handles;  // In order of declaration.
  std::vector<InitialQueue> queues;
  std::vector<ThreadProgram> threads;
  bool operator==(const Program&) const = default;
};

}  // namespace model
