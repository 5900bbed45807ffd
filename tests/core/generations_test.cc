// One program, four generations: what writes, reads and endpoints do differently. Calls stand in
// call_test.cc and call_endings_test.cc, handle operations in handle_ops_test.cc, waits in
// wait_many_test.cc.
#include <gtest/gtest.h>

#include <array>
#include <functional>

#include "tests/core/call_ops.h"
#include "tests/core/handle_ops.h"

namespace core {
namespace {

// The two that document 001 and document 002 describe.
bool IsOld(const AbiProfile& profile) {
  return &profile == &kMagenta2017 || &profile == &kZircon2018_04;
}

// H2, H3, W5, W7, W12, W13, O15, X-3, W-2, W-3, W-5: all handles are kept, under their values, or
// all are closed.
TEST(Generations, AFailedWriteKeepsAllItsHandlesOrNone) {
  const auto write = [](User& user, const Ends& ends, HandleValue bad) {
    const Ends cargo = user.CreateChannel();
    const HandleValue event = user.CreateEvent();
    const Status status = bad == kInvalidHandle ? user.Write(ends.a, "m", {cargo.a, event})
                                                : user.Write(ends.a, "m", {cargo.a, bad, event});
    EXPECT_EQ(user.Has(cargo.a), user.Has(event));
    EXPECT_EQ(IsOrphan(user, cargo.b), !user.Has(cargo.a));
    const bool kept = user.Has(event);
    EXPECT_EQ(kept, IsOld(user.kernel().profile()));
    return status;
  };
  ForEachGeneration([&write](User& user, const AbiProfile& profile) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(write(user, ends, 0x3), Status::kBadHandle);
    EXPECT_EQ(write(user, ends, user.MakeAnother(user.CreateEvent(), kRightWait)),
              Status::kAccessDenied);
    EXPECT_EQ(write(user, ends, user.MakeAnother(ends.a, kRightTransfer)), Status::kNotSupported);
    EXPECT_EQ(user.Read(ends.b).status, Status::kShouldWait);
    EXPECT_EQ(user.Close(ends.b), Status::kOk);
    EXPECT_EQ(write(user, ends, kInvalidHandle), Status::kPeerClosed);
    // W-5: the endpoint itself stays, or is closed with the rest.
    EXPECT_EQ(user.Write(ends.a, "", {ends.a}), Status::kNotSupported);
    EXPECT_EQ(user.Has(ends.a), IsOld(profile));
  });
}

// H2, H3, W3, W6, W10, W11: before a handle was looked at, too.
TEST(Generations, AWriteThatFailsEarlyKeepsAllItsHandlesOrNone) {
  ForEachGeneration([](User& user, const AbiProfile& profile) {
    const Ends ends = user.CreateChannel();
    const std::array handles = {user.CreateEvent(), user.CreateEvent()};
    const auto write = [&](HandleValue channel, uint32_t options, uint32_t size) {
      return ChannelWrite(user.thread(), channel, options, nullptr, size, UserPtr(handles.data()),
                          2);
    };
    EXPECT_EQ(write(ends.a, 1, 0), Status::kInvalidArgs);
    for (const HandleValue handle : handles) EXPECT_EQ(user.Has(handle), IsOld(profile));
    EXPECT_EQ(write(0x3, 0, 0), Status::kBadHandle);
    EXPECT_EQ(write(ends.a, 0, kMaxMessageBytes + 1), Status::kOutOfRange);
    EXPECT_EQ(write(ends.a, 0, 1), Status::kInvalidArgs);
    EXPECT_EQ(user.CountHandles(), IsOld(profile) ? 4u : 2u);
  });
}

// W-2: what was put back can be sent.
TEST(Generations, HandlesThatAFailedWriteKeptAreAsGoodAsNew) {
  for (const AbiProfile* profile : {&kMagenta2017, &kZircon2018_04}) {
    RunAlone(*profile, [](User& user) {
      const Ends broken = user.CreateChannel();
      const Ends ends = user.CreateChannel();
      const HandleValue event = user.CreateEvent();
      EXPECT_EQ(user.Close(broken.b), Status::kOk);
      EXPECT_EQ(user.Write(broken.a, "", {event}), Status::kPeerClosed);
      EXPECT_EQ(user.Write(ends.a, "", {event}), Status::kOk);
      EXPECT_EQ(user.Read(ends.b).actual_handles, 1u);
    });
  }
}

// W8, X-6, W-6
TEST(Generations, ARepeatedHandleIsInvalidOrBad) {
  ForEachGeneration([](User& user, const AbiProfile& profile) {
    const Ends ends = user.CreateChannel();
    const HandleValue event = user.CreateEvent();
    EXPECT_EQ(user.Write(ends.a, "", {event, event}),
              IsOld(profile) ? Status::kInvalidArgs : Status::kBadHandle);
    EXPECT_EQ(user.Has(event), IsOld(profile));
  });
}

// 5.1 steps 6 and 7: in the older generations a repeated handle is told after every other defect.
TEST(Generations, ARepeatedHandleAndAMissingOne) {
  ForEachGeneration([](User& user, const AbiProfile&) {
    const Ends ends = user.CreateChannel();
    const HandleValue event = user.CreateEvent();
    const HandleValue bound = user.MakeAnother(event, kRightWait);
    EXPECT_EQ(user.Write(ends.a, "", {event, event, 0x3}), Status::kBadHandle);
    const bool old = user.Has(event);
    EXPECT_EQ(user.Write(ends.a, "", {event, event, bound}),
              old ? Status::kAccessDenied : Status::kBadHandle);
  });
}

// X-7, W5, W12
TEST(Generations, TheEndpointItselfWithoutTheRightToGo) {
  ForEachGeneration([](User& user, const AbiProfile& profile) {
    const Ends ends = user.CreateChannel();
    const HandleValue self = user.MakeAnother(ends.a, kRightWrite);
    EXPECT_EQ(user.Write(ends.a, "", {self}),
              IsOld(profile) ? Status::kNotSupported : Status::kAccessDenied);
  });
}

// X-9, H-7, W4, W9
TEST(Generations, TheWrongTypeWithoutTheRight) {
  ForEachGeneration([](User& user, const AbiProfile& profile) {
    const HandleValue event = user.MakeAnother(user.CreateEvent(), kRightNone);
    const Status expected = &profile == &kCurrent ? Status::kWrongType : Status::kAccessDenied;
    EXPECT_EQ(user.Write(event, ""), expected);
    EXPECT_EQ(user.Read(event).status, expected);
  });
}

// O10, X-11, X-25, T-4: after the receipt by another process, what the old owner had looked up
// before is of no use to it, from 2018-10 on.
TEST(Generations, OnlyTheOwnerReadsAndWrites) {
  ForEachGeneration([](User& user, const AbiProfile& profile) {
    User heir(user.kernel());
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.b, "1"), Status::kOk);
    EXPECT_EQ(user.Write(ends.b, "2"), Status::kOk);
    user.Channel(ends.a).OnReceived(heir.process());  // As if the lookup had come before.
    EXPECT_EQ(user.Write(ends.a, ""), IsOld(profile) ? Status::kOk : Status::kBadHandle);
    EXPECT_EQ(user.Read(ends.a).status, IsOld(profile) ? Status::kOk : Status::kBadHandle);
    EXPECT_EQ(CallMemory("1234").Run(user, ends.a),
              IsOld(profile) ? Status::kTimedOut : Status::kBadHandle);
    user.Channel(ends.a).OnReceived(user.process());
    EXPECT_EQ(user.Read(ends.a).bytes, IsOld(profile) ? "2" : "1");
  });
}

