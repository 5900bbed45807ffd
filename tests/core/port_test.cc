// Ports: packets of user code, and packets of asynchronous waits. With one thread: see
// port_races_test.cc for the rest.
//
// Map: packets; what a wait is refused for; what a packet tells; how a wait goes away; the end of
// the port.
#include <gtest/gtest.h>

#include <cstring>

#include "core/port_dispatcher.h"
#include "tests/core/handle_ops.h"
#include "tests/core/wait_calls.h"

namespace core {
namespace {

constexpr uint64_t kKey = 7;

// --- Packets ---

// 1.4
TEST(Port, AFreshOneCanBeSentDuplicatedReadAndWritten) {
  RunAlone([](User& user) {
    EXPECT_EQ(user.RightsOf(CreatePort(user)), 0xC00Fu);
    HandleValue untouched = kUntouched;
    EXPECT_EQ(PortCreate(user.thread(), 1, UserPtr(&untouched)), Status::kInvalidArgs);
    EXPECT_EQ(PortCreate(user.thread(), 0, BadPointer<HandleValue>()), Status::kInvalidArgs);
    EXPECT_EQ(untouched, kUntouched);
    EXPECT_EQ(user.CountHandles(), 1u);
  });
}

TEST(Port, GivesPacketsInTheOrderInWhichTheyCame) {
  RunAlone([](User& user) {
    const HandleValue port = CreatePort(user);
    for (uint64_t key = 0; key < 3; ++key) EXPECT_EQ(Queue(user, port, key), Status::kOk);
    for (uint64_t key = 0; key < 3; ++key) EXPECT_EQ(NextPacket(user, port).packet.key, key);
    EXPECT_EQ(NextPacket(user, port).status, Status::kTimedOut);
  });
}

TEST(Port, CarriesAUserPacketUnchangedButForItsType) {
  RunAlone([](User& user) {
    const HandleValue port = CreatePort(user);
    PortPacket packet = {};
    packet.key = ~uint64_t{0};
    packet.type = PacketType::kSignalOne;
    packet.status = Status::kIo;
    std::memset(packet.user, 0xA5, sizeof(packet.user));
    EXPECT_EQ(PortQueue(user.thread(), port, UserPtr<const PortPacket>(&packet)), Status::kOk);
    const PacketAnswer answer = NextPacket(user, port);
    packet.type = PacketType::kUser;
    EXPECT_EQ(answer.status, Status::kOk);
    EXPECT_EQ(std::memcmp(&answer.packet, &packet, sizeof(packet)), 0);
  });
}

TEST(Port, ItsCallsCheckTheHandleAndItsRights) {
  RunAlone([](User& user) {
    const HandleValue event = user.CreateEvent();
    const HandleValue port = CreatePort(user);
    const HandleValue writes = user.MakeAnother(port, kRightWrite);
    const HandleValue reads = user.MakeAnother(port, kRightRead);
    EXPECT_EQ(Queue(user, kInvalidHandle, 0), Status::kBadHandle);
    EXPECT_EQ(Queue(user, event, 0), Status::kWrongType);
    EXPECT_EQ(Queue(user, reads, 0), Status::kAccessDenied);
    EXPECT_EQ(Queue(user, writes, kKey), Status::kOk);
    EXPECT_EQ(NextPacket(user, kInvalidHandle).status, Status::kBadHandle);
    EXPECT_EQ(NextPacket(user, event).status, Status::kWrongType);
    EXPECT_EQ(NextPacket(user, writes).status, Status::kAccessDenied);
    EXPECT_EQ(NextPacket(user, reads).Text(), "7");
  });
}

TEST(Port, APacketThatCannotBeCopiedOutIsLost) {
  RunAlone([](User& user) {
    const HandleValue port = CreatePort(user);
    EXPECT_EQ(PortQueue(user.thread(), port, BadPointer<const PortPacket>()), Status::kInvalidArgs);
    EXPECT_EQ(Queue(user, port, kKey), Status::kOk);
    EXPECT_EQ(PortWait(user.thread(), port, kPast, BadPointer<PortPacket>()), Status::kInvalidArgs);
    EXPECT_EQ(NextPacket(user, port).status, Status::kTimedOut);
  });
}

// WT-1
TEST(Port, CannotBeWaitedForItself) {
  RunAlone([](User& user) {
    const HandleValue port = CreatePort(user);
    EXPECT_EQ(user.Wait(port, kSignalReadable, kPast).status, Status::kNotSupported);
    EXPECT_EQ(WaitAsync(user, port, port, kKey, kSignalReadable), Status::kNotSupported);
    EXPECT_EQ(Cancel(user, port, port, kKey), Status::kNotSupported);
  });
}

// --- What a wait is refused for ---

// WT-20: the first failure wins.
TEST(ObjectWaitAsync, ChecksThePortThenTheHandleThenTheOptions) {
  RunAlone([](User& user) {
    constexpr uint32_t kBadOptions = 1u << 31;
    const Ends ends = user.CreateChannel();
    const HandleValue port = CreatePort(user);
    const HandleValue reads = user.MakeAnother(port, kRightRead);
    const HandleValue denied = user.Restrict(user.CreateEvent(), kRightsBasic & ~kRightWait);
    const auto wait = [&](HandleValue handle, HandleValue at, uint32_t options) {
      return WaitAsync(user, handle, at, kKey, kSignalWritable, options);
    };
    EXPECT_EQ(wait(denied, kInvalidHandle, kBadOptions), Status::kBadHandle);
    EXPECT_EQ(wait(kInvalidHandle, ends.a, kBadOptions), Status::kWrongType);
    EXPECT_EQ(wait(kInvalidHandle, reads, kBadOptions), Status::kAccessDenied);
    EXPECT_EQ(wait(kInvalidHandle, port, kBadOptions), Status::kBadHandle);
    EXPECT_EQ(wait(denied, port, kBadOptions), Status::kAccessDenied);
    EXPECT_EQ(wait(ends.a, port, kBadOptions), Status::kInvalidArgs);
    EXPECT_EQ(NextPacket(user, port).status, Status::kTimedOut);
  });
}

// 1.6
TEST(ObjectWaitAsync, HasOptionsInTheCurrentGenerationOnly) {
  for (const AbiProfile* profile : kGenerations) {
    RunAlone(*profile, [profile](User& user) {
      const Ends ends = user.CreateChannel();
      const HandleValue port = CreatePort(user);
      const Status expected = profile == &kCurrent ? Status::kOk : Status::kInvalidArgs;
      for (const uint32_t options : {kWaitAsyncTimestamp, kWaitAsyncEdge}) {
        EXPECT_EQ(WaitAsync(user, ends.a, port, kKey, kSignalWritable, options), expected);
      }
    });
  }
}

// --- What a packet tells ---

// WT-21: one packet, however often the signal comes.
TEST(ObjectWaitAsync, GivesOnePacketWhenASignalComes) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue port = CreatePort(user);
    constexpr Signals kMask = kSignalReadable | kSignalPeerClosed;
    EXPECT_EQ(WaitAsync(user, ends.b, port, kKey, kMask), Status::kOk);
    EXPECT_EQ(NextPacket(user, port).status, Status::kTimedOut);
    EXPECT_EQ(user.Write(ends.a, "m"), Status::kOk);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    const PortPacket packet = NextPacket(user, port).packet;
    EXPECT_EQ(packet.key, kKey);
    EXPECT_EQ(packet.type, PacketType::kSignalOne);
    EXPECT_EQ(packet.status, Status::kOk);
    EXPECT_EQ(packet.signal.trigger, kMask);
    EXPECT_EQ(packet.signal.observed, kSignalReadable | kSignalWritable);
    EXPECT_EQ(packet.signal.count, 1u);
    EXPECT_EQ(packet.signal.timestamp, 0);
    EXPECT_EQ(packet.signal.reserved1, 0u);
    EXPECT_EQ(NextPacket(user, port).status, Status::kTimedOut);
  });
}

