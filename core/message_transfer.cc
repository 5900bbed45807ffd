#include "core/message_transfer.h"

#include <algorithm>
#include <array>

#include "core/kernel.h"

namespace core {
inline namespace CORE_PLATFORM {

namespace {

constexpr uint32_t kIovecChunk = 16;
using IovecChunk = std::array<ChannelIovec, kIovecChunk>;

// At most a chunk: every check that needs no data comes before the first byte is copied. WI-2.
Status CopyFewIovecsIn(const SentBytes& bytes, uint32_t num_handles, MessagePacketPtr* packet) {
  IovecChunk iovecs;
  if (!bytes.iovecs.CopyIn(iovecs.data(), bytes.size)) return Status::kInvalidArgs;
  uint64_t total = 0;
  for (uint32_t i = 0; i < bytes.size; ++i) {
    if (iovecs[i].reserved != 0) return Status::kInvalidArgs;
    total += iovecs[i].capacity;
  }
  if (total > kMaxMessageBytes || num_handles > kMaxMessageHandles) return Status::kOutOfRange;
  *packet = MessagePacket::Create(static_cast<uint32_t>(total), num_handles);
  if (*packet == nullptr) return Status::kNoMemory;
  std::byte* to = (*packet)->bytes().data();
  for (uint32_t i = 0; i < bytes.size; ++i) {
    const UserPtr<const std::byte> from(iovecs[i].buffer);
    if (!from.CopyIn(to, iovecs[i].capacity)) return Status::kInvalidArgs;
    to += iovecs[i].capacity;
  }
  return Status::kOk;
}

// More than a chunk: each entry is checked when it is its turn. WI-3.
Status CopyManyIovecsIn(const SentBytes& bytes, uint32_t num_handles, MessagePacketPtr* packet) {
  if (num_handles > kMaxMessageHandles) return Status::kOutOfRange;
  *packet = MessagePacket::Create(kMaxMessageBytes, num_handles);
  if (*packet == nullptr) return Status::kNoMemory;
  std::byte* const start = (*packet)->bytes().data();
  uint32_t total = 0;
  for (uint32_t offset = 0; offset < bytes.size; offset += kIovecChunk) {
    IovecChunk iovecs;
    const uint32_t count = std::min(bytes.size - offset, kIovecChunk);
    if (!bytes.iovecs.CopyInFrom(offset, iovecs.data(), count)) return Status::kInvalidArgs;
    for (uint32_t i = 0; i < count; ++i) {
      if (iovecs[i].reserved != 0) return Status::kInvalidArgs;
      if (iovecs[i].capacity > kMaxMessageBytes - total) return Status::kOutOfRange;
      const UserPtr<const std::byte> from(iovecs[i].buffer);
      if (!from.CopyIn(start + total, iovecs[i].capacity)) return Status::kInvalidArgs;
      total += iovecs[i].capacity;
    }
  }
  (*packet)->Truncate(total);
  return Status::kOk;
}

// The answer for a handle that was taken out of the table to be sent over `channel`.
Status CheckTaken(const Dispatcher& channel, const HandleOwner& handle) {
  if (handle == nullptr) return Status::kBadHandle;
  if (!handle->Permits(kRightTransfer)) return Status::kAccessDenied;
  if (&handle->object() == &channel) return Status::kNotSupported;
  return Status::kOk;
}

// The answer for an entry of channel_write_etc whose source is there, before anything is made of
// it. `rights` becomes what the receiver gets.
Status CheckEntry(const HandleDisposition& entry, const Dispatcher& channel, const Handle& source,
                  Rights* rights) {
  if (entry.operation != kHandleOpMove && entry.operation != kHandleOpDuplicate) {
    return Status::kInvalidArgs;
  }
  if (!source.Permits(kRightTransfer)) return Status::kAccessDenied;
  if (&source.object() == &channel) return Status::kNotSupported;
  if (entry.type != ObjectType::kNone && entry.type != source.object().type()) {
    return Status::kWrongType;
  }
  const Status reduced = source.Reduce(entry.rights, rights);
  if (reduced != Status::kOk) return reduced;
  const bool may_duplicate = source.Permits(kRightDuplicate);
  if (entry.operation == kHandleOpDuplicate && !may_duplicate) return Status::kAccessDenied;
  return Status::kOk;
}

// Whether a handle may have to be made, because the source itself cannot go into the message.
bool MayNeedHandle(const HandleDisposition& entry) {
  if (entry.operation == kHandleOpDuplicate) return true;
  return entry.operation == kHandleOpMove && entry.rights != kRightSameRights;
}

// Does what an entry says, while its source is certain not to be closed: the handle for the message
// is the source itself, or a new one with the rights asked for. A source that was taken out of the
// table and is not in the message is left in `rest`.
Status TakeEntry(const HandleDisposition& entry, const Dispatcher& channel,
                 HandleTable::Exclusive& table, HandleMemory& memory, HandleOwner* rest,
                 HandleOwner* out) {
  const Handle* source = table.Find(entry.handle);
  if (source == nullptr) return Status::kBadHandle;
  Rights rights = kRightNone;
  const Status fine = CheckEntry(entry, channel, *source, &rights);
  if (entry.operation != kHandleOpDuplicate) *rest = table.Take(entry.handle);  // WE-5
  if (fine != Status::kOk) return fine;
  if (entry.operation == kHandleOpMove && rights == source->rights()) {
    *out = std::move(*rest);
    return Status::kOk;
  }
  if (!memory.is_allocated()) return Status::kNoMemory;
  *out = memory.MakeHandle(RefPtr<Dispatcher>(&source->object()), rights);
  return Status::kOk;
}

}  // namespace

Status CopyBytesIn(const SentBytes& bytes, uint32_t num_handles, MessagePacketPtr* packet) {
  if (bytes.is_iovec) {
    if (bytes.size > kMaxMessageIovecs) return Status::kOutOfRange;
    return bytes.size <= kIovecChunk ? CopyFewIovecsIn(bytes, num_handles, packet)
                                     : CopyManyIovecsIn(bytes, num_handles, packet);
  }
  if (bytes.size > kMaxMessageBytes || num_handles > kMaxMessageHandles) {
    return Status::kOutOfRange;
  }
  *packet = MessagePacket::Create(bytes.size, num_handles);
  if (*packet == nullptr) return Status::kNoMemory;
  const bool copied = bytes.buffer.CopyIn((*packet)->bytes().data(), bytes.size);
  return copied ? Status::kOk : Status::kInvalidArgs;
}

Status SentHandles::Take(const Dispatcher& channel, MessagePacket& packet) {
  packet.set_reaper(caller_.process().kernel().reaper());
  std::array<HandleValue, kMaxMessageHandles> buffer;
  if (!values_.CopyIn(buffer.data(), count_)) return Status::kInvalidArgs;
  const std::span<const HandleValue> values(buffer.data(), count_);
  HandleTable& table = caller_.process().handles();
  const AbiProfile& profile = ProfileOf(caller_);
  if (profile.failed_write == OnFailure::kKeep) {
    return table.TakeAllOrNone(values, channel, profile, packet.handles());
  }
  table.RemoveAll(values, packet.handles());
  for (const HandleOwner& handle : packet.handles()) {
    const Status fine = CheckTaken(channel, handle);
    if (fine != Status::kOk) return fine;
  }
  return Status::kOk;
}

void SentHandles::OnNotSent(MessagePacket& packet) {
  if (ProfileOf(caller_).failed_write != OnFailure::kKeep) return;
  for (HandleOwner& handle : packet.handles()) {
    if (handle != nullptr) caller_.process().handles().PutBack(std::move(handle));
  }
}

void SentHandles::OnNotTaken() {
  if (ProfileOf(caller_).failed_write != OnFailure::kConsume) return;
  std::array<HandleValue, kMaxMessageHandles> values;
  for (uint32_t offset = 0; offset < count_;) {
    const uint32_t count = std::min(count_ - offset, kMaxMessageHandles);
    if (!values_.CopyInFrom(offset, values.data(), count)) return;
    std::array<HandleOwner, kMaxMessageHandles> owners;
    caller_.process().handles().RemoveAll({values.data(), count}, {owners.data(), count});
    for (HandleOwner& owner : owners) owner.reset();
    offset += count;
  }
}

Status SentDispositions::Take(const Dispatcher& channel, MessagePacket& packet) {
  if (count_ == 0) return Status::kOk;
  std::array<HandleDisposition, kMaxMessageHandles> entries;
  if (!entries_.CopyIn(entries.data(), count_)) return Status::kInvalidArgs;
  std::array<HandleMemory, kMaxMessageHandles> memory;
  for (uint32_t i = 0; i < count_; ++i) {
    // Failure counts only if the memory turns out to be needed.
    if (MayNeedHandle(entries[i])) static_cast<void>(memory[i].Allocate());
  }
  std::array<HandleOwner, kMaxMessageHandles> rest;
  Status first_failure = Status::kOk;
  {
    HandleTable::Exclusive table(caller_.process().handles());
    for (uint32_t i = 0; i < count_; ++i) {
      entries[i].result =
          TakeEntry(entries[i], channel, table, memory[i], &rest[i], &packet.handles()[i]);
      if (first_failure == Status::kOk) first_failure = entries[i].result;
    }
  }
  for (HandleOwner& source : rest) source.reset();
  if (first_failure == Status::kOk) return Status::kOk;
  const bool told = entries_.CopyOut(entries.data(), count_);
  return told ? first_failure : Status::kInvalidArgs;
}

void SentDispositions::OnNotTaken() {
  std::array<HandleDisposition, kMaxMessageHandles> entries;
  for (uint32_t offset = 0; offset < count_;) {
    const uint32_t count = std::min(count_ - offset, kMaxMessageHandles);
    if (!entries_.CopyInFrom(offset, entries.data(), count)) return;
    std::array<HandleValue, kMaxMessageHandles> values;
    uint32_t consumed = 0;
    for (uint32_t i = 0; i < count; ++i) {
      if (entries[i].operation != kHandleOpDuplicate) values[consumed++] = entries[i].handle;
    }
    std::array<HandleOwner, kMaxMessageHandles> owners;
    caller_.process().handles().RemoveAll({values.data(), consumed}, {owners.data(), consumed});
    for (HandleOwner& owner : owners) owner.reset();
    offset += count;
  }
}

void Install(Thread& caller, HandleOwner handle, HandleValue value) {
  handle->object().OnReceived(caller.process());
  caller.process().handles().Add(std::move(handle), value);
}

Status CopyMessageOut(Thread& caller, MessagePacket& packet, const ReceiveBuffers& buffers) {
  const std::span<HandleOwner> handles = packet.handles();
  const auto count = static_cast<uint32_t>(handles.size());
  std::array<HandleValue, kMaxMessageHandles> values;
  if (!caller.NextHandleValues(count, values.data())) return Status::kNoMemory;
  if (!buffers.bytes.CopyOut(packet.bytes().data(), packet.bytes().size())) {
    return Status::kInvalidArgs;
  }
  bool told = false;
  if (buffers.with_info) {
    std::array<HandleInfo, kMaxMessageHandles> infos;
    for (uint32_t i = 0; i < count; ++i) {
      infos[i] = {values[i], handles[i]->object().type(), handles[i]->rights(), 0};
    }
    told = buffers.infos.CopyOut(infos.data(), count);
  } else {
    told = buffers.handles.CopyOut(values.data(), count);
  }
  const bool ignored = ProfileOf(caller).copy_out_fault == CopyOutFault::kIgnored;
  if (!told && !ignored) return Status::kInvalidArgs;
  for (uint32_t i = 0; i < count; ++i) {
    // (1) Waits that its former holder began end; (2) the owner changes, in the same section as
    // everything else that ends with it; (3) the caller can name it.
    handles[i]->object().CancelObservers(*handles[i]);
    Install(caller, std::move(handles[i]), values[i]);
  }
  return Status::kOk;
}

}  // namespace CORE_PLATFORM
}  // namespace core
