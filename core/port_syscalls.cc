// port_create, port_queue, port_wait, port_cancel, object_wait_async.
#include <utility>

#include "core/kernel.h"
#include "core/port_dispatcher.h"
#include "core/restart.h"
#include "core/syscalls.h"

namespace core {
inline namespace CORE_PLATFORM {

namespace {

PortDispatcher& PortOf(const Handle& handle) {
  return static_cast<PortDispatcher&>(handle.object());
}

Status WaitAtPort(Thread& caller, HandleValue port, Time deadline, UserPtr<PortPacket> packet) {
  const AbiProfile& profile = ProfileOf(caller);
  RefPtr<Dispatcher> object;
  const Status found =
      caller.process().handles().Lookup(port, ObjectType::kPort, kRightRead, profile, &object);
  if (found != Status::kOk) return found;
  QueuedPacketPtr taken;  // Nobody else has it now: it is lost if it cannot be copied out.
  const Status waited =
      static_cast<PortDispatcher&>(*object).Dequeue(caller, DeadlineOf(profile, deadline), &taken);
  if (waited != Status::kOk) return waited;
  return packet.CopyOut(&taken->packet, 1) ? Status::kOk : Status::kInvalidArgs;
}

}  // namespace

Status PortCreate(Thread& caller, uint32_t options, UserPtr<HandleValue> out) {
  if (options != 0) return Status::kInvalidArgs;
  HandleOwner handle;
  const Status created = PortDispatcher::Create(caller, ProfileOf(caller).port_rights, &handle);
  if (created != Status::kOk) return created;
  HandleValue value;
  if (!caller.NextHandleValues(1, &value)) return Status::kNoMemory;
  if (!out.CopyOut(&value, 1)) return Status::kInvalidArgs;
  caller.process().handles().Add(std::move(handle), value);
  return Status::kOk;
}

Status PortQueue(Thread& caller, HandleValue port, UserPtr<const PortPacket> packet) {
  RefPtr<Dispatcher> object;
  const Status found = caller.process().handles().Lookup(port, ObjectType::kPort, kRightWrite,
                                                         ProfileOf(caller), &object);
  if (found != Status::kOk) return found;
  PortPacket copy;
  if (!packet.CopyIn(&copy, 1)) return Status::kInvalidArgs;
  QueuedPacketPtr queued(TryNew<QueuedPacket>("port packet"));
  if (queued == nullptr) return Status::kNoMemory;
  queued->packet = copy;
  queued->packet.type = PacketType::kUser;  // Whatever the caller says.
  return static_cast<PortDispatcher&>(*object).Queue(std::move(queued));
}

Status PortWait(Thread& caller, HandleValue port, Time deadline, UserPtr<PortPacket> packet) {
  return RestartWhenResumed(caller, [&] { return WaitAtPort(caller, port, deadline, packet); });
}

Status PortCancel(Thread& caller, HandleValue port, HandleValue source, uint64_t key) {
  const HandleTable::Still table(caller.process().handles(), ProfileOf(caller));
  const Handle* port_handle = nullptr;
  const Status port_found = table.Find(port, ObjectType::kPort, kRightWrite, &port_handle);
  if (port_found != Status::kOk) return port_found;
  const Handle* watched = nullptr;
  const Status found = table.FindWaitable(source, &watched);
  if (found != Status::kOk) return found;
  return PortOf(*port_handle).Cancel(*watched, key) ? Status::kOk : Status::kNotFound;
}

Status ObjectWaitAsync(Thread& caller, HandleValue handle, HandleValue port, uint64_t key,
                       Signals signals, uint32_t options) {
  // All of it under the table's lock: a close of either handle comes before or after. WT-20.
  const AbiProfile& profile = ProfileOf(caller);
  const HandleTable::Still table(caller.process().handles(), profile);
  const Handle* port_handle = nullptr;
  const Status port_found = table.Find(port, ObjectType::kPort, kRightWrite, &port_handle);
  if (port_found != Status::kOk) return port_found;
  const Handle* watched = nullptr;
  const Status found = table.FindWaitable(handle, &watched);
  if (found != Status::kOk) return found;
  if ((options & ~profile.wait_async_options) != 0) return Status::kInvalidArgs;
  return PortOf(*port_handle).Watch(*watched, key, signals, options);
}

}  // namespace CORE_PLATFORM
}  // namespace core
