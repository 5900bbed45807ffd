// A kernel object: its number, its handles, its signals and who waits for them.
//
// An object has two counts. Handles reaching zero ends its public life: the hook OnZeroHandles
// runs. References reaching zero frees it: a handle holds one, and so does every system call in
// progress, which therefore runs on even if the handle it came through is closed meanwhile.
#pragma once

#include <boost/intrusive/list.hpp>

#include "core/abi.h"
#include "core/locks.h"
#include "core/ref_counted.h"
#include "core/signal_observer.h"

namespace core {
inline namespace CORE_PLATFORM {

class Process;

/// On cache lines of its own: unrelated objects do not slow each other down.
class alignas(platform::kCacheLine) Dispatcher : public RefCounted<Dispatcher> {
 public:
  virtual ~Dispatcher();

  Koid koid() const { return koid_; }
  ObjectType type() const { return type_; }
  /// The peer's koid; 0 for an object without one.
  virtual Koid related_koid() const { return 0; }

  /// For information: with other threads at work it is out of date at once.
  uint32_t handle_count() const { return handle_count_.Load(); }

  /// Clears and sets signals on behalf of user code, in this order: kInvalidArgs if they are not
  /// user code's to change. S-7.
  [[nodiscard]] Status SignalSelf(Signals clear, Signals set) EXCLUDES(lock_);
  /// The same at the peer: kNotSupported for an object that never has one, kInvalidArgs,
  /// kPeerClosed.
  [[nodiscard]] virtual Status SignalPeer(Signals clear, Signals set) EXCLUDES(lock_);

  /// Called when a handle to this object is made, and when one is destroyed. Destroying the last
  /// one calls OnZeroHandles.
  void AddHandle() { handle_count_.Increment(); }
  void DropHandle();

  /// False for an object that has nothing to wait for.
  virtual bool is_waitable() const { return true; }

  /// Puts `observer` on the list, or, if a wanted signal is active already, matches it at once
  /// without listing it, unless `trigger` says otherwise; one that accumulates is listed in any
  /// case. `observer` must be off the list before it dies.
  void AddObserver(SignalObserver& observer, const Handle& handle, Signals wanted,
                   Trigger trigger = Trigger::kLevel) EXCLUDES(lock_);
  /// False if it was no longer listed: it has matched or was cancelled. Else `active` is what was
  /// active at the moment of the removal.
  [[nodiscard]] bool RemoveObserver(SignalObserver& observer, Signals* active) EXCLUDES(lock_);
  /// Cancels the interest of everybody who waits through `handle`, and of nobody else.
  void CancelObservers(const Handle& handle) EXCLUDES(lock_);
  /// Of those, cancels the waits that would end with a packet of `port` and `key`. False: none.
  bool CancelObservers(const Handle& handle, const Dispatcher& port, uint64_t key) EXCLUDES(lock_);

  /// The object was installed in a handle table of `owner`, which may be the same as before.
  virtual void OnReceived(const Process& owner) = 0;

  /// For checks and messages only: unlocked, and true only while nothing else runs.
  Signals PeekSignals() const { return signals_.peek(); }
  uint32_t PeekHandleCount() const { return handle_count_.peek(); }

  /// Frees this object, or leaves that to a free already in progress on this thread, so that the
  /// stack stays flat however deeply messages nest.
  void OnLastReference();

 protected:
  /// `lock` is the object's own, or shared with its peer; it outlives the object's public life.
  Dispatcher(Koid koid, ObjectType type, Signals signals, platform::Mutex& lock);

  /// The last handle is gone. Runs once, with no lock held.
  virtual void OnZeroHandles() = 0;

  /// Changes signals without waking anybody; returns what was active before. One thread at a time:
  /// the caller holds the lock under which this object's signals change. That is the object's lock,
  /// unless the class says otherwise. Raising needs the object's lock in any case, since a
  /// notification must follow under it; clearing wakes nobody.
  Signals ChangeSignals(Signals clear, Signals set);
  /// The same, for a caller who holds the object's lock alone.
  virtual Signals ChangeSignalsLocked(Signals clear, Signals set) REQUIRES(lock_);
  /// What user code may change.
  virtual Signals user_signals() const { return kSignalUserMask; }
  [[nodiscard]] bool MayChange(Signals clear, Signals set) const {
    return ((clear | set) & ~user_signals()) == 0;
  }
  /// Changes user signals, and wakes whoever waits for what was not active before. S-8.
  void ChangeLocked(Signals clear, Signals set) REQUIRES(lock_);
  /// Matches every observer that wants one of `raised`, which have just become active, and takes it
  /// off the list. Those that accumulate see `active`, which is all signals, and stay.
  ///
  /// A state that raises nothing need not be shown, not even to those: without a signal that was
  /// not active before, it adds nothing to what they have seen. So READABLE may be cleared where
  /// the list cannot be walked, under a queue's lock. S-8, WT-6.
  void NotifyLocked(Signals active, Signals raised) REQUIRES(lock_);

  /// What a wait that matches at registration counts; at least 1. WT-21.
  virtual uint64_t CountLocked(Signals wanted) REQUIRES(lock_);

  platform::Mutex& lock_;

 private:
  // Newest first: the order in which a match wakes them.
  using ObserverList = boost::intrusive::list<SignalObserver>;

  void CancelLocked(SignalObserver& observer, Signals active) REQUIRES(lock_);

  const Koid koid_;
  const ObjectType type_;
  // Looked at under the object's lock, while a channel may clear READABLE under its queue lock
  // alone, so that a reader never waits for writers; hence an atomic.
  platform::Atomic<Signals> signals_;
  ObserverList observers_ GUARDED_BY(lock_);
  platform::VisibleCount handle_count_;
  Dispatcher* next_to_free_ = nullptr;
};

}  // namespace CORE_PLATFORM
}  // namespace core
