// channel_call once the request was sent: what ends it, and what the caller is told.
//
// Map: matching; replies that can't be received; closes and journeys; deadlines; finish; breach of
// the contract; call_etc. One thread plays all parts, see call_ops.h; threads that race stand in
// call_races_test.cc.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <string>

#include "tests/core/call_ops.h"
#include "tests/core/handle_ops.h"
#include "tests/core/message_ops.h"

namespace core {
namespace {

// A call that ended with `cause` after its request was sent: told directly, or by way of
// read_status.
void ExpectFailed(const AbiProfile& profile, Status answer, const CallMemory& call, Status cause) {
  const bool plain = profile.call_failure == CallFailure::kPlain;
  EXPECT_EQ(answer, plain ? cause : Status::kCallFailed);
  EXPECT_EQ(call.read_status, plain ? kNoReadStatus : cause);
}

// --- Matching ---

// C1, C2, C7, C11, CC-9, S-2: past everything that is queued, and without READABLE.
TEST(CallEnds, AReplyGoesStraightToTheCaller) {
  ForEachGeneration([](User& user, const AbiProfile&) {
    const Ends ends = user.CreateChannel();
    const HandleValue event = user.CreateEvent();
    CallMemory call("1234?");
    EXPECT_EQ(call.Begin(user, ends.a), kPending);
    EXPECT_EQ(Answer(user, ends.b, "yes", {event}), Status::kOk);
    EXPECT_EQ(user.Channel(ends.a).PeekSignals(), kSignalWritable);
    EXPECT_EQ(user.Read(ends.a).status, Status::kShouldWait);  // CC-13
    EXPECT_EQ(call.Finish(user), Status::kOk);
    EXPECT_EQ(TextOf(call.reply()), "yes");
    EXPECT_EQ(call.actual_bytes, 7u);
    EXPECT_EQ(call.actual_handles, 1u);
    EXPECT_TRUE(user.Has(call.received_handles[0]));
    EXPECT_EQ(call.read_status, kNoReadStatus);
  });
}

// C2, C7, CC-9, CC-11, W-11, W-12: what does not match is queued, as ever.
TEST(CallEnds, OnlyTheReplyMatches) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    CallMemory call(WithTxid(kFirstTxid, ""));
    EXPECT_EQ(call.Begin(user, ends.a), kPending);
    for (const uint32_t txid : {0u, 1u, kKernelTxidBit, kSecondTxid}) {
      EXPECT_EQ(user.Write(ends.b, WithTxid(txid, "")), Status::kOk);
    }
    EXPECT_EQ(user.Write(ends.b, WithTxid(kFirstTxid, "").substr(0, 3)), Status::kOk);
    EXPECT_EQ(user.Write(ends.b, WithTxid(kFirstTxid, "reply")), Status::kOk);
    EXPECT_EQ(user.Write(ends.b, WithTxid(kFirstTxid, "again")), Status::kOk);
    EXPECT_EQ(call.Finish(user), Status::kOk);
    EXPECT_EQ(TextOf(call.reply()), "reply");
    for (const uint32_t txid : {0u, 1u, kKernelTxidBit, kSecondTxid}) {
      EXPECT_EQ(user.Read(ends.a).bytes, WithTxid(txid, ""));
    }
    EXPECT_EQ(user.Read(ends.a).actual_bytes, 3u);
    EXPECT_EQ(user.Read(ends.a).bytes, WithTxid(kFirstTxid, "again"));
  });
}

// CC-7: the id of the reply is the one that it was written with.
TEST(CallEnds, TheReplyIsNotChangedOnItsWay) {
  ForEachGeneration([](User& user, const AbiProfile& profile) {
    const Ends ends = user.CreateChannel();
    CallMemory call(WithTxid(7, "?"));
    EXPECT_EQ(call.Begin(user, ends.a), kPending);
    EXPECT_EQ(Answer(user, ends.b, "!"), Status::kOk);
    EXPECT_EQ(call.Finish(user), Status::kOk);
    const bool picked = profile.txid_choice == TxidChoice::kKernel;
    EXPECT_EQ(call.reply(), WithTxid(picked ? kFirstTxid : 7, "!"));
  });
}

