// The interest of somebody in the signals of an object, through one handle.
#pragma once

#include <boost/intrusive/list.hpp>

#include "core/abi.h"
#include "core/abi_profile.h"
#include "core/platform_contract.h"

namespace core {
inline namespace CORE_PLATFORM {

class Dispatcher;
class Handle;

/// When an interest counts from.
enum class Trigger : uint8_t {
  kLevel,  // What is active already matches at once.
  kEdge,   // Only what becomes active later matches.
};

/// Listed at a dispatcher until it matches, is cancelled or is removed, whichever comes first; an
/// observer that accumulates stays listed until it is removed. The dispatcher's lock decides, and
/// all calls below are made under it.
class SignalObserver : public boost::intrusive::list_base_hook<> {
 public:
  explicit SignalObserver(Observed policy = Observed::kAtMatch) : policy_(policy) {}
  SignalObserver(const SignalObserver&) = delete;
  SignalObserver& operator=(const SignalObserver&) = delete;

  /// A wanted signal is active; `active` is everything that is at this instant. One that does not
  /// accumulate gets this call or OnCancelLocked, once, when it has left the list, and may destroy
  /// itself in it.
  virtual void OnMatchLocked(Signals active) = 0;
  /// As OnMatchLocked, for a match at registration; `count` is Dispatcher::CountLocked.
  virtual void OnMatchAtOnceLocked(Signals active, uint64_t count);
  /// The handle that the interest belongs to is gone. `active` as above.
  virtual void OnCancelLocked(Signals active) = 0;
  /// Only if it accumulates: a state that does not match, from the one at registration on.
  virtual void OnOtherStateLocked(Signals) {}
  /// Whether this is a wait that ends with a packet of this port and key.
  virtual bool IsFor(const Dispatcher&, uint64_t) const { return false; }

  bool accumulates() const { return policy_ == Observed::kAccumulated; }

  /// Which handle the interest belongs to, and in what; for the dispatcher.
  void Expect(const Handle& handle, Signals wanted) {
    handle_ = &handle;
    wanted_ = wanted;
  }
  /// The handle is gone, and its address may be used for another.
  void ForgetHandle() { handle_ = nullptr; }
  const Handle* handle() const { return handle_; }
  Signals wanted() const { return wanted_; }

 protected:
  ~SignalObserver() = default;

 private:
  const Observed policy_;
  const Handle* handle_ = nullptr;  // Waits belong to handles, not to objects.
  Signals wanted_ = kSignalNone;
};

inline void SignalObserver::OnMatchAtOnceLocked(Signals active, uint64_t) {
  OnMatchLocked(active);
}

}  // namespace CORE_PLATFORM
}  // namespace core
