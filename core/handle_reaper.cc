#include "core/handle_reaper.h"

#include <algorithm>

namespace core {
inline namespace CORE_PLATFORM {

HandleReaper::~HandleReaper() {
  ASSERT(handles_.empty());
}

void HandleReaper::Add(std::span<HandleOwner> handles) {
  const auto is_there = [](const HandleOwner& handle) { return handle != nullptr; };
  // Most messages bring nothing, and have no business with a lock that all share.
  if (std::ranges::none_of(handles, is_there)) return;
  {
    const MutexLock guard(lock_);
    for (HandleOwner& handle : handles) {
      if (!is_there(handle)) continue;
      ASSERT(handle->table() == nullptr);
      handles_.push_back(*handle.release());
    }
  }
  if (has_worker()) worker_.wake(worker_.context);
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
