// channel_write: what it sends, what it refuses, and in which order it checks.
//
// Map: messages; limits; each refusal; the order of the refusals. What becomes of the handles
// stands in sent_handles_test.cc.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "tests/core/core_fixture.h"

namespace core {
namespace {

// --- Messages ---

// O2, O3, O4, H-2
TEST(ChannelWrite, AppendsToTheQueueOfTheOtherEnd) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "1"), Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "2"), Status::kOk);
    EXPECT_EQ(user.Write(ends.b, "back"), Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "3"), Status::kOk);
    for (const char* expected : {"1", "2", "3"}) EXPECT_EQ(user.Read(ends.b).bytes, expected);
    EXPECT_EQ(user.Read(ends.b).status, Status::kShouldWait);
    EXPECT_EQ(user.Read(ends.a).bytes, "back");
    EXPECT_EQ(user.Read(ends.a).status, Status::kShouldWait);
  });
}

// O1, W1, W-13, S1: a message of nothing is a message.
TEST(ChannelWrite, NothingAtAllMakesAMessage) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(ChannelWrite(user.thread(), ends.a, 0, nullptr, 0, nullptr, 0), Status::kOk);
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalReadable | kSignalWritable);
    const ReadResult read = user.Read(ends.b, {.num_bytes = 0, .num_handles = 0});
    EXPECT_EQ(read.status, Status::kOk);
    EXPECT_EQ(read.actual_bytes, 0u);
    EXPECT_EQ(read.actual_handles, 0u);
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalWritable);
  });
}

// W1, W-4
TEST(ChannelWrite, APointerWhoseCountIsZeroIsNotUsed) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(ChannelWrite(user.thread(), ends.a, 0, BadPointer<const std::byte>(16), 0,
                           BadPointer<const HandleValue>(16), 0),
              Status::kOk);
    const std::array<HandleValue, 1> handles = {user.CreateEvent()};
    EXPECT_EQ(ChannelWrite(user.thread(), ends.a, 0, nullptr, 0, UserPtr(handles.data()), 0),
              Status::kOk);
    EXPECT_EQ(ChannelWrite(user.thread(), ends.a, 1, nullptr, 0, UserPtr(handles.data()), 0),
              Status::kInvalidArgs);
    EXPECT_TRUE(user.Has(handles[0]));
  });
}

// O1
TEST(ChannelWrite, BytesAndHandlesAreEachOptional) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "bytes"), Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "", {user.CreateEvent()}), Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "both", {user.CreateEvent()}), Status::kOk);
    EXPECT_EQ(user.Read(ends.b).actual_handles, 0u);
    EXPECT_EQ(user.Read(ends.b).actual_bytes, 0u);
    EXPECT_EQ(user.Read(ends.b).actual_handles, 1u);
  });
}

TEST(ChannelWrite, TheMessageIsACopyOfTheBytes) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    std::string bytes("a\0b", 3);
    EXPECT_EQ(user.Write(ends.a, bytes), Status::kOk);
    bytes[0] = 'x';
    EXPECT_EQ(user.Read(ends.b).bytes, std::string("a\0b", 3));
  });
}

// O7, W-15
TEST(ChannelWrite, WhatWasSentOutlivesTheSender) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "last words"), Status::kOk);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    EXPECT_EQ(user.Read(ends.b).bytes, "last words");
  });
}

// --- Limits ---

// W3, C-1
TEST(ChannelWrite, TakesUpTo65536Bytes) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    const std::string bytes(65537, 'x');
    EXPECT_EQ(user.Write(ends.a, bytes), Status::kOutOfRange);
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalWritable);
    EXPECT_EQ(ChannelWrite(user.thread(), ends.a, 0, nullptr, UINT32_MAX, nullptr, 0),
              Status::kOutOfRange);
    EXPECT_EQ(user.Write(ends.a, std::string_view(bytes).substr(1)), Status::kOk);
    EXPECT_EQ(user.Read(ends.b).bytes, bytes.substr(1));
  });
}

// W2, W15, C-2: the count is one of handles, so 64 of them arrive.
TEST(ChannelWrite, TakesUpTo64Handles) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    std::vector<HandleValue> events;
    for (int i = 0; i < 65; ++i) events.push_back(user.CreateEvent());
    EXPECT_EQ(user.Write(ends.a, "", events), Status::kOutOfRange);
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalWritable);
    events.clear();
    for (int i = 0; i < 64; ++i) events.push_back(user.CreateEvent());
    EXPECT_EQ(user.Write(ends.a, "", events), Status::kOk);
    const ReadResult read = user.Read(ends.b);
    EXPECT_EQ(read.actual_handles, 64u);
    for (HandleValue handle : read.handles) EXPECT_TRUE(user.Has(handle));
  });
}

