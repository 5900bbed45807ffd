// An object that is nothing but its signals.
#pragma once

#include "core/dispatcher.h"
#include "core/handle.h"
#include "core/own_lock.h"

namespace core {
inline namespace CORE_PLATFORM {

class Thread;

class EventDispatcher final : private OwnLock, public Dispatcher {
 public:
  /// A handle to a new event. kNoMemory leaves nothing behind.
  [[nodiscard]] static Status Create(Thread& creator, Rights rights, HandleOwner* out);

  void OnReceived(const Process&) override {}

 private:
  explicit EventDispatcher(Koid koid)
      : OwnLock("event"), Dispatcher(koid, ObjectType::kEvent, kSignalNone, own_lock_) {}
  template <typename T, typename... Arguments>
  friend T* TryNew(const char* what, Arguments&&... arguments);

  void OnZeroHandles() override {}
  Signals user_signals() const override { return kSignalUserMask | kSignalSignaled; }
};

}  // namespace CORE_PLATFORM
}  // namespace core
