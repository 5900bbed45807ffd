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

/// Rights as a program says them. What is left out depends on the generation.
struct RightsArgument {
  enum class Kind : uint8_t {
    kDefault,  // Declarations: what such an object starts with. Calls: SAME_RIGHTS.
    kExactly,  // `rights`, which may be none.
    kWithout,  // What the declared handle starts with, less `rights`.
  };
  Kind kind = Kind::kDefault;
  core::Rights rights = core::kRightNone;
  bool operator==(const RightsArgument&) const = default;
};

/// One handle that exists when the threads start: an endpoint of a channel, one of a pair of
/// events, or a handle to an event or a port. Its name means the value it has at the start, for
/// ever.
struct DeclaredHandle {
  std::string name;
  ProcessIndex process = 0;
  ObjectIndex object = 0;
  uint32_t side = 0;  // Channels and pairs: which end, 0 or 1. Others: which of the handles.
  RightsArgument rights;
  bool operator==(const DeclaredHandle&) const = default;
};

/// Whether such objects come as two sides, with a handle each.
inline bool IsPaired(core::ObjectType type) {
  return type == core::ObjectType::kChannel || type == core::ObjectType::kEventPair;
}

/// One object that exists when the threads start.
struct DeclaredObject {
  std::string name;
  core::ObjectType type = core::ObjectType::kChannel;
  std::vector<EndpointIndex> handles;  // Two for a channel or a pair, by side; else one or more.
  bool operator==(const DeclaredObject&) const = default;
};

/// A message that is there at the start: its payload, preceded by txid 0. If it nests channels, it
/// carries an end of one; the other end is closed, and what is queued at the first is an empty
/// message that nests one channel less.
struct InitialMessage {
  std::string payload;
  uint32_t nested = 0;
  bool operator==(const InitialMessage&) const = default;
};

/// Messages already queued at an endpoint, oldest first.
struct InitialQueue {
  EndpointIndex endpoint = 0;
  std::vector<InitialMessage> messages;
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
  kChannelWriteEtc,
  kChannelRead,
  kChannelReadEtc,
  kChannelCall,
  kChannelCallEtc,
  kEventCreate,
  kEventPairCreate,
  kPortCreate,
  kHandleClose,
  kHandleCloseMany,
  kHandleDuplicate,
  kHandleReplace,
  kHandleCheckValid,
  kObjectWaitOne,
  kObjectWaitMany,
  kObjectWaitAsync,
  kObjectSignal,
  kObjectSignalPeer,
  kObjectGetInfo,
  kPortQueue,
  kPortWait,
  kPortCancel,
  // What somebody who holds a handle to a thread or a process does to it.
  kThreadKill,
  kThreadSuspend,
  kThreadResume,
  kProcessKill,
  // No system calls.
  kChoose,  // Goes on with one of several blocks of calls; the schedule decides.
  kNote,    // An annotation; does nothing.
};

/// What a pointer argument points at.
enum class Memory : uint8_t {
  kFine,  // Memory of the caller's, large enough.
  kNull,
  kUnmapped,
};

/// The pointer arguments of a call, by what they are for. A call uses those that it has.
struct Buffers {
  Memory args = Memory::kFine;        // The argument record of a call.
  Memory bytes = Memory::kFine;       // Bytes, or iovecs, to be sent.
  Memory handles = Memory::kFine;     // Handles or dispositions to be sent; those to be closed.
  Memory rd_bytes = Memory::kFine;    // For bytes that are received.
  Memory rd_handles = Memory::kFine;  // For handles that are received.
  Memory actual_bytes = Memory::kFine;
  Memory actual_handles = Memory::kFine;
  Memory read_status = Memory::kFine;  // channel_call where it has one.
  Memory out = Memory::kFine;          // The first new handle; observed; items; the record; packet.
  Memory second_out = Memory::kFine;   // The second new handle.
  bool operator==(const Buffers&) const = default;
};

/// One of the pieces of a message that is sent with USE_IOVEC.
struct Iovec {
  std::string bytes;
  Memory memory = Memory::kFine;
  std::optional<uint32_t> capacity;  // None: the size of `bytes`. More: the rest reads as zeros.
  bool reserved = false;             // The field that must be zero is not.
  bool operator==(const Iovec&) const = default;
};

/// What is to become of one handle of channel_write_etc or channel_call_etc.
struct Disposition {
  enum class Operation : uint8_t { kMove, kDuplicate, kUnknown };
  Operation operation = Operation::kMove;
  HandleArgument handle;
  core::ObjectType type = core::ObjectType::kNone;  // kNone: any.
  RightsArgument rights;
  bool operator==(const Disposition&) const = default;
};

