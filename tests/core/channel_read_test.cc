// channel_read: what it takes, what it tells, what it refuses, and in which order it checks.
//
// Map: taking; what stays and what is dropped; out-parameters; refusals and their order.
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "tests/core/handle_ops.h"

namespace core {
namespace {

// --- Taking ---

// O4, H-3
TEST(ChannelRead, TakesOneWholeMessageTheOldestFirst) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "old", {user.CreateEvent()}), Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "newer"), Status::kOk);
    const ReadResult old = user.Read(ends.b);
    EXPECT_EQ(old.status, Status::kOk);
    EXPECT_EQ(old.bytes, "old");
    EXPECT_EQ(old.actual_bytes, 3u);
    EXPECT_EQ(old.actual_handles, 1u);
    const ReadResult newer = user.Read(ends.b);
    EXPECT_EQ(newer.bytes, "newer");
    EXPECT_EQ(newer.actual_handles, 0u);
  });
}

TEST(ChannelRead, OfAnEmptyQueueShouldWait) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Read(ends.a).status, Status::kShouldWait);
    EXPECT_EQ(user.Write(ends.a, ""), Status::kOk);
    EXPECT_EQ(user.Read(ends.a).status, Status::kShouldWait);
  });
}

// R-1, O7, S3
TEST(ChannelRead, AfterPeerClosedDrainsTheQueueFirst) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "1", {user.CreateEvent()}), Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "2"), Status::kOk);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    EXPECT_EQ(user.Read(ends.b, {.num_bytes = 0}).status, Status::kBufferTooSmall);
    EXPECT_EQ(user.Read(ends.b).actual_handles, 1u);
    EXPECT_EQ(user.Read(ends.b).bytes, "2");
    EXPECT_EQ(user.Read(ends.b).status, Status::kPeerClosed);
    EXPECT_EQ(user.Read(ends.b).status, Status::kPeerClosed);
  });
}

// an operation that had looked its handle up goes on without it.
TEST(ChannelRead, OfAnEndThatIsGoneItselfStillGetsMessagesAndNeverPeerClosed) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const RefPtr<Dispatcher> b = user.Reference(ends.b);
    EXPECT_EQ(user.Write(ends.a, "1"), Status::kOk);
    EXPECT_EQ(user.Close(ends.b), Status::kOk);
    const auto read = [&] {
      MessageSize size;
      MessagePacketPtr packet;
      return static_cast<ChannelDispatcher&>(*b).Read(user.process(), {1, 0}, false, &size,
                                                      &packet);
    };
    EXPECT_EQ(read(), Status::kOk);
    EXPECT_EQ(read(), Status::kShouldWait);
  });
}

// H4, R-10, T-1
TEST(ChannelRead, HandlesArriveInTheirOrderWithTheirRights) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    const HandleValue event = user.Restrict(user.CreateEvent(), kRightTransfer | kRightWait);
    const Koid event_koid = user.Reference(event)->koid();
    const Koid cargo_koid = user.Reference(cargo.a)->koid();
    EXPECT_EQ(user.Write(ends.a, "", {event, cargo.a}), Status::kOk);
    const ReadResult read = user.Read(ends.b);
    ASSERT_EQ(read.actual_handles, 2u);
    EXPECT_EQ(user.Reference(read.handles[0])->koid(), event_koid);
    EXPECT_EQ(user.Reference(read.handles[1])->koid(), cargo_koid);
    EXPECT_EQ(user.RightsOf(read.handles[0]), kRightTransfer | kRightWait);
    EXPECT_EQ(user.RightsOf(read.handles[1]), user.RightsOf(cargo.b));
    EXPECT_EQ(user.Reference(read.handles[0])->PeekHandleCount(), 1u);
  });
}

// Looks around at the moment of a receipt, as another thread could: whether the values have been
// told, and which of the handles are there.
class Onlooker final : public SignalObserver {
 public:
  Onlooker(User& user, HandleValue handle, const std::array<HandleValue, 2>& told)
      : user_(user), told_(told) {
    user.process().handles().PeekEach([&](const Handle& each) {
      if (each.value() == handle) each.object().AddObserver(*this, each, kSignalSignaled);
    });
  }
  std::string seen;

 private:
  void OnMatchLocked(Signals) override {}
  void OnCancelLocked(Signals) override {
    for (const HandleValue value : told_) {
      seen += value == kUntouched ? "untold " : user_.Has(value) ? "there " : "told ";
    }
  }

