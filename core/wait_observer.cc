#include "core/wait_observer.h"

namespace core {
inline namespace CORE_PLATFORM {

WaitObserver::WaitObserver() : ended_("wake-up") {}

WaitObserver::~WaitObserver() {
  ASSERT(!is_linked());
}

Status WaitObserver::Begin(const HandleTable& table, HandleValue handle, Signals wanted) {
  return table.Observe(handle, *this, wanted, &object_);
}

void WaitObserver::OnMatchLocked(Signals active) {
  observed_ = active;
  ended_.Signal();
}

void WaitObserver::OnCancelLocked(Signals active) {
  observed_ = active | kSignalHandleClosed;
  ended_.Signal();
}

Signals WaitObserver::End() {
  // Taking the lock orders this after a match or cancel in progress, which still uses this object.
  Signals active = kSignalNone;
  if (object_->RemoveObserver(*this, &active)) observed_ = active;
  return observed_;
}

}  // namespace CORE_PLATFORM
}  // namespace core
