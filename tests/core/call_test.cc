// channel_call up to the moment at which the request is sent: what it refuses, in which order, what
// becomes of the handles, and which transaction id it takes.
//
// Map: refusals; their order; short requests; ids; requests that are sent. How calls end stands in
// call_endings_test.cc.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/core/call_ops.h"
#include "tests/core/handle_ops.h"

namespace core {
namespace {

bool KeepsHandles(const AbiProfile& profile) {
  return profile.failed_write == OnFailure::kKeep;
}

// --- Refusals ---

struct Refusal {
  const char* what;
  Status expected;
  /// Spoils a call over `ends.a`; returns the handle to call over.
  std::function<HandleValue(User&, const Ends&, CallMemory&)> spoil;
};

// Each with one defect alone.
std::vector<Refusal> Refusals() {
  const auto without = [](User& user, const Ends& ends, Rights missing) {
    return user.MakeAnother(ends.a, user.RightsOf(ends.a) & ~missing);
  };
  const auto second = [](CallMemory& call, HandleValue handle) {
    call.sent[1] = handle;
    call.args.wr_num_handles = 2;
  };
  return {
      {"no such handle", Status::kBadHandle, [](auto&, auto&, auto&) { return 0x3u; }},
      {"wrong type", Status::kWrongType,
       [](User& user, auto&, auto&) {
         return user.MakeAnother(user.CreateEvent(), kRightsIo | kRightTransfer);
       }},
      {"no right to write", Status::kAccessDenied,
       [=](User& user, auto& ends, auto&) { return without(user, ends, kRightWrite); }},
      {"no right to read", Status::kAccessDenied,
       [=](User& user, auto& ends, auto&) { return without(user, ends, kRightRead); }},
      {"too many bytes", Status::kOutOfRange,
       [](auto&, auto& ends, CallMemory& call) {
         call.args.wr_num_bytes = kMaxMessageBytes + 1;
         return ends.a;
       }},
      {"bad bytes", Status::kInvalidArgs,
       [](auto&, auto& ends, CallMemory& call) {
         call.args.wr_bytes = nullptr;
         return ends.a;
       }},
      {"missing handle", Status::kBadHandle,
       [=](auto&, auto& ends, CallMemory& call) {
         second(call, 0x3);
         return ends.a;
       }},
      {"a handle that may not go", Status::kAccessDenied,
       [=](User& user, auto& ends, CallMemory& call) {
         second(call, user.MakeAnother(user.CreateEvent(), kRightWait));
         return ends.a;
       }},
      {"itself", Status::kNotSupported,
       [=](User& user, auto& ends, CallMemory& call) {
         second(call, user.MakeAnother(ends.a, kRightTransfer));
         return ends.a;
       }},
      {"closed peer", Status::kPeerClosed,
       [](User& user, auto& ends, auto&) {
         EXPECT_EQ(user.Close(ends.b), Status::kOk);
         return ends.a;
       }},
  };
}

// C16, C17, H8, H9, X-4, X-8, CC-2, CC-3, CC-19, W-10: what fails before the request is sent sends
// nothing, tells nothing, and keeps the handles in the oldest two generations alone, the bad ones
// included.
TEST(Call, ARefusalSendsNothingAndTreatsTheHandlesAsAWriteDoes) {
  for (const Refusal& refusal : Refusals()) {
    SCOPED_TRACE(refusal.what);
    ForEachGeneration([&](User& user, const AbiProfile& profile) {
      const Ends ends = user.CreateChannel();
      const Ends cargo = user.CreateChannel();
      CallMemory call("1234", {cargo.a});
      const HandleValue channel = refusal.spoil(user, ends, call);
      EXPECT_EQ(call.Run(user, channel), refusal.expected);
      EXPECT_EQ(user.Has(cargo.a), KeepsHandles(profile));
      EXPECT_EQ(IsOrphan(user, cargo.b), !KeepsHandles(profile));
      if (call.sent[1] != kInvalidHandle && call.sent[1] != 0x3) {  // Another that was there.
        EXPECT_EQ(user.Has(call.sent[1]), KeepsHandles(profile));
      }
      EXPECT_TRUE(call.nothing_was_told());
      EXPECT_EQ(call.read_status, kNoReadStatus);
      if (!user.Has(ends.b)) return;
      EXPECT_EQ(user.Read(ends.b).status, Status::kShouldWait);
    });
  }
}

// C16, X-6: in one array, twice the same.
TEST(Call, ARepeatedHandleIsInvalidOrBadByGeneration) {
  ForEachGeneration([](User& user, const AbiProfile& profile) {
    const Ends ends = user.CreateChannel();
    const HandleValue event = user.CreateEvent();
    CallMemory call("1234", {event, event});
    const bool old = KeepsHandles(profile);
    EXPECT_EQ(call.Run(user, ends.a), old ? Status::kInvalidArgs : Status::kBadHandle);
    EXPECT_EQ(user.Has(event), old);
  });
}

// C16, C17
TEST(Call, UnknownOptionsAndTooManyHandlesAreRefused) {
  ForEachGeneration([](User& user, const AbiProfile& profile) {
    const Ends ends = user.CreateChannel();
    for (const uint32_t options : {1u, 4u, 0x80000000u, kWriteUseIovec}) {
      if (profile.calls.write_etc && options == kWriteUseIovec) continue;
      CallMemory call("1234", {user.CreateEvent()});
      EXPECT_EQ(call.Run(user, ends.a, kLongAgo, options), Status::kInvalidArgs);
      EXPECT_EQ(user.Has(call.sent[0]), KeepsHandles(profile));
    }
    const std::vector<HandleValue> handles(kMaxMessageHandles + 1, kInvalidHandle);
    CallMemory call("1234");
    call.args.wr_handles = handles.data();
    call.args.wr_num_handles = kMaxMessageHandles + 1;
    EXPECT_EQ(call.Run(user, ends.a), Status::kOutOfRange);
  });
}

// C16, W-4
TEST(Call, AHandleArrayThatCannotBeReadIsInvalidAndConsumesNothing) {
  ForEachGeneration([](User& user, const AbiProfile&) {
    const Ends ends = user.CreateChannel();
    CallMemory call("1234", {user.CreateEvent()});
    call.args.wr_handles = nullptr;
    EXPECT_EQ(call.Run(user, ends.a), Status::kInvalidArgs);
    EXPECT_TRUE(user.Has(call.sent[0]));
  });
}

// C16, CC-3: the kernel does not know the handles.
TEST(Call, ArgumentsThatCannotBeReadAreInvalidAndConsumeNothing) {
  ForEachGeneration([](User& user, const AbiProfile&) {
    const auto call = [&](HandleValue channel, uint32_t options) {
      return ChannelCall(user.thread(), channel, options, kLongAgo,
                         BadPointer<const ChannelCallArgs>(), nullptr, nullptr);
    };
    EXPECT_EQ(call(0x3, 0), Status::kInvalidArgs);
    EXPECT_EQ(call(user.CreateChannel().a, 1), Status::kInvalidArgs);
  });
}

// --- The order of the refusals ---

// C16, C17, 8.2: each line has one defect less than the one before.
TEST(Call, ChecksInOneOrder) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue mute = user.MakeAnother(ends.a, kRightRead);
    EXPECT_EQ(user.Close(ends.b), Status::kOk);
    const auto call = [&](HandleValue channel, uint32_t options, auto&& change) {
      CallMemory memory("123", {0x3});
      memory.args.wr_bytes = nullptr;
      memory.args.wr_num_bytes = kMaxMessageBytes + 1;
      change(memory);
      return memory.Run(user, channel, kLongAgo, options);
    };
    const auto as_is = [](CallMemory&) {};
    EXPECT_EQ(call(0x3, 1, as_is), Status::kInvalidArgs);
    EXPECT_EQ(call(0x3, 0, as_is), Status::kBadHandle);
    EXPECT_EQ(call(user.MakeAnother(user.CreateEvent(), kRightsIo), 0, as_is), Status::kWrongType);
    EXPECT_EQ(call(mute, 0, as_is), Status::kAccessDenied);
    EXPECT_EQ(call(ends.a, 0, as_is), Status::kOutOfRange);
    const auto short_request = [](CallMemory& memory) {
      memory.args.wr_bytes = reinterpret_cast<const std::byte*>(memory.request.data());
      memory.args.wr_num_bytes = 3;
      memory.args.wr_handles = nullptr;
    };
    EXPECT_EQ(call(ends.a, 0, short_request), Status::kInvalidArgs);
    const auto bad_array = [](CallMemory& memory) {
      memory.args.wr_bytes = memory.received.data();
      memory.args.wr_num_bytes = 4;
      memory.args.wr_handles = nullptr;
    };
    EXPECT_EQ(call(ends.a, 0, bad_array), Status::kInvalidArgs);
    const auto bad_handle = [](CallMemory& memory) {
      memory.args.wr_bytes = memory.received.data();
      memory.args.wr_num_bytes = 4;
    };
    EXPECT_EQ(call(ends.a, 0, bad_handle), Status::kBadHandle);
    EXPECT_EQ(CallMemory("1234").Run(user, ends.a), Status::kPeerClosed);
  });
}

