#include "core/port_dispatcher.h"

#include <utility>

#include "core/process.h"

namespace core {
inline namespace CORE_PLATFORM {

Status PortDispatcher::Create(Thread& creator, Rights rights, HandleOwner* out) {
  RefPtr<Dispatcher> port = AdoptRef(TryNew<PortDispatcher>("port", creator.NextKoid()));
  if (!port) return Status::kNoMemory;
  HandleOwner handle = MakeHandle(std::move(port), rights);
  if (!handle) return Status::kNoMemory;
  *out = std::move(handle);
  return Status::kOk;
}

PortDispatcher::~PortDispatcher() {
  ASSERT(packets_.empty());
  ASSERT(waits_.empty());
  ASSERT(waiters_.empty());
}

Status PortDispatcher::Queue(QueuedPacketPtr packet) {
  const MutexLock guard(lock_);
  if (closed_) return Status::kBadHandle;
  AppendLocked(std::move(packet));
  return Status::kOk;
}

bool PortDispatcher::TakeLocked(QueuedPacketPtr* out) {
  if (packets_.empty()) return false;
  out->reset(&packets_.front());
  packets_.pop_front();
  return true;
}

void PortDispatcher::AppendLocked(QueuedPacketPtr packet) {
  packets_.push_back(*packet.release());
  WakeOneLocked();
}

void PortDispatcher::WakeOneLocked() {
  if (packets_.empty() || waiters_.empty()) return;
  Waiter& waiter = waiters_.front();
  waiters_.pop_front();
  waiter.came.Signal();
}

Status PortDispatcher::Dequeue(Thread& caller, Time deadline, QueuedPacketPtr* out) {
  for (;;) {
    Waiter waiter;
    {
      const MutexLock guard(lock_);
      // What a dead thread took would be lost to those that live.
      if (caller.IsKilled()) return Status::kInternalIntrKilled;
      if (TakeLocked(out)) return Status::kOk;
      waiters_.push_back(waiter);
    }
    const WakeReason reason = caller.Sleep(waiter.came, deadline);
    const MutexLock guard(lock_);
    const bool was_woken = !waiter.is_linked();
    if (!was_woken) waiters_.erase(waiters_.iterator_to(waiter));
    // Not by the reason: a packet that comes between the kill and the waking up hides it.
    if (caller.IsKilled()) {
      if (was_woken) WakeOneLocked();  // In its place.
      return Status::kInternalIntrKilled;
    }
    if (TakeLocked(out)) return Status::kOk;
    switch (reason) {
      case WakeReason::kEvent:
        break;  // Somebody else was faster.
      case WakeReason::kDeadline:
        return Status::kTimedOut;
      case WakeReason::kSuspended:
        return Status::kInternalIntrRetry;
      case WakeReason::kKilled:
        return Status::kInternalIntrKilled;
    }
  }
}

Status PortDispatcher::Watch(const Handle& handle, uint64_t key, Signals signals,
                             uint32_t options) {
  PortObserver* wait =
      PortObserver::Create(*this, handle.object(), handle.value(), key, signals, options);
  if (wait == nullptr) return Status::kNoMemory;
  {
    // Here first: what the object does from the moment at which it knows the wait finds it here.
    const MutexLock guard(lock_);
    ASSERT(!closed_);
    waits_.push_back(*wait);
  }
  const bool is_edge = (options & kWaitAsyncEdge) != 0;
  handle.object().AddObserver(*wait, handle, signals, is_edge ? Trigger::kEdge : Trigger::kLevel);
  return Status::kOk;
}

bool PortDispatcher::Cancel(const Handle& handle, uint64_t key) {
  // In this order: a signal moves its wait from the first place to the second in one section of
  // the object's lock, so whatever is not found here any more is there by now.
  const bool had_wait = handle.object().CancelObservers(handle, *this, key);
  const bool had_packet = CancelPackets(handle.value(), key);
  return had_wait || had_packet;
}

bool PortDispatcher::CancelPackets(HandleValue source, uint64_t key) {
  const MutexLock guard(lock_);
  bool found = false;
  for (auto it = packets_.begin(); it != packets_.end();) {
    QueuedPacket& packet = *it++;
    if (packet.source != source || packet.packet.key != key) continue;
    packets_.erase(packets_.iterator_to(packet));
    delete &packet;
    found = true;
  }
  return found;
}

void PortDispatcher::EndWait(PortObserver& wait, bool matched) {
  {
    const MutexLock guard(lock_);
    if (!wait.is_at_port()) return;  // (C) has it.
    waits_.erase(waits_.iterator_to(wait));
    if (matched && !closed_) AppendLocked(wait.TakePacket());
  }
  delete &wait;
}

void PortDispatcher::OnZeroHandles() {
  {
    const MutexLock guard(lock_);
    closed_ = true;
    packets_.clear_and_dispose([](QueuedPacket* packet) { delete packet; });
  }
  for (;;) {  // (C)
    PortObserver* wait = nullptr;
    RefPtr<Dispatcher> object;
    {
      const MutexLock guard(lock_);
      if (waits_.empty()) return;
      wait = &waits_.front();
      waits_.pop_front();
      object = RefPtr<Dispatcher>(&wait->object());
    }
    // Whether or not it was still listed there: from here on nobody else knows it.
    Signals active = kSignalNone;
    static_cast<void>(object->RemoveObserver(*wait, &active));
    delete wait;
  }
}

}  // namespace CORE_PLATFORM
}  // namespace core
