// What a kernel holds at a moment at which nothing runs: every handle and channel that can be
// reached.
//
// Reachable means: in a process's table, in a message queued at something reachable, the peer of
// something reachable, or known to whoever takes the view. What only a system call in progress
// holds is not seen otherwise, nor what only a queue out of everybody's reach holds (H-10). Taking
// a view reads the core without locks and changes nothing.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/channel_dispatcher.h"
#include "core/kernel.h"

namespace props {

struct HandleView {
  const core::Handle* handle = nullptr;
  const core::Process* process = nullptr;          // Whose table has it; null in a message.
  const core::ChannelDispatcher* queue = nullptr;  // Where its message is queued; null in a table.
  uint32_t previous = kNone;                       // The last one before it to the same object.

  static constexpr uint32_t kNone = 0xFFFFFFFF;
};

struct ObjectView {
  const core::Dispatcher* object = nullptr;
  const core::ChannelDispatcher* channel = nullptr;  // The same object, if it is an endpoint.
  uint32_t handles_seen = 0;
  uint32_t last_handle = HandleView::kNone;  // Among those that were seen.
  bool was_known = false;                    // To whoever took the view.
};

class KernelView {
 public:
  /// Keeps its memory from one taking to the next. `known`: objects that exist and have a handle
  /// somewhere.
  void Take(const core::Kernel& kernel, std::span<const core::Dispatcher* const> known = {});

  const std::vector<HandleView>& handles() const { return handles_; }
  const std::vector<ObjectView>& objects() const { return objects_; }

  /// Null if it was not reached.
  const ObjectView* FindObject(core::Koid koid) const;
  /// The first handle to the object; null if none was reached.
  const HandleView* FindHandleTo(core::Koid koid) const;

  /// The first broken invariant, in words, or empty. `is_all_seen`: no system call is in progress,
  /// and no queue is out of reach, so that every handle must have been seen.
  ///
  /// READABLE is active exactly while the queue holds a message (S-4). A handle is in one place,
  /// and knows it; an object has as many handles as places hold one. PEER_CLOSED is active exactly
  /// when the peer is gone, WRITABLE otherwise (S-5, S-6).
  std::string FindBrokenInvariant(bool is_all_seen) const;

 private:
  void AddHandle(HandleView view);
  ObjectView& AddObject(const core::Dispatcher& object);
  size_t PlaceOf(core::Koid koid) const;
  void MakeMorePlaces();
  static std::string CheckEndpoint(const core::ChannelDispatcher& channel);

  std::vector<HandleView> handles_;
  std::vector<ObjectView> objects_;  // In order of discovery; also the work list of Take.
  // A hash table by koid: places in objects_, plus one. It is only looked up in.
  std::vector<uint32_t> places_;
};

/// The payload of a message as programs see it: what follows the transaction id; empty if too
/// short.
std::string PayloadOf(std::span<const std::byte> bytes);
/// The payloads of the unread messages of an endpoint, oldest first.
std::vector<std::string> QueueOf(const core::ChannelDispatcher& channel);

}  // namespace props
