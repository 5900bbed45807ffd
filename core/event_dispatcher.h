// An object that is nothing but its signals.
#pragma once

#include "core/dispatcher.h"
#include "core/handle.h"

namespace core {
inline namespace CORE_PLATFORM {

class Thread;

/// A lock for an object that has no peer. The first base, so that it exists before the Dispatcher.
class OwnLock {
 protected:
  OwnLock() : own_lock_("event") {}
  ~OwnLock() = default;
  platform::Mutex own_lock_;
};

class EventDispatcher final : private OwnLock, public Dispatcher {
 public:
  /// A handle to a new event. kNoMemory leaves nothing behind.
  [[nodiscard]] static Status Create(Thread& creator, Rights rights, HandleOwner* out);

  void OnReceived(const Process&) override {}

 private:
  explicit EventDispatcher(Koid koid)
      : Dispatcher(koid, ObjectType::kEvent, kSignalNone, own_lock_) {}
  template <typename T, typename... Arguments>
  friend T* TryNew(const char* what, Arguments&&... arguments);

  void OnZeroHandles() override {}
};

}  // namespace CORE_PLATFORM
}  // namespace core
