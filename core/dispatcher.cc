#include "core/dispatcher.h"

#include <optional>

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
      handle_count_("handle count") {}

Dispatcher::~Dispatcher() {
  ASSERT(handle_count_.peek() == 0);
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

void Dispatcher::AddObserver(SignalObserver& observer, const Handle& handle, Signals wanted,
                             Trigger trigger) {
  const MutexLock guard(lock_);
  // Looking and listing are one step under the lock: a signal that comes later finds the observer.
  const Signals active = signals_.Load(platform::MemoryOrder::kAcquire);
  const bool matches = trigger == Trigger::kLevel && (active & wanted) != 0;
  observer.Expect(handle, wanted);
  if (observer.accumulates() || !matches) observers_.push_front(observer);
  // After a match the observer may be gone.
  if (matches) {
    observer.OnMatchAtOnceLocked(active, CountLocked(wanted));
  } else if (observer.accumulates()) {
    observer.OnOtherStateLocked(active);
  }
}

uint64_t Dispatcher::CountLocked(Signals) {
  return 1;
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
  std::optional<Signals> active;  // One state for all, whatever a reader does.
  for (auto it = observers_.begin(); it != observers_.end();) {
    SignalObserver& observer = *it++;
    if (observer.handle() != &handle) continue;
    if (!active) active = signals_.Load(platform::MemoryOrder::kAcquire);
    CancelLocked(observer, *active);
  }
}

bool Dispatcher::CancelObservers(const Handle& handle, const Dispatcher& port, uint64_t key) {
  const MutexLock guard(lock_);
  bool found = false;
  for (auto it = observers_.begin(); it != observers_.end();) {
    SignalObserver& observer = *it++;
    if (observer.handle() != &handle || !observer.IsFor(port, key)) continue;
    CancelLocked(observer, signals_.Load(platform::MemoryOrder::kAcquire));
    found = true;
  }
  return found;
}

void Dispatcher::CancelLocked(SignalObserver& observer, Signals active) {
  if (observer.accumulates()) {
    observer.ForgetHandle();
  } else {
    observers_.erase(observers_.iterator_to(observer));
  }
  observer.OnCancelLocked(active);
}

Signals Dispatcher::ChangeSignals(Signals clear, Signals set) {
  const Signals before = signals_.LoadOwn();
  signals_.Store((before & ~clear) | set, platform::MemoryOrder::kRelease);
  return before;
}

Signals Dispatcher::ChangeSignalsLocked(Signals clear, Signals set) {
  return ChangeSignals(clear, set);
}

void Dispatcher::ChangeLocked(Signals clear, Signals set) {
  if ((clear | set) == kSignalNone) return;
  const Signals before = ChangeSignalsLocked(clear, set);
  const Signals raised = set & ~before;
  if (raised != kSignalNone) NotifyLocked((before & ~clear) | set, raised);
}

Status Dispatcher::SignalSelf(Signals clear, Signals set) {
  if (!is_waitable()) return Status::kNotSupported;
  if (!MayChange(clear, set)) return Status::kInvalidArgs;
  const MutexLock guard(lock_);
  ChangeLocked(clear, set);
  return Status::kOk;
}

Status Dispatcher::SignalPeer(Signals, Signals) {
  return Status::kNotSupported;
}

void Dispatcher::NotifyLocked(Signals active, Signals raised) {
  for (auto it = observers_.begin(); it != observers_.end();) {
    SignalObserver& observer = *it++;
    const bool matches = (observer.wanted() & raised) != 0;
    if (!observer.accumulates()) {
      if (!matches) continue;
      observers_.erase(observers_.iterator_to(observer));  // Before it may be gone.
    }
    matches ? observer.OnMatchLocked(active) : observer.OnOtherStateLocked(active);
  }
}

}  // namespace CORE_PLATFORM
}  // namespace core