/// One of the objects that object_wait_many waits for.
struct WaitItem {
  HandleArgument handle;
  core::Signals signals = core::kSignalNone;
  bool operator==(const WaitItem&) const = default;
};

/// One system call of a thread, or a kChoose or kNote. Fields that a kind does not use keep their
/// defaults.
struct Call {
  CallKind kind = CallKind::kHandleClose;
  std::optional<VariableIndex> result;  // Where the results go; none: not observable.
  HandleArgument handle = RawHandle{};  // The object; the port of kPortQueue and kPortWait.

  // What is sent: channel_write, channel_call, and their _etc forms.
  BytesArgument bytes;  // The payload, after the transaction id; read from a text: never empty.
  bool raw = false;     // `raw:`: the bytes are the whole message, without an id in front.
  TxidArgument txid = uint32_t{0};
  std::optional<std::vector<Iovec>> iovecs;  // Given: the whole message instead of `bytes`.
  std::vector<HandleArgument> handles;       // Also of kHandleCloseMany.
  std::vector<Disposition> dispositions;     // Of the _etc forms.
  // Lies about sizes: how many bytes, or iovecs, or items of kObjectWaitMany, and how many handles
  // (also of kHandleCloseMany) the caller says there are. Where it says more, the rest is zeros.
  std::optional<uint32_t> count;
  std::optional<uint32_t> handle_count;

  // Room for what is received: channel_read, channel_call, and their _etc forms. Without a limit
  // the buffers hold the largest message.
  std::optional<uint32_t> max_bytes;
  std::optional<uint32_t> max_handles;

  uint32_t options = 0;  // USE_IOVEC need not be said if `iovecs` is given.

  core::Signals signals = core::kSignalNone;  // Waited for, or set.
  core::Signals clear = core::kSignalNone;    // kObjectSignal, kObjectSignalPeer.
  std::vector<WaitItem> items;                // kObjectWaitMany.
  Deadline deadline;                          // Waits, calls, kPortWait.
  RightsArgument rights;                      // kHandleDuplicate, kHandleReplace.
  uint32_t topic = 0;                         // kObjectGetInfo.

  // kObjectWaitAsync, kPortCancel: the port is `port`, the watched object `handle`.
  HandleArgument port = RawHandle{};
  uint64_t key = 0;  // And kPortQueue.

  Buffers buffers;

  ThreadIndex target_thread = 0;    // kThread*.
  ProcessIndex target_process = 0;  // kProcessKill.

  // kChoose: the lengths of its blocks, which follow it in their order.
  std::vector<uint32_t> blocks;
  // How many of the following calls are not for whoever has made this one: set at the last call of
  // each block but the last, and at everything that ends there with it.
  uint32_t skip = 0;
  std::string note;  // kNote.

  SourcePosition position;
  bool operator==(const Call&) const = default;
};

/// A name for a result, and the call that sets it. Set by one call at most.
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

/// The call after call `index`, which is not a kChoose; the number of calls after the last.
uint32_t NextCall(const ThreadProgram& thread, uint32_t index);
/// The first call of block `block` of the kChoose at `index`, or what follows it if it is empty.
uint32_t ChosenCall(const ThreadProgram& thread, uint32_t index, uint32_t block);
/// Gives every call the `skip` that follows from `blocks`. Whoever makes a thread calls this last.
void LinkBlocks(ThreadProgram* thread);

struct Program {
  std::string name;
  std::vector<std::string> processes;
  std::vector<DeclaredObject> objects;  // In order of declaration.
  std::vector<DeclaredHandle> handles;  // In order of declaration.
  std::vector<InitialQueue> queues;
  std::vector<ThreadProgram> threads;
  bool operator==(const Program&) const = default;
};

/// By index.
std::vector<std::string> ThreadNames(const Program& program);

/// Whether threads are killed or suspended, so that a call may end without an answer.
bool HasInterruptions(const Program& program);
/// Whether some call kills the process.
bool MayBeKilled(const Program& program, ProcessIndex process);
/// Whether some call suspends a thread; whether one suspends this thread.
bool SuspendsThreads(const Program& program);
bool MayBeSuspended(const Program& program, ThreadIndex thread);
/// Whether the call asks how many handles an object has.
bool CountsHandles(const Call& call);

}  // namespace model
