// A message in transit: bytes, and handles that are in no table.
#pragma once

#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <memory>
#include <span>

#include "core/abi.h"
#include "core/handle.h"

namespace core {
inline namespace CORE_PLATFORM {

class HandleReaper;
class MessagePacket;
/// Destroying a packet closes its handles in array order, or leaves them to a reaper. No lock may
/// be held where one dies: the handles may be the other end of the very channel that carried them.
/// D-4, D-6, D-7.
using MessagePacketPtr = std::unique_ptr<MessagePacket>;

/// One block of memory: the packet, its handles, its bytes.
class MessagePacket final : public Allocated, public boost::intrusive::list_base_hook<> {
 public:
  /// Null when memory cannot be had. The bytes are not initialised, the handles are null.
  static MessagePacketPtr Create(uint32_t num_bytes, uint32_t num_handles);
  ~MessagePacket();
  MessagePacket(const MessagePacket&) = delete;
  MessagePacket& operator=(const MessagePacket&) = delete;

  std::span<std::byte> bytes() { return {bytes_, num_bytes_}; }
  std::span<const std::byte> bytes() const { return {bytes_, num_bytes_}; }
  std::span<HandleOwner> handles() { return {handles_, num_handles_}; }
  std::span<const HandleOwner> handles() const { return {handles_, num_handles_}; }

  /// Who closes the handles when the packet is destroyed; null: its destructor.
  void set_reaper(HandleReaper* reaper) { reaper_ = reaper; }

  /// Shortens the message.
  void Truncate(uint32_t num_bytes) {
    ASSERT(num_bytes <= num_bytes_);
    num_bytes_ = num_bytes;
  }

  /// The first four bytes; 0 for shorter messages.
  uint32_t txid() const;
  /// The message must be long enough.
  void set_txid(uint32_t txid);

 private:
  MessagePacket(HandleOwner* handles, uint32_t num_handles, std::byte* bytes, uint32_t num_bytes);

  HandleOwner* const handles_;
  std::byte* const bytes_;
  const uint32_t num_handles_;
  uint32_t num_bytes_;
  HandleReaper* reaper_ = nullptr;
};

}  // namespace CORE_PLATFORM
}  // namespace core
