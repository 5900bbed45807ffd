// object_wait_one, object_wait_many.
#include <new>

#include "core/kernel.h"
#include "core/restart.h"
#include "core/syscalls.h"
#include "core/wait_observer.h"

namespace core {
inline namespace CORE_PLATFORM {

namespace {

// The answer to a wait that has been taken down, with `seen` by all of its observers. However the
// sleep ended, only the take-down knows how the wait did: a cancel that came after the deadline, or
// after the suspension, still counts, a match does not. WT-8, WT-14.
Status AnswerTo(WakeReason reason, Signals seen) {
  if (reason == WakeReason::kKilled) return Status::kInternalIntrKilled;
  if ((seen & kSignalHandleClosed) != 0) return Status::kCanceled;
  switch (reason) {
    case WakeReason::kEvent:
      return Status::kOk;
    case WakeReason::kDeadline:
      return Status::kTimedOut;
    case WakeReason::kSuspended:
      return Status::kInternalIntrRetry;
    case WakeReason::kKilled:
      break;
  }
  return Status::kInternalIntrKilled;
}

// For these nothing is written to the caller's memory.
bool IsInterrupted(Status answer) {
  return answer == Status::kInternalIntrRetry || answer == Status::kInternalIntrKilled;
}

Status WaitOne(Thread& caller, HandleValue handle, Signals signals, Time deadline,
               UserPtr<Signals> observed) {
  const AbiProfile& profile = ProfileOf(caller);
  platform::Event ended("wake-up");
  WaitObserver observer(ended, profile.observed);
  {
    const HandleTable::Still table(caller.process().handles(), profile);
    const Status begun = observer.Begin(table, handle, signals);
    if (begun != Status::kOk) return begun;
  }
  const WakeReason reason = caller.Sleep(ended, DeadlineOf(profile, deadline));
  const Signals seen = observer.End();
  const Status answer = AnswerTo(reason, seen);
  if (IsInterrupted(answer)) return answer;
  return observed.CopyOutOptional(seen) ? answer : Status::kInvalidArgs;
}

// The items of one wait_many and their observers. Anything that began is ended before it goes.
class ManyWaits {
 public:
  ManyWaits() : ended_("wake-up") {}
  ~ManyWaits() {
    static_cast<void>(End());
    for (uint32_t i = 0; i < count_; ++i) observers_[i].~WaitObserver();
    if (observers_ != nullptr) platform::Free(observers_);
    if (items_ != nullptr) platform::Free(items_);
  }
  ManyWaits(const ManyWaits&) = delete;
  ManyWaits& operator=(const ManyWaits&) = delete;

  // False when memory cannot be had. Without items none is needed.
  bool Init(uint32_t count, Observed policy) {
    if (count == 0) return true;
    items_ = static_cast<WaitItem*>(AllocateBytes(count * sizeof(WaitItem), "wait items"));
    observers_ =
        static_cast<WaitObserver*>(AllocateBytes(count * sizeof(WaitObserver), "wait observers"));
    if (items_ == nullptr || observers_ == nullptr) return false;
    for (; count_ < count; ++count_) new (&observers_[count_]) WaitObserver(ended_, policy);
    return true;
  }

  bool CopyIn(UserPtr<WaitItem> items) { return items.CopyIn(items_, count_); }
  bool CopyOut(UserPtr<WaitItem> items) const { return items.CopyOut(items_, count_); }

  // In one hold of the table's lock, so that a close of two of the handles comes before the wait or
  // after its beginning. Each object is looked at by itself, though. WT-12.
  Status Begin(const HandleTable& handles, const AbiProfile& profile) {
    if (count_ == 0) return Status::kOk;
    const HandleTable::Still table(handles, profile);
    for (uint32_t i = 0; i < count_; ++i) {
      const Status begun = observers_[i].Begin(table, items_[i].handle, items_[i].waitfor);
      if (begun != Status::kOk) return begun;
    }
    return Status::kOk;
  }

  platform::Event& ended() { return ended_; }

  // Takes all of them down and notes what each has seen; returns what any has. Can be repeated.
  Signals End() {
    Signals any = kSignalNone;
    for (uint32_t i = 0; i < count_; ++i) {
      items_[i].pending = observers_[i].End();
      any |= items_[i].pending;
    }
    return any;
  }

 private:
  platform::Event ended_;  // Of whichever is first.
  WaitItem* items_ = nullptr;
  WaitObserver* observers_ = nullptr;
  uint32_t count_ = 0;  // Of observers that exist.
};

Status WaitMany(Thread& caller, UserPtr<WaitItem> items, uint32_t count, Time deadline) {
  const AbiProfile& profile = ProfileOf(caller);
  if (count > profile.max_wait_items) return profile.too_many_wait_items;
  ManyWaits waits;
  if (!waits.Init(count, profile.observed)) return Status::kNoMemory;
  if (!waits.CopyIn(items)) return Status::kInvalidArgs;
  const Status begun = waits.Begin(caller.process().handles(), profile);
  if (begun != Status::kOk) return begun;
  const WakeReason reason = caller.Sleep(waits.ended(), DeadlineOf(profile, deadline));
  const Status answer = AnswerTo(reason, waits.End());
  if (IsInterrupted(answer)) return answer;
  return waits.CopyOut(items) ? answer : Status::kInvalidArgs;
}

}  // namespace

Status ObjectWaitOne(Thread& caller, HandleValue handle, Signals signals, Time deadline,
                     UserPtr<Signals> observed) {
  return RestartWhenResumed(caller,
                            [&] { return WaitOne(caller, handle, signals, deadline, observed); });
}

Status ObjectWaitMany(Thread& caller, UserPtr<WaitItem> items, uint32_t count, Time deadline) {
  return RestartWhenResumed(caller, [&] { return WaitMany(caller, items, count, deadline); });
}

}  // namespace CORE_PLATFORM
}  // namespace core
