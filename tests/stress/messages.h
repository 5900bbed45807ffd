// What the stress tests send each other, and short names for sending it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/syscalls.h"

namespace core {

/// The bytes of a message: who wrote it, and that writer's count.
struct Stamp {
  uint32_t txid = 0;
  uint32_t writer = 0;
  uint32_t number = 0;
  bool operator==(const Stamp&) const = default;

  std::byte* bytes() { return reinterpret_cast<std::byte*>(this); }
  const std::byte* bytes() const { return reinterpret_cast<const std::byte*>(this); }
};

inline namespace CORE_PLATFORM {

struct ChannelEnds {
  HandleValue near = kInvalidHandle;
  HandleValue far = kInvalidHandle;
};

inline ChannelEnds NewChannel(Thread& self) {
  ChannelEnds ends;
  static_cast<void>(ChannelCreate(self, 0, UserPtr(&ends.near), UserPtr(&ends.far)));
  return ends;
}

inline Status Send(Thread& self, HandleValue channel, const Stamp& stamp,
                   std::span<const HandleValue> handles = {}) {
  return ChannelWrite(self, channel, 0, UserPtr(stamp.bytes()), sizeof(stamp),
                      UserPtr(handles.data()), static_cast<uint32_t>(handles.size()));
}

struct Received {
  Status status = Status::kInternal;
  Stamp stamp;
  std::array<HandleValue, kMaxMessageHandles> handles{};
  uint32_t num_handles = 0;
};

inline Received Receive(Thread& self, HandleValue channel) {
  Received message;
  message.status =
      ChannelRead(self, channel, 0, UserPtr(message.stamp.bytes()), UserPtr(message.handles.data()),
                  sizeof(Stamp), kMaxMessageHandles, nullptr, UserPtr(&message.num_handles));
  return message;
}

struct Answered {
  Status status = Status::kInternal;
  Stamp reply;
};

inline Answered Ask(Thread& self, HandleValue channel, const Stamp& request, Time deadline) {
  Answered answered;
  const ChannelCallArgs args = {request.bytes(), nullptr,       answered.reply.bytes(), nullptr,
                                sizeof(Stamp),   /*handles=*/0, sizeof(Stamp),          0};
  uint32_t bytes = 0;
  uint32_t handles = 0;
  answered.status =
      ChannelCall(self, channel, 0, deadline, UserPtr(&args), UserPtr(&bytes), UserPtr(&handles));
  return answered;
}

}  // namespace CORE_PLATFORM
}  // namespace core
