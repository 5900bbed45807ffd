// Two events that know each other: either side can signal the other, and sees it go.
#pragma once

#include "core/handle.h"
#include "core/peered_dispatcher.h"

namespace core {
inline namespace CORE_PLATFORM {

class Thread;

class EventPairDispatcher final : public PeeredDispatcher<EventPairDispatcher> {
 public:
  /// Two connected events, a handle to each. kNoMemory leaves nothing behind.
  [[nodiscard]] static Status Create(Thread& creator, Rights rights, HandleOwner* first,
                                     HandleOwner* second);

  void OnReceived(const Process&) override {}

  // For the pair protocol.
  void OnZeroHandlesLocked() REQUIRES(lock_) {}
  void OnPeerZeroHandlesLocked() REQUIRES(lock_);

 private:
  EventPairDispatcher(Koid koid, RefPtr<PairState> pair)
      : PeeredDispatcher(koid, ObjectType::kEventPair, kSignalNone, std::move(pair)) {}
  template <typename T, typename... Arguments>
  friend T* TryNew(const char* what, Arguments&&... arguments);

  Signals user_signals() const override { return kSignalUserMask | kSignalSignaled; }
};

}  // namespace CORE_PLATFORM
}  // namespace core