  User& user_;
  const std::array<HandleValue, 2>& told_;
};

// all values are told before the first handle is there; the handles then come one
// by one, each after the waits through it have ended.
TEST(ChannelRead, TellsTheValuesBeforeTheHandlesAreThere) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue one = user.CreateEvent();
    const HandleValue two = user.CreateEvent();
    std::array<HandleValue, 2> told = {kUntouched, kUntouched};
    Onlooker first(user, one, told);
    Onlooker second(user, two, told);
    EXPECT_EQ(user.Write(ends.a, "", {one, two}), Status::kOk);
    EXPECT_EQ(ChannelRead(user.thread(), ends.b, 0, nullptr, UserPtr(told.data()), 0, 2, nullptr,
                          nullptr),
              Status::kOk);
    EXPECT_EQ(first.seen, "told told ");
    EXPECT_EQ(second.seen, "there told ");
  });
}

TEST(ChannelRead, RoomOfJustTheSizeIsEnoughAndNothingBehindItIsTouched) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    std::array<char, 8> bytes;
    std::array<HandleValue, 3> handles;
    for (uint32_t more : {0u, 1u}) {
      EXPECT_EQ(user.Write(ends.a, "1234567", {user.CreateEvent()}), Status::kOk);
      bytes.fill('x');
      handles.fill(kUntouched);
      EXPECT_EQ(
          ChannelRead(user.thread(), ends.b, 0, UserPtr(reinterpret_cast<std::byte*>(bytes.data())),
                      UserPtr(handles.data()), 7 + more, 1 + more, nullptr, nullptr),
          Status::kOk);
      EXPECT_EQ(std::string(bytes.data(), 8), "1234567x");
      EXPECT_TRUE(user.Has(handles[0]));
      EXPECT_EQ(handles[1], kUntouched);
    }
  });
}

//
TEST(ChannelRead, InOverlappingBuffersTheHandlesEndOnTop) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "12345678", {user.CreateEvent()}), Status::kOk);
    std::array<HandleValue, 2> both = {};
    EXPECT_EQ(
        ChannelRead(user.thread(), ends.b, 0, UserPtr(reinterpret_cast<std::byte*>(both.data())),
                    UserPtr(both.data()), 8, 1, nullptr, nullptr),
        Status::kOk);
    EXPECT_TRUE(user.Has(both[0]));
    EXPECT_EQ(std::memcmp(&both[1], "5678", 4), 0);
  });
}

// --- What stays and what is dropped ---

// H5, R-4
TEST(ChannelRead, AMessageThatDoesNotFitStays) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "1234", {user.CreateEvent(), user.CreateEvent()}), Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "next"), Status::kOk);
    const size_t handles = user.CountHandles();
    for (const auto& [num_bytes, num_handles] :
         std::vector<std::pair<uint32_t, uint32_t>>{{0, 0}, {3, 64}, {65536, 1}, {4, 0}}) {
      const ReadResult read =
          user.Read(ends.b, {.num_bytes = num_bytes, .num_handles = num_handles});
      EXPECT_EQ(read.status, Status::kBufferTooSmall);
      EXPECT_EQ(read.actual_bytes, 4u);
      EXPECT_EQ(read.actual_handles, 2u);
      EXPECT_EQ(user.SignalsOf(ends.b), kSignalReadable | kSignalWritable);
    }
    EXPECT_EQ(user.CountHandles(), handles);
    const ReadResult read = user.Read(ends.b, {.num_bytes = 4, .num_handles = 2});
    EXPECT_EQ(read.status, Status::kOk);
    EXPECT_EQ(read.bytes, "1234");
    EXPECT_EQ(read.actual_handles, 2u);
    EXPECT_EQ(user.Read(ends.b).bytes, "next");
  });
}

