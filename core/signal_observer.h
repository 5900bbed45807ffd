// The interest of somebody in the signals of an object, through one handle.
#pragma once

#include <boost/intrusive/list.hpp>

#include "core/abi.h"
#include "core/platform_contract.h"

namespace core {
inline namespace CORE_PLATFORM {

class Handle;

/// Listed at a dispatcher until it matches, is cancelled or is removed, whichever comes first; the
/// dispatcher's lock decides. The two calls are made under that lock, at most one of them, once.
class SignalObserver : public boost::intrusive::list_base_hook<> {
 public:
  SignalObserver() = default;
  SignalObserver(const SignalObserver&) = delete;
  SignalObserver& operator=(const SignalObserver&) = delete;

  /// A wanted signal is active; `active` is everything that is at this instant.
  virtual void OnMatchLocked(Signals active) = 0;
  /// The handle that the interest belongs to is gone. `active` as above.
  virtual void OnCancelLocked(Signals active) = 0;

  /// Which handle the interest belongs to, and in what; set by whoever lists the observer.
  void Expect(const Handle& handle, Signals wanted) {
    handle_ = &handle;
    wanted_ = wanted;
  }
  const Handle* handle() const { return handle_; }
  Signals wanted() const { return wanted_; }

 protected:
  ~SignalObserver() = default;

 private:
  const Handle* handle_ = nullptr;  // Waits belong to handles, not to objects.
  Signals wanted_ = kSignalNone;
};

}  // namespace CORE_PLATFORM
}  // namespace core