// --- Each refusal ---

// W6
TEST(ChannelWrite, WhatIsNoHandleIsABadHandle) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(kInvalidHandle, ""), Status::kBadHandle);
    EXPECT_EQ(user.Write(0x3, ""), Status::kBadHandle);
    EXPECT_EQ(user.Write(ends.a & ~kHandleFixedBits, ""), Status::kBadHandle);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    EXPECT_EQ(user.Write(ends.a, ""), Status::kBadHandle);
    User other(user.kernel());
    EXPECT_EQ(other.Write(ends.b, ""), Status::kBadHandle);
  });
}

// W9; what a missing right changes stands in generations_test.cc.
TEST(ChannelWrite, WhatIsNoChannelHasTheWrongType) {
  ForEachGeneration([](User& user) {
    const HandleValue writable = user.MakeAnother(user.CreateEvent(), kRightWrite);
    EXPECT_EQ(user.Write(writable, ""), Status::kWrongType);
  });
}

// W4
TEST(ChannelWrite, NeedsTheRightToWriteAndNoOther) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue reader = user.Restrict(ends.a, kRightsChannelDefault & ~kRightWrite);
    EXPECT_EQ(user.Write(reader, ""), Status::kAccessDenied);
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalWritable);
    const HandleValue writer = user.Restrict(reader, kRightWrite);
    EXPECT_EQ(user.Write(writer, ""), Status::kOk);
  });
}

// W11
TEST(ChannelWrite, UnknownOptionsAreInvalid) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    for (uint32_t options : {1u, 4u, 0x80000000u}) {
      EXPECT_EQ(ChannelWrite(user.thread(), ends.a, options, nullptr, 0, nullptr, 0),
                Status::kInvalidArgs);
    }
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalWritable);
  });
}

// W10
TEST(ChannelWrite, APointerThatCannotBeReadIsInvalid) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    for (uintptr_t address : {0, 1, 4095}) {
      EXPECT_EQ(ChannelWrite(user.thread(), ends.a, 0, BadPointer<const std::byte>(address), 1,
                             nullptr, 0),
                Status::kInvalidArgs);
      EXPECT_EQ(ChannelWrite(user.thread(), ends.a, 0, nullptr, 0,
                             BadPointer<const HandleValue>(address & ~uintptr_t{3}), 1),
                Status::kInvalidArgs);
    }
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalWritable);
  });
}

// W13, S3
TEST(ChannelWrite, NeedsSomebodyAtTheOtherEnd) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Close(ends.b), Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "nobody"), Status::kPeerClosed);
    EXPECT_EQ(user.SignalsOf(ends.a), kSignalPeerClosed);
  });
}

// O10, T-4: the owner is checked before the peer.
TEST(ChannelWrite, IsForTheOwnerAlone) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const User stranger(user.kernel());
    const RefPtr<Dispatcher> a = user.Reference(ends.a);
    const auto write = [&](User& caller) {
      PendingMessages pending;
      MessagePacketPtr packet = MessagePacket::Create(0, 0);
      const Status status =
          static_cast<ChannelDispatcher&>(*a).Write(caller.process(), packet, &pending);
      EXPECT_EQ(packet == nullptr, status == Status::kOk);  // Taken on success only.
      return status;
    };
    User other(user.kernel());
    EXPECT_EQ(write(other), Status::kBadHandle);
    EXPECT_EQ(write(user), Status::kOk);
    EXPECT_EQ(user.Close(ends.b), Status::kOk);
    EXPECT_EQ(write(other), Status::kBadHandle);
    EXPECT_EQ(write(user), Status::kPeerClosed);
  });
}

// W-14: an operation that had looked its handle up goes on without it.
TEST(ChannelWrite, ThroughAnEndThatIsGoneItselfFindsThePeerClosed) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    const RefPtr<Dispatcher> a = user.Reference(ends.a);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    PendingMessages pending;
    MessagePacketPtr packet = MessagePacket::Create(0, 0);
    EXPECT_EQ(static_cast<ChannelDispatcher&>(*a).Write(user.process(), packet, &pending),
              Status::kPeerClosed);
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalPeerClosed);
  });
}

// --- The order of the refusals ---