// H6, R-5: gone when the call returns.
TEST(ChannelRead, AMessageThatDoesNotFitIsDroppedIfItMayBe) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    for (const auto& [num_bytes, num_handles] :
         std::vector<std::pair<uint32_t, uint32_t>>{{0, 0}, {3, 64}, {65536, 0}}) {
      const Ends cargo = user.CreateChannel();
      EXPECT_EQ(user.Write(ends.a, "1234", {cargo.a}), Status::kOk);
      const ReadResult read = user.Read(
          ends.b, {.options = kReadMayDiscard, .num_bytes = num_bytes, .num_handles = num_handles});
      EXPECT_EQ(read.status, Status::kBufferTooSmall);
      EXPECT_EQ(read.actual_bytes, 4u);
      EXPECT_EQ(read.actual_handles, 1u);
      EXPECT_EQ(user.SignalsOf(cargo.b), kSignalPeerClosed);
      EXPECT_EQ(user.SignalsOf(ends.b), kSignalWritable);
      EXPECT_EQ(user.Read(ends.b).status, Status::kShouldWait);
    }
  });
}

// H6
TEST(ChannelRead, OnlyTheFirstMessageIsDropped) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "long"), Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "longer"), Status::kOk);
    const ReadArguments discard = {.options = kReadMayDiscard, .num_bytes = 3};
    EXPECT_EQ(user.Read(ends.b, discard).actual_bytes, 4u);
    EXPECT_EQ(user.Read(ends.b).bytes, "longer");
  });
}

TEST(ChannelRead, WhatMayBeDroppedButFitsIsRead) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const ReadArguments discard = {.options = kReadMayDiscard};
    EXPECT_EQ(user.Read(ends.b, discard).status, Status::kShouldWait);
    EXPECT_EQ(user.Write(ends.a, "fits", {user.CreateEvent()}), Status::kOk);
    const ReadResult read = user.Read(ends.b, discard);
    EXPECT_EQ(read.bytes, "fits");
    EXPECT_TRUE(user.Has(read.handles[0]));
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    EXPECT_EQ(user.Read(ends.b, discard).status, Status::kPeerClosed);
  });
}

// D-7, B-13, the smallest case: channels (a, b) and (c, d); c travels over b and queues at a; b
// travels over d and queues at c. Dropping the message at a closes c, hence b, hence takes the
// locks of a.
TEST(ChannelRead, ADroppedMessageMayHoldTheOtherEndOfItsOwnChannel) {
  RunAlone([](User& user) {
    const Ends ab = user.CreateChannel();
    const Ends cd = user.CreateChannel();
    EXPECT_EQ(user.Write(ab.b, "", {cd.a}), Status::kOk);
    EXPECT_EQ(user.Write(cd.b, "", {ab.b}), Status::kOk);
    EXPECT_EQ(user.Read(ab.a, {.options = kReadMayDiscard, .num_handles = 0}).status,
              Status::kBufferTooSmall);
    EXPECT_EQ(user.Read(ab.a).status, Status::kPeerClosed);
    EXPECT_EQ(user.SignalsOf(ab.a), kSignalPeerClosed);
    EXPECT_EQ(user.SignalsOf(cd.b), kSignalPeerClosed);
  });
}

// what was taken out and can't be delivered is lost, with its handles.
TEST(ChannelRead, AFaultAfterTheRemovalLosesTheMessageAndClosesItsHandles) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    std::array<std::byte, 4> bytes;
    std::array<HandleValue, 1> handles;
    uint32_t actual = 0;
    for (int fault = 0; fault < 4; ++fault) {
      const Ends cargo = user.CreateChannel();
      EXPECT_EQ(user.Write(ends.a, "1234", {cargo.a}), Status::kOk);
      const size_t before = user.CountHandles();
      EXPECT_EQ(ChannelRead(user.thread(), ends.b, 0,
                            fault == 0 ? BadPointer<std::byte>(16) : UserPtr(bytes.data()),
                            fault == 1 ? BadPointer<HandleValue>(16) : UserPtr(handles.data()), 4,
                            1, fault == 2 ? BadPointer<uint32_t>(16) : UserPtr(&actual),
                            fault == 3 ? BadPointer<uint32_t>(16) : UserPtr(&actual)),
                Status::kInvalidArgs);
      EXPECT_EQ(user.CountHandles(), before);
      EXPECT_EQ(user.SignalsOf(cargo.b), kSignalPeerClosed);
      EXPECT_EQ(user.SignalsOf(ends.b), kSignalWritable);  // S-3, whatever faults follow.
    }
  });
}