// C9, CC-12: in whatever order the replies come.
TEST(CallEnds, SeveralThreadsCallOverOneEndAndEachGetsItsReply) {
  ForEachGeneration([](User& user) {
    std::array<User, 3> callers = {User(user.process()), User(user.process()),
                                   User(user.process())};
    const Ends ends = user.CreateChannel();
    CallMemory first("1...1");  // Where callers pick ids, distinctness is their duty.
    CallMemory second("2...2");
    CallMemory third("3...3");
    const std::array<CallMemory*, 3> calls = {&first, &second, &third};
    for (size_t i = 0; i < 3; ++i) EXPECT_EQ(calls[i]->Begin(callers[i], ends.a), kPending);
    std::array<std::string, 3> requests;
    for (std::string& request : requests) request = user.Read(ends.b).bytes;
    for (const size_t i : {1u, 2u, 0u}) {
      EXPECT_EQ(TextOf(requests[i]), calls[i]->request.substr(4));
      EXPECT_EQ(user.Write(ends.b, requests[i] + "!"), Status::kOk);
    }
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(calls[i]->Finish(callers[i]), Status::kOk);
      EXPECT_EQ(TextOf(calls[i]->reply()), calls[i]->request.substr(4) + "!");
    }
  });
}

// CC-4, X-30: where callers pick ids, distinctness is their duty.
TEST(CallEnds, OfTwoCallsWithOneIdTheFirstGetsTheReply) {
  for (const AbiProfile* profile : {&kMagenta2017, &kZircon2018_04}) {
    RunAlone(*profile, [](User& user) {
      User colleague(user.process());
      const Ends ends = user.CreateChannel();
      CallMemory one("same1");
      CallMemory two("same2");
      EXPECT_EQ(one.Begin(user, ends.a), kPending);
      EXPECT_EQ(two.Begin(colleague, ends.a), kPending);
      EXPECT_EQ(user.Write(ends.b, "same!"), Status::kOk);
      EXPECT_EQ(one.Finish(user), Status::kOk);
      EXPECT_EQ(two.Finish(colleague, kLongAgo), Status::kTimedOut);
    });
  }
}

// CC-10, X-16: a request can be taken for the reply to the other side's call, up to 2018; today it
// is always queued. C5: so a caller never gets anything but a reply.
TEST(CallEnds, CrossedCallsAnswerEachOtherInTheOlderGenerations) {
  ForEachGeneration([](User& user, const AbiProfile& profile) {
    User colleague(user.process());
    const Ends ends = user.CreateChannel();
    CallMemory call("same1");
    CallMemory crossing("same2");
    EXPECT_EQ(call.Begin(user, ends.a), kPending);
    EXPECT_EQ(crossing.Begin(colleague, ends.b), kPending);
    const bool taken = &profile != &kCurrent;
    EXPECT_EQ(call.Finish(user), taken ? Status::kOk : Status::kTimedOut);
    EXPECT_EQ(TextOf(call.reply()), taken ? "2" : "");
    EXPECT_EQ(user.Read(ends.a).status, taken ? Status::kShouldWait : Status::kOk);
    EXPECT_EQ(crossing.Finish(colleague), Status::kTimedOut);
  });
}

// --- Replies that can't be received ---

// C10, C12, CC-1, CC-15: it is destroyed, and its size is not told.
TEST(CallEnds, AReplyThatDoesNotFitIsDestroyed) {
  for (const bool short_of_bytes : {false, true}) {
    ForEachGeneration([short_of_bytes](User& user, const AbiProfile& profile) {
      const Ends ends = user.CreateChannel();
      const Ends cargo = user.CreateChannel();
      CallMemory call("1234");
      call.args.rd_num_bytes = short_of_bytes ? 7 : 8;
      call.args.rd_num_handles = short_of_bytes ? 1 : 0;
      EXPECT_EQ(call.Begin(user, ends.a), kPending);
      EXPECT_EQ(Answer(user, ends.b, "1234", {cargo.a}), Status::kOk);
      ExpectFailed(profile, call.Finish(user), call, Status::kBufferTooSmall);
      EXPECT_TRUE(call.nothing_was_told());
      EXPECT_TRUE(IsOrphan(user, cargo.b));
      EXPECT_EQ(user.Read(ends.a).status, Status::kShouldWait);
    });
  }
}

struct BadBuffer {
  const char* what;
  std::function<void(CallMemory&)> spoil;
};