// WT-21
TEST(ObjectWaitAsync, CountsTheMessagesThatWereThereInTheFirstGenerations) {
  for (const AbiProfile* profile : kGenerations) {
    RunAlone(*profile, [profile](User& user) {
      const Ends ends = user.CreateChannel();
      const HandleValue port = CreatePort(user);
      const bool counts = profile->async_count == AsyncCount::kQueued;
      EXPECT_EQ(counts, profile != &kCurrent);
      for (int i = 0; i < 3; ++i) EXPECT_EQ(user.Write(ends.a, ""), Status::kOk);
      EXPECT_EQ(WaitAsync(user, ends.b, port, kKey, kSignalReadable), Status::kOk);
      EXPECT_EQ(NextPacket(user, port).packet.signal.count, counts ? 3u : 1u);
      EXPECT_EQ(WaitAsync(user, ends.b, port, kKey, kSignalWritable), Status::kOk);
      EXPECT_EQ(NextPacket(user, port).packet.signal.count, 1u);
      EXPECT_EQ(WaitAsync(user, ends.a, port, kKey, kSignalReadable), Status::kOk);
      for (int i = 0; i < 2; ++i) EXPECT_EQ(user.Write(ends.b, ""), Status::kOk);
      EXPECT_EQ(NextPacket(user, port).packet.signal.count, 1u);
    });
  }
}

