// What a call needs: its memory, the parts that other users play, and how one thread plays them
// all.
//
// A thread that is suspended when it calls does not sleep: the call is left pending, the thread can
// answer its own request through the other end, and then finish the call.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>

#include "tests/core/core_fixture.h"

namespace core {

/// The answer of a call that a suspension interrupted, and that finish goes on with.
constexpr Status kPending = Status::kInternalIntrRetry;

/// The first ids that the kernel picks.
inline constexpr uint32_t kFirstTxid = kKernelTxidBit | 1;
inline constexpr uint32_t kSecondTxid = kKernelTxidBit | 2;
/// A deadline that has passed in every generation, also where deadlines have no sign.
inline constexpr Time kLongAgo = 0;
/// What stands in read_status before the call.
inline constexpr Status kNoReadStatus = Status::kIo;

/// The id and the text of a message as they stand in its bytes. Short enough for a string without
/// memory of its own if the text has at most 11 characters.
inline std::string WithTxid(uint32_t txid, std::string_view text) {
  std::string bytes(kTxidBytes, '\0');
  std::memcpy(bytes.data(), &txid, kTxidBytes);
  return bytes += text;
}
inline uint32_t TxidOf(std::string_view bytes) {
  uint32_t txid = 0;
  if (bytes.size() >= kTxidBytes) std::memcpy(&txid, bytes.data(), kTxidBytes);
  return txid;
}
inline std::string_view TextOf(std::string_view bytes) {
  return bytes.substr(std::min(bytes.size(), kTxidBytes));
}

inline namespace CORE_PLATFORM {

/// The memory of one call: what is sent, and where the answers go. Owns nothing outside itself as
/// long as the request is short.
class CallMemory {
 public:
  explicit CallMemory(std::string_view bytes, std::initializer_list<HandleValue> handles = {})
      : request(bytes) {
    std::copy(handles.begin(), handles.end(), sent.begin());
    args = {reinterpret_cast<const std::byte*>(request.data()),
            sent.data(),
            received.data(),
            received_handles.data(),
            static_cast<uint32_t>(request.size()),
            static_cast<uint32_t>(handles.size()),
            static_cast<uint32_t>(received.size()),
            static_cast<uint32_t>(received_handles.size())};
  }
  CallMemory(const CallMemory&) = delete;
  CallMemory& operator=(const CallMemory&) = delete;

  /// channel_call. With a deadline in the past it sends and does not wait.
  Status Run(User& user, HandleValue channel, Time deadline = kLongAgo, uint32_t options = 0) {
    return ChannelCall(user.thread(), channel, options, deadline, UserPtr(&std::as_const(args)),
                       UserPtr(&actual_bytes), UserPtr(&actual_handles), UserPtr(&read_status));
  }
  /// Sends the request and leaves the call pending: kInternalIntrRetry.
  Status Begin(User& user, HandleValue channel, Time deadline = kTimeInfinite) {
    user.thread().Suspend();
    const Status status =
        ChannelCallNoRetry(user.thread(), channel, 0, deadline, UserPtr(&std::as_const(args)),
                           UserPtr(&actual_bytes), UserPtr(&actual_handles), UserPtr(&read_status));
    user.thread().Resume();
    return status;
  }
  Status Finish(User& user, Time deadline = kLongAgo) {
    return ChannelCallFinish(user.thread(), deadline, UserPtr(&std::as_const(args)),
                             UserPtr(&actual_bytes), UserPtr(&actual_handles),
                             UserPtr(&read_status));
  }

  /// Of the reply; empty if there is none.
  std::string_view reply() const {
    if (actual_bytes == kUntouched) return {};
    return {reinterpret_cast<const char*>(received.data()), actual_bytes};
  }
  bool nothing_was_told() const {
    return actual_bytes == kUntouched && actual_handles == kUntouched;
  }

  std::string request;
  std::array<HandleValue, 4> sent{};
  std::array<std::byte, 64> received{};
  std::array<HandleValue, 4> received_handles{};
  ChannelCallArgs args{};
  uint32_t actual_bytes = kUntouched;
  uint32_t actual_handles = kUntouched;
  Status read_status = kNoReadStatus;
};

/// Takes the oldest message from `channel`, which is somebody's request, and answers it with
/// `text`.
inline Status Answer(User& server, HandleValue channel, std::string_view text,
                     std::initializer_list<HandleValue> handles = {}) {
  const ReadResult request = server.Read(channel);
  if (request.status != Status::kOk) return request.status;
  return server.Write(channel, WithTxid(TxidOf(request.bytes), text), handles);
}

/// Whether the other end of `channel` has been closed.
inline bool IsOrphan(User& user, HandleValue channel) {
  return (user.Wait(channel, kSignalNone, kLongAgo).observed & kSignalPeerClosed) != 0;
}

}  // namespace CORE_PLATFORM
}  // namespace core
