// The abstract kernel as a value: look-ups by name, and the encoding that memoisation compares.
//
// Map: messages; look-ups in State; StateEncoder, which writes every field of a State in a fixed
// order.
#include "model/state.h"

#include <algorithm>
#include <cassert>
#include <string_view>

#include "model/encoder.h"

namespace model {

// --- Messages ---

uint32_t HandleCountOf(const Message& message) {
  return static_cast<uint32_t>(message.handles.size()) + (message.nested != 0 ? 1 : 0);
}

uint32_t TxidOf(const Message& message) {
  if (message.data.size() < core::kTxidBytes) return 0;
  uint32_t txid = 0;
  for (size_t i = 0; i < core::kTxidBytes; ++i) {
    txid |= static_cast<uint32_t>(static_cast<unsigned char>(message.data[i])) << (8 * i);
  }
  return txid;
}

std::string PayloadOf(const Message& message) {
  if (message.data.size() < core::kTxidBytes) return "";
  return message.data.substr(core::kTxidBytes);
}

std::string TxidBytes(uint32_t txid) {
  std::string bytes;
  for (size_t i = 0; i < core::kTxidBytes; ++i) {
    bytes.push_back(static_cast<char>(static_cast<unsigned char>(txid >> (8 * i))));
  }
  return bytes;
}

// --- Look-ups ---

namespace {

template <typename Vector, typename Id>
auto Position(Vector& items, Id id) {
  return std::lower_bound(items.begin(), items.end(), id,
                          [](const auto& item, Id wanted) { return item.id < wanted; });
}

template <typename Vector, typename Id>
auto Find(Vector& items, Id id) -> decltype(items.data()) {
  auto position = Position(items, id);
  if (position == items.end() || position->id != id) return nullptr;
  return &*position;
}

template <typename Vector, typename Item>
void Add(Vector& items, Item item) {
  auto position = Position(items, item.id);
  assert(position == items.end() || position->id != item.id);
  items.insert(position, std::move(item));
}

template <typename Vector, typename Id>
void Remove(Vector& items, Id id) {
  auto position = Position(items, id);
  assert(position != items.end());
  assert(position->id == id);
  items.erase(position);
}

}  // namespace

Object* State::FindObject(ObjectId id) {
  return Find(objects, id);
}
const Object* State::FindObject(ObjectId id) const {
  return Find(objects, id);
}
HandleRecord* State::FindHandle(HandleId id) {
  return Find(handles, id);
}
const HandleRecord* State::FindHandle(HandleId id) const {
  return Find(handles, id);
}
void State::AddObject(Object object) {
  Add(objects, std::move(object));
}
void State::AddHandle(HandleRecord handle) {
  Add(handles, handle);
}
void State::RemoveObject(ObjectId id) {
  Remove(objects, id);
}
void State::RemoveHandle(HandleId id) {
  Remove(handles, id);
}

uint32_t State::HandleCount(ObjectId id) const {
  return static_cast<uint32_t>(
      std::count_if(handles.begin(), handles.end(),
                    [id](const HandleRecord& handle) { return handle.object == id; }));
}

bool State::IsReferenced(ObjectId id) const {
  if (HandleCount(id) != 0) return true;
  if (worker.closing.RefersTo(id)) return true;
  return std::any_of(threads.begin(), threads.end(), [id](const ThreadState& thread) {
    return thread.closing.RefersTo(id) || std::ranges::count(thread.bound, id) != 0;
  });
}

bool Closing::RefersTo(ObjectId id) const {
  const auto refers = [id](const PortEnd& end) { return end.port == id || end.watched == id; };
  return dropping == id || std::ranges::any_of(port_ends, refers);
}

// --- Encoding ---

namespace {

class StateEncoder final : public Encoder<StateEncoder> {
 public:
  using Encoder<StateEncoder>::Put;

  void Put(HandleId id) { PutAll(id.creator, id.number); }
  void Put(ObjectId id) { PutAll(id.creator, id.number); }
  void Put(const Message& message) { PutAll(message.data, message.handles, message.nested); }
  void Put(const AsyncWait& wait) {
    PutAll(wait.handle, wait.port, wait.key, wait.signals, wait.edge, wait.order);
    PutAll(wait.place, wait.forgotten);
  }
  void Put(const Packet& packet) {
    PutAll(packet.key, packet.source, packet.trigger, packet.observed, packet.count);
  }
  void Put(const Object& object) {
    PutAll(object.id, object.type, object.signals, object.peer, object.other_side);
    PutAll(object.async_waits, object.owner, object.queue, object.callers, object.calls_made);
    Put(object.packets);
  }
  void Put(const HandleRecord& handle) {
    PutAll(handle.id, handle.object, handle.rights, handle.place, handle.process);
  }
  void Put(const Wait& wait) {
    PutAll(wait.handle, wait.object, wait.signals, wait.place, wait.listed, wait.matched);
    PutAll(wait.canceled, wait.observed);
  }
  void Put(const Sleep& sleep) { PutAll(sleep.has_deadline, sleep.fired, sleep.interrupted); }
  void Put(const PendingCall& call) { PutAll(call.txid, call.end, call.reply); }
  void Put(const Delivery::Item& item) {
    PutAll(item.port, item.packet, item.counts, item.order, item.place, item.forgotten);
    PutAll(item.thread, item.wait);
  }
  void Put(const Delivery& delivery) { PutAll(delivery.items, delivery.closed, delivery.locked); }
  void Put(const PortEnd& end) { PutAll(end.port, end.freeing, end.step, end.watched); }
  void Put(const Closing& closing) {
    PutAll(closing.outer, closing.inner, closing.pending_frees, closing.left_behind);
    PutAll(closing.port_ends, closing.freeing, closing.step, closing.dropping);
  }
  void Put(const VariableState& variable) { PutAll(variable.result, variable.handles); }
  void Put(const ThreadState& thread) {
    PutAll(thread.next_call, thread.phase, thread.result, thread.bound, thread.hands, thread.rest);
    PutAll(thread.received, thread.values_lost, thread.position, thread.waits, thread.sleep);
    PutAll(thread.call, thread.closing, thread.delivery, thread.variables);
    PutAll(thread.handles_made, thread.objects_made);
    PutAll(thread.suspensions, thread.killed, thread.ended);
  }
  void Put(const ProcessState& process) { PutAll(process.killed, process.installed); }
  void Put(const State& state) {
    PutAll(state.generation, state.objects, state.handles, state.threads, state.processes);
    PutAll(state.worker, state.faults.allocation, state.faults.user_memory);
  }
};

}  // namespace

std::string Encode(const State& state) {
  StateEncoder encoder;
  encoder.Put(state);
  return encoder.Take();
}

uint64_t Hash(const State& state) {
  // FNV-1a: the same number in every build, unlike the library's hash.
  uint64_t hash = 0xcbf29ce484222325;
  for (char byte : Encode(state)) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  }
  return hash;
}

}  // namespace model
