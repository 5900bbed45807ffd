#include "core/handle_reaper.h"

namespace core {
inline namespace CORE_PLATFORM {

HandleReaper::~HandleReaper() {
  ASSERT(handles_.empty());
}

void HandleReaper::Add(std::span<HandleOwner> handles) {
  bool added = false;
  {
    const MutexLock guard(lock_);
    for (HandleOwner& handle : handles) {
      if (handle == nullptr) continue;
      ASSERT(handle->table() == nullptr);
      handles_.push_back(*handle.release());
      added = true;
    }
  }
  if (added && has_worker()) worker_.wake(worker_.context);
}

HandleOwner HandleReaper::TakeOldest(bool begins) {
  const MutexLock guard(lock_);
  if (begins && is_closing_) return nullptr;
  is_closing_ = !handles_.empty();
  if (handles_.empty()) return nullptr;
  Handle& oldest = handles_.front();
  handles_.pop_front();
  ASSERT(oldest.table() == nullptr);
  return HandleOwner(&oldest);
}

void HandleReaper::CloseAll() {
  HandleOwner handle = TakeOldest(/*begins=*/true);
  while (handle != nullptr) {
    handle.reset();  // Before another is taken.
    handle = TakeOldest(/*begins=*/false);
  }
}

}  // namespace CORE_PLATFORM
}  // namespace core
