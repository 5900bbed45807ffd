// One endpoint of a channel: a queue of messages to be read from it, and the owner that may do so.
//
// Locks, in this order: the pair's (signals, links, observers of both sides), then the queue's
// (messages, whether the peer is gone; signals change under it). Reading takes only the queue's
// lock. Writing takes the pair's, and the queue's of the other side to append. The owner changes
// under both, so either is enough to read it.
#pragma once

#include <boost/intrusive/list.hpp>

#include "core/abi_profile.h"
#include "core/message_packet.h"
#include "core/message_waiter.h"
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

/// A queue that grew so long that somebody should know. C-5, C-6, L-1.
struct PendingMessages {
  enum class Level : uint8_t { kNormal, kWarning, kTooMany };
  Level level = Level::kNormal;
  Koid endpoint = 0;   // Whose queue.
  uint32_t count = 0;  // After the message.
};

class ChannelDispatcher final : public PeeredDispatcher<ChannelDispatcher> {
 public:
  /// Two connected endpoints, a handle to each, with koids from `creator`'s sequence. kNoMemory
  /// leaves nothing behind. K1.
  [[nodiscard]] static Status Create(Thread& creator, Rights rights, HandleOwner* first,
                                     HandleOwner* second);

  /// Gives `packet` to a call that waits for it at the peer, or appends it to the peer's queue.
  /// Checks in this order: kBadHandle if `caller` does not own this endpoint (any more),
  /// kPeerClosed if either side has no handle. `packet` is taken on kOk only; otherwise the caller
  /// destroys it, when no lock is held. `*pending` is written with
  /// kOk, for Kernel::ReportPending. W-11, T-4.
  [[nodiscard]] Status Write(const Process& caller, MessagePacketPtr& packet,
                             PendingMessages* pending) EXCLUDES(lock_);

  /// Sends `packet` as Write does and waits for the message that answers it, which never enters the
  /// queue. A request that could not be sent leaves `packet` alone, with Write's answers, or
  /// kBadState if `caller` has a call pending already. Else: kOk with the reply; kPeerClosed,
  /// kCanceled, kTimedOut; kInternalIntrRetry if the thread was suspended: the call goes on, see
  /// FinishCall; kInternalIntrKilled if it was killed. C1, C6, CC-8 to CC-23.
  [[nodiscard]] Status Call(Thread& caller, MessagePacketPtr& packet, Time deadline,
                            PendingMessages* pending, MessagePacketPtr* reply) EXCLUDES(lock_);

  /// Waits on in the call that `caller` has pending at this endpoint; answers as Call once the
  /// request is sent. CC-23.
  [[nodiscard]] Status FinishCall(Thread& caller, Time deadline, MessagePacketPtr* reply)
      EXCLUDES(lock_);

  /// Takes down a call that will not be finished; a reply that came is destroyed. CC-30.
  static void AbandonCall(Thread& caller);

  /// Takes the oldest message if it fits into `room`. Checks in this order: kBadHandle as for
  /// Write; on an empty queue kPeerClosed if the peer is gone, else kShouldWait; kBufferTooSmall,
  /// which leaves the message unless `may_discard` (it is then in `*out`, for the caller to
  /// destroy). `*size` is written with kOk and kBufferTooSmall..
  [[nodiscard]] Status Read(const Process& caller, MessageSize room, bool may_discard,
                            MessageSize* size, MessagePacketPtr* out) EXCLUDES(queue_lock_);

  /// From here on only `owner` can read, write, or send this endpoint on. T-4, T-5.
  void OnReceived(const Process& owner) override;

  // For the pair protocol.
  void OnZeroHandlesLocked() REQUIRES(lock_);
  void OnPeerZeroHandlesLocked() REQUIRES(lock_);

  // For checks only: unlocked, and true only while nothing else runs.
  template <typename Visitor>
  void PeekEach(Visitor visit) const NO_THREAD_SAFETY_ANALYSIS {
    for (const MessagePacket& packet : messages_) visit(packet);
  }
  Koid PeekOwner() const NO_THREAD_SAFETY_ANALYSIS { return owner_; }
  /// As if `count` calls had been made here.
  void PokeCallCount(uint32_t count) NO_THREAD_SAFETY_ANALYSIS { last_txid_ = count; }

 private:
  using MessageQueue = boost::intrusive::list<MessagePacket>;
  using WaiterList = boost::intrusive::list<MessageWaiter>;

  ChannelDispatcher(Koid koid, const AbiProfile& profile, RefPtr<PairState> pair);
  ~ChannelDispatcher() override;
  template <typename T, typename... Arguments>
  friend T* TryNew(const char* what, Arguments&&... arguments);

  uint64_t CountLocked(Signals wanted) override REQUIRES(lock_);
  Signals ChangeSignalsLocked(Signals clear, Signals set) override REQUIRES(lock_);
  Status SendRequest(MessageWaiter& waiter, const Process& caller, MessagePacketPtr& packet,
                     PendingMessages* pending) EXCLUDES(lock_);
  Status CheckSendLocked(const Process& caller) REQUIRES(lock_);
  // The analysis knows one lock per field; the other one that guards the owner is this.
  Koid OwnerLocked() const REQUIRES(lock_) NO_THREAD_SAFETY_ANALYSIS { return owner_; }
  PendingMessages AppendLocked(MessagePacketPtr packet) REQUIRES(lock_);
  bool TryDeliverLocked(MessagePacketPtr& packet) REQUIRES(lock_);
  uint32_t ChooseTxidLocked(MessagePacket& packet) REQUIRES(lock_);
  bool HasWaiterLocked(uint32_t txid) const REQUIRES(lock_);
  void CancelWaitersLocked(Status why) REQUIRES(lock_);
  void TakeDown(MessageWaiter& waiter) EXCLUDES(lock_);
  [[nodiscard]] Status AwaitReply(Thread& caller, Time deadline, MessagePacketPtr* reply)
      EXCLUDES(lock_);

  const AbiProfile& profile_;
  WaiterList waiters_ GUARDED_BY(lock_);      // Calls that wait here; front is the oldest.
  uint32_t last_txid_ GUARDED_BY(lock_) = 0;  // Without the kernel's bit.
  platform::Mutex queue_lock_;
  MessageQueue messages_ GUARDED_BY(queue_lock_);  // Front is the oldest.
  // The process that received it last; written with lock_ held as well.
  Koid owner_ GUARDED_BY(queue_lock_) = 0;
  bool peer_has_closed_ GUARDED_BY(queue_lock_) = false;
};

}  // namespace CORE_PLATFORM
}  // namespace core
