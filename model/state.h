// The abstract kernel as a value: handles, objects, and how far each thread has come.
//
// Map: HandleId and ObjectId are names; Object is whatever handles name; HandleRecord says where
// a handle is; ThreadState is a thread's position inside its calls; State is all of it together.
// Nothing here refers to memory: two executions that reach the same situation reach equal States,
// whatever order led there, because names are made of the creating thread and a number of its own.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/abi.h"
#include "model/generation.h"
#include "model/litmus.h"
#include "model/observation.h"
#include "model/program.h"

namespace model {

/// Who made something: 0 is the start of the program, n + 1 is thread n.
using Creator = uint32_t;
inline constexpr Creator kDeclared = 0;
inline Creator CreatorOf(ThreadIndex thread) {
  return thread + 1;
}

/// A handle value. Never used again once its handle left the table it was in: a handle that is
/// received gets a new one (T-1, H-4).
struct HandleId {
  Creator creator = kDeclared;
  uint32_t number = 0;  // Declared handles: the EndpointIndex.
  auto operator<=>(const HandleId&) const = default;
};

/// One endpoint of a channel or of a pair of events, an event, or a port.
struct ObjectId {
  Creator creator = kDeclared;
  uint32_t number = 0;  // Declared objects: the EndpointIndex of the (first) handle.
  auto operator<=>(const ObjectId&) const = default;
};

struct Message {
  std::string data;               // All bytes, the transaction id included.
  std::vector<HandleId> handles;  // In transit: in no table while they are here.
  // Channels, one in the queue of the other, of which the message carries the first as its only
  // handle. Nobody has another end of any of them, so they are a number until somebody receives
  // one.
  uint32_t nested = 0;
  auto operator<=>(const Message&) const = default;
};

uint32_t HandleCountOf(const Message& message);
/// The first four bytes, little endian; 0 for shorter messages.
uint32_t TxidOf(const Message& message);
/// What follows the first four bytes; nothing for shorter messages.
std::string PayloadOf(const Message& message);
std::string TxidBytes(uint32_t txid);

/// A registered object_wait_async: one shot, gone when it has fired.
struct AsyncWait {
  HandleId handle;  // The watched one: async waits belong to a handle too (WT-22).
  ObjectId port;
  uint64_t key = 0;
  core::Signals signals = core::kSignalNone;
  bool edge = false;       // Bits that are active already do not count, only those that become so.
  uint32_t order = 0;      // Among the waits of its port: later ones have more.
  uint32_t place = 0;      // As that of a Wait.
  bool forgotten = false;  // Its port has closed and will take it off.
  bool operator==(const AsyncWait&) const = default;
};

/// What waits at a port to be fetched.
struct Packet {
  uint64_t key = 0;
  std::optional<HandleId> source;  // The watched handle; none: from port_queue.
  core::Signals trigger = core::kSignalNone;
  core::Signals observed = core::kSignalNone;
  uint64_t count = 0;
  bool operator==(const Packet&) const = default;
};

/// What a thread still has to tell ports and waiters about one change of signals, or a port about
/// signals that it found active when it asked for a packet. Until it is done it holds the lock of
/// the object, or of both sides of the pair: who has read the message that the change came with may
/// find a port, or a sleeper, that knows nothing of it yet (S-9, P-8).
/// A side that closes sees to its own calls last of all.
struct Delivery {
  struct Item {
    std::optional<ObjectId> port;  // None: for a thread.
    Packet packet;
    bool counts = false;  // The messages are yet to be counted.
    // As of the wait that the packet comes from.
    uint32_t order = 0;
    uint32_t place = 0;
    bool forgotten = false;
    // Of a thread: which, and which of its waits has matched.
    ThreadIndex thread = 0;
    uint32_t wait = 0;
    bool operator==(const Item&) const = default;
  };
  std::vector<Item> items;         // In order.
  std::optional<ObjectId> closed;  // The side that loses its public life when they are done.
  std::vector<ObjectId> locked;    // What changed, first, and the other side of its pair.
  bool operator==(const Delivery&) const = default;

