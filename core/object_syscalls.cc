// event_create, handle_close, object_wait_one.
#include "core/event_dispatcher.h"
#include "core/syscalls.h"
#include "core/wait_observer.h"

namespace core {
inline namespace CORE_PLATFORM {

Status EventCreate(Thread& caller, uint32_t options, UserPtr<HandleValue> out) {
  if (options != 0) return Status::kInvalidArgs;
  HandleOwner handle;
  const Status created = EventDispatcher::Create(caller, kRightsEventDefault, &handle);
  if (created != Status::kOk) return created;
  HandleValue value;
  if (!caller.NextHandleValues(1, &value)) return Status::kNoMemory;
  if (!out.CopyOut(&value, 1)) return Status::kInvalidArgs;
  caller.process().handles().Add(std::move(handle), value);
  return Status::kOk;
}

Status HandleClose(Thread& caller, HandleValue handle) {
  if (handle == kInvalidHandle) return Status::kOk;
  const HandleOwner owner = caller.process().handles().Remove(handle);
  return owner == nullptr ? Status::kBadHandle : Status::kOk;
}

Status ObjectWaitOne(Thread& caller, HandleValue handle, Signals signals, Time deadline,
                     UserPtr<Signals> observed) {
  WaitObserver observer;
  const Status begun = observer.Begin(caller.process().handles(), handle, signals);
  if (begun != Status::kOk) return begun;
  const Status waited = observer.Wait(deadline);
  // However the sleep ended, only the take-down knows how the wait did: a cancel that came after
  // the deadline still counts, a match does not. WT-8.
  const Signals seen = observer.End();
  if (!observed.CopyOutOptional(seen)) return Status::kInvalidArgs;
  if ((seen & kSignalHandleClosed) != 0) return Status::kCanceled;
  return waited;
}

}  // namespace CORE_PLATFORM
}  // namespace core
