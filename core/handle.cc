#include "core/handle.h"

namespace core {
inline namespace CORE_PLATFORM {

Handle::Handle(RefPtr<Dispatcher> object, Rights rights)
    : object_(std::move(object)), rights_(rights) {
  object_->AddHandle();
}

Handle::~Handle() {
  ASSERT(table_ == nullptr);
}

void HandleCloser::operator()(Handle* handle) const {
  ASSERT(handle->table() == nullptr);
  handle->object_->CancelObservers(*handle);
  handle->object_->DropHandle();
  delete handle;  // Drops the reference.
}

HandleOwner MakeHandle(RefPtr<Dispatcher> object, Rights rights) {
  return HandleOwner(TryNew<Handle>("handle", std::move(object), rights));
}

HandleMemory::~HandleMemory() {
  if (block_ != nullptr) platform::Free(block_);
}

bool HandleMemory::Allocate() {
  ASSERT(block_ == nullptr);
  block_ = AllocateBytes(sizeof(Handle), "handle");
  return block_ != nullptr;
}

HandleOwner HandleMemory::MakeHandle(RefPtr<Dispatcher> object, Rights rights) {
  ASSERT(block_ != nullptr);
  void* const block = std::exchange(block_, nullptr);
  return HandleOwner(new (block) Handle(std::move(object), rights));
}

}  // namespace CORE_PLATFORM
}  // namespace core
