// Objects that come in pairs: two endpoints, one lock, and the order in which one side closes.
#pragma once

#include "core/dispatcher.h"

namespace core {
inline namespace CORE_PLATFORM {

/// What the two sides share. Outlives both.
class alignas(platform::kCacheLine) PairState final : public RefCounted<PairState> {
 public:
  PairState() : RefCounted("pair references"), lock("pair") {}
  platform::Mutex lock;
};

/// `Self` derives from this and offers OnZeroHandlesLocked and OnPeerZeroHandlesLocked.
///
/// A side that has a handle and whose peer has a handle is linked to it. A link needs no reference:
/// the handle that it presumes holds one, and closing that handle cuts the link first.
template <typename Self>
class PeeredDispatcher : public Dispatcher {
 public:
  /// Once, before anybody else knows either side.
  static void Link(Self& a, Self& b) NO_THREAD_SAFETY_ANALYSIS {
    a.peer_ = &b;
    b.peer_ = &a;
    a.related_koid_ = b.koid();
    b.related_koid_ = a.koid();
  }

  Koid related_koid() const final { return related_koid_; }
  Status SignalPeer(Signals clear, Signals set) final {
    if (!MayChange(clear, set)) return Status::kInvalidArgs;
    const MutexLock guard(lock_);
    if (peer_ == nullptr) return Status::kPeerClosed;
    peer_->lock_.AssertHeld();  // The same lock: the pair's.
    peer_->ChangeLocked(clear, set);
    return Status::kOk;
  }
  /// For checks only: unlocked, and true only while nothing else runs.
  const Self* PeekPeer() const NO_THREAD_SAFETY_ANALYSIS { return peer_; }

 protected:
  PeeredDispatcher(Koid koid, ObjectType type, Signals signals, RefPtr<PairState> pair)
      : Dispatcher(koid, type, signals, pair->lock), pair_(std::move(pair)) {}
  ~PeeredDispatcher() override { ASSERT(peer_is_cut()); }

  /// Everything of a close that others can see is this one section: nobody sees PEER_CLOSED while
  /// something on that side still counts on this one. D-1 step 3, P-2. The peer comes first: what
  /// needs no more than the lock of one side's queue must not find this side cut off and then the
  /// other side as it was.
  void OnZeroHandles() final {
    const MutexLock guard(lock_);
    if (Self* peer = peer_; peer != nullptr) {
      peer_ = nullptr;
      peer->lock_.AssertHeld();  // The same lock: the pair's.
      peer->peer_ = nullptr;
      peer->OnPeerZeroHandlesLocked();
    }
    static_cast<Self*>(this)->OnZeroHandlesLocked();
  }

  Self* peer_ GUARDED_BY(lock_) = nullptr;

 private:
  bool peer_is_cut() const NO_THREAD_SAFETY_ANALYSIS { return peer_ == nullptr; }

  const RefPtr<PairState> pair_;
  Koid related_koid_ = 0;
};

}  // namespace CORE_PLATFORM
}  // namespace core