// C12, C16, CC-16, R-6: unlike a read, a call needs the actual sizes.
TEST(CallEnds, AReplyThatCannotBeCopiedOutIsLostWithItsHandles) {
  const std::array<BadBuffer, 2> buffers = {
      {{"bytes", [](CallMemory& call) { call.args.rd_bytes = nullptr; }},
       {"handles", [](CallMemory& call) { call.args.rd_handles = nullptr; }}}};
  for (const BadBuffer& buffer : buffers) {
    SCOPED_TRACE(buffer.what);
    ForEachGeneration([&buffer](User& user, const AbiProfile& profile) {
      const Ends ends = user.CreateChannel();
      const Ends cargo = user.CreateChannel();
      CallMemory call("1234");
      buffer.spoil(call);
      EXPECT_EQ(call.Begin(user, ends.a), kPending);
      EXPECT_EQ(Answer(user, ends.b, "", {cargo.a}), Status::kOk);
      // earlier, handles whose values could not be told were installed all the same.
      if (call.args.rd_handles == nullptr && profile.copy_out_fault == CopyOutFault::kIgnored) {
        EXPECT_EQ(call.Finish(user), Status::kOk);
        EXPECT_FALSE(IsOrphan(user, cargo.b));
        EXPECT_EQ(user.CountHandles(), 4u);
        return;
      }
      ExpectFailed(profile, call.Finish(user), call, Status::kInvalidArgs);
      EXPECT_TRUE(IsOrphan(user, cargo.b));
      EXPECT_EQ(user.Read(ends.a).status, Status::kShouldWait);
    });
  }
}

// C16, CC-16
TEST(CallEnds, NullActualSizesAreAFault) {
  for (const bool bytes : {false, true}) {
    ForEachGeneration([bytes](User& user, const AbiProfile& profile) {
      const Ends ends = user.CreateChannel();
      const Ends cargo = user.CreateChannel();
      CallMemory call("1234");
      EXPECT_EQ(call.Begin(user, ends.a), kPending);
      EXPECT_EQ(Answer(user, ends.b, "", {cargo.a}), Status::kOk);
      const Status status = ChannelCallFinish(
          user.thread(), kLongAgo, UserPtr(&std::as_const(call.args)),
          bytes ? UserPtr<uint32_t>() : UserPtr(&call.actual_bytes),
          bytes ? UserPtr(&call.actual_handles) : UserPtr<uint32_t>(), UserPtr(&call.read_status));
      ExpectFailed(profile, status, call, Status::kInvalidArgs);
      EXPECT_TRUE(IsOrphan(user, cargo.b));
    });
  }
}

// CC-16: what has nothing to copy needs no buffer.
TEST(CallEnds, BuffersThatAreNotNeededMayBeNull) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    CallMemory call("1234");
    call.args.rd_handles = nullptr;
    EXPECT_EQ(call.Begin(user, ends.a), kPending);
    EXPECT_EQ(Answer(user, ends.b, "ok"), Status::kOk);
    EXPECT_EQ(call.Finish(user), Status::kOk);
    EXPECT_EQ(call.actual_handles, 0u);
  });
}

// C12, CC-1: the cause need not be asked for.
TEST(CallEnds, ReadStatusMayBeNull) {
  for (const AbiProfile* profile : {&kMagenta2017, &kZircon2018_04}) {
    RunAlone(*profile, [](User& user) {
      const Ends ends = user.CreateChannel();
      CallMemory call("1234");
      EXPECT_EQ(call.Begin(user, ends.a), kPending);
      EXPECT_EQ(user.Close(ends.b), Status::kOk);
      EXPECT_EQ(ChannelCallFinish(user.thread(), kLongAgo, UserPtr(&std::as_const(call.args)),
                                  UserPtr(&call.actual_bytes), UserPtr(&call.actual_handles)),
                Status::kCallFailed);
    });
  }
}

// --- Closes and journeys ---

// C13, C12, 8.5: the request dies with the queue that nobody will read.
TEST(CallEnds, TheCloseOfThePeerEndsIt) {
  ForEachGeneration([](User& user, const AbiProfile& profile) {
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    CallMemory call("1234", {cargo.a});
    EXPECT_EQ(call.Begin(user, ends.a), kPending);
    EXPECT_FALSE(IsOrphan(user, cargo.b));
    EXPECT_EQ(user.Close(ends.b), Status::kOk);
    EXPECT_TRUE(IsOrphan(user, cargo.b));
    ExpectFailed(profile, call.Finish(user), call, Status::kPeerClosed);
    EXPECT_TRUE(call.nothing_was_told());
  });
}

// C14, C12, CC-21, 8.5: the request stays.
TEST(CallEnds, TheCloseOfItsOwnHandleEndsIt) {
  ForEachGeneration([](User& user, const AbiProfile& profile) {
    const Ends ends = user.CreateChannel();
    CallMemory call("1234?");
    EXPECT_EQ(call.Begin(user, ends.a), kPending);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    ExpectFailed(profile, call.Finish(user), call, Status::kCanceled);
    EXPECT_EQ(TextOf(user.Read(ends.b).bytes), "?");
    EXPECT_EQ(user.Read(ends.b).status, Status::kPeerClosed);
  });
}

