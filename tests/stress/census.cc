#include "tests/stress/census.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace core {
inline namespace CORE_PLATFORM {

namespace {

class Walk {
 public:
  void VisitTable(const HandleTable& table) {
    table.PeekEach([&](const Handle& handle) { VisitHandle(handle, &table); });
  }

  void VisitQueues() {
    for (size_t i = 0; i < channels_.size(); ++i) VisitQueue(*channels_[i]);
  }

  Census Finish() {
    std::sort(handles_.begin(), handles_.end());
    if (std::adjacent_find(handles_.begin(), handles_.end()) != handles_.end()) {
      census_.broken.push_back("a handle is in two places");
    }
    for (const auto& [object, places] : places_) {
      if (object->PeekHandleCount() == places) continue;
      census_.broken.push_back("an object has " + std::to_string(object->PeekHandleCount()) +
                               " handles, but " + std::to_string(places) + " places hold one");
    }
    census_.handles = handles_.size();
    census_.objects = places_.size();
    return std::move(census_);
  }

 private:
  void VisitHandle(const Handle& handle, const HandleTable* place) {
    handles_.push_back(&handle);
    if (handle.table() != place) census_.broken.push_back("a handle does not know where it is");
    const Dispatcher& object = handle.object();
    const bool is_new = ++places_[&object] == 1;
    if (!is_new || object.type() != ObjectType::kChannel) return;
    channels_.push_back(static_cast<const ChannelDispatcher*>(&object));
  }

  void VisitQueue(const ChannelDispatcher& channel) {
    Signals expected = channel.PeekPeer() != nullptr ? kSignalWritable : kSignalPeerClosed;
    channel.PeekEach([&](const MessagePacket& message) {
      expected |= kSignalReadable;
      VisitMessage(message);
    });
    if ((channel.PeekSignals() & ~kSignalUserMask) != expected) {
      census_.broken.push_back("the signals of an endpoint are not true");
    }
  }

  void VisitMessage(const MessagePacket& message) {
    for (const HandleOwner& handle : message.handles()) VisitHandle(*handle, nullptr);
    Stamp stamp;
    if (message.bytes().size() != sizeof(stamp)) {
      census_.broken.push_back("a message is queued that nobody wrote");
      return;
    }
    std::memcpy(stamp.bytes(), message.bytes().data(), sizeof(stamp));
    census_.queued.push_back(stamp);
  }

  Census census_;
  std::vector<const Handle*> handles_;              // One entry for each place.
  std::map<const Dispatcher*, uint32_t> places_;    // How many hold a handle to it.
  std::vector<const ChannelDispatcher*> channels_;  // Whose queues are to be visited.
};

}  // namespace

Census TakeCensus(const Kernel& kernel) {
  Walk walk;
  kernel.PeekProcesses([&](const Process& process) { walk.VisitTable(process.handles()); });
  walk.VisitQueues();
  return walk.Finish();
}

}  // namespace CORE_PLATFORM
}  // namespace core