// X-22, C-20 to C-24, K3
TEST(Generations, AFreshEndpointHasTheRightsOfItsTime) {
  constexpr std::array<Rights, 4> kExpected = {0x300E, 0xF0CE, 0xF0CE, 0xF00E};
  for (size_t i = 0; i < kGenerations.size(); ++i) {
    RunAlone(*kGenerations[i], [expected = kExpected[i]](User& user) {
      const Ends ends = user.CreateChannel();
      EXPECT_EQ(user.RightsOf(ends.a), expected);
      EXPECT_EQ(user.RightsOf(ends.b), expected);
      EXPECT_EQ(Duplicate(user, ends.a).status, Status::kAccessDenied);
    });
  }
}

// W2, X-18: at the time of these documents' last revisions, all had the same limit.
TEST(Generations, TheLimitOfHandlesIsTheSame) {
  ForEachGeneration([](User& user, const AbiProfile&) {
    const Ends ends = user.CreateChannel();
    std::array<HandleValue, kMaxMessageHandles + 1> events = {};
    for (HandleValue& event : events) event = user.CreateEvent();
    EXPECT_EQ(user.Write(ends.a, "", std::span(events).first(kMaxMessageHandles)), Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "", events), Status::kOutOfRange);
  });
}

// B-9: a fault while the values are told was ignored up to 2018: the handles are
// there, but nobody knows their names.
TEST(Generations, HandlesWhoseValuesCannotBeTold) {
  ForEachGeneration([](User& user, const AbiProfile& profile) {
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "", {cargo.a}), Status::kOk);
    const bool strict = &profile == &kCurrent;
    EXPECT_EQ(ChannelRead(user.thread(), ends.b, 0, nullptr, nullptr, 0, 1, nullptr, nullptr),
              strict ? Status::kInvalidArgs : Status::kOk);
    EXPECT_EQ(IsOrphan(user, cargo.b), strict);
    EXPECT_EQ(user.CountHandles(), strict ? 3u : 4u);
  });
}