// What can be wrong with a write, in the order of today's checks. Neighbours with one status are
// told apart elsewhere.
enum WriteDefect : uint32_t {
  kBadOptions,
  kNoSuchHandle,
  kOtherType,
  kNoRightToWrite,
  kTooManyBytes,
  kTooManyHandles,
  kUnreadableBytes,
  kUnreadableHandles,
  kMissingHandle,
  kNoPeer,
  kWriteDefects,
};
constexpr std::array<Status, kWriteDefects> kStatusOfWriteDefect = {
    Status::kInvalidArgs, Status::kBadHandle,  Status::kWrongType,   Status::kAccessDenied,
    Status::kOutOfRange,  Status::kOutOfRange, Status::kInvalidArgs, Status::kInvalidArgs,
    Status::kBadHandle,   Status::kPeerClosed,
};

// The answer for a set of defects: that of the first check that finds one.
Status ExpectedOf(uint32_t defects, const AbiProfile& profile) {
  if (profile.rights_before_type) {
    const uint32_t both = 1u << kOtherType | 1u << kNoRightToWrite;
    if ((defects & both) == both) defects &= ~(1u << kOtherType);
  }
  for (uint32_t i = 0; i < kWriteDefects; ++i) {
    if (((defects >> i) & 1) != 0) return kStatusOfWriteDefect[i];
  }
  return Status::kOk;
}

// Writes with every defect in the set, and shows what became of the good handles: in the older
// generations a failure leaves them where they were, later it consumes them if it can read them.
Status WriteWith(User& user, uint32_t defects) {
  const auto has = [&](WriteDefect defect) { return ((defects >> defect) & 1) != 0; };
  const Ends ends = user.CreateChannel();
  const Ends cargo = user.CreateChannel();
  HandleValue channel = ends.a;
  if (has(kNoRightToWrite)) channel = user.MakeAnother(channel, kRightRead);
  if (has(kOtherType)) {
    channel = user.Restrict(user.CreateEvent(), has(kNoRightToWrite) ? kRightRead : kRightWrite);
  }
  if (has(kNoSuchHandle)) channel = kInvalidHandle;
  std::vector<HandleValue> handles(has(kTooManyHandles) ? 65 : 1, kInvalidHandle);
  if (has(kMissingHandle)) handles.push_back(kInvalidHandle);
  if (has(kTooManyHandles) && !has(kMissingHandle)) {
    for (HandleValue& handle : handles) handle = user.CreateEvent();
    EXPECT_EQ(user.Close(handles[0]), Status::kOk);
  }
  handles[0] = cargo.a;
  if (has(kNoPeer)) {
    EXPECT_EQ(user.Close(ends.b), Status::kOk);
  }
  const std::string bytes(has(kTooManyBytes) ? 65537 : 4, 'x');
  const auto data = has(kUnreadableBytes)
                        ? BadPointer<const std::byte>(16)
                        : UserPtr(reinterpret_cast<const std::byte*>(bytes.data()));
  const Status status = ChannelWrite(
      user.thread(), channel, has(kBadOptions) ? 1 : 0, data, static_cast<uint32_t>(bytes.size()),
      has(kUnreadableHandles) ? BadPointer<const HandleValue>(16)
                              : UserPtr<const HandleValue>(handles.data()),
      static_cast<uint32_t>(handles.size()));
  const bool keeps = user.kernel().profile().failed_write == OnFailure::kKeep;
  const bool consumed = !has(kUnreadableHandles) && (status == Status::kOk || !keeps);
  EXPECT_EQ(user.Has(cargo.a), !consumed);
  const bool closed = consumed && status != Status::kOk;
  EXPECT_EQ(user.SignalsOf(cargo.b), closed ? kSignalPeerClosed : kSignalWritable);
  return status;
}

// W2 to W13, H2, H3, W-2, W-3, H-7, X-9, 5.1: every set of defects.
TEST(ChannelWrite, TheFirstCheckThatFailsDecidesAndTheHandlesAreKeptOrConsumed) {
  for (uint32_t channel_defects = 0; channel_defects < 16; ++channel_defects) {
    ForEachGeneration([&](User& user, const AbiProfile& profile) {
      for (uint32_t rest = 0; rest < 1u << (kWriteDefects - 4); ++rest) {
        const uint32_t defects = channel_defects | rest << 4;
        EXPECT_EQ(WriteWith(user, defects), ExpectedOf(defects, profile)) << "defects " << defects;
      }
    });
  }
}

}  // namespace
}  // namespace core