//
TEST(ChannelRead, AFaultWhileTellingTheSizeOfWhatDoesNotFitLeavesTheMessage) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "1234"), Status::kOk);
    const auto read = [&](uint32_t options) {
      return ChannelRead(user.thread(), ends.b, options, nullptr, nullptr, 0, 0,
                         BadPointer<uint32_t>(16), nullptr);
    };
    EXPECT_EQ(read(0), Status::kInvalidArgs);
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalReadable | kSignalWritable);
    EXPECT_EQ(read(kReadMayDiscard), Status::kInvalidArgs);
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalWritable);
  });
}

//
TEST(ChannelRead, ANullBufferIsAFaultOnlyIfThereIsSomethingToCopy) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const auto read = [&] {
      return ChannelRead(user.thread(), ends.b, 0, nullptr, nullptr, kMaxMessageBytes,
                         kMaxMessageHandles, nullptr, nullptr);
    };
    EXPECT_EQ(user.Write(ends.a, ""), Status::kOk);
    EXPECT_EQ(read(), Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "1"), Status::kOk);
    EXPECT_EQ(read(), Status::kInvalidArgs);
    EXPECT_EQ(user.Write(ends.a, "", {user.CreateEvent()}), Status::kOk);
    EXPECT_EQ(read(), Status::kInvalidArgs);
    EXPECT_EQ(read(), Status::kShouldWait);
  });
}

// R-6, L-3, HO-6: what a thread has no names for any more is lost to it; the rest is not.
TEST(ChannelRead, AThreadWithoutHandleValuesReceivesNoHandles) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "1", {cargo.a}), Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "2"), Status::kOk);
    UseUpValues(user);
    EXPECT_EQ(user.Read(ends.b).status, Status::kNoMemory);
    EXPECT_EQ(user.SignalsOf(cargo.b), kSignalPeerClosed);
    EXPECT_EQ(user.Read(ends.b).bytes, "2");
  });
}

// --- Out-parameters ---

// on kOk and kBufferTooSmall, which the tests above show, and on no other status.
TEST(ChannelRead, SizesAreToldOnlyIfThereWasAMessage) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    const auto expect_untold = [&](HandleValue channel, uint32_t options, Status expected) {
      const ReadResult read = user.Read(channel, {.options = options});
      EXPECT_EQ(read.status, expected);
      EXPECT_EQ(read.actual_bytes, kUntouched);
      EXPECT_EQ(read.actual_handles, kUntouched);
    };
    expect_untold(ends.b, 0, Status::kShouldWait);
    expect_untold(kInvalidHandle, 0, Status::kBadHandle);
    expect_untold(user.MakeAnother(user.CreateEvent(), kRightRead), 0, Status::kWrongType);
    expect_untold(user.MakeAnother(ends.b, kRightWrite), 0, Status::kAccessDenied);
    expect_untold(ends.b, 2, Status::kNotSupported);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    expect_untold(ends.b, 0, Status::kPeerClosed);
  });
}

TEST(ChannelRead, SizesNeedNotBeAskedFor) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "1"), Status::kOk);
    uint32_t actual = kUntouched;
    const auto read = [&](UserPtr<uint32_t> actual_bytes, UserPtr<uint32_t> actual_handles) {
      return ChannelRead(user.thread(), ends.b, 0, nullptr, nullptr, 0, 0, actual_bytes,
                         actual_handles);
    };
    EXPECT_EQ(read(nullptr, nullptr), Status::kBufferTooSmall);
    EXPECT_EQ(read(UserPtr(&actual), nullptr), Status::kBufferTooSmall);
    EXPECT_EQ(actual, 1u);
    EXPECT_EQ(read(nullptr, UserPtr(&actual)), Status::kBufferTooSmall);
    EXPECT_EQ(actual, 0u);
  });
}

// --- Refusals and their order ---

TEST(ChannelRead, WhatIsNoHandleIsABadHandle) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    User other(user.kernel());
    EXPECT_EQ(user.Read(kInvalidHandle).status, Status::kBadHandle);
    EXPECT_EQ(user.Read(0x3).status, Status::kBadHandle);
    EXPECT_EQ(other.Read(ends.b).status, Status::kBadHandle);
    EXPECT_EQ(user.Close(ends.b), Status::kOk);
    EXPECT_EQ(user.Read(ends.b).status, Status::kBadHandle);
  });
}

