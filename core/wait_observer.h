// A thread that waits for signals of one object, through one handle.
#pragma once

#include "core/handle_table.h"
#include "core/signal_observer.h"

namespace core {
inline namespace CORE_PLATFORM {

/// Used once: Begin, Wait, End. What ended the wait is decided under the object's lock, by whoever
/// comes first: a match, a cancel, or End itself.
class WaitObserver final : public SignalObserver {
 public:
  WaitObserver();
  ~WaitObserver();

  /// Looks `handle` up in `table` and registers, as one step: kBadHandle, kAccessDenied without the
  /// right to wait. After a failure there is nothing to end.
  [[nodiscard]] Status Begin(const HandleTable& table, HandleValue handle, Signals wanted);

  /// Parks until the wait has ended or `deadline` has passed: kOk or kTimedOut.
  [[nodiscard]] Status Wait(platform::Time deadline) {
    return ended_.Wait(deadline) == platform::WaitResult::kSignaled ? Status::kOk
                                                                    : Status::kTimedOut;
  }

  /// Takes the wait down. The signals at the match; at the cancel, with HANDLE_CLOSED added; or, if
  /// neither came, now. WT-5.
  Signals End();

 private:
  void OnMatchLocked(Signals active) override;
  void OnCancelLocked(Signals active) override;

  platform::Event ended_;
  RefPtr<Dispatcher> object_;
  Signals observed_ = kSignalNone;  // Written under the object's lock, before `ended_` is set.
};

}  // namespace CORE_PLATFORM
}  // namespace core
