// What channel_write does with the handles that it is given.
//
// Map: success; which bad handle decides; consumption on failure; handles to the channel's own
// ends.
#include <gtest/gtest.h>

#include <vector>

#include "tests/core/core_fixture.h"

namespace core {
namespace {

// --- Success ---

// H1, H7, W-1, O9: in one place at any time.
TEST(SentHandles, LeaveTheSendersTableWithTheWrite) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    const HandleValue event = user.CreateEvent();
    EXPECT_EQ(user.Write(ends.a, "", {cargo.a, event}), Status::kOk);
    EXPECT_FALSE(user.Has(cargo.a));
    EXPECT_FALSE(user.Has(event));
    EXPECT_EQ(user.Write(cargo.a, ""), Status::kBadHandle);
    EXPECT_EQ(user.Close(event), Status::kBadHandle);
    EXPECT_EQ(user.SignalsOf(cargo.b), kSignalWritable);
    size_t carried = 0;
    user.Channel(ends.b).PeekEach([&](const MessagePacket& packet) {
      for (const HandleOwner& handle : packet.handles()) {
        EXPECT_EQ(handle->table(), nullptr);
        EXPECT_EQ(handle->object().PeekHandleCount(), 1u);
        ++carried;
      }
    });
    EXPECT_EQ(carried, 2u);
  });
}

// W-7
TEST(SentHandles, TwoHandlesToOneObjectAreFine) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue event = user.CreateEvent();
    const HandleValue again = user.MakeAnother(event, kRightsBasic);
    EXPECT_EQ(user.Write(ends.a, "", {event, again}), Status::kOk);
    const ReadResult read = user.Read(ends.b);
    ASSERT_EQ(read.actual_handles, 2u);
    EXPECT_NE(read.handles[0], read.handles[1]);
    EXPECT_EQ(user.Reference(read.handles[0]).get(), user.Reference(read.handles[1]).get());
  });
}

// --- Which bad handle decides ---

struct Bad {
  User& user;
  Ends ends;
  HandleValue Good() { return user.CreateEvent(); }
  HandleValue Missing() { return kInvalidHandle; }
  HandleValue Fixed() { return user.Restrict(user.CreateEvent(), kRightWait); }  // No TRANSFER.
  HandleValue Self() { return user.MakeAnother(ends.a, kRightsChannelDefault); }
  HandleValue FixedSelf() { return user.MakeAnother(ends.a, kRightWrite); }
  Status Send(std::initializer_list<HandleValue> handles) {
    const Status status = user.Write(ends.a, "", handles);
    for (HandleValue handle : handles) EXPECT_FALSE(user.Has(handle)) << "not consumed";
    return status;
  }
};

// W5, W7, W12, O15
TEST(SentHandles, EachKindOfBadHandleHasItsStatus) {
  RunAlone([](User& user) {
    Bad bad{user, user.CreateChannel()};
    EXPECT_EQ(bad.Send({bad.Missing()}), Status::kBadHandle);
    EXPECT_EQ(bad.Send({0x3}), Status::kBadHandle);
    EXPECT_EQ(bad.Send({bad.Fixed()}), Status::kAccessDenied);
    EXPECT_EQ(bad.Send({bad.Self()}), Status::kNotSupported);
    EXPECT_EQ(user.SignalsOf(bad.ends.b), kSignalWritable);
    EXPECT_EQ(bad.Send({bad.Good()}), Status::kOk);
  });
}

// All are taken out of the table first, so the ones behind the first bad one are consumed too.
// W5, W7, W8, W12, H3
TEST(SentHandles, TheFirstBadPositionDecides) {
  RunAlone([](User& user) {
    Bad bad{user, user.CreateChannel()};
    EXPECT_EQ(bad.Send({bad.Good(), bad.Fixed(), bad.Missing()}), Status::kAccessDenied);
    EXPECT_EQ(bad.Send({bad.Missing(), bad.Fixed()}), Status::kBadHandle);
    EXPECT_EQ(bad.Send({bad.Missing(), bad.Self()}), Status::kBadHandle);
    EXPECT_EQ(bad.Send({bad.Self(), bad.Missing()}), Status::kNotSupported);
    EXPECT_EQ(bad.Send({bad.Self(), bad.Fixed()}), Status::kNotSupported);
    EXPECT_EQ(bad.Send({bad.Fixed(), bad.Self()}), Status::kAccessDenied);
    const HandleValue fixed = bad.Fixed();
    EXPECT_EQ(bad.Send({fixed, fixed}), Status::kAccessDenied);
    const HandleValue self = bad.Self();
    EXPECT_EQ(bad.Send({self, self}), Status::kNotSupported);
    const HandleValue good = bad.Good();
    EXPECT_EQ(bad.Send({good, good, bad.Self()}), Status::kBadHandle);
  });
}

//
TEST(SentHandles, TheChannelItselfWithoutTransferIsDenied) {
  RunAlone([](User& user) {
    Bad bad{user, user.CreateChannel()};
    EXPECT_EQ(bad.Send({bad.FixedSelf()}), Status::kAccessDenied);
  });
}

// --- Consumption on failure ---

