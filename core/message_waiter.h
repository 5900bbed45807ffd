// The parked half of a call: what the caller's thread leaves at the endpoint while it sleeps.
//
// A call is a hand-off between the caller and whoever ends it:
//   (1) the caller arms its waiter and, under the pair's lock, lists it and sends the request;
//   (2) it sleeps, until (3A) the reply comes, (3B) its own last handle closes or a process
//       receives the endpoint, (3C) the peer's last handle closes, (3D) the deadline passes, or
//       (3E) it is killed;
//   (4) under the pair's lock it takes the waiter off the list, if none of (3A) to (3C) has, and
//       takes the result.
// The first to take the waiter off the list decides the result.
#pragma once

#include <boost/intrusive/list.hpp>
#include <optional>

#include "core/abi.h"
#include "core/message_packet.h"
#include "core/ref_counted.h"

namespace core {
inline namespace CORE_PLATFORM {

class ChannelDispatcher;

/// One per thread. Listed at an endpoint, and used by others, only under the lock of that
/// endpoint's pair.
class MessageWaiter final : public boost::intrusive::list_base_hook<> {
 public:
  MessageWaiter();
  ~MessageWaiter();
  MessageWaiter(const MessageWaiter&) = delete;
  MessageWaiter& operator=(const MessageWaiter&) = delete;

  /// (1) False if the thread has a call pending already: it broke the contract. CC-24.
  [[nodiscard]] bool Arm(RefPtr<ChannelDispatcher> channel);
  /// Undoes Arm when the request could not be sent. 8.8.
  void Disarm();
  bool is_armed() const { return static_cast<bool>(channel_); }
  /// The endpoint that the call waits at, held so that it outlives the call. CC-31.
  ChannelDispatcher& channel() const { return *channel_; }

  uint32_t txid() const { return txid_; }
  void set_txid(uint32_t txid) { txid_ = txid; }

  /// (3A) The reply. The waiter has just been taken off its list.
  void DeliverLocked(MessagePacketPtr reply);
  /// (3B), (3C) As DeliverLocked, but the call ends with `why`.
  void CancelLocked(Status why);
  /// (3D), (3E) Nobody else ended it.
  void TimeOutLocked() {
    ASSERT(status_ == Status::kShouldWait);
    status_ = Status::kTimedOut;
  }

  /// What the caller sleeps on.
  platform::Event& event() { return *ended_; }

  /// (4) The result, and the reply with kOk. Disarms. The waiter is in no list any more.
  [[nodiscard]] Status Finish(MessagePacketPtr* reply);

 private:
  RefPtr<ChannelDispatcher> channel_;  // Null: not armed.
  uint32_t txid_ = 0;
  Status status_ = Status::kShouldWait;  // Until it has ended.
  MessagePacketPtr reply_;
  std::optional<platform::Event> ended_;  // One for each call.
};

}  // namespace CORE_PLATFORM
}  // namespace core