  bool idle() const { return items.empty() && !closed; }
};

struct Object {
  ObjectId id;
  core::ObjectType type = core::ObjectType::kChannel;
  core::Signals signals = core::kSignalNone;
  // Endpoints and pairs. The link is cut on both sides when either side loses its last handle, so
  // a missing peer means that one of the two has closed, not which (W-14).
  std::optional<ObjectId> peer;
  std::optional<ObjectId> other_side;  // The same for good: a pair has one lock, linked or not.
  std::vector<AsyncWait> async_waits;  // In order of registration.
  // Endpoints only.
  ProcessIndex owner = 0;      // The process it was last installed into; not cleared in transit.
  std::vector<Message> queue;  // To be read from this endpoint; the front is the oldest.
  // Threads whose calls wait here for a reply, in the order in which they came: of two with one
  // transaction id the first gets the reply (CC-4).
  std::vector<ThreadIndex> callers;
  uint32_t calls_made = 0;  // The kernel's counter of transaction ids (CC-5).
  // Ports only.
  std::vector<Packet> packets;
  bool operator==(const Object&) const = default;
};

/// Where a handle is: in a process's table, in a message that is queued or was delivered to a
/// caller, or in the hands of a system call.
struct HandleRecord {
  enum class Place : uint8_t { kTable, kMessage, kHands };
  HandleId id;
  ObjectId object;
  core::Rights rights = core::kRightNone;
  Place place = Place::kTable;
  ProcessIndex process = 0;  // Meaningful in a table; 0 elsewhere.
  bool operator==(const HandleRecord&) const = default;
};

/// One object that a thread waits for.
struct Wait {
  HandleId handle;  // Waits belong to a handle, not to its object (WT-30).
  ObjectId object;
  core::Signals signals = core::kSignalNone;
  // Among all waits for the object: later ones have more. Kept where threads learn of a change in
  // steps of their own, else 0.
  uint32_t place = 0;
  bool listed = true;    // On its object's list: changes of its signals are seen.
  bool matched = false;  // Satisfied at some moment, and its thread was told.
  bool canceled = false;
  core::Signals observed = core::kSignalNone;  // As far as it is known.
  bool operator==(const Wait&) const = default;

  /// Whether it wakes its thread.
  bool over() const { return matched || canceled; }
};

/// How long a thread sleeps, if nothing else wakes it.
struct Sleep {
  bool has_deadline = false;
  bool fired = false;        // The deadline ended the sleep.
  bool interrupted = false;  // A suspension ended it: the call is to be made again.
  bool operator==(const Sleep&) const = default;

  bool over() const { return fired || interrupted; }
};

/// A channel_call that has sent its request. Registered at its endpoint until something ends it;
/// the first to do so decides.
struct PendingCall {
  enum class End : uint8_t { kNone, kReply, kPeerClosed, kCanceled };
  uint32_t txid = 0;
  End end = End::kNone;
  Message reply;
  bool operator==(const PendingCall&) const = default;
};

/// A port whose public life has ended forgets its waits, the oldest first, and meanwhile refers to
/// what that one watches.
struct PortEnd {
  enum class Step : uint8_t { kTake, kTakeOff, kRelease };
  ObjectId port;
  bool freeing = false;  // Its handle was in a queue that is being destroyed.
  Step step = Step::kTake;
  std::optional<ObjectId> watched;
  bool operator==(const PortEnd&) const = default;
};

/// What a thread still has to close, as a stack of three levels (D-5).
struct Closing {
  // kEndLife: the last handle has ceased to count, and somebody may count until its life ends. For
  // others, and where nobody is about to, the end is part of kZeroHandles.
  enum class Step : uint8_t { kCancelWaits, kZeroHandles, kEndLife, kDropReference };
  std::vector<HandleId> outer;          // Handles the call itself closes, in order.
  std::vector<HandleId> inner;          // Handles of the queue that is being destroyed, in order.
  std::vector<ObjectId> pending_frees;  // Dead objects whose queues come next, last in first out.
  // By destroyed message, where the worker closes their handles: what it has yet to be given.
  std::vector<std::vector<HandleId>> left_behind;
  // Closed by a handle of `outer`, and by one of `inner`, which is what the first led to.
  std::vector<PortEnd> port_ends;
  bool freeing = false;              // A queue is being destroyed: `inner` goes first.
  Step step = Step::kCancelWaits;    // Of the first handle.
  std::optional<ObjectId> dropping;  // Set at kDropReference: the reference that handle held.
  bool operator==(const Closing&) const = default;