// CC-20: the delivery came first.
TEST(CallEnds, APeerThatRepliesAndClosesHasReplied) {
  ForEachGeneration([](User& user, const AbiProfile&) {
    const Ends ends = user.CreateChannel();
    CallMemory call("1234");
    EXPECT_EQ(call.Begin(user, ends.a), kPending);
    EXPECT_EQ(Answer(user, ends.b, "bye"), Status::kOk);
    EXPECT_EQ(user.Close(ends.b), Status::kOk);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    EXPECT_EQ(call.Finish(user), Status::kOk);
    EXPECT_EQ(TextOf(call.reply()), "bye");
  });
}

// CC-22, HO-5, N-13, K4: the endpoint is never without a handle.
TEST(CallEnds, TheReplacementOfItsHandleEndsNothing) {
  ForEachGeneration([](User& user, const AbiProfile&) {
    const Ends ends = user.CreateChannel();
    CallMemory call("1234");
    EXPECT_EQ(call.Begin(user, ends.a), kPending);
    EXPECT_EQ(Replace(user, ends.a, kRightNone).status, Status::kOk);
    EXPECT_EQ(Answer(user, ends.b, "ok"), Status::kOk);
    EXPECT_EQ(call.Finish(user), Status::kOk);
  });
}

// CC-22, T-3: neither does the send, even with fewer rights.
TEST(CallEnds, AReplyReachesACallerWhoseHandleIsInTransit) {
  for (const Rights rights : {kRightSameRights, kRightTransfer | kRightRead}) {
    RunAlone([rights](User& user) {
      const Ends ends = user.CreateChannel();
      const Ends road = user.CreateChannel();
      CallMemory call("1234");
      EXPECT_EQ(call.Begin(user, ends.a), kPending);
      HandleDisposition entry = Move(ends.a, rights);
      EXPECT_EQ(WriteEtc(user, road.a, entry), Status::kOk);
      EXPECT_EQ(Answer(user, ends.b, "ok"), Status::kOk);
      EXPECT_EQ(call.Finish(user), Status::kOk);
    });
  }
}

// CC-22, T-7, P-1, P-5, X-12, B-10: today the receipt ends it, even by the same process, and a late
// reply is an ordinary message; before, it went on.
TEST(CallEnds, TheReceiptOfItsHandleEndsItToday) {
  ForEachGeneration([](User& user, const AbiProfile& profile) {
    const Ends ends = user.CreateChannel();
    const Ends road = user.CreateChannel();
    CallMemory call("1234");
    EXPECT_EQ(call.Begin(user, ends.a), kPending);
    EXPECT_EQ(user.Write(road.a, "", {ends.a}), Status::kOk);
    const HandleValue received = user.Read(road.b).handles[0];
    EXPECT_EQ(Answer(user, ends.b, "late"), Status::kOk);
    const bool ended = &profile == &kCurrent;
    EXPECT_EQ(call.Finish(user), ended ? Status::kCanceled : Status::kOk);
    EXPECT_EQ(TextOf(user.Read(received).bytes), ended ? "late" : "");
  });
}

// T-7, D-1: destroyed on the way, it is closed.
TEST(CallEnds, TheDestructionOfTheMessageWithItsHandleEndsIt) {
  ForEachGeneration([](User& user, const AbiProfile& profile) {
    const Ends ends = user.CreateChannel();
    const Ends road = user.CreateChannel();
    CallMemory call("1234");
    EXPECT_EQ(call.Begin(user, ends.a), kPending);
    EXPECT_EQ(user.Write(road.a, "", {ends.a}), Status::kOk);
    EXPECT_EQ(user.Close(road.b), Status::kOk);
    ExpectFailed(profile, call.Finish(user), call, Status::kCanceled);
  });
}

// --- Deadlines ---

// C8, C15, CC-17, P-5: what comes too late is an ordinary message.
TEST(CallEnds, AReplyAfterTheDeadlineIsQueued) {
  ForEachGeneration([](User& user, const AbiProfile&) {
    const Ends ends = user.CreateChannel();
    CallMemory call("1234");
    EXPECT_EQ(call.Run(user, ends.a), Status::kTimedOut);
    EXPECT_EQ(Answer(user, ends.b, "late"), Status::kOk);
    EXPECT_EQ(user.Channel(ends.a).PeekSignals(), kSignalReadable | kSignalWritable);
    EXPECT_EQ(TextOf(user.Read(ends.a).bytes), "late");
    EXPECT_TRUE(call.nothing_was_told());
  });
}