// WT-21
TEST(ObjectWaitAsync, OnAnEdgeWaitsForASignalToCome) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue port = CreatePort(user);
    constexpr Signals kMask = kSignalReadable | kSignalWritable;
    EXPECT_EQ(user.Write(ends.a, "1"), Status::kOk);
    EXPECT_EQ(WaitAsync(user, ends.b, port, kKey, kMask, kWaitAsyncEdge), Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "2"), Status::kOk);
    EXPECT_EQ(ObjectSignal(user.thread(), ends.b, 0, 1u << 24), Status::kOk);
    EXPECT_EQ(NextPacket(user, port).status, Status::kTimedOut);
    for (int i = 0; i < 2; ++i) EXPECT_EQ(user.Read(ends.b).status, Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "3"), Status::kOk);
    EXPECT_EQ(NextPacket(user, port).Text(), "7:RW");
  });
}

// 1.8
TEST(ObjectWaitAsync, TellsTheTimeIfAsked) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue port = CreatePort(user);
    const Time before = platform::Now();
    EXPECT_EQ(WaitAsync(user, ends.a, port, kKey, kSignalWritable, kWaitAsyncTimestamp),
              Status::kOk);
    const PortPacket packet = NextPacket(user, port).packet;
    EXPECT_LE(before, packet.signal.timestamp);
    EXPECT_LE(packet.signal.timestamp, platform::Now());
  });
}

// --- How a wait goes away ---

// WT-22: silently, and a packet that is queued already stays.
TEST(ObjectWaitAsync, EndsSilentlyWithItsHandle) {
  RunAlone([](User& user) {
    const HandleValue port = CreatePort(user);
    const HandleValue event = user.CreateEvent();
    const HandleValue again = user.MakeAnother(event, kRightsEventDefault);
    EXPECT_EQ(WaitAsync(user, event, port, 1, kSignalSignaled), Status::kOk);
    EXPECT_EQ(WaitAsync(user, again, port, 2, kSignalSignaled), Status::kOk);
    EXPECT_EQ(user.Close(event), Status::kOk);
    EXPECT_EQ(Signal(user, again), Status::kOk);
    EXPECT_EQ(user.Close(again), Status::kOk);
    EXPECT_EQ(NextPacket(user, port).Text(), "2:S");
    EXPECT_EQ(NextPacket(user, port).status, Status::kTimedOut);
  });
}

// WT-22, WT-32
TEST(ObjectWaitAsync, EndsSilentlyWhenItsHandleIsReplaced) {
  RunAlone([](User& user) {
    const HandleValue port = CreatePort(user);
    const HandleValue event = user.CreateEvent();
    EXPECT_EQ(WaitAsync(user, event, port, kKey, kSignalSignaled), Status::kOk);
    const MadeHandle replaced = Replace(user, event);
    EXPECT_EQ(Signal(user, replaced.value), Status::kOk);
    EXPECT_EQ(NextPacket(user, port).status, Status::kTimedOut);
    EXPECT_EQ(Cancel(user, port, replaced.value, kKey), Status::kNotFound);
  });
}

// WT-22, WT-31: goes on in transit, ends with the receipt.
TEST(ObjectWaitAsync, EndsSilentlyWhenItsHandleIsReceived) {
  RunAlone([](User& user) {
    const HandleValue port = CreatePort(user);
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    EXPECT_EQ(WaitAsync(user, cargo.b, port, 1, kSignalReadable), Status::kOk);
    EXPECT_EQ(WaitAsync(user, cargo.b, port, 2, kSignalPeerClosed), Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "", {cargo.b}), Status::kOk);
    EXPECT_EQ(user.Write(cargo.a, "m"), Status::kOk);
    EXPECT_EQ(user.Read(ends.b).status, Status::kOk);
    EXPECT_EQ(user.Close(cargo.a), Status::kOk);
    EXPECT_EQ(NextPacket(user, port).Text(), "1:RW");
    EXPECT_EQ(NextPacket(user, port).status, Status::kTimedOut);
  });
}

// WT-22
TEST(PortCancel, TakesBackWaitsAndPacketsOfItsHandleAndKeyOnly) {
  RunAlone([](User& user) {
    const HandleValue port = CreatePort(user);
    const HandleValue other_port = CreatePort(user);
    const HandleValue event = user.CreateEvent();
    const HandleValue again = user.MakeAnother(event, kRightsEventDefault);
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(WaitAsync(user, ends.a, port, kKey, kSignalWritable), Status::kOk);
    EXPECT_EQ(WaitAsync(user, ends.a, port, kKey, kSignalReadable), Status::kOk);
    EXPECT_EQ(Queue(user, port, kKey), Status::kOk);
    EXPECT_EQ(WaitAsync(user, event, port, kKey, kSignalSignaled), Status::kOk);
    EXPECT_EQ(WaitAsync(user, event, port, kKey + 1, kSignalSignaled), Status::kOk);
    EXPECT_EQ(WaitAsync(user, again, port, kKey + 2, kSignalSignaled), Status::kOk);
    EXPECT_EQ(WaitAsync(user, event, other_port, kKey, kSignalSignaled), Status::kOk);

    EXPECT_EQ(Cancel(user, port, ends.a, kKey), Status::kOk);  // A packet and a wait.
    EXPECT_EQ(Cancel(user, port, ends.a, kKey), Status::kNotFound);
    EXPECT_EQ(Cancel(user, port, event, kKey), Status::kOk);  // A wait.
    EXPECT_EQ(Cancel(user, port, event, kKey + 2), Status::kNotFound);
    EXPECT_EQ(user.Write(ends.b, "m"), Status::kOk);
    EXPECT_EQ(Signal(user, event), Status::kOk);
    EXPECT_EQ(NextPacket(user, other_port).Text(), "7:S");
    EXPECT_EQ(NextPacket(user, port).Text(), "7");
    EXPECT_EQ(NextPacket(user, port).Text(), "9:S");  // The newest wait is told first.
    EXPECT_EQ(NextPacket(user, port).Text(), "8:S");
    EXPECT_EQ(NextPacket(user, port).status, Status::kTimedOut);
  });
}

