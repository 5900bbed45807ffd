// Short names for the calls that send dispositions and iovecs, and receive what handles are.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tests/core/core_fixture.h"

namespace core {

/// What stands in a disposition's result before the call.
inline constexpr Status kNoResult = Status::kIo;

inline HandleDisposition Move(HandleValue handle, Rights rights = kRightSameRights,
                              ObjectType type = ObjectType::kNone) {
  return {kHandleOpMove, handle, type, rights, kNoResult};
}
inline HandleDisposition DuplicateOf(HandleValue handle, Rights rights = kRightSameRights,
                                     ObjectType type = ObjectType::kNone) {
  return {kHandleOpDuplicate, handle, type, rights, kNoResult};
}
/// An operation that does not exist.
inline HandleDisposition Unknown(HandleValue handle) {
  return {2, handle, ObjectType::kNone, kRightSameRights, kNoResult};
}

inline ChannelIovec Piece(std::string_view bytes) {
  return {reinterpret_cast<const std::byte*>(bytes.data()), static_cast<uint32_t>(bytes.size()), 0};
}

inline namespace CORE_PLATFORM {

inline UserPtr<const std::byte> BytesAt(const void* address) {
  return UserPtr(static_cast<const std::byte*>(address));
}

inline Status WriteEtc(User& user, HandleValue channel, std::string_view bytes,
                       std::span<HandleDisposition> handles, uint32_t options = 0) {
  return ChannelWriteEtc(user.thread(), channel, options, BytesAt(bytes.data()),
                         static_cast<uint32_t>(bytes.size()), UserPtr(handles.data()),
                         static_cast<uint32_t>(handles.size()));
}
/// One disposition, whose result is written back to it.
inline Status WriteEtc(User& user, HandleValue channel, HandleDisposition& handle,
                       uint32_t options = 0) {
  return WriteEtc(user, channel, "", std::span(&handle, 1), options);
}

inline Status WriteIovecs(User& user, HandleValue channel, std::span<const ChannelIovec> iovecs,
                          std::span<const HandleValue> handles = {}) {
  return ChannelWrite(user.thread(), channel, kWriteUseIovec, BytesAt(iovecs.data()),
                      static_cast<uint32_t>(iovecs.size()), UserPtr(handles.data()),
                      static_cast<uint32_t>(handles.size()));
}

struct ReadEtcResult {
  Status status = Status::kInternal;
  uint32_t actual_bytes = kUntouched;
  uint32_t actual_handles = kUntouched;
  std::array<std::byte, 16> bytes{};
  std::array<HandleInfo, kMaxMessageHandles> handles{};
};

inline ReadEtcResult ReadEtc(User& user, HandleValue channel, const ReadArguments& arguments = {}) {
  ReadEtcResult result;
  const auto room = static_cast<uint32_t>(result.bytes.size());
  result.status = ChannelReadEtc(user.thread(), channel, arguments.options,
                                 UserPtr(result.bytes.data()), UserPtr(result.handles.data()),
                                 std::min(arguments.num_bytes, room), arguments.num_handles,
                                 UserPtr(&result.actual_bytes), UserPtr(&result.actual_handles));
  return result;
}

/// Whether the other end of `channel` has been closed.
inline bool PeerIsClosed(User& user, HandleValue channel) {
  return (user.SignalsOf(channel) & kSignalPeerClosed) != 0;
}

}  // namespace CORE_PLATFORM
}  // namespace core