// C17, X-9
TEST(Call, AMissingRightAndTheWrongTypeTogether) {
  ForEachGeneration([](User& user, const AbiProfile& profile) {
    const Status expected = &profile == &kCurrent ? Status::kWrongType : Status::kAccessDenied;
    EXPECT_EQ(CallMemory("1234").Run(user, user.MakeAnother(user.CreateEvent(), kRightNone)),
              expected);
  });
}

// --- Short requests ---

// C4, C5, X-2: allowed where the caller picks the id; told first in zircon-2018-10, and after the
// handle and the bytes today.
TEST(Call, ARequestShorterThanAnId) {
  struct Case {
    const AbiProfile& profile;
    Status alone;
    Status with_a_bad_handle;
  };
  for (const Case& each : {Case{kMagenta2017, Status::kTimedOut, Status::kBadHandle},
                           Case{kZircon2018_04, Status::kTimedOut, Status::kBadHandle},
                           Case{kZircon2018_10, Status::kInvalidArgs, Status::kInvalidArgs},
                           Case{kCurrent, Status::kInvalidArgs, Status::kBadHandle}}) {
    SCOPED_TRACE(each.profile.name);
    RunAlone(each.profile, [&each](User& user) {
      const Ends ends = user.CreateChannel();
      for (const std::string_view request : {"", "1", "123"}) {
        EXPECT_EQ(CallMemory(request).Run(user, 0x3), each.with_a_bad_handle);
        EXPECT_EQ(CallMemory(request).Run(user, ends.a), each.alone);
        const ReadResult read = user.Read(ends.b);
        EXPECT_EQ(read.status, each.alone == Status::kTimedOut ? Status::kOk : Status::kShouldWait);
        EXPECT_EQ(read.bytes, each.alone == Status::kTimedOut ? request : "");
      }
      EXPECT_NE(CallMemory("1234").Run(user, ends.a), Status::kInvalidArgs);
    });
  }
}

