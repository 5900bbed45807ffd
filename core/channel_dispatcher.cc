#include "core/channel_dispatcher.h"

#include "core/process.h"

namespace core {
inline namespace CORE_PLATFORM {

Status ChannelDispatcher::Create(Thread& creator, Rights rights, HandleOwner* first,
                                 HandleOwner* second) {
  RefPtr<PairState> pair = AdoptRef(TryNew<PairState>("channel pair"));
  if (!pair) return Status::kNoMemory;
  RefPtr<ChannelDispatcher> ends[2];
  HandleOwner handles[2];
  for (int i = 0; i < 2; ++i) {
    ends[i] =
        AdoptRef(TryNew<ChannelDispatcher>("channel endpoint", creator.NextKoid(), RefPtr(pair)));
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

ChannelDispatcher::ChannelDispatcher(Koid koid, RefPtr<PairState> pair)
    : PeeredDispatcher(koid, ObjectType::kChannel, kSignalWritable, std::move(pair)),
      queue_lock_("queue") {}

ChannelDispatcher::~ChannelDispatcher() {
  // Nobody has a reference any more. The handles of the messages close here; what they were the
  // last handle of is freed after this endpoint, not inside it.
  messages_.clear_and_dispose([](MessagePacket* packet) { delete packet; });
}

bool ChannelDispatcher::IsOwnedBy(const Process& process) {
  const MutexLock guard(queue_lock_);
  return owner_ == process.koid();
}

Status ChannelDispatcher::Write(const Process& caller, MessagePacketPtr& packet) {
  const MutexLock guard(lock_);
  // The endpoint may have been received elsewhere since the caller looked its handle up. Receipt
  // takes the pair's lock as well, so what is true here stays true until the message is queued.
  if (!IsOwnedBy(caller)) return Status::kBadHandle;
  if (peer_ == nullptr) return Status::kPeerClosed;
  peer_->lock_.AssertHeld();  // The same lock: the pair's.
  peer_->AppendLocked(std::move(packet));
  return Status::kOk;
}

void ChannelDispatcher::AppendLocked(MessagePacketPtr packet) {
  Signals before;
  {
    // The queue and READABLE change together: a reader that finds the queue empty clears the signal
    // in the same section, and could otherwise clear what this message has just raised. S-4.
    const MutexLock guard(queue_lock_);
    messages_.push_back(*packet.release());
    before = RaiseLocked(kSignalReadable);
  }
  // Nobody waits for READABLE while it is active. A reader may take the message before the waiters
  // are told, and they are told all the same: they registered while the queue was empty. S-9.
  if ((before & kSignalReadable) == 0) NotifyLocked(before | kSignalReadable);
}

Status ChannelDispatcher::Read(const Process& caller, MessageSize room, bool may_discard,
                               MessageSize* size, MessagePacketPtr* out) {
  const MutexLock guard(queue_lock_);
  if (owner_ != caller.koid()) return Status::kBadHandle;
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
  if (messages_.empty()) Clear(kSignalReadable);
  return fits ? Status::kOk : Status::kBufferTooSmall;
}

void ChannelDispatcher::OnReceived(const Process& owner) {
  const MutexLock guard(lock_);
  const MutexLock queue_guard(queue_lock_);
  owner_ = owner.koid();
}

void ChannelDispatcher::OnPeerZeroHandlesLocked() {
  {
    const MutexLock guard(queue_lock_);
    ASSERT(!peer_has_closed_);
    peer_has_closed_ = true;
  }
  constexpr Signals kChanges = kSignalWritable | kSignalPeerClosed;
  const Signals before = FlipLocked(kChanges);
  ASSERT((before & kChanges) == kSignalWritable);
  NotifyLocked(before ^ kChanges);
}

}  // namespace CORE_PLATFORM
}  // namespace core