// H2, H3, W-2, W-3: the array is read to its end, whatever the limit; or not at all.
TEST(SentHandles, AreClosedHoweverManyOrKept) {
  ForEachGeneration([](User& user, const AbiProfile& profile) {
    const bool keeps = profile.failed_write == OnFailure::kKeep;
    const Ends ends = user.CreateChannel();
    size_t kept = 2;
    for (size_t count : {size_t{65}, size_t{128}, size_t{129}, size_t{1000}}) {
      std::vector<HandleValue> handles;
      while (handles.size() < count) handles.push_back(user.CreateEvent());
      EXPECT_EQ(user.Write(ends.a, "", handles), Status::kOutOfRange);
      if (keeps) kept += count;
      EXPECT_EQ(user.CountHandles(), kept);
    }
  });
}

// W-3
TEST(SentHandles, ZerosAndBadValuesAmongThemAreSkipped) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue first = user.CreateEvent();
    const HandleValue last = user.CreateEvent();
    const HandleValue stays = user.CreateEvent();
    EXPECT_EQ(user.Write(kInvalidHandle, "", {first, kInvalidHandle, 0x7, last}),
              Status::kBadHandle);
    EXPECT_FALSE(user.Has(first));
    EXPECT_FALSE(user.Has(last));
    EXPECT_TRUE(user.Has(stays));
    EXPECT_TRUE(user.Has(ends.a));
  });
}

// W-4
TEST(SentHandles, StayIfTheArrayCannotBeRead) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue event = user.CreateEvent();
    for (uint32_t options : {0u, 1u}) {
      EXPECT_EQ(ChannelWrite(user.thread(), ends.a, options, nullptr, 0,
                             BadPointer<const HandleValue>(16), 1),
                Status::kInvalidArgs);
    }
    EXPECT_EQ(ChannelWrite(user.thread(), ends.a, 0, nullptr, 0, nullptr, UINT32_MAX),
              Status::kOutOfRange);
    EXPECT_TRUE(user.Has(event));
    EXPECT_EQ(user.CountHandles(), 3u);
  });
}

// W8, W-6
TEST(SentHandles, ARepeatedHandleIsBadAndGone) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "", {cargo.a, cargo.a}), Status::kBadHandle);
    EXPECT_FALSE(user.Has(cargo.a));
    EXPECT_EQ(user.SignalsOf(cargo.b), kSignalPeerClosed);
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalWritable);
  });
}

// W-9, B-8
TEST(SentHandles, AreClosedExactlyOnce) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue event = user.CreateEvent();
    const HandleValue sent = user.MakeAnother(event, kRightsBasic);
    ASSERT_EQ(user.Reference(event)->PeekHandleCount(), 2u);
    EXPECT_EQ(user.Write(ends.a, "", {sent, kInvalidHandle}), Status::kBadHandle);
    EXPECT_EQ(user.Reference(event)->PeekHandleCount(), 1u);
    EXPECT_TRUE(user.Has(event));
  });
}

// H3, W13
TEST(SentHandles, AreClosedIfNobodyIsAtTheOtherEnd) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    EXPECT_EQ(user.Close(ends.b), Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "", {cargo.a}), Status::kPeerClosed);
    EXPECT_EQ(user.SignalsOf(cargo.b), kSignalPeerClosed);
  });
}

// --- Handles to the channel's own ends ---

// W12, O15, H-9, W-5
TEST(SentHandles, TheChannelItselfIsRefusedAndClosed) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.b, "unread"), Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "", {ends.a}), Status::kNotSupported);
    EXPECT_FALSE(user.Has(ends.a));
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalPeerClosed);
  });
}

// H-9: it is the object that counts, not the value.
TEST(SentHandles, AnotherHandleToTheChannelItselfIsRefusedToo) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue again = user.MakeAnother(ends.a, kRightsChannelDefault);
    EXPECT_EQ(user.Write(ends.a, "", {again}), Status::kNotSupported);
    EXPECT_FALSE(user.Has(again));
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalWritable);
    EXPECT_EQ(user.Write(ends.a, ""), Status::kOk);
  });
}

// H-10, D-9: the peer goes into its own queue, out of everybody's reach, and stays.
TEST(SentHandles, ThePeerMayBeSentIntoItsOwnQueue) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    const RefPtr<Dispatcher> b = user.Reference(ends.b);
    EXPECT_EQ(user.Write(ends.a, "", {ends.b}), Status::kOk);
    EXPECT_EQ(user.SignalsOf(ends.a), kSignalWritable);
    EXPECT_EQ(user.Write(ends.a, "behind it"), Status::kOk);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    EXPECT_EQ(b->PeekHandleCount(), 1u);
    EXPECT_EQ(b->PeekSignals(), kSignalReadable | kSignalPeerClosed);
    EXPECT_EQ(user.CountHandles(), 0u);
    // An operation in progress could still take it out; without that it would be a leak.
    MessageSize size;
    MessagePacketPtr packet;
    EXPECT_EQ(
        static_cast<ChannelDispatcher&>(*b).Read(user.process(), {0, 1}, false, &size, &packet),
        Status::kOk);
    EXPECT_EQ(size, (MessageSize{0, 1}));
    packet.reset();
    EXPECT_EQ(b->PeekHandleCount(), 0u);
  });
}

}  // namespace
}  // namespace core