// C4, CC-4: so a reply without an id, or with id 0, answers it.
TEST(Call, ARequestShorterThanAnIdHasTheIdZero) {
  for (const AbiProfile* profile : {&kMagenta2017, &kZircon2018_04}) {
    for (const std::string& reply : {std::string(), std::string("ab"), WithTxid(0, "!")}) {
      RunAlone(*profile, [&](User& user) {
        const Ends ends = user.CreateChannel();
        CallMemory call("123");
        EXPECT_EQ(call.Begin(user, ends.a), Status::kInternalIntrRetry);
        EXPECT_EQ(user.Write(ends.b, reply), Status::kOk);
        EXPECT_EQ(call.Finish(user), Status::kOk);
        EXPECT_EQ(call.reply(), reply);
      });
    }
  }
}

// --- Transaction ids ---

// C3, X-1, CC-4
TEST(Call, TheCallerPicksTheIdInTheOlderGenerations) {
  for (const AbiProfile* profile : {&kMagenta2017, &kZircon2018_04}) {
    RunAlone(*profile, [](User& user) {
      const Ends ends = user.CreateChannel();
      for (const uint32_t txid : {0u, 7u, 0x80000000u, UINT32_MAX}) {
        EXPECT_EQ(CallMemory(WithTxid(txid, "?")).Run(user, ends.a), Status::kTimedOut);
        EXPECT_EQ(TxidOf(user.Read(ends.b).bytes), txid);
      }
    });
  }
}

// C5, X-1, CC-5: in the copy of the message, not in the caller's memory.
TEST(Call, TheKernelPicksTheIdInTheNewerGenerations) {
  for (const AbiProfile* profile : {&kZircon2018_10, &kCurrent}) {
    RunAlone(*profile, [](User& user) {
      const Ends ends = user.CreateChannel();
      for (const uint32_t expected : {kFirstTxid, kSecondTxid}) {
        CallMemory call(WithTxid(7, "?"));
        EXPECT_EQ(call.Run(user, ends.a), Status::kTimedOut);
        EXPECT_EQ(call.request, WithTxid(7, "?"));
        EXPECT_EQ(user.Read(ends.b).bytes, WithTxid(expected, "?"));
      }
    });
  }
}

