#include "core/channel_dispatcher.h"

#include <cstring>

#include "core/kernel.h"

namespace core {
inline namespace CORE_PLATFORM {

Status ChannelDispatcher::Create(Thread& creator, Rights rights, HandleOwner* first,
                                 HandleOwner* second) {
  RefPtr<PairState> pair = AdoptRef(TryNew<PairState>("channel pair"));
  if (!pair) return Status::kNoMemory;
  RefPtr<ChannelDispatcher> ends[2];
  HandleOwner handles[2];
  for (int i = 0; i < 2; ++i) {
    const AbiProfile& profile = creator.process().kernel().profile();
    ends[i] = AdoptRef(
        TryNew<ChannelDispatcher>("channel endpoint", creator.NextKoid(), profile, RefPtr(pair)));
    if (!ends[i]) return Status::kNoMemory;
    handles[i] = MakeHandle(RefPtr<Dispatcher>(ends[i].get()), rights);
    if (!handles[i]) return Status::kNoMemory;
  }
  // Linked last: a link presumes that the other side has a handle.
  Link(*ends[0], *ends[1]);
  *first = std::move(handles[0]);
  *second = std::move(handles[1]);
  return Status::kOk;
}

ChannelDispatcher::ChannelDispatcher(Koid koid, const AbiProfile& profile, RefPtr<PairState> pair)
    : PeeredDispatcher(koid, ObjectType::kChannel, kSignalWritable, std::move(pair)),
      profile_(profile),
      queue_lock_("queue") {}

ChannelDispatcher::~ChannelDispatcher() {
  // Nobody has a reference any more. The handles of the messages close here; what they were the
  // last handle of is freed after this endpoint, not inside it.
  messages_.clear_and_dispose([](MessagePacket* packet) { delete packet; });
}

Status ChannelDispatcher::CheckSendLocked(const Process& caller) {
  // The endpoint may have been received elsewhere since the caller looked its handle up. Receipt
  // takes the pair's lock as well, so what is true here stays true until the message is sent.
  if (profile_.owner_checked && OwnerLocked() != caller.koid()) return Status::kBadHandle;
  return peer_ == nullptr ? Status::kPeerClosed : Status::kOk;
}

Status ChannelDispatcher::Write(const Process& caller, MessagePacketPtr& packet,
                                PendingMessages* pending) {
  const MutexLock guard(lock_);
  const Status fine = CheckSendLocked(caller);
  if (fine != Status::kOk) return fine;
  peer_->lock_.AssertHeld();  // The same lock: the pair's.
  if (!peer_->TryDeliverLocked(packet)) *pending = peer_->AppendLocked(std::move(packet));
  return Status::kOk;
}

Status ChannelDispatcher::Call(Thread& caller, MessagePacketPtr& packet, Time deadline,
                               PendingMessages* pending, MessagePacketPtr* reply) {
  MessageWaiter& waiter = caller.message_waiter();
  if (!waiter.Arm(RefPtr<ChannelDispatcher>(this))) return Status::kBadState;
  const Status sent = SendRequest(waiter, caller.process(), packet, pending);
  if (sent == Status::kOk) return AwaitReply(caller, deadline, reply);
  waiter.Disarm();  // Drops a reference, so not under the lock.
  return sent;
}

Status ChannelDispatcher::SendRequest(MessageWaiter& waiter, const Process& caller,
                                      MessagePacketPtr& packet, PendingMessages* pending) {
  // (1) Listed and sent in one section: no reply can come before its waiter.
  const MutexLock guard(lock_);
  const Status fine = CheckSendLocked(caller);
  if (fine != Status::kOk) return fine;
  waiter.set_txid(ChooseTxidLocked(*packet));
  waiters_.push_back(waiter);
  peer_->lock_.AssertHeld();  // The same lock: the pair's.
  const bool taken = profile_.requests_match_waiters && peer_->TryDeliverLocked(packet);
  if (!taken) *pending = peer_->AppendLocked(std::move(packet));
  return Status::kOk;
}

Status ChannelDispatcher::FinishCall(Thread& caller, Time deadline, MessagePacketPtr* reply) {
  ASSERT(&caller.message_waiter().channel() == this);
  return AwaitReply(caller, deadline, reply);
}

void ChannelDispatcher::AbandonCall(Thread& caller) {
  MessageWaiter& waiter = caller.message_waiter();
  if (!waiter.is_armed()) return;
  const RefPtr<ChannelDispatcher> channel(&waiter.channel());
  channel->TakeDown(waiter);
  MessagePacketPtr reply;
  static_cast<void>(waiter.Finish(&reply));
}

void ChannelDispatcher::TakeDown(MessageWaiter& waiter) {
  const MutexLock guard(lock_);
  // Whoever took the waiter off the list before has decided how the call ended, deadline or not.
  if (!waiter.is_linked()) return;
  waiters_.erase(waiters_.iterator_to(waiter));
  waiter.TimeOutLocked();  // (3D), (3E)
}

Status ChannelDispatcher::AwaitReply(Thread& caller, Time deadline, MessagePacketPtr* reply) {
  MessageWaiter& waiter = caller.message_waiter();
  const WakeReason reason = caller.Sleep(waiter.event(), deadline);         // (2)
  if (reason == WakeReason::kSuspended) return Status::kInternalIntrRetry;  // Still listed.
  TakeDown(waiter);
  const Status status = waiter.Finish(reply);  // (4)
  return reason == WakeReason::kKilled ? Status::kInternalIntrKilled : status;
}

bool ChannelDispatcher::HasWaiterLocked(uint32_t txid) const {
  for (const MessageWaiter& waiter : waiters_) {
    if (waiter.txid() == txid) return true;
  }
  return false;
}

uint32_t ChannelDispatcher::ChooseTxidLocked(MessagePacket& packet) {
  if (profile_.txid_choice == TxidChoice::kCaller) return packet.txid();
  uint32_t txid = 0;
  do {
    txid = ++last_txid_ | kKernelTxidBit;
  } while (HasWaiterLocked(txid));
  packet.set_txid(txid);
  return txid;
}

bool ChannelDispatcher::TryDeliverLocked(MessagePacketPtr& packet) {
  const uint32_t txid = packet->txid();
  const bool can_match =
      profile_.txid_choice == TxidChoice::kCaller || (txid & kKernelTxidBit) != 0;
  if (!can_match) return false;
  for (MessageWaiter& waiter : waiters_) {
    if (waiter.txid() != txid) continue;
    waiters_.erase(waiters_.iterator_to(waiter));
    waiter.DeliverLocked(std::move(packet));  // (3A)
    return true;
  }
  return false;
}

void ChannelDispatcher::CancelWaitersLocked(Status why) {
  while (!waiters_.empty()) {
    MessageWaiter& waiter = waiters_.front();
    waiters_.pop_front();
    waiter.CancelLocked(why);
  }
}

PendingMessages ChannelDispatcher::AppendLocked(MessagePacketPtr packet) {
  PendingMessages pending;
  pending.endpoint = koid();
  Signals before;
  {
    // The queue and READABLE change together: a reader that finds the queue empty clears the signal
    // in the same section, and could otherwise clear what this message has just raised. S-4.
    const MutexLock guard(queue_lock_);
    messages_.push_back(*packet.release());
    before = ChangeSignals(kSignalNone, kSignalReadable);
    pending.count = static_cast<uint32_t>(messages_.size());
  }
  // Nobody waits for READABLE while it is active. A reader may take the message before the waiters
  // are told, and they are told all the same: they registered while the queue was empty. S-9.
  if ((before & kSignalReadable) == 0) {
    NotifyLocked(before | kSignalReadable, kSignalReadable);
  }
  const uint32_t limit = profile_.max_pending_messages;
  if (limit == 0) return pending;
  if (pending.count > limit) pending.level = PendingMessages::Level::kTooMany;
  if (pending.count == limit / 2) pending.level = PendingMessages::Level::kWarning;
  return pending;
}

Signals ChannelDispatcher::ChangeSignalsLocked(Signals clear, Signals set) {
  const MutexLock guard(queue_lock_);
  return ChangeSignals(clear, set);
}

uint64_t ChannelDispatcher::CountLocked(Signals wanted) {
  if (profile_.async_count == AsyncCount::kOne || (wanted & kSignalReadable) == 0) return 1;
  const MutexLock guard(queue_lock_);
  // A reader may have emptied the queue since the wait matched.
  return messages_.empty() ? 1 : messages_.size();
}

Status ChannelDispatcher::Read(const Process& caller, MessageSize room, bool may_discard,
                               MessageSize* size, MessagePacketPtr* out) {
  const MutexLock guard(queue_lock_);
  if (profile_.owner_checked && owner_ != caller.koid()) return Status::kBadHandle;
  if (messages_.empty()) {
    return peer_has_closed_ ? Status::kPeerClosed : Status::kShouldWait;
  }
  MessagePacket& front = messages_.front();
  *size = {static_cast<uint32_t>(front.bytes().size()),
           static_cast<uint32_t>(front.handles().size())};
  const bool fits = size->bytes <= room.bytes && size->handles <= room.handles;
  if (!fits && !may_discard) return Status::kBufferTooSmall;
  messages_.pop_front();
  out->reset(&front);
  if (messages_.empty()) ChangeSignals(kSignalReadable, kSignalNone);
  return fits ? Status::kOk : Status::kBufferTooSmall;
}

void ChannelDispatcher::OnReceived(const Process& owner) {
  // One section: a call that found the old owner still in place is listed, and ends here. P-1.
  const MutexLock guard(lock_);
  if (profile_.calls_on_receipt == CallsOnReceipt::kCanceled) {
    CancelWaitersLocked(Status::kCanceled);  // (3B)
  }
  const MutexLock queue_guard(queue_lock_);
  owner_ = owner.koid();
}

void ChannelDispatcher::OnZeroHandlesLocked() {
  CancelWaitersLocked(Status::kCanceled);  // (3B)
  if (!profile_.own_close_ends_reads) return;
  const MutexLock guard(queue_lock_);
  peer_has_closed_ = true;
}

void ChannelDispatcher::OnPeerZeroHandlesLocked() {
  CancelWaitersLocked(Status::kPeerClosed);  // (3C)
  Signals before;
  {
    const MutexLock guard(queue_lock_);
    ASSERT(!peer_has_closed_);
    peer_has_closed_ = true;
    before = ChangeSignals(kSignalWritable, kSignalPeerClosed);
  }
  constexpr Signals kChanges = kSignalWritable | kSignalPeerClosed;
  ASSERT((before & kChanges) == kSignalWritable);
  NotifyLocked(before ^ kChanges, kSignalPeerClosed);
}

}  // namespace CORE_PLATFORM
}  // namespace core