  bool idle() const {
    return left_behind.empty() && port_ends.empty() && outer.empty() && inner.empty() && !dropping;
  }
  /// Whether the end of a port goes on: before any further handle of the same level.
  bool ends_port() const { return !port_ends.empty() && port_ends.back().freeing == freeing; }
  bool RefersTo(ObjectId id) const;
  /// The handle whose close goes on; not at kDropReference, where it no longer exists.
  HandleId current() const { return freeing ? inner.front() : outer.front(); }
};

/// Where a thread stands inside its call. A close in progress goes before any of these, and a
/// delivery before that.
enum class Phase : uint8_t {
  kStart,         // Nothing done yet, or all of it undone for a suspension.
  kStopped,       // Suspended in user code, before it could begin.
  kConsume,       // Something failed early: the handles that were to be sent leave the table now.
  kTakeHandles,   // Write, call: the handles leave the table.
  kPublish,       // Write, call: the message enters the peer's queue, or a caller's hands.
  kPutBack,       // Write, call, where a failure keeps the handles: they return to the table.
  kCallSleeping,  // Call: for the reply.
  kCallParked,    // Call: suspended, with its waiter registered.
  kTakeMessage,   // Read: the message leaves the queue.
  kReceiveWaits,  // Read, call: waits through the next received handle end.
  kOwn,           // Read, call: an endpoint gets its new owner.
  kInstall,       // Received or created handles get their places in the table.
  kRegister,      // Wait for many: the next item; wait of a port: the only one.
  kSleeping,      // Wait for one or many.
  kTakeDown,      // The same, awake: the next item, or the reference to the one before.
  kPortSleeping,  // Wait for a packet.
  kOperate,       // Other calls that look an object up first and then do something to it.
  kFinish,        // The result is known; the references go, then the call answers.
  kReturn,        // All is done but the return to user code, where kills and suspensions strike.
};

/// A result that later calls of the thread can name.
struct VariableState {
  std::optional<CallResult> result;
  std::vector<HandleId> handles;
  bool operator==(const VariableState&) const = default;
};

struct ThreadState {
  uint32_t next_call = 0;  // All before it were answered, or belong to blocks not chosen.
  Phase phase = Phase::kStart;
  CallResult result;               // Of the call in progress.
  std::vector<ObjectId> bound;     // The objects the call looked up, by reference (H-6).
  std::vector<HandleId> hands;     // To be sent, or received and not yet installed; in order.
  std::vector<HandleId> rest;      // Taken to be sent, and not in the message: they close first.
  std::vector<HandleId> received;  // Installed or created by this call.
  bool values_lost = false;        // What is received is installed, but its values not told.
  // kConsume, kTakeHandles, kRegister, kTakeDown: arguments or items dealt with; kOperate, of a
  // cancel: waits that are gone; of process_kill: threads dealt with.
  uint32_t position = 0;
  std::vector<Wait> waits;
  std::optional<Sleep> sleep;
  std::optional<PendingCall> call;
  Closing closing;
  Delivery delivery;
  std::vector<VariableState> variables;
  uint32_t handles_made = 0;
  uint32_t objects_made = 0;
  uint32_t suspensions = 0;
  bool killed = false;  // Stops when it would return to user code, or where it sleeps.
  bool ended = false;  // Killed, and stopped; what it still does is to close its process's handles.
  bool operator==(const ThreadState&) const = default;
};

struct ProcessState {
  bool killed = false;
  // The table in order of installation; kept for processes that the program kills (D-8).
  std::vector<HandleId> installed;
  bool operator==(const ProcessState&) const = default;
};

struct State {
  Generation generation = Generation::kCurrent;  // From start to end.
  std::vector<Object> objects;                   // By id.
  std::vector<HandleRecord> handles;             // By id.
  std::vector<ThreadState> threads;
  std::vector<ProcessState> processes;
  // Closes the handles of destroyed messages where that is put off (D-6). No thread of the program:
  // of its state only `closing` and `delivery` ever change.
  ThreadState worker;
  Faults faults;  // How many may still come.
  bool operator==(const State&) const = default;

  Object* FindObject(ObjectId id);
  const Object* FindObject(ObjectId id) const;
  HandleRecord* FindHandle(HandleId id);
  const HandleRecord* FindHandle(HandleId id) const;
  void AddObject(Object object);
  void AddHandle(HandleRecord handle);
  void RemoveObject(ObjectId id);
  void RemoveHandle(HandleId id);

  /// How many handles name the object, wherever they are.
  uint32_t HandleCount(ObjectId id) const;
  /// Handles, calls in progress and unfinished closes keep an object alive.
  bool IsReferenced(ObjectId id) const;
};

/// The state as bytes: equal states give equal bytes and different states different ones.
std::string Encode(const State& state);
uint64_t Hash(const State& state);

}  // namespace model