// CC-6: each end counts its own calls.
TEST(Call, TheTwoEndsPickTheSameIds) {
  for (const AbiProfile* profile : {&kZircon2018_10, &kCurrent}) {
    RunAlone(*profile, [](User& user) {
      const Ends ends = user.CreateChannel();
      EXPECT_EQ(CallMemory("1234").Run(user, ends.a), Status::kTimedOut);
      EXPECT_EQ(CallMemory("1234").Run(user, ends.b), Status::kTimedOut);
      EXPECT_EQ(TxidOf(user.Read(ends.b).bytes), kFirstTxid);
      EXPECT_EQ(TxidOf(user.Read(ends.a).bytes), kFirstTxid);
    });
  }
}

// C5, CC-5, C-8: after 2^31 calls ids come again, but none that is in use, and always with the high
// bit.
TEST(Call, IdsThatAreInUseAreSkippedWhenTheyComeAgain) {
  for (const AbiProfile* profile : {&kZircon2018_10, &kCurrent}) {
    RunAlone(*profile, [](User& user) {
      User colleague(user.process());
      User third(user.process());
      const Ends ends = user.CreateChannel();
      CallMemory one("1234");
      CallMemory two("1234");
      EXPECT_EQ(one.Begin(colleague, ends.a), Status::kInternalIntrRetry);
      EXPECT_EQ(two.Begin(third, ends.a), Status::kInternalIntrRetry);
      for (int i = 0; i < 2; ++i) EXPECT_EQ(user.Read(ends.b).status, Status::kOk);
      for (const uint32_t made : {0x7FFFFFFEu, 0xFFFFFFFEu}) {
        user.Channel(ends.a).PokeCallCount(made);
        for (const uint32_t expected : {UINT32_MAX, kKernelTxidBit, kKernelTxidBit | 3}) {
          EXPECT_EQ(CallMemory("1234").Run(user, ends.a), Status::kTimedOut);
          EXPECT_EQ(TxidOf(user.Read(ends.b).bytes), expected);
        }
      }
      EXPECT_EQ(one.Finish(colleague), Status::kTimedOut);
      EXPECT_EQ(two.Finish(third), Status::kTimedOut);
    });
  }
}

// --- Requests that are sent ---

// C1, C15, CC-18, H9
TEST(Call, APastDeadlineStillSendsTheRequestWithItsHandles) {
  ForEachGeneration([](User& user, const AbiProfile&) {
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    CallMemory call("1234+", {cargo.a});
    EXPECT_EQ(call.Run(user, ends.a), Status::kTimedOut);
    EXPECT_TRUE(call.nothing_was_told());
    EXPECT_EQ(call.read_status, kNoReadStatus);
    EXPECT_FALSE(user.Has(cargo.a));
    const ReadResult request = user.Read(ends.b);
    EXPECT_EQ(TextOf(request.bytes), "+");
    ASSERT_EQ(request.actual_handles, 1u);
    EXPECT_FALSE(IsOrphan(user, cargo.b));
  });
}

// C15
TEST(Call, EndsAtItsDeadlineAndNotBefore) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const Time deadline = platform::Now() + 2'000'000;
    EXPECT_EQ(CallMemory("1234").Run(user, ends.a, deadline), Status::kTimedOut);
    EXPECT_GE(platform::Now(), deadline);
    EXPECT_EQ(user.Read(ends.b).status, Status::kOk);
  });
}

// C1, W2, W3: the largest message, too.
TEST(Call, SendsAndReceivesTheLargestMessage) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const std::string bytes(kMaxMessageBytes, 'x');
    std::vector<HandleValue> handles(kMaxMessageHandles);
    for (HandleValue& handle : handles) handle = user.CreateEvent();
    std::vector<std::byte> room(kMaxMessageBytes);
    CallMemory call(bytes);
    call.args.wr_handles = handles.data();
    call.args.wr_num_handles = kMaxMessageHandles;
    call.args.rd_bytes = room.data();
    call.args.rd_num_bytes = kMaxMessageBytes;
    std::vector<HandleValue> back(kMaxMessageHandles);
    call.args.rd_handles = back.data();
    call.args.rd_num_handles = kMaxMessageHandles;
    EXPECT_EQ(call.Begin(user, ends.a), Status::kInternalIntrRetry);
    const ReadResult request = user.Read(ends.b);
    EXPECT_EQ(request.actual_bytes, kMaxMessageBytes);
    EXPECT_EQ(user.Write(ends.b, request.bytes, std::span(request.handles)), Status::kOk);
    EXPECT_EQ(call.Finish(user), Status::kOk);
    EXPECT_EQ(call.actual_bytes, kMaxMessageBytes);
    EXPECT_EQ(call.actual_handles, kMaxMessageHandles);
    EXPECT_TRUE(user.Has(back.back()));
  });
}

}  // namespace
}  // namespace core
