#include "core/dispatcher.h"

#include "core/handle.h"

namespace core {
inline namespace CORE_PLATFORM {

namespace {

// While a thread frees an object, its slot points at one of these, and objects that lose their last
// reference meanwhile queue up here instead of being freed inside their parent's destructor.
struct FreeList {
  Dispatcher* top = nullptr;
};

}  // namespace

Dispatcher::Dispatcher(Koid koid, ObjectType type, Signals signals, platform::Mutex& lock)
    : RefCounted("object references"),
      lock_(lock),
      koid_(koid),
      type_(type),
      signals_(signals, "signals"),
      handle_count_("handle count", 0) {}

Dispatcher::~Dispatcher() {
  ASSERT(handle_count_.value() == 0);
}

void Dispatcher::DropHandle() {
  if (handle_count_.Decrement()) OnZeroHandles();
}

void Dispatcher::OnLastReference() {
  void*& slot = platform::ThreadSlot();
  if (slot != nullptr) {
    auto* list = static_cast<FreeList*>(slot);
    next_to_free_ = list->top;
    list->top = this;
    return;
  }
  FreeList list;
  slot = &list;
  delete this;
  while (list.top != nullptr) {
    Dispatcher* next = list.top;
    list.top = next->next_to_free_;
    delete next;
  }
  slot = nullptr;
}

void Dispatcher::AddObserver(SignalObserver& observer, const Handle& handle, Signals wanted) {
  const MutexLock guard(lock_);
  // Looking and listing are one step under the lock: a signal that comes later finds the observer.
  const Signals active = signals_.Load(platform::MemoryOrder::kAcquire);
  if ((active & wanted) != 0) {
    observer.OnMatchLocked(active);
    return;
  }
  observer.Expect(handle, wanted);
  observers_.push_front(observer);
}

bool Dispatcher::RemoveObserver(SignalObserver& observer, Signals* active) {
  const MutexLock guard(lock_);
  if (!observer.is_linked()) return false;
  observers_.erase(observers_.iterator_to(observer));
  *active = signals_.Load(platform::MemoryOrder::kAcquire);
  return true;
}

void Dispatcher::CancelObservers(const Handle& handle) {
  const MutexLock guard(lock_);
  for (auto it = observers_.begin(); it != observers_.end();) {
    SignalObserver& observer = *it;
    if (observer.handle() != &handle) {
      ++it;
      continue;
    }
    it = observers_.erase(it);
    observer.OnCancelLocked(signals_.Load(platform::MemoryOrder::kAcquire));
  }
}

Signals Dispatcher::RaiseLocked(Signals set) {
  return signals_.FetchOr(set, platform::MemoryOrder::kAcquireRelease);
}

void Dispatcher::Clear(Signals clear) {
  signals_.FetchAnd(~clear, platform::MemoryOrder::kAcquireRelease);
}

Signals Dispatcher::FlipLocked(Signals flip) {
  return signals_.FetchXor(flip, platform::MemoryOrder::kAcquireRelease);
}

void Dispatcher::NotifyLocked(Signals active) {
  for (auto it = observers_.begin(); it != observers_.end();) {
    SignalObserver& observer = *it;
    if ((observer.wanted() & active) == 0) {
      ++it;
      continue;
    }
    it = observers_.erase(it);
    observer.OnMatchLocked(active);
  }
}

}  // namespace CORE_PLATFORM
}  // namespace core
