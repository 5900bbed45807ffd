// Messages between a caller's memory and table on one side, and a packet on the other.
//
// The steps are those of every call that sends or receives; which checks come first, and what a
// failure does to the handles, is the kernel's AbiProfile.
#pragma once

#include "core/message_packet.h"
#include "core/process.h"
#include "core/user_ptr.h"
#include "core/user_types.h"

namespace core {
inline namespace CORE_PLATFORM {

/// The bytes of a message to be sent: a buffer, or an array of `size` iovecs.
struct SentBytes {
  UserPtr<const std::byte> buffer;
  UserPtr<const ChannelIovec> iovecs;
  uint32_t size = 0;  // Bytes, or iovecs.
  bool is_iovec = false;
};

/// A packet with the bytes, and room for the handles: kOutOfRange, kNoMemory, kInvalidArgs, in the
/// order of 5.1 steps 3 and 4 for a buffer, of WI-1 to WI-3 for iovecs.
[[nodiscard]] Status CopyBytesIn(const SentBytes& bytes, uint32_t num_handles,
                                 MessagePacketPtr* packet);

/// Handles to be sent, by value.
class SentHandles {
 public:
  SentHandles(Thread& caller, UserPtr<const HandleValue> values, uint32_t count)
      : caller_(caller), values_(values), count_(count) {}

  uint32_t count() const { return count_; }
  /// Moves them from the table into `packet`. 5.1 steps 5 to 7. Where a failed write keeps its
  /// handles, a failure leaves the table as it was; elsewhere the failed packet holds what was
  /// taken.
  [[nodiscard]] Status Take(const Dispatcher& channel, MessagePacket& packet);
  /// After Take: the packet was not sent. Puts the handles back where a failed write keeps them.
  void OnNotSent(MessagePacket& packet);
  /// Nothing was taken, because of an earlier mistake. Closes them where a failed write consumes:
  /// all, however many there are; zeros and bad values are ignored, what cannot be read is left
  /// alone. W-3, W-4.
  void OnNotTaken();

 private:
  Thread& caller_;
  const UserPtr<const HandleValue> values_;
  const uint32_t count_;
};

/// Handles to be sent, each with what to do with it and what the receiver gets. WE-2 to WE-10.
class SentDispositions {
 public:
  SentDispositions(Thread& caller, UserPtr<HandleDisposition> entries, uint32_t count)
      : caller_(caller), entries_(entries), count_(count) {}

  uint32_t count() const { return count_; }
  /// As SentHandles::Take; the answer is that of the first failing entry. Writes the results of all
  /// entries back if one failed.
  [[nodiscard]] Status Take(const Dispatcher& channel, MessagePacket& packet);
  void OnNotSent(MessagePacket&) {}
  /// Closes what was to be moved, and what has an unknown operation.
  void OnNotTaken();

 private:
  Thread& caller_;
  const UserPtr<HandleDisposition> entries_;
  const uint32_t count_;
};

/// The buffers that a message is received into.
struct ReceiveBuffers {
  UserPtr<std::byte> bytes;
  UserPtr<HandleValue> handles;
  UserPtr<HandleInfo> infos;  // Instead of `handles`, if `with_info`.
  bool with_info = false;
};

/// Copies the message out and installs its handles in the caller's table, in array order: bytes,
/// then values, then the handles themselves. kInvalidArgs on a fault: the message is lost, and its
/// handles close; kNoMemory if the caller has used up its handle values., T-6 to
/// T-8, P-1.
[[nodiscard]] Status CopyMessageOut(Thread& caller, MessagePacket& packet,
                                    const ReceiveBuffers& buffers);

/// Gives a new handle to the caller under `value`: the owner changes, then the caller can name it.
void Install(Thread& caller, HandleOwner handle, HandleValue value);

}  // namespace CORE_PLATFORM
}  // namespace core
