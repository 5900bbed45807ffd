// The abstract kernel as a value: handles, objects, and how far each thread has come.
//
// Map: HandleId and ObjectId are names; Object is an endpoint or an event; HandleRecord says where
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

/// One endpoint of a channel, or an event.
struct ObjectId {
  Creator creator = kDeclared;
  uint32_t number = 0;  // Declared objects: the EndpointIndex of the (first) handle.
  auto operator<=>(const ObjectId&) const = default;
};

struct Message {
  std::string data;               // All bytes, the transaction id included.
  std::vector<HandleId> handles;  // In transit: in no table while they are here.
  auto operator<=>(const Message&) const = default;
};

/// The first four bytes, little endian; 0 for shorter messages.
uint32_t TxidOf(const Message& message);
/// What follows the first four bytes; nothing for shorter messages.
std::string PayloadOf(const Message& message);
std::string TxidBytes(uint32_t txid);

struct Object {
  ObjectId id;
  core::ObjectType type = core::ObjectType::kChannel;
  core::Signals signals = core::kSignalNone;
  // Endpoints only. The link is cut on both sides when either side loses its last handle, so a
  // missing peer means that one of the two has closed, not which (W-14).
  std::optional<ObjectId> peer;
  ProcessIndex owner = 0;      // The process it was last installed into; not cleared in transit.
  std::vector<Message> queue;  // To be read from this endpoint; the front is the oldest.
  bool operator==(const Object&) const = default;
};

/// Where a handle is: in a process's table, in a queued message, or in the hands of a system call.
struct HandleRecord {
  enum class Place : uint8_t { kTable, kMessage, kHands };
  HandleId id;
  ObjectId object;
  core::Rights rights = core::kRightNone;
  Place place = Place::kTable;
  ProcessIndex process = 0;  // Meaningful in a table; 0 elsewhere.
  bool operator==(const HandleRecord&) const = default;
};

/// A wait that is registered, or whose end its thread has not seen yet.
struct Wait {
  enum class End : uint8_t { kNone, kMatched, kCanceled };
  HandleId handle;  // Waits belong to a handle, not to its object (WT-30).
  ObjectId object;
  core::Signals signals = core::kSignalNone;
  Deadline deadline;
  bool fired = false;    // The deadline ended the sleep; the wait is still registered.
  End end = End::kNone;  // What took it off the object's list.
  core::Signals observed = core::kSignalNone;  // Fixed at the end.
  bool operator==(const Wait&) const = default;

  bool registered() const { return end == End::kNone; }
};

/// What a thread still has to close, as a stack of three levels (D-5).
struct Closing {
  enum class Step : uint8_t { kCancelWaits, kZeroHandles, kDropReference };
  std::vector<HandleId> outer;          // Handles the call itself closes, in order.
  std::vector<HandleId> inner;          // Handles of the queue that is being destroyed, in order.
  std::vector<ObjectId> pending_frees;  // Dead objects whose queues come next, last in first out.
  bool freeing = false;                 // A queue is being destroyed: `inner` goes first.
  Step step = Step::kCancelWaits;       // Of the first handle.
  std::optional<ObjectId> dropping;     // Set at kDropReference: the reference that handle held.
  bool operator==(const Closing&) const = default;

  bool idle() const { return outer.empty() && inner.empty() && !dropping; }
  /// The handle whose close goes on; not at kDropReference, where it no longer exists.
  HandleId current() const { return freeing ? inner.front() : outer.front(); }
};

/// Where a thread stands inside its call. A close in progress goes before any of these.
enum class Phase : uint8_t {
  kStart,         // Nothing done yet.
  kConsume,       // A write failed before it took its handles: they leave the table now.
  kTakeHandles,   // Write: the handles leave the table.
  kPublish,       // Write: the message enters the peer's queue.
  kTakeMessage,   // Read: the message leaves the queue.
  kReceiveWaits,  // Read: waits through the next received handle end.
  kInstall,       // Read: the next received handle gets its owner and its place in the table.
  kWaiting,       // In a wait.
  kFinish,        // The result is known; the reference goes, then the call answers.
};

/// A result that later calls of the thread can name.
struct VariableState {
  std::optional<CallResult> result;
  std::vector<HandleId> handles;
  bool operator==(const VariableState&) const = default;
};

struct ThreadState {
  uint32_t next_call = 0;  // Also the number of calls answered.
  Phase phase = Phase::kStart;
  CallResult result;               // Of the call in progress.
  std::optional<ObjectId> bound;   // The object the call looked up, by reference (H-6).
  std::vector<HandleId> hands;     // To be sent, or received and not yet installed; in order.
  std::vector<HandleId> received;  // Installed or created by this call.
  uint32_t consumed = 0;           // kConsume: handle arguments already taken.
  std::optional<Wait> wait;
  Closing closing;
  std::vector<VariableState> variables;
  uint32_t handles_made = 0;
  uint32_t objects_made = 0;
  bool operator==(const ThreadState&) const = default;
};

struct State {
  std::vector<Object> objects;        // By id.
  std::vector<HandleRecord> handles;  // By id.
  std::vector<ThreadState> threads;
  core::Time now_ns = 0;
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
