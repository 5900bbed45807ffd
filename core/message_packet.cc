#include "core/message_packet.h"

#include <cstring>
#include <new>

#include "core/handle_reaper.h"

namespace core {
inline namespace CORE_PLATFORM {

static_assert(sizeof(MessagePacket) % alignof(HandleOwner) == 0);

MessagePacketPtr MessagePacket::Create(uint32_t num_bytes, uint32_t num_handles) {
  ASSERT(num_bytes <= kMaxMessageBytes);
  ASSERT(num_handles <= kMaxMessageHandles);
  const size_t handles_size = num_handles * sizeof(HandleOwner);
  auto* memory = static_cast<std::byte*>(
      AllocateBytes(sizeof(MessagePacket) + handles_size + num_bytes, "message"));
  if (memory == nullptr) return nullptr;
  auto* handles = reinterpret_cast<HandleOwner*>(memory + sizeof(MessagePacket));
  for (uint32_t i = 0; i < num_handles; ++i) new (&handles[i]) HandleOwner();
  std::byte* bytes = memory + sizeof(MessagePacket) + handles_size;
  return MessagePacketPtr(new (memory) MessagePacket(handles, num_handles, bytes, num_bytes));
}

MessagePacket::MessagePacket(HandleOwner* handles, uint32_t num_handles, std::byte* bytes,
                             uint32_t num_bytes)
    : handles_(handles), bytes_(bytes), num_handles_(num_handles), num_bytes_(num_bytes) {}

uint32_t MessagePacket::txid() const {
  uint32_t txid = 0;
  if (num_bytes_ >= sizeof(txid)) std::memcpy(&txid, bytes_, sizeof(txid));
  return txid;
}

void MessagePacket::set_txid(uint32_t txid) {
  ASSERT(num_bytes_ >= sizeof(txid));
  std::memcpy(bytes_, &txid, sizeof(txid));
}

MessagePacket::~MessagePacket() {
  if (reaper_ != nullptr) {
    reaper_->Add(handles());
  } else {
    for (HandleOwner& handle : handles()) handle.reset();
  }
}

}  // namespace CORE_PLATFORM
}  // namespace core
