#include "core/eventpair_dispatcher.h"

#include "core/process.h"

namespace core {
inline namespace CORE_PLATFORM {

Status EventPairDispatcher::Create(Thread& creator, Rights rights, HandleOwner* first,
                                   HandleOwner* second) {
  RefPtr<PairState> pair = AdoptRef(TryNew<PairState>("event pair"));
  if (!pair) return Status::kNoMemory;
  RefPtr<EventPairDispatcher> sides[2];
  HandleOwner handles[2];
  for (int i = 0; i < 2; ++i) {
    sides[i] =
        AdoptRef(TryNew<EventPairDispatcher>("paired event", creator.NextKoid(), RefPtr(pair)));
    if (!sides[i]) return Status::kNoMemory;
    handles[i] = MakeHandle(RefPtr<Dispatcher>(sides[i].get()), rights);
    if (!handles[i]) return Status::kNoMemory;
  }
  // Linked last: a link presumes that the other side has a handle.
  Link(*sides[0], *sides[1]);
  *first = std::move(handles[0]);
  *second = std::move(handles[1]);
  return Status::kOk;
}

void EventPairDispatcher::OnPeerZeroHandlesLocked() {
  const Signals before = ChangeSignalsLocked(kSignalNone, kSignalPeerClosed);
  ASSERT((before & kSignalPeerClosed) == 0);
  NotifyLocked(before | kSignalPeerClosed, kSignalPeerClosed);
}

}  // namespace CORE_PLATFORM
}  // namespace core
