// What a thread that makes a call keeps on its stack: the arguments, the buffers, the answer.
#pragma once

#include <array>
#include <cstring>
#include <string_view>

#include "tests/core/core_fixture.h"

namespace core {
inline namespace CORE_PLATFORM {

/// Owns no memory: an execution that is cut short runs no destructors.
class CallFrame {
 public:
  /// The first four bytes are the kernel's, so `request` begins after them.
  explicit CallFrame(std::string_view request) {
    std::memcpy(sent_.data() + kTxidBytes, request.data(), request.size());
    args_.wr_bytes = sent_.data();
    args_.wr_num_bytes = static_cast<uint32_t>(kTxidBytes + request.size());
    args_.rd_bytes = received_.data();
    args_.rd_num_bytes = static_cast<uint32_t>(received_.size());
    args_.rd_handles = handles_.data();
    args_.rd_num_handles = static_cast<uint32_t>(handles_.size());
  }
  CallFrame(const CallFrame&) = delete;
  CallFrame& operator=(const CallFrame&) = delete;

  Status Call(User& user, HandleValue channel, Time deadline = kTimeInfinite) {
    return ChannelCall(user.thread(), channel, 0, deadline, UserPtr<const ChannelCallArgs>(&args_),
                       UserPtr(&actual_bytes_), UserPtr(&actual_handles_));
  }
  Status NoRetry(User& user, HandleValue channel, Time deadline = kTimeInfinite) {
    return ChannelCallNoRetry(user.thread(), channel, 0, deadline,
                              UserPtr<const ChannelCallArgs>(&args_), UserPtr(&actual_bytes_),
                              UserPtr(&actual_handles_));
  }
  Status Finish(User& user, Time deadline = kTimeInfinite) {
    return ChannelCallFinish(user.thread(), deadline, UserPtr<const ChannelCallArgs>(&args_),
                             UserPtr(&actual_bytes_), UserPtr(&actual_handles_));
  }

  /// The answer without its transaction id.
  std::string_view reply() const {
    return {reinterpret_cast<const char*>(received_.data()) + kTxidBytes,
            actual_bytes_ - kTxidBytes};
  }

 private:
  std::array<std::byte, 16> sent_{};
  std::array<std::byte, 16> received_{};
  std::array<HandleValue, 2> handles_{};
  uint32_t actual_bytes_ = kTxidBytes;
  uint32_t actual_handles_ = 0;
  ChannelCallArgs args_{};
};

/// Reads a request and answers it with the same bytes; the status of the first that fails.
inline Status Answer(User& server, HandleValue channel,
                     std::initializer_list<HandleValue> handles = {}) {
  const ReadResult request = server.Read(channel);
  return request.status == Status::kOk ? server.Write(channel, request.bytes, handles)
                                       : request.status;
}

}  // namespace CORE_PLATFORM
}  // namespace core
