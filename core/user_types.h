// The structures that callers pass to the system calls, with the layout that user code sees.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/abi.h"

namespace core {

/// One piece of a message. The total counts towards the size limit.
struct ChannelIovec {
  const std::byte* buffer;
  uint32_t capacity;  // Bytes.
  uint32_t reserved;  // Must be 0.
};
static_assert(sizeof(ChannelIovec) == 16 && offsetof(ChannelIovec, capacity) == 8 &&
              offsetof(ChannelIovec, reserved) == 12);

/// A handle as channel_read_etc gives it.
struct HandleInfo {
  HandleValue handle;
  ObjectType type;
  Rights rights;
  uint32_t unused;  // Always written as 0.
};
static_assert(sizeof(HandleInfo) == 16 && offsetof(HandleInfo, type) == 4 &&
              offsetof(HandleInfo, rights) == 8 && offsetof(HandleInfo, unused) == 12);

/// A handle as channel_write_etc takes it.
struct HandleDisposition {
  uint32_t operation;  // kHandleOpMove or kHandleOpDuplicate.
  HandleValue handle;
  ObjectType type;  // What it must be; kNone is anything.
  Rights rights;    // What the receiver gets; kRightSameRights is what it has.
  Status result;    // Written only if some entry failed.
};
static_assert(sizeof(HandleDisposition) == 20 && offsetof(HandleDisposition, handle) == 4 &&
              offsetof(HandleDisposition, type) == 8 && offsetof(HandleDisposition, rights) == 12 &&
              offsetof(HandleDisposition, result) == 16);

/// The two messages of a call: `Sent` is HandleValue or HandleDisposition, `Received` HandleValue
/// or HandleInfo.
template <typename Sent, typename Received>
struct CallArguments {
  const std::byte* wr_bytes;
  Sent* wr_handles;
  std::byte* rd_bytes;
  Received* rd_handles;
  uint32_t wr_num_bytes;
  uint32_t wr_num_handles;
  uint32_t rd_num_bytes;
  uint32_t rd_num_handles;
};
using ChannelCallArgs = CallArguments<const HandleValue, HandleValue>;
using ChannelCallEtcArgs = CallArguments<HandleDisposition, HandleInfo>;
static_assert(sizeof(ChannelCallArgs) == 48 && offsetof(ChannelCallArgs, wr_handles) == 8 &&
              offsetof(ChannelCallArgs, rd_bytes) == 16 &&
              offsetof(ChannelCallArgs, rd_handles) == 24 &&
              offsetof(ChannelCallArgs, wr_num_bytes) == 32 &&
              offsetof(ChannelCallArgs, wr_num_handles) == 36 &&
              offsetof(ChannelCallArgs, rd_num_bytes) == 40 &&
              offsetof(ChannelCallArgs, rd_num_handles) == 44);
static_assert(sizeof(ChannelCallEtcArgs) == sizeof(ChannelCallArgs));

/// What object_get_info tells with kInfoHandleBasic.
struct InfoHandleBasic {
  Koid koid;
  Rights rights;
  ObjectType type;
  Koid related_koid;  // Of the peer; 0 for an object without one.
  uint32_t reserved;
  uint32_t padding;
};
static_assert(sizeof(InfoHandleBasic) == 32 && offsetof(InfoHandleBasic, rights) == 8 &&
              offsetof(InfoHandleBasic, type) == 12 &&
              offsetof(InfoHandleBasic, related_koid) == 16 &&
              offsetof(InfoHandleBasic, reserved) == 24);

/// The same with kInfoHandleCount.
struct InfoHandleCount {
  uint32_t handle_count;
};
static_assert(sizeof(InfoHandleCount) == 4);

/// One of the objects that object_wait_many waits for.
struct WaitItem {
  HandleValue handle;
  Signals waitfor;
  Signals pending;  // Written when the wait has ended.
};
static_assert(sizeof(WaitItem) == 12 && offsetof(WaitItem, waitfor) == 4 &&
              offsetof(WaitItem, pending) == 8);

enum class PacketType : uint32_t {
  kUser = 0,       // From port_queue.
  kSignalOne = 1,  // Of a wait that object_wait_async began.
};

/// What the packet of a wait tells.
struct PacketSignal {
  Signals trigger;   // What was waited for.
  Signals observed;  // What was active when it came.
  uint64_t count;
  Time timestamp;  // When it came, if the wait asked for that; else 0.
  uint64_t reserved1;
};

struct PortPacket {
  uint64_t key;
  PacketType type;
  Status status;
  union {
    PacketSignal signal;
    std::byte user[32];
  };
};
static_assert(sizeof(PortPacket) == 48 && offsetof(PortPacket, type) == 8 &&
              offsetof(PortPacket, status) == 12 && offsetof(PortPacket, signal) == 16 &&
              offsetof(PortPacket, user) == 16);
static_assert(sizeof(PacketSignal) == 32 && offsetof(PacketSignal, observed) == 4 &&
              offsetof(PacketSignal, count) == 8 && offsetof(PacketSignal, timestamp) == 16 &&
              offsetof(PacketSignal, reserved1) == 24);

}  // namespace core
