#include "core/wait_observer.h"

#include <utility>

namespace core {
inline namespace CORE_PLATFORM {

WaitObserver::~WaitObserver() {
  ASSERT(!is_linked());
}

Status WaitObserver::Begin(const HandleTable::Still& table, HandleValue handle, Signals wanted) {
  const Handle* watched = nullptr;
  const Status found = table.FindWaitable(handle, &watched);
  if (found != Status::kOk) return found;
  object_ = RefPtr<Dispatcher>(&watched->object());
  object_->AddObserver(*this, *watched, wanted);
  return Status::kOk;
}

void WaitObserver::OnMatchLocked(Signals active) {
  observed_ |= active;
  ended_.Signal();
}

void WaitObserver::OnCancelLocked(Signals active) {
  observed_ |= active | kSignalHandleClosed;
  ended_.Signal();
}

Signals WaitObserver::End() {
  if (!object_) return observed_;
  const RefPtr<Dispatcher> object = std::move(object_);
  // Taking the lock orders this after a match or cancel in progress, which still uses this object.
  Signals active = kSignalNone;
  if (object->RemoveObserver(*this, &active)) observed_ |= active;
  return observed_;
}

}  // namespace CORE_PLATFORM
}  // namespace core
