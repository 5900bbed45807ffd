// A queue of small packets: what threads send each other, and what asynchronous waits have seen.
//
// Lock order: a handle table, then the lock of the object that is watched (a pair's or an event's),
// then the port's. Under the port's lock no other lock is taken.
#pragma once

#include "core/dispatcher.h"
#include "core/handle.h"
#include "core/own_lock.h"
#include "core/port_observer.h"

namespace core {
inline namespace CORE_PLATFORM {

class Thread;

class PortDispatcher final : private OwnLock, public Dispatcher {
 public:
  /// A handle to a new port. kNoMemory leaves nothing behind.
  [[nodiscard]] static Status Create(Thread& creator, Rights rights, HandleOwner* out);

  /// A packet of user code. kBadHandle if the port has no handle any more.
  [[nodiscard]] Status Queue(QueuedPacketPtr packet) EXCLUDES(lock_);

  /// Takes the oldest packet, or waits for one. kOk with the packet; kTimedOut; kInternalIntrRetry
  /// or kInternalIntrKilled if the thread was suspended or killed. Each packet wakes the thread
  /// that has waited longest, but stays in the queue until somebody takes it: whoever comes first.
  /// One that comes before the wait is taken down is the caller's all the same, unless it was
  /// killed. The end of the port's last handle wakes nobody.
  [[nodiscard]] Status Dequeue(Thread& caller, Time deadline, QueuedPacketPtr* out) EXCLUDES(lock_);

  /// Begins a wait for the object of `handle`, which ends with a packet. kNoMemory. The caller sees
  /// to it that neither this port nor the object loses its last handle meanwhile. WT-20.
  [[nodiscard]] Status Watch(const Handle& handle, uint64_t key, Signals signals, uint32_t options)
      EXCLUDES(lock_);

  /// Takes back the waits with `key` that began through `handle`, and their packets if they are
  /// still queued. False: there was neither. The caller sees to it that the handle stays. WT-22.
  bool Cancel(const Handle& handle, uint64_t key) EXCLUDES(lock_);

  /// For PortObserver: (A) or (B) has taken `wait` off its object's list. Destroys it, or leaves
  /// that to (C). The lock of the object is held.
  void EndWait(PortObserver& wait, bool matched) EXCLUDES(lock_);

  bool is_waitable() const override { return false; }
  void OnReceived(const Process&) override {}

  /// For checks only: unlocked, and true only while nothing else runs.
  size_t PeekPacketCount() const NO_THREAD_SAFETY_ANALYSIS { return packets_.size(); }
  size_t PeekWaitCount() const NO_THREAD_SAFETY_ANALYSIS { return waits_.size(); }

 private:
  // A thread that waits for a packet. It is in the list until somebody wakes it, or it leaves.
  struct Waiter final : public boost::intrusive::list_base_hook<> {
    platform::Event came{"packet"};
  };
  using PacketList = boost::intrusive::list<QueuedPacket>;
  using WaitList = boost::intrusive::list<PortObserver, boost::intrusive::base_hook<PortHook>>;
  using WaiterList = boost::intrusive::list<Waiter>;

  explicit PortDispatcher(Koid koid)
      : OwnLock("port"), Dispatcher(koid, ObjectType::kPort, kSignalNone, own_lock_) {}
  ~PortDispatcher() override;
  template <typename T, typename... Arguments>
  friend T* TryNew(const char* what, Arguments&&... arguments);

  void OnZeroHandles() override EXCLUDES(lock_);
  bool TakeLocked(QueuedPacketPtr* out) REQUIRES(lock_);
  void AppendLocked(QueuedPacketPtr packet) REQUIRES(lock_);
  /// The thread that has waited longest, if there is a packet for it.
  void WakeOneLocked() REQUIRES(lock_);
  bool CancelPackets(HandleValue source, uint64_t key) EXCLUDES(lock_);

  // While threads wait, there are no more packets than threads that were woken and have not come.
  PacketList packets_ GUARDED_BY(lock_);  // Front is the oldest.
  WaiterList waiters_ GUARDED_BY(lock_);  // Front has waited longest.
  WaitList waits_ GUARDED_BY(lock_);      // That have not ended.
  bool closed_ GUARDED_BY(lock_) = false;
};

}  // namespace CORE_PLATFORM
}  // namespace core