TEST(PortCancel, ChecksThePortThenTheHandle) {
  RunAlone([](User& user) {
    const HandleValue port = CreatePort(user);
    const HandleValue event = user.CreateEvent();
    const HandleValue reads = user.MakeAnother(port, kRightRead);
    const HandleValue denied = user.MakeAnother(event, kRightsBasic & ~kRightWait);
    EXPECT_EQ(Cancel(user, kInvalidHandle, denied, kKey), Status::kBadHandle);
    EXPECT_EQ(Cancel(user, event, kInvalidHandle, kKey), Status::kWrongType);
    EXPECT_EQ(Cancel(user, reads, kInvalidHandle, kKey), Status::kAccessDenied);
    EXPECT_EQ(Cancel(user, port, kInvalidHandle, kKey), Status::kBadHandle);
    EXPECT_EQ(Cancel(user, port, denied, kKey), Status::kAccessDenied);
    EXPECT_EQ(Cancel(user, port, event, kKey), Status::kNotFound);
  });
}

// --- The end of the port ---

// The end of the execution is the check: nothing leaks, nothing is used after it was freed.
TEST(Port, ItsEndTakesPacketsAndWaitsWithIt) {
  RunAlone([](User& user) {
    const HandleValue port = CreatePort(user);
    const HandleValue event = user.CreateEvent();
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(Queue(user, port, kKey), Status::kOk);
    EXPECT_EQ(WaitAsync(user, ends.a, port, kKey, kSignalWritable), Status::kOk);
    EXPECT_EQ(WaitAsync(user, ends.a, port, kKey, kSignalReadable), Status::kOk);
    EXPECT_EQ(WaitAsync(user, event, port, kKey, kSignalSignaled), Status::kOk);
    const RefPtr<Dispatcher> object = user.Reference(port);
    const auto& dispatcher = static_cast<const PortDispatcher&>(*object);
    EXPECT_EQ(dispatcher.PeekPacketCount(), 2u);
    EXPECT_EQ(dispatcher.PeekWaitCount(), 2u);
    EXPECT_EQ(user.Close(port), Status::kOk);
    EXPECT_EQ(dispatcher.PeekPacketCount(), 0u);
    EXPECT_EQ(dispatcher.PeekWaitCount(), 0u);
    EXPECT_EQ(user.Write(ends.b, "m"), Status::kOk);
    EXPECT_EQ(Signal(user, event), Status::kOk);
  });
}

// D-7: the port goes with a message of the channel that it watches.
TEST(Port, CanEndInsideTheChannelThatItWatches) {
  for (const bool fires : {false, true}) {
    RunAlone([fires](User& user) {
      const HandleValue port = CreatePort(user);
      const Ends ends = user.CreateChannel();
      const Signals wanted = fires ? kSignalReadable : kSignalPeerClosed;
      EXPECT_EQ(WaitAsync(user, ends.b, port, kKey, wanted), Status::kOk);
      EXPECT_EQ(user.Write(ends.a, "", {port}), Status::kOk);
      EXPECT_EQ(user.Close(ends.b), Status::kOk);
      EXPECT_EQ(user.SignalsOf(ends.a), kSignalPeerClosed);
    });
  }
}

// WT-22: and the other way round, the watched channel goes with a message of itself.
TEST(Port, OutlivesWhatItWatches) {
  RunAlone([](User& user) {
    const HandleValue port = CreatePort(user);
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    EXPECT_EQ(WaitAsync(user, cargo.a, port, kKey, kSignalPeerClosed), Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "", {cargo.a, cargo.b}), Status::kOk);
    EXPECT_EQ(user.Close(ends.b), Status::kOk);
    EXPECT_EQ(NextPacket(user, port).status, Status::kTimedOut);
  });
}

}  // namespace
}  // namespace core
