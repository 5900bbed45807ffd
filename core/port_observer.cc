#include "core/port_observer.h"

#include <utility>

#include "core/port_dispatcher.h"

namespace core {
inline namespace CORE_PLATFORM {

PortObserver* PortObserver::Create(PortDispatcher& port, Dispatcher& object, HandleValue source,
                                   uint64_t key, Signals signals, uint32_t options) {
  // The packet is made now: a signal cannot fail for want of memory.
  QueuedPacketPtr packet(TryNew<QueuedPacket>("port packet"));
  if (packet == nullptr) return nullptr;
  packet->source = source;
  packet->packet.key = key;
  packet->packet.type = PacketType::kSignalOne;
  packet->packet.signal.trigger = signals;
  return TryNew<PortObserver>("port observer", port, object, std::move(packet), options);
}

PortObserver::PortObserver(PortDispatcher& port, Dispatcher& object, QueuedPacketPtr packet,
                           uint32_t options)
    : port_(port),
      object_(object),
      packet_(std::move(packet)),
      key_(packet_->packet.key),
      wants_timestamp_((options & kWaitAsyncTimestamp) != 0) {}

PortObserver::~PortObserver() {
  ASSERT(!SignalObserver::is_linked());
  ASSERT(!is_at_port());
}

void PortObserver::OnMatchAtOnceLocked(Signals active, uint64_t count) {
  PacketSignal& signal = packet_->packet.signal;
  signal.observed = active;
  signal.count = count;
  if (wants_timestamp_) signal.timestamp = platform::Now();
  port_.EndWait(*this, /*matched=*/true);  // (A)
}

void PortObserver::OnCancelLocked(Signals) {
  port_.EndWait(*this, /*matched=*/false);  // (B)
}

bool PortObserver::IsFor(const Dispatcher& port, uint64_t key) const {
  return &port == &port_ && key == key_;
}

}  // namespace CORE_PLATFORM
}  // namespace core