// bytes that cannot be copied out lose the message in every generation.
TEST(Generations, BytesThatCannotBeTold) {
  ForEachGeneration([](User& user, const AbiProfile&) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "m", {user.CreateEvent()}), Status::kOk);
    HandleValue handle = kInvalidHandle;
    EXPECT_EQ(
        ChannelRead(user.thread(), ends.b, 0, nullptr, UserPtr(&handle), 1, 1, nullptr, nullptr),
        Status::kInvalidArgs);
    EXPECT_EQ(user.CountHandles(), 2u);
    EXPECT_EQ(user.Read(ends.b).status, Status::kShouldWait);
  });
}

// N-5: an empty queue whose own side was closed in the middle of the read.
TEST(Generations, AReadOfAnEndpointThatWasClosedMeanwhile) {
  ForEachGeneration([](User& user, const AbiProfile& profile) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.b, "left"), Status::kOk);
    const RefPtr<Dispatcher> held = user.Reference(ends.a);  // As a read past its lookup has one.
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    const auto read = [&] {
      MessageSize size;
      MessagePacketPtr packet;
      return static_cast<ChannelDispatcher&>(*held).Read(user.process(), {64, 64}, false, &size,
                                                         &packet);
    };
    EXPECT_EQ(read(), Status::kOk);
    EXPECT_EQ(read(), &profile == &kCurrent ? Status::kShouldWait : Status::kPeerClosed);
  });
}

// X-17, D-6, R-5: the handles in a message that is destroyed close before the call returns; in the
// first generation, when the worker gets to them.
TEST(Generations, TheHandlesOfADestroyedMessageCloseAtOnceOrLater) {
  using Destroy = std::function<void(User&, HandleValue)>;
  const std::array<Destroy, 3> ways = {
      [](User& user, HandleValue end) { EXPECT_EQ(user.Close(end), Status::kOk); },
      [](User& user, HandleValue end) {
        EXPECT_EQ(user.Read(end, {.options = kReadMayDiscard, .num_bytes = 0}).status,
                  Status::kBufferTooSmall);
      },
      [](User& user, HandleValue end) {
        EXPECT_EQ(ChannelRead(user.thread(), end, 0, nullptr, nullptr, 1, 1, nullptr, nullptr),
                  Status::kInvalidArgs);
      },
  };
  for (const Destroy& destroy : ways) {
    ForEachGeneration([&destroy](User& user, const AbiProfile& profile) {
      int woken = 0;
      user.kernel().set_reaper_worker({[](void* count) { ++*static_cast<int*>(count); }, &woken});
      const Ends ends = user.CreateChannel();
      const Ends cargo = user.CreateChannel();
      EXPECT_EQ(user.Write(ends.a, "m", {cargo.a}), Status::kOk);
      destroy(user, ends.b);
      const bool later = &profile == &kMagenta2017;
      EXPECT_EQ(IsOrphan(user, cargo.b), !later);
      EXPECT_EQ(woken, later ? 1 : 0);
      user.kernel().ReapHandles();
      EXPECT_TRUE(IsOrphan(user, cargo.b));
    });
  }
}

// X-27, C-9: without a sign, what would be long past is for ever.
TEST(Generations, ADeadlineOfTheInfinitePastIsForEverWithoutASign) {
  for (const AbiProfile* profile : kGenerations) {
    const Time expected = profile->unsigned_deadlines ? kTimeInfinite : kTimeInfinitePast;
    EXPECT_EQ(DeadlineOf(*profile, kTimeInfinitePast), expected);
    EXPECT_EQ(profile->unsigned_deadlines, IsOld(*profile));
    for (const Time deadline : {Time{0}, Time{1}, kTimeInfinite}) {
      EXPECT_EQ(DeadlineOf(*profile, deadline), deadline);
    }
  }
}

}  // namespace
}  // namespace core
