// A thread that waits for signals of one object, through one handle.
#pragma once

#include "core/handle_table.h"
#include "core/signal_observer.h"

namespace core {
inline namespace CORE_PLATFORM {

/// Used once: begun by HandleTable, ended by End. What ends the wait is decided under the object's
/// lock, by whoever comes first: a match, a cancel, or End itself. One that accumulates notes all
/// that comes until End..
class WaitObserver final : public SignalObserver {
 public:
  /// A match or a cancel sets `ended`, which several observers may share.
  WaitObserver(platform::Event& ended, Observed policy) : SignalObserver(policy), ended_(ended) {}
  ~WaitObserver();

  /// Looks `handle` up in `table` and registers, with the checks of HandleTable::FindWaitable.
  /// After a failure there is nothing to end.
  [[nodiscard]] Status Begin(const HandleTable::Still& table, HandleValue handle, Signals wanted);

  /// Takes the wait down, if it began. Without accumulation: the signals at the match; at the
  /// cancel, with HANDLE_CLOSED added; or, if neither came, now. With it: all that were active at
  /// some moment since Begin, and HANDLE_CLOSED if a cancel came. Once it has, or without a Begin,
  /// does no more than tell what it told. No lock may be held. WT-5, WT-6.
  Signals End();

 private:
  void OnMatchLocked(Signals active) override;
  void OnCancelLocked(Signals active) override;
  void OnOtherStateLocked(Signals active) override { observed_ |= active; }

  platform::Event& ended_;
  RefPtr<Dispatcher> object_;
  Signals observed_ = kSignalNone;  // Written under the object's lock, before `ended_` is set.
};

}  // namespace CORE_PLATFORM
}  // namespace core
