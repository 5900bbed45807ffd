#include "props/kernel_view.h"

#include <fmt/format.h>

namespace props {

void KernelView::AddObject(const core::Dispatcher& object, uint32_t handles_seen) {
  for (ObjectView& known : objects_) {
    if (known.object != &object) continue;
    known.handles_seen += handles_seen;
    return;
  }
  const bool is_channel = object.type() == core::ObjectType::kChannel;
  const auto* channel = is_channel ? static_cast<const core::ChannelDispatcher*>(&object) : nullptr;
  objects_.push_back({&object, channel, handles_seen});
}

void KernelView::AddHandle(const HandleView& view) {
  handles_.push_back(view);
  AddObject(view.handle->object(), 1);
}

void KernelView::Take(const core::Kernel& kernel, std::span<const core::Dispatcher* const> known) {
  handles_.clear();
  objects_.clear();
  kernel.PeekProcesses([this](const core::Process& process) {
    process.handles().PeekEach([&](const core::Handle& handle) {
      AddHandle({&handle, &process, nullptr});
    });
  });
  for (const core::Dispatcher* object : known) AddObject(*object, 0);
  for (size_t i = 0; i < objects_.size(); ++i) {
    const core::ChannelDispatcher* channel = objects_[i].channel;
    if (channel == nullptr) continue;
    channel->PeekEach([&](const core::MessagePacket& packet) {
      for (const core::HandleOwner& handle : packet.handles()) {
        if (handle != nullptr) AddHandle({handle.get(), nullptr, channel});
      }
    });
    if (channel->PeekPeer() != nullptr) AddObject(*channel->PeekPeer(), 0);
  }
}

const ObjectView* KernelView::FindObject(core::Koid koid) const {
  for (const ObjectView& view : objects_) {
    if (view.object->koid() == koid) return &view;
  }
  return nullptr;
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

std::string KernelView::FindBrokenInvariant(bool quiescent) const {
  for (size_t i = 0; i < handles_.size(); ++i) {
    const HandleView& view = handles_[i];
    for (size_t j = 0; j < i; ++j) {
      if (handles_[j].handle == view.handle) return "a handle is in two places";
    }
    const core::HandleTable* table = view.process == nullptr ? nullptr : &view.process->handles();
    if (view.handle->table() != table) return "a handle does not know the place it is in";
  }
  for (const ObjectView& view : objects_) {
    const uint32_t count = view.object->PeekHandleCount();
    if (view.handles_seen > count || (quiescent && view.handles_seen != count)) {
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
