// One endpoint of a channel: a queue of messages to be read from it, and the owner that may do so.
//
// Locks, in this order: the pair's (signals, links, observers of both sides), then the queue's
// (messages, owner, whether the peer is gone). Reading takes only the queue's lock. Writing takes
// the pair's, and, in turn, the queue's of this side to test the owner and of the other side to
// append.
#pragma once

#include <boost/intrusive/list.hpp>

#include "core/message_packet.h"
#include "core/peered_dispatcher.h"

namespace core {
inline namespace CORE_PLATFORM {

class Thread;

/// The sizes of a message, or of the buffers for one.
struct MessageSize {
  uint32_t bytes = 0;
  uint32_t handles = 0;
  bool operator==(const MessageSize&) const = default;
};

class ChannelDispatcher final : public PeeredDispatcher<ChannelDispatcher> {
 public:
  /// Two connected endpoints, a handle to each, with koids from `creator`'s sequence. kNoMemory
  /// leaves nothing behind. K1.
  [[nodiscard]] static Status Create(Thread& creator, Rights rights, HandleOwner* first,
                                     HandleOwner* second);

  /// Appends `packet` to the peer's queue. Checks in this order: kBadHandle if `caller` does not
  /// own this endpoint (any more), kPeerClosed if either side has no handle. `packet` is taken on
  /// kOk only; otherwise the caller destroys it, when no lock is held. W-11, T-4.
  [[nodiscard]] Status Write(const Process& caller, MessagePacketPtr& packet) EXCLUDES(lock_);

  /// Takes the oldest message if it fits into `room`. Checks in this order: kBadHandle as for
  /// Write; on an empty queue kPeerClosed if the peer is gone, else kShouldWait; kBufferTooSmall,
  /// which leaves the message unless `may_discard` (it is then in `*out`, for the caller to
  /// destroy). `*size` is written with kOk and kBufferTooSmall..
  [[nodiscard]] Status Read(const Process& caller, MessageSize room, bool may_discard,
                            MessageSize* size, MessagePacketPtr* out) EXCLUDES(queue_lock_);

  /// From here on only `owner` can read, write, or send this endpoint on. T-4, T-5.
  void OnReceived(const Process& owner) override;

  // For the pair protocol.
  void OnZeroHandlesLocked() REQUIRES(lock_) {}
  void OnPeerZeroHandlesLocked() REQUIRES(lock_);

  // For checks only: unlocked, and true only while nothing else runs.
  template <typename Visitor>
  void PeekEach(Visitor visit) const NO_THREAD_SAFETY_ANALYSIS {
    for (const MessagePacket& packet : messages_) visit(packet);
  }
  Koid PeekOwner() const NO_THREAD_SAFETY_ANALYSIS { return owner_; }

 private:
  using MessageQueue = boost::intrusive::list<MessagePacket>;

  ChannelDispatcher(Koid koid, RefPtr<PairState> pair);
  ~ChannelDispatcher() override;
  template <typename T, typename... Arguments>
  friend T* TryNew(const char* what, Arguments&&... arguments);

  bool IsOwnedBy(const Process& process) EXCLUDES(queue_lock_);
  void AppendLocked(MessagePacketPtr packet) REQUIRES(lock_);

  platform::Mutex queue_lock_;
  MessageQueue messages_ GUARDED_BY(queue_lock_);  // Front is the oldest.
  Koid owner_ GUARDED_BY(queue_lock_) = 0;         // The process that received it last.
  bool peer_has_closed_ GUARDED_BY(queue_lock_) = false;
};

}  // namespace CORE_PLATFORM
}  // namespace core