TEST(ChannelRead, NeedsTheRightToReadAndNoOther) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "1"), Status::kOk);
    const HandleValue deaf = user.Restrict(ends.b, kRightsChannelDefault & ~kRightRead);
    EXPECT_EQ(user.Read(deaf).status, Status::kAccessDenied);
    EXPECT_EQ(user.Read(user.Restrict(deaf, kRightRead)).bytes, "1");
  });
}

// Unlike other calls, which say INVALID_ARGS, and after the handle.
TEST(ChannelRead, UnknownOptionsAreNotSupported) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "1"), Status::kOk);
    for (uint32_t options : {2u, 3u, 0x80000000u}) {
      EXPECT_EQ(user.Read(ends.b, {.options = options}).status, Status::kNotSupported);
    }
    EXPECT_EQ(user.Read(ends.b).bytes, "1");
  });
}

// O10, T-4: the owner is checked before the queue is looked at.
TEST(ChannelRead, IsForTheOwnerAlone) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    User other(user.kernel());
    const RefPtr<Dispatcher> b = user.Reference(ends.b);
    const auto read = [&](User& caller) {
      MessageSize size;
      MessagePacketPtr packet;
      return static_cast<ChannelDispatcher&>(*b).Read(caller.process(), {1, 0}, true, &size,
                                                      &packet);
    };
    EXPECT_EQ(read(other), Status::kBadHandle);
    EXPECT_EQ(user.Write(ends.a, "1"), Status::kOk);
    EXPECT_EQ(read(other), Status::kBadHandle);
    EXPECT_EQ(read(user), Status::kOk);
  });
}

// What can be wrong with a read, in the order of today's checks.
enum ReadDefect : uint32_t {
  kNoChannel,
  kNotAChannel,
  kNoRightToRead,
  kOptions,
  kEmptyAndPeerClosed,
  kEmpty,
  kUntellable,  // Before kTooSmall: a fault while telling the size hides what it was told for.
  kTooSmall,
  kUnwritable,
  kReadDefects,
};
constexpr std::array<Status, kReadDefects> kStatusOfReadDefect = {
    Status::kBadHandle,    Status::kWrongType,      Status::kAccessDenied,
    Status::kNotSupported, Status::kPeerClosed,     Status::kShouldWait,
    Status::kInvalidArgs,  Status::kBufferTooSmall, Status::kInvalidArgs,
};

Status ReadWith(User& user, uint32_t defects) {
  const auto has = [&](ReadDefect defect) { return ((defects >> defect) & 1) != 0; };
  const Ends ends = user.CreateChannel();
  if (!has(kEmpty) && !has(kEmptyAndPeerClosed)) {
    EXPECT_EQ(user.Write(ends.a, "1"), Status::kOk);
  }
  if (has(kEmptyAndPeerClosed)) {
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
  }
  HandleValue channel = ends.b;
  if (has(kNoRightToRead)) channel = user.MakeAnother(channel, kRightWrite);
  if (has(kNotAChannel)) {
    channel = user.Restrict(user.CreateEvent(), has(kNoRightToRead) ? kRightWrite : kRightRead);
  }
  if (has(kNoChannel)) channel = kInvalidHandle;
  std::byte byte;
  uint32_t actual = 0;
  return ChannelRead(user.thread(), channel, has(kOptions) ? 2 : 0,
                     has(kUnwritable) ? BadPointer<std::byte>(16) : UserPtr(&byte), nullptr,
                     has(kTooSmall) ? 0 : 1, 0,
                     has(kUntellable) ? BadPointer<uint32_t>(16) : UserPtr(&actual), nullptr);
}

// H-7, X-9, 7.1: every set of defects.
TEST(ChannelRead, TheFirstCheckThatFailsDecides) {
  ForEachGeneration([](User& user, const AbiProfile& profile) {
    for (uint32_t defects = 0; defects < 1u << kReadDefects; ++defects) {
      constexpr uint32_t kBoth = 1u << kNotAChannel | 1u << kNoRightToRead;
      const bool denied = profile.rights_before_type && (defects & kBoth) == kBoth;
      const uint32_t checked = denied ? defects & ~(1u << kNotAChannel) : defects;
      Status expected = Status::kOk;
      for (uint32_t i = kReadDefects; i-- > 0;) {
        if (((checked >> i) & 1) != 0) expected = kStatusOfReadDefect[i];
      }
      EXPECT_EQ(ReadWith(user, defects), expected) << "defects " << defects;
    }
  });
}

}  // namespace
}  // namespace core
