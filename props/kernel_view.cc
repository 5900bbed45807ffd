#include "props/kernel_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace props {

// Where the object's place is, or would be.
size_t KernelView::PlaceOf(core::Koid koid) const {
  const size_t mask = places_.size() - 1;  // A power of two.
  size_t slot = (koid ^ (koid >> 32)) & mask;
  while (places_[slot] != 0 && objects_[places_[slot] - 1].object->koid() != koid) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

void KernelView::MakeMorePlaces() {
  places_.assign(std::max<size_t>(64, 2 * places_.size()), 0);
  for (size_t i = 0; i < objects_.size(); ++i) {
    places_[PlaceOf(objects_[i].object->koid())] = static_cast<uint32_t>(i) + 1;
  }
}

ObjectView& KernelView::AddObject(const core::Dispatcher& object) {
  if (2 * objects_.size() >= places_.size()) MakeMorePlaces();
  uint32_t& place = places_[PlaceOf(object.koid())];
  if (place != 0) return objects_[place - 1];
  const bool is_channel = object.type() == core::ObjectType::kChannel;
  const auto* channel = is_channel ? static_cast<const core::ChannelDispatcher*>(&object) : nullptr;
  place = static_cast<uint32_t>(objects_.size()) + 1;
  return objects_.emplace_back(ObjectView{&object, channel});
}

void KernelView::AddHandle(HandleView view) {
  ObjectView& object = AddObject(view.handle->object());
  ++object.handles_seen;
  view.previous = std::exchange(object.last_handle, static_cast<uint32_t>(handles_.size()));
  handles_.push_back(view);
}

void KernelView::Take(const core::Kernel& kernel, std::span<const core::Dispatcher* const> known) {
  handles_.clear();
  objects_.clear();
  std::fill(places_.begin(), places_.end(), 0);
  kernel.PeekProcesses([this](const core::Process& process) {
    process.handles().PeekEach([&](const core::Handle& handle) {
      AddHandle({&handle, &process, nullptr});
    });
  });
  for (const core::Dispatcher* object : known) AddObject(*object).was_known = true;
  for (size_t i = 0; i < objects_.size(); ++i) {
    const core::ChannelDispatcher* channel = objects_[i].channel;
    if (channel == nullptr) continue;
    channel->PeekEach([&](const core::MessagePacket& packet) {
      for (const core::HandleOwner& handle : packet.handles()) {
        if (handle != nullptr) AddHandle({handle.get(), nullptr, channel});
      }
    });
    if (channel->PeekPeer() != nullptr) AddObject(*channel->PeekPeer());
  }
}

const ObjectView* KernelView::FindObject(core::Koid koid) const {
  const uint32_t place = places_.empty() ? 0 : places_[PlaceOf(koid)];
  return place == 0 ? nullptr : &objects_[place - 1];
}

const HandleView* KernelView::FindHandleTo(core::Koid koid) const {
  for (const HandleView& view : handles_) {
    if (view.handle->object().koid() == koid) return &view;
  }
  return nullptr;
}

std::string KernelView::CheckEndpoint(const core::ChannelDispatcher& channel) {
  bool has_messages = false;
  channel.PeekEach([&](const core::MessagePacket&) { has_messages = true; });
  const core::Signals signals = channel.PeekSignals();
  if (((signals & core::kSignalReadable) != 0) != has_messages) {
    return has_messages ? "a message is queued, but READABLE is not active"
                        : "READABLE is active, but the queue is empty";
  }
  // An endpoint without a handle has cut its own link and changed no signal for it.
  if (channel.PeekHandleCount() == 0) return {};
  const bool peer_gone = channel.PeekPeer() == nullptr;
  if (((signals & core::kSignalPeerClosed) != 0) != peer_gone) {
    return peer_gone ? "the peer is gone, but PEER_CLOSED is not active"
                     : "PEER_CLOSED is active, but the peer is not gone";
  }
  if (((signals & core::kSignalWritable) != 0) == peer_gone) {
    return peer_gone ? "the peer is gone, but WRITABLE is active"
                     : "WRITABLE is not active, but the peer is not gone";
  }
  return {};
}

std::string KernelView::FindBrokenInvariant(bool is_all_seen) const {
  for (const HandleView& view : handles_) {
    for (uint32_t i = view.previous; i != HandleView::kNone; i = handles_[i].previous) {
      if (handles_[i].handle == view.handle) return "a handle is in two places";
    }
    const core::HandleTable* table = view.process == nullptr ? nullptr : &view.process->handles();
    if (view.handle->table() != table) return "a handle does not know the place it is in";
  }
  for (const ObjectView& view : objects_) {
    const uint32_t count = view.object->PeekHandleCount();
    if (view.handles_seen > count || (is_all_seen && view.handles_seen != count)) {
      return fmt::format("an object counts its handles as {}, but tables and messages hold {}",
                         count, view.handles_seen);
    }
    if (view.channel == nullptr) continue;
    std::string broken = CheckEndpoint(*view.channel);
    if (!broken.empty()) return broken;
  }
  return {};
}

std::string PayloadOf(std::span<const std::byte> bytes) {
  if (bytes.size() <= core::kTxidBytes) return {};
  const auto payload = bytes.subspan(core::kTxidBytes);
  return std::string(reinterpret_cast<const char*>(payload.data()), payload.size());
}

std::vector<std::string> QueueOf(const core::ChannelDispatcher& channel) {
  std::vector<std::string> queue;
  channel.PeekEach(
      [&](const core::MessagePacket& packet) { queue.push_back(PayloadOf(packet.bytes())); });
  return queue;
}

}  // namespace props
