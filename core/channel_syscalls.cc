// channel_create, channel_write, channel_read, and their variants.
#include "core/kernel.h"
#include "core/message_transfer.h"
#include "core/syscalls.h"

namespace core {
inline namespace CORE_PLATFORM {

namespace {

bool KnowsWriteOptions(const AbiProfile& profile, uint32_t options) {
  const uint32_t known = profile.calls.write_etc ? kWriteUseIovec : 0;
  return (options & ~known) == 0;
}

SentBytes BytesOf(uint32_t options, UserPtr<const std::byte> bytes, uint32_t num_bytes) {
  const bool is_iovec = (options & kWriteUseIovec) != 0;
  return {bytes, bytes.As<const ChannelIovec>(), num_bytes, is_iovec};
}

// Steps 1 to 4 of a write: no handle has been touched yet.
Status PrepareWrite(Thread& caller, HandleValue channel, uint32_t options,
                    UserPtr<const std::byte> bytes, uint32_t num_bytes, uint32_t num_handles,
                    RefPtr<Dispatcher>* object, MessagePacketPtr* packet) {
  const AbiProfile& profile = ProfileOf(caller);
  if (!KnowsWriteOptions(profile, options)) return Status::kInvalidArgs;
  const Status found = caller.process().handles().Lookup(channel, ObjectType::kChannel, kRightWrite,
                                                         profile, object);
  if (found != Status::kOk) return found;
  return CopyBytesIn(BytesOf(options, bytes, num_bytes), num_handles, packet);
}

// `Handles` is SentHandles or SentDispositions.
template <typename Handles>
Status Write(Thread& caller, HandleValue channel, uint32_t options, UserPtr<const std::byte> bytes,
             uint32_t num_bytes, Handles handles) {
  RefPtr<Dispatcher> object;
  MessagePacketPtr
      packet;  // Destroyed, with what handles it has, on every failure; no lock is held.
  const Status prepared =
      PrepareWrite(caller, channel, options, bytes, num_bytes, handles.count(), &object, &packet);
  if (prepared != Status::kOk) {
    handles.OnNotTaken();
    return prepared;
  }
  const Status taken = handles.Take(*object, *packet);
  if (taken != Status::kOk) return taken;
  PendingMessages pending;
  const Status sent =
      static_cast<ChannelDispatcher&>(*object).Write(caller.process(), packet, &pending);
  if (sent != Status::kOk) {
    handles.OnNotSent(*packet);
    return sent;
  }
  caller.process().kernel().ReportPending(caller, pending);
  return Status::kOk;
}

// What a read is asked for.
struct ReadRequest {
  ReceiveBuffers buffers;
  MessageSize room;
  UserPtr<uint32_t> actual_bytes;
  UserPtr<uint32_t> actual_handles;
};

Status Read(Thread& caller, HandleValue channel, uint32_t options, const ReadRequest& request) {
  RefPtr<Dispatcher> object;
  const Status found = caller.process().handles().Lookup(channel, ObjectType::kChannel, kRightRead,
                                                         ProfileOf(caller), &object);
  if (found != Status::kOk) return found;
  if ((options & ~kReadMayDiscard) != 0) return Status::kNotSupported;
  MessageSize size;
  MessagePacketPtr packet;  // Destroyed on every failure below, with no lock held.
  const Status read = static_cast<ChannelDispatcher&>(*object).Read(
      caller.process(), request.room, (options & kReadMayDiscard) != 0, &size, &packet);
  if (read != Status::kOk && read != Status::kBufferTooSmall) return read;
  const bool told = request.actual_bytes.CopyOutOptional(size.bytes) &&
                    request.actual_handles.CopyOutOptional(size.handles);
  if (!told) return Status::kInvalidArgs;
  if (read != Status::kOk) return read;
  return CopyMessageOut(caller, *packet, request.buffers);
}

}  // namespace

Status ChannelCreate(Thread& caller, uint32_t options, UserPtr<HandleValue> first,
                     UserPtr<HandleValue> second) {
  if (options != 0) return Status::kInvalidArgs;
  HandleOwner ends[2];
  const Status created =
      ChannelDispatcher::Create(caller, ProfileOf(caller).channel_rights, &ends[0], &ends[1]);
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
  return Write(caller, channel, options, bytes, num_bytes,
               SentHandles(caller, handles, num_handles));
}

Status ChannelWriteEtc(Thread& caller, HandleValue channel, uint32_t options,
                       UserPtr<const std::byte> bytes, uint32_t num_bytes,
                       UserPtr<HandleDisposition> handles, uint32_t num_handles) {
  if (!ProfileOf(caller).calls.write_etc) return Status::kBadSyscall;
  return Write(caller, channel, options, bytes, num_bytes,
               SentDispositions(caller, handles, num_handles));
}

Status ChannelRead(Thread& caller, HandleValue channel, uint32_t options, UserPtr<std::byte> bytes,
                   UserPtr<HandleValue> handles, uint32_t num_bytes, uint32_t num_handles,
                   UserPtr<uint32_t> actual_bytes, UserPtr<uint32_t> actual_handles) {
  ReceiveBuffers buffers;
  buffers.bytes = bytes;
  buffers.handles = handles;
  return Read(caller, channel, options,
              {buffers, {num_bytes, num_handles}, actual_bytes, actual_handles});
}

Status ChannelReadEtc(Thread& caller, HandleValue channel, uint32_t options,
                      UserPtr<std::byte> bytes, UserPtr<HandleInfo> handles, uint32_t num_bytes,
                      uint32_t num_handles, UserPtr<uint32_t> actual_bytes,
                      UserPtr<uint32_t> actual_handles) {
  if (!ProfileOf(caller).calls.read_etc) return Status::kBadSyscall;
  ReceiveBuffers buffers;
  buffers.bytes = bytes;
  buffers.infos = handles;
  buffers.with_info = true;
  return Read(caller, channel, options,
              {buffers, {num_bytes, num_handles}, actual_bytes, actual_handles});
}

}  // namespace CORE_PLATFORM
}  // namespace core
