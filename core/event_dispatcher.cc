#include "core/event_dispatcher.h"

#include "core/process.h"

namespace core {
inline namespace CORE_PLATFORM {

Status EventDispatcher::Create(Thread& creator, Rights rights, HandleOwner* out) {
  RefPtr<Dispatcher> event = AdoptRef(TryNew<EventDispatcher>("event", creator.NextKoid()));
  if (!event) return Status::kNoMemory;
  HandleOwner handle = MakeHandle(std::move(event), rights);
  if (!handle) return Status::kNoMemory;
  *out = std::move(handle);
  return Status::kOk;
}

}  // namespace CORE_PLATFORM
}  // namespace core
