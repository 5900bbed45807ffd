// Messages in transit.
#include <gtest/gtest.h>

#include <cstring>
#include <utility>

#include "tests/core/core_fixture.h"

namespace core {
namespace {

TEST(MessagePacket, HasRoomForItsBytesAndHandles) {
  RunAlone([](User& user) {
    for (uint32_t num_bytes : {0u, 1u, kMaxMessageBytes}) {
      for (uint32_t num_handles : {0u, 1u, kMaxMessageHandles}) {
        const MessagePacketPtr packet = MessagePacket::Create(num_bytes, num_handles);
        ASSERT_NE(packet, nullptr);
        EXPECT_EQ(packet->bytes().size(), num_bytes);
        EXPECT_EQ(packet->handles().size(), num_handles);
        for (const HandleOwner& handle : packet->handles()) EXPECT_EQ(handle, nullptr);
        if (num_bytes != 0) std::memset(packet->bytes().data(), 'x', num_bytes);
      }
    }
    static_cast<void>(user);
  });
}

// D-4, O6
TEST(MessagePacket, ClosesItsHandlesInTheirOrder) {
  RunAlone([](User& user) {
    const Ends one = user.CreateChannel();
    const Ends two = user.CreateChannel();
    Watcher::Log log;
    const Watcher first(user, one.b, kSignalPeerClosed, "one", &log);
    const Watcher second(user, two.b, kSignalPeerClosed, "two", &log);
    MessagePacketPtr packet = MessagePacket::Create(0, 3);
    packet->handles()[0] = user.process().handles().Remove(two.a);
    packet->handles()[2] = user.process().handles().Remove(one.a);
    EXPECT_TRUE(log.empty());
    packet.reset();
    EXPECT_EQ(log, (Watcher::Log{"two", "one"}));
  });
}

// H-5
TEST(MessagePacket, AHandleThatIsTakenOutLivesOn) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    MessagePacketPtr packet = MessagePacket::Create(0, 1);
    packet->handles()[0] = user.process().handles().Remove(ends.a);
    const HandleOwner handle = std::move(packet->handles()[0]);
    packet.reset();
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalWritable);
    EXPECT_EQ(handle->object().PeekHandleCount(), 1u);
  });
}

}  // namespace
}  // namespace core
