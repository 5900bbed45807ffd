// An asynchronous wait: what it leaves at the object that is watched, and at the port.
#pragma once

#include <boost/intrusive/list.hpp>
#include <memory>

#include "core/memory.h"
#include "core/signal_observer.h"
#include "core/user_types.h"

namespace core {
inline namespace CORE_PLATFORM {

class PortDispatcher;

/// A packet on its way to whoever waits at the port.
struct QueuedPacket final : public Allocated, public boost::intrusive::list_base_hook<> {
  PortPacket packet = {};
  HandleValue source = kInvalidHandle;  // Whose wait it is of.
};
/// Destroying one frees memory and closes nothing, so it may die under a lock.
using QueuedPacketPtr = std::unique_ptr<QueuedPacket>;

/// Tells the list of the port from the list of the object.
struct AtPort;
using PortHook = boost::intrusive::list_base_hook<boost::intrusive::tag<AtPort>>;

/// Listed twice, at the object (its lock) and at the port (the port's lock, the inner one), from
/// the beginning of the wait until
///   (A) a signal comes,
///   (B) the handle goes away, or the wait is taken back by its key, or
///   (C) the port loses its last handle.
/// (A) and (B) take it off the object's list, then, still under the object's lock, off the port's,
/// and destroy it. (C) takes it off the port's list first; from then on it alone may destroy it.
/// An (A) or (B) that comes after that leaves it alone, and (C) waits for those, since it has to
/// take the object's lock before it can destroy the observer. So none of the three needs the others
/// to be quick, and each packet is queued or dropped, never both.
///
/// It holds no references, since they would be dropped under locks. While it is listed at the
/// object, so is the handle there that keeps the object. While (A) or (B) are at work, (C) cannot
/// end, and whoever does (C) keeps the port. While it is listed at the port, (A) and (B) cannot
/// end, and whoever does them keeps the object.
class PortObserver final : public Allocated, public SignalObserver, public PortHook {
 public:
  /// A wait for `object`, through its handle named `source`, that tells `port`. Null when memory
  /// cannot be had. `signals` and `options` as object_wait_async takes them.
  static PortObserver* Create(PortDispatcher& port, Dispatcher& object, HandleValue source,
                              uint64_t key, Signals signals, uint32_t options);
  ~PortObserver();

  Dispatcher& object() const { return object_; }
  bool is_at_port() const { return PortHook::is_linked(); }
  [[nodiscard]] QueuedPacketPtr TakePacket() { return std::move(packet_); }

 private:
  template <typename T, typename... Arguments>
  friend T* TryNew(const char* what, Arguments&&... arguments);
  PortObserver(PortDispatcher& port, Dispatcher& object, QueuedPacketPtr packet, uint32_t options);

  void OnMatchLocked(Signals active) override { OnMatchAtOnceLocked(active, 1); }
  void OnMatchAtOnceLocked(Signals active, uint64_t count) override;
  void OnCancelLocked(Signals active) override;
  bool IsFor(const Dispatcher& port, uint64_t key) const override;

  PortDispatcher& port_;
  Dispatcher& object_;
  QueuedPacketPtr packet_;  // Null once it is in the port's queue.
  const uint64_t key_;
  const bool wants_timestamp_;
};

}  // namespace CORE_PLATFORM
}  // namespace core
