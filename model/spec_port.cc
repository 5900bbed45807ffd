// The reference model: waiting through ports.
//
// Map: object_wait_async and its packets; port_queue; port_wait; port_cancel.
#include <algorithm>
#include <cassert>
#include <utility>

#include "model/stepper.h"

namespace model {

using core::ObjectType;
using core::Status;

// --- object_wait_async ---

namespace {

Packet PacketOf(const AsyncWait& wait, core::Signals observed) {
  return {.key = wait.key,
          .source = wait.handle,
          .trigger = wait.signals,
          .observed = observed,
          .count = 1};
}

Delivery::Item ItemOf(const AsyncWait& wait, core::Signals observed, bool counts) {
  return {.port = wait.port,
          .packet = PacketOf(wait, observed),
          .counts = counts,
          .order = wait.order,
          .place = wait.place};
}

}  // namespace

uint32_t KnownWaitOptions(const Rules& rules) {
  return rules.has_edge_and_timestamp ? core::kWaitAsyncTimestamp | core::kWaitAsyncEdge : 0;
}

/// Both look-ups and the registration are under the lock of the table, so that a close of the port
/// is before or after, never half (WT-20).
void Stepper::StartWaitAsync() {
  const HandleRecord* port = LookUp(state_, process(), Resolve(thread_, call().port));
  Status status = CheckHandle(ObjectType::kPort, core::kRightWrite, port);
  if (status == Status::kOk) status = CheckWait(call().handle);
  if (status != Status::kOk) return Finish(status);
  if ((call().options & ~KnownWaitOptions(rules())) != 0) return Finish(Status::kInvalidArgs);
  if (AllocationFails()) return Finish(Status::kNoMemory);
  thread_.position = NextOrder(port->object);
  thread_.phase = Phase::kRegister;
}

/// What is active already becomes a packet in further steps, and only readers can come between.
void Stepper::RegisterAsync() {
  const HandleRecord* port = LookUp(state_, process(), Resolve(thread_, call().port));
  const HandleRecord* handle = LookUp(state_, process(), Resolve(thread_, call().handle));
  Object* object = state_.FindObject(handle->object);
  const AsyncWait wait = {.handle = handle->id,
                          .port = port->object,
                          .key = call().key,
                          .signals = call().signals,
                          .edge = (call().options & core::kWaitAsyncEdge) != 0,
                          .order = std::exchange(thread_.position, 0),
                          .place = NextPlace(*object)};
  Finish(Status::kOk);
  if (wait.edge || (object->signals & wait.signals) == 0) {
    object->async_waits.push_back(wait);
    return;
  }
  const bool counts = rules().packets_count_messages && (wait.signals & core::kSignalReadable) != 0;
  StartDelivery(*object, {ItemOf(wait, object->signals, counts)});
}

/// The port knows a wait before its object does.
uint32_t Stepper::NextOrder(ObjectId port) const {
  uint32_t last = 0;
  for (ThreadIndex i = 0; i < state_.threads.size(); ++i) {
    const ThreadState& thread = state_.threads[i];
    if (thread.phase != Phase::kRegister) continue;
    const Call& begun = program_.threads[i].calls[thread.next_call];
    if (begun.kind == CallKind::kObjectWaitAsync) last = std::max(last, thread.position);
  }
  const auto note = [&](const auto& waits) {
    for (const auto& wait : waits) {
      if (wait.port == port) last = std::max(last, wait.order);
    }
  };
  for (const Object& object : state_.objects) note(object.async_waits);
  for (const ThreadState& thread : state_.threads) note(thread.delivery.items);
  note(state_.worker.delivery.items);
  return last + 1;
}

void Stepper::StartDelivery(const Object& object, std::vector<Delivery::Item> items) {
  if (items.empty()) return;
  thread_.delivery.items = std::move(items);
  thread_.delivery.locked = {object.id};
  if (object.other_side) thread_.delivery.locked.push_back(*object.other_side);
}

/// Each async wait that a change satisfies becomes a packet and is gone (WT-21), the newest first;
/// each packet reaches its port in a step of its own.
/// Those that look for edges ask what has become active; for the others that is the same, as they
/// are registered only while nothing that they wait for is active.
void Stepper::FireAsyncWaits(Object* object, core::Signals fresh,
                             std::vector<Delivery::Item>* items) {
  const auto fires = [fresh](const AsyncWait& wait) { return (wait.signals & fresh) != 0; };
  for (auto wait = object->async_waits.rbegin(); wait != object->async_waits.rend(); ++wait) {
    if (!fires(*wait) || wait->forgotten) continue;
    items->push_back(ItemOf(*wait, object->signals, false));
  }
  std::erase_if(object->async_waits, fires);
}

/// Counting is a step of its own: what was there at the match may have been read by then. A port
/// whose public life has ended takes nothing.
void Stepper::Deliver() {
  Delivery& delivery = thread_.delivery;
  if (delivery.items.empty()) {
    EndCallers(state_.FindObject(*delivery.closed), PendingCall::End::kCanceled);
    delivery = {};
    return;
  }
  if (std::exchange(delivery.items.front().counts, false)) {
    const size_t queued = state_.FindObject(delivery.locked.front())->queue.size();
    delivery.items.front().packet.count = std::max<size_t>(queued, 1);
    return;
  }
  const Delivery::Item item = delivery.items.front();
  delivery.items.erase(delivery.items.begin());
  if (delivery.idle()) delivery.locked.clear();
  if (!item.port) {
    state_.threads[item.thread].waits[item.wait].matched = true;
  } else if (state_.HandleCount(*item.port) != 0) {
    state_.FindObject(*item.port)->packets.push_back(item.packet);
  }
}

// --- port_queue ---

void Stepper::StartPort(core::Rights wanted) {
  if (Status status = Bind(ObjectType::kPort, wanted); status != Status::kOk) {
    return Finish(status);
  }
  if (call().kind == CallKind::kPortQueue) {
    thread_.phase = Phase::kOperate;
    return;
  }
  BeginSleep();
  thread_.phase = Phase::kPortSleeping;
}

void Stepper::QueuePacket() {
  if (MemoryFails(call().buffers.out)) return Finish(Status::kInvalidArgs);
  if (AllocationFails()) return Finish(Status::kNoMemory);
  // The port's public life ended between the look-up and now.
  if (state_.HandleCount(bound().id) == 0) return Finish(Status::kBadHandle);
  Packet packet;
  packet.key = call().key;
  bound().packets.push_back(packet);
  Finish(Status::kOk);
}

// --- port_wait ---

/// A packet that is there is taken whatever the deadline; one that comes when the deadline has
/// ended the sleep is for others.
void Stepper::StepPortSleeping() {
  Status status = Status::kOk;
  if (thread_.killed) {
    status = Status::kInternalIntrKilled;
  } else if (thread_.sleep->over()) {
    status = thread_.sleep->fired ? Status::kTimedOut : Status::kInternalIntrRetry;
  } else if (bound().packets.empty()) {
    return EndSleep();
  }
  thread_.sleep.reset();
  if (status != Status::kOk) return Finish(status);
  TakePacket(&bound());
}

/// The packet has left the port even if it cannot be copied out.
void Stepper::TakePacket(Object* port) {
  const Packet packet = port->packets.front();
  port->packets.erase(port->packets.begin());
  if (MemoryFails(call().buffers.out)) return Finish(Status::kInvalidArgs);
  CallResult& result = thread_.result;
  result.key = packet.key;
  result.from_user = !packet.source.has_value();
  result.trigger = packet.trigger;
  result.observed = packet.observed;
  result.count = packet.count;
  Finish(Status::kOk);
}

// --- port_cancel ---

/// Drops what waits through the handle with the key: first registrations and then packets, as a
/// wait moves from there to here and never back (WT-22). The table stays locked.
void Stepper::CancelAtPort() {
  const HandleRecord* port = LookUp(state_, process(), Resolve(thread_, call().port));
  Status status = CheckHandle(ObjectType::kPort, core::kRightWrite, port);
  if (status == Status::kOk) status = CheckWait(call().handle);
  if (status != Status::kOk) return Finish(status);
  const HandleRecord* handle = LookUp(state_, process(), Resolve(thread_, call().handle));
  const HandleId source = handle->id;
  const auto is_wait = [&](const AsyncWait& wait) {
    return wait.handle == source && wait.port == port->object && wait.key == call().key;
  };
  const size_t waits = std::erase_if(state_.FindObject(handle->object)->async_waits, is_wait);
  thread_.position = static_cast<uint32_t>(waits);
  thread_.phase = Phase::kOperate;
}

void Stepper::CancelPackets() {
  const HandleRecord* port = LookUp(state_, process(), Resolve(thread_, call().port));
  const std::optional<HandleId> source = Resolve(thread_, call().handle);
  const auto is_packet = [&](const Packet& packet) {
    return packet.source == source && packet.key == call().key;
  };
  const size_t packets = std::erase_if(state_.FindObject(port->object)->packets, is_packet);
  Finish(thread_.position + packets != 0 ? Status::kOk : Status::kNotFound);
}

}  // namespace model
