// channel_create, channel_write, channel_read.
#include <array>

#include "core/channel_dispatcher.h"
#include "core/syscalls.h"

namespace core {
inline namespace CORE_PLATFORM {

namespace {

// Gives a handle to the caller under `value`: the owner changes, then the caller can name it. For
// an endpoint this is the moment at which its old owner can do nothing more with it. P-1.
void Install(Thread& caller, HandleOwner handle, HandleValue value) {
  handle->object().OnReceived(caller.process());
  caller.process().handles().Add(std::move(handle), value);
}

// As Install, for a handle out of a message: first, waits that its former holder began end. T-6.
void Receive(Thread& caller, HandleOwner handle, HandleValue value) {
  handle->object().CancelObservers(*handle);
  Install(caller, std::move(handle), value);
}

// A failed write consumes its handles all the same, however many there are. Zeros and bad values
// are ignored; what cannot be read is left alone. W-3, W-4.
void ConsumeHandles(Thread& caller, UserPtr<const HandleValue> handles, uint32_t num_handles) {
  std::array<HandleValue, kMaxMessageHandles> values;
  for (uint32_t offset = 0; offset < num_handles;) {
    const uint32_t count = std::min(num_handles - offset, kMaxMessageHandles);
    if (!handles.CopyInFrom(offset, values.data(), count)) return;
    std::array<HandleOwner, kMaxMessageHandles> owners;
    caller.process().handles().RemoveAll({values.data(), count}, {owners.data(), count});
    for (HandleOwner& owner : owners) owner.reset();
    offset += count;
  }
}

// Looks the channel up, and makes the packet with its bytes; no handle has been touched yet.
Status PrepareWrite(Thread& caller, HandleValue channel, uint32_t options,
                    UserPtr<const std::byte> bytes, uint32_t num_bytes, uint32_t num_handles,
                    RefPtr<Dispatcher>* object, MessagePacketPtr* packet) {
  if (options != 0) return Status::kInvalidArgs;
  const Status found =
      caller.process().handles().Lookup(channel, ObjectType::kChannel, kRightWrite, object);
  if (found != Status::kOk) return found;
  if (num_bytes > kMaxMessageBytes || num_handles > kMaxMessageHandles) return Status::kOutOfRange;
  *packet = MessagePacket::Create(num_bytes, num_handles);
  if (*packet == nullptr) return Status::kNoMemory;
  if (!bytes.CopyIn((*packet)->bytes().data(), num_bytes)) return Status::kInvalidArgs;
  return Status::kOk;
}

// The answer for handles that have been taken out of the table to be sent over `channel`.
Status CheckSent(const Dispatcher& channel, std::span<const HandleOwner> handles) {
  for (const HandleOwner& handle : handles) {
    if (handle == nullptr) return Status::kBadHandle;
    if (!handle->Permits(kRightTransfer)) return Status::kAccessDenied;
    if (&handle->object() == &channel) return Status::kNotSupported;
  }
  return Status::kOk;
}

}  // namespace

Status ChannelCreate(Thread& caller, uint32_t options, UserPtr<HandleValue> first,
                     UserPtr<HandleValue> second) {
  if (options != 0) return Status::kInvalidArgs;
  HandleOwner ends[2];
  const Status created =
      ChannelDispatcher::Create(caller, kRightsChannelDefault, &ends[0], &ends[1]);
  if (created != Status::kOk) return created;
  HandleValue values[2];
  if (!caller.NextHandleValues(2, values)) return Status::kNoMemory;
  if (!first.CopyOut(&values[0], 1) || !second.CopyOut(&values[1], 1)) return Status::kInvalidArgs;
  for (int i = 0; i < 2; ++i) Install(caller, std::move(ends[i]), values[i]);
  return Status::kOk;
}

Status ChannelWrite(Thread& caller, HandleValue channel, uint32_t options,
                    UserPtr<const std::byte> bytes, uint32_t num_bytes,
                    UserPtr<const HandleValue> handles, uint32_t num_handles) {
  RefPtr<Dispatcher> object;
  MessagePacketPtr packet;
  const Status prepared =
      PrepareWrite(caller, channel, options, bytes, num_bytes, num_handles, &object, &packet);
  if (prepared != Status::kOk) {
    ConsumeHandles(caller, handles, num_handles);
    return prepared;
  }
  std::array<HandleValue, kMaxMessageHandles> values;
  if (!handles.CopyIn(values.data(), num_handles)) return Status::kInvalidArgs;
  // From here to the end the packet's destructor closes the handles of every failure.
  caller.process().handles().RemoveAll({values.data(), num_handles}, packet->handles());
  const Status sent = CheckSent(*object, packet->handles());
  if (sent != Status::kOk) return sent;
  return static_cast<ChannelDispatcher&>(*object).Write(caller.process(), packet);
}

Status ChannelRead(Thread& caller, HandleValue channel, uint32_t options, UserPtr<std::byte> bytes,
                   UserPtr<HandleValue> handles, uint32_t num_bytes, uint32_t num_handles,
                   UserPtr<uint32_t> actual_bytes, UserPtr<uint32_t> actual_handles) {
  RefPtr<Dispatcher> object;
  const Status found =
      caller.process().handles().Lookup(channel, ObjectType::kChannel, kRightRead, &object);
  if (found != Status::kOk) return found;
  if ((options & ~kReadMayDiscard) != 0) return Status::kNotSupported;
  MessageSize size;
  MessagePacketPtr packet;  // Destroyed on every failure below, with no lock held.
  const Status read = static_cast<ChannelDispatcher&>(*object).Read(
      caller.process(), {num_bytes, num_handles}, (options & kReadMayDiscard) != 0, &size, &packet);
  if (read != Status::kOk && read != Status::kBufferTooSmall) return read;
  const bool told =
      actual_bytes.CopyOutOptional(size.bytes) && actual_handles.CopyOutOptional(size.handles);
  if (!told) return Status::kInvalidArgs;
  if (read != Status::kOk) return read;
  // Values reach the caller's memory before the handles reach its table..
  std::array<HandleValue, kMaxMessageHandles> values;
  if (!caller.NextHandleValues(size.handles, values.data())) return Status::kNoMemory;
  const bool copied = bytes.CopyOut(packet->bytes().data(), size.bytes) &&
                      handles.CopyOut(values.data(), size.handles);
  if (!copied) return Status::kInvalidArgs;
  for (uint32_t i = 0; i < size.handles; ++i) {
    Receive(caller, std::move(packet->handles()[i]), values[i]);
  }
  return Status::kOk;
}

}  // namespace CORE_PLATFORM
}  // namespace core