// CC-14, CC-28: whatever came first is the result, however late the caller looks.
TEST(CallEnds, AReplyThatCameBeforeTheCallerLookedBeatsTheDeadline) {
  ForEachGeneration([](User& user, const AbiProfile&) {
    const Ends ends = user.CreateChannel();
    CallMemory call("1234");
    EXPECT_EQ(call.Begin(user, ends.a, kLongAgo), kPending);
    EXPECT_EQ(Answer(user, ends.b, "ok"), Status::kOk);
    EXPECT_EQ(call.Finish(user, kLongAgo), Status::kOk);
  });
}

// --- call_etc ---

// C1, C11, R-10, WE-4, CC-28
TEST(CallEtc, SendsDispositionsAndReceivesWhatTheHandlesAre) {
  RunAlone([](User& user) {
    User server(user.process());
    const Ends ends = user.CreateChannel();
    HandleDisposition entry = Move(user.CreateEvent(), kRightWait | kRightTransfer);
    std::array<std::byte, 16> room = {};
    std::array<HandleInfo, 2> infos = {};
    const ChannelCallEtcArgs args = {room.data(), &entry, room.data(), infos.data(), 5, 1, 16, 2};
    uint32_t bytes = kUntouched;
    uint32_t handles = kUntouched;
    // With the deadline past, all that can be seen of the call is its request.
    EXPECT_EQ(ChannelCallEtc(user.thread(), ends.a, 0, kLongAgo, UserPtr(&args), UserPtr(&bytes),
                             UserPtr(&handles)),
              Status::kTimedOut);
    EXPECT_EQ(entry.result, kNoResult);
    const ReadResult request = server.Read(ends.b);
    ASSERT_EQ(request.actual_handles, 1u);
    EXPECT_EQ(user.RightsOf(request.handles[0]), kRightWait | kRightTransfer);
    EXPECT_EQ(request.bytes, WithTxid(kFirstTxid, std::string_view("", 1)));
  });
}

// WE-3, WE-5, H9: as write_etc.
TEST(CallEtc, TellsOfABadDispositionAndConsumesTheOthers) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    std::array entries = {Move(user.CreateEvent()), DuplicateOf(user.CreateEvent(), kRightWrite)};
    std::array<std::byte, 4> request = {};
    const ChannelCallEtcArgs args = {request.data(), entries.data(), nullptr, nullptr, 4, 2, 0, 0};
    EXPECT_EQ(ChannelCallEtc(user.thread(), ends.a, 0, kLongAgo, UserPtr(&args), nullptr, nullptr),
              Status::kInvalidArgs);
    EXPECT_EQ(entries[1].result, Status::kInvalidArgs);
    EXPECT_FALSE(user.Has(entries[0].handle));
    EXPECT_TRUE(user.Has(entries[1].handle));
    EXPECT_EQ(user.Read(ends.b).status, Status::kShouldWait);
  });
}

//
TEST(CallEtc, ExistsInTheCurrentGenerationAlone) {
  ForEachGeneration([](User& user, const AbiProfile& profile) {
    const Ends ends = user.CreateChannel();
    std::array<std::byte, 4> request = {};
    const ChannelCallEtcArgs args = {request.data(), nullptr, nullptr, nullptr, 4, 0, 0, 0};
    const Status status =
        ChannelCallEtc(user.thread(), ends.a, 0, kLongAgo, UserPtr(&args), nullptr, nullptr);
    EXPECT_EQ(status, &profile == &kCurrent ? Status::kTimedOut : Status::kBadSyscall);
  });
}

// WI-4, CC-5: the id is that of what was gathered.
TEST(CallEtc, ACallGathersItsRequestFromPieces) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const std::array pieces = {Piece("12"), Piece("34?")};
    CallMemory call("");
    call.args.wr_bytes = reinterpret_cast<const std::byte*>(pieces.data());
    for (const uint32_t count : {0u, 1u, 2u}) {
      call.args.wr_num_bytes = count;
      EXPECT_EQ(call.Run(user, ends.a, kLongAgo, kWriteUseIovec),
                count == 2 ? Status::kTimedOut : Status::kInvalidArgs);
    }
    EXPECT_EQ(user.Read(ends.b).bytes, WithTxid(kFirstTxid, "?"));
  });
}

}  // namespace
}  // namespace core
