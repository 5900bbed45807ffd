// Calls of threads that are suspended or killed, on one thread: the two entry points of the kernel,
// and what happens to who uses them wrongly. Interruptions at every point of a call stand in
// interruption_races_test.cc.
#include <gtest/gtest.h>

#include <array>
#include <optional>

#include "tests/core/call_ops.h"
#include "tests/core/handle_ops.h"

namespace core {
namespace {

// --- noretry and finish ---

// CC-23: the request is sent once; the call goes on as often as it takes.
TEST(CallFinish, ASuspendedCallStaysPendingAndItsRequestIsSentOnce) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    CallMemory call("1234?");
    EXPECT_EQ(call.Begin(user, ends.a), kPending);
    for (int i = 0; i < 3; ++i) {
      user.thread().Suspend();
      EXPECT_EQ(call.Finish(user, kTimeInfinite), kPending);
      user.thread().Resume();
    }
    EXPECT_TRUE(call.nothing_was_told());
    EXPECT_EQ(Answer(user, ends.b, "!"), Status::kOk);
    EXPECT_EQ(user.Read(ends.b).status, Status::kShouldWait);
    EXPECT_EQ(call.Finish(user, kTimeInfinite), Status::kOk);
  });
}

// CC-28, CC-29: what has come is told even to a thread that is suspended.
TEST(CallFinish, AReplyThatCameWinsOverASuspension) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    CallMemory call("1234?");
    EXPECT_EQ(call.Begin(user, ends.a), kPending);
    EXPECT_EQ(Answer(user, ends.b, "!"), Status::kOk);
    user.thread().Suspend();
    EXPECT_EQ(call.Finish(user), Status::kOk);
    user.thread().Resume();
  });
}

// CC-25
TEST(CallFinish, WithoutACallIsABadState) {
  for (const AbiProfile* profile : kGenerations) {
    RunAlone(*profile, [](User& user) {
      CallMemory call("1234");
      EXPECT_EQ(call.Finish(user), Status::kBadState);
      const Ends ends = user.CreateChannel();
      EXPECT_EQ(call.Run(user, ends.a), Status::kTimedOut);
      EXPECT_EQ(call.Finish(user), Status::kBadState);
      EXPECT_EQ(call.Begin(user, ends.a), kPending);
      EXPECT_EQ(call.Finish(user), Status::kTimedOut);
      EXPECT_EQ(call.Finish(user), Status::kBadState);
      EXPECT_EQ(user.kernel().ExitCode(user.process()), 0);
    });
  }
}

// CC-25, B-4: it takes no handle, so what happens to the handle is no mistake of the caller.
TEST(CallFinish, DoesNotNeedTheHandle) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const Ends road = user.CreateChannel();
    CallMemory call("1234");
    EXPECT_EQ(call.Begin(user, ends.a), kPending);
    EXPECT_EQ(user.Write(road.a, "", {ends.a}), Status::kOk);
    EXPECT_EQ(Answer(user, ends.b, "!"), Status::kOk);
    EXPECT_EQ(call.Finish(user), Status::kOk);
    CallMemory another("1234");
    EXPECT_EQ(another.Begin(user, road.a), kPending);
    EXPECT_EQ(user.Close(road.a), Status::kOk);
    EXPECT_EQ(another.Finish(user), Status::kCanceled);
  });
}

// CC-26: the buffers may change between the two.
TEST(CallFinish, ReadsItsArgumentsAnew) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    CallMemory call("1234");
    call.args.rd_num_bytes = 0;
    CallMemory other("");
    EXPECT_EQ(call.Begin(user, ends.a), kPending);
    EXPECT_EQ(Answer(user, ends.b, "!"), Status::kOk);
    EXPECT_EQ(other.Finish(user), Status::kOk);
    EXPECT_EQ(TextOf(other.reply()), "!");
    EXPECT_TRUE(call.nothing_was_told());
  });
}

// C16, C12: a call whose reply has nowhere to go is over, and the next one is no breach.
TEST(CallFinish, ArgumentsThatCannotBeReadEndTheCall) {
  for (const AbiProfile* profile : kGenerations) {
    RunAlone(*profile, [profile](User& user) {
      const Ends ends = user.CreateChannel();
      CallMemory call("1234");
      const auto finish = [&](Status* read_status) {
        return ChannelCallFinish(user.thread(), kLongAgo, BadPointer<const ChannelCallArgs>(),
                                 nullptr, nullptr, UserPtr(read_status));
      };
      EXPECT_EQ(finish(&call.read_status), Status::kInvalidArgs);
      EXPECT_EQ(call.Begin(user, ends.a), kPending);
      const bool plain = profile->call_failure == CallFailure::kPlain;
      EXPECT_EQ(finish(&call.read_status), plain ? Status::kInvalidArgs : Status::kCallFailed);
      EXPECT_EQ(call.read_status, plain ? kNoReadStatus : Status::kInvalidArgs);
      EXPECT_EQ(Answer(user, ends.b, "late"), Status::kOk);
      EXPECT_EQ(TextOf(user.Read(ends.a).bytes), "late");
      EXPECT_EQ(call.Run(user, ends.a), Status::kTimedOut);
      EXPECT_EQ(user.kernel().ExitCode(user.process()), 0);
    });
  }
}

// 8.8, B-7: a call that could not be sent leaves nothing armed.
TEST(CallFinish, AfterACallThatWasNotSentIsABadState) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Close(ends.b), Status::kOk);
    CallMemory call("1234");
    EXPECT_EQ(call.Begin(user, ends.a), Status::kPeerClosed);
    EXPECT_EQ(call.Finish(user), Status::kBadState);
    EXPECT_EQ(call.Run(user, ends.a), Status::kPeerClosed);
    EXPECT_EQ(user.kernel().ExitCode(user.process()), 0);
  });
}

// 8.8, B-7, T-4: the same for one that was refused because somebody else owns the endpoint.
TEST(CallFinish, AfterACallOfTheOldOwnerIsABadState) {
  RunAlone([](User& user) {
    User heir(user.kernel());
    const Ends ends = user.CreateChannel();
    user.Channel(ends.a).OnReceived(heir.process());  // As after a lookup that came too early.
    CallMemory call("1234");
    EXPECT_EQ(call.Begin(user, ends.a), Status::kBadHandle);
    EXPECT_EQ(call.Finish(user), Status::kBadState);
    EXPECT_EQ(call.Run(user, ends.a), Status::kBadHandle);
    EXPECT_EQ(user.kernel().ExitCode(user.process()), 0);
    EXPECT_EQ(user.Read(ends.b).status, Status::kShouldWait);
  });
}

// --- Breach of the contract ---

// CC-24, 8.2 step 7, B-5: another call while one is pending kills the process; its handles go with
// its last thread.
TEST(CallBreach, ASecondCallWhileOneIsPendingKillsTheProcess) {
  for (const AbiProfile* profile : kGenerations) {
    RunAlone(*profile, [profile](User& user) {
      User culprit(user.kernel());
      User bystander(culprit.process());
      const Ends ends = culprit.CreateChannel();
      const Ends cargo = culprit.CreateChannel();
      CallMemory first("1234");
      EXPECT_EQ(first.Begin(culprit, ends.a), kPending);
      CallMemory second("1234", {cargo.a});
      EXPECT_EQ(second.Run(culprit, ends.b), Status::kBadState);
      EXPECT_EQ(culprit.Has(cargo.a), profile->failed_write == OnFailure::kKeep);  // H8, H9
      EXPECT_EQ(user.kernel().ExitCode(culprit.process()), kExitVdsoContractBreach);
      EXPECT_EQ(kExitVdsoContractBreach, -1027);
      EXPECT_TRUE(culprit.thread().IsKilled());
      EXPECT_TRUE(bystander.thread().IsKilled());
      EXPECT_FALSE(user.thread().IsKilled());
      EXPECT_EQ(user.kernel().CreateThread(culprit.process()), nullptr);
      user.kernel().ExitThread(culprit.thread());
      EXPECT_NE(bystander.CountHandles(), 0u);
      user.kernel().ExitThread(bystander.thread());
      EXPECT_EQ(bystander.CountHandles(), 0u);
    });
  }
}

// CC-24: told after everything else that can be wrong with a call, but its peer.
TEST(CallBreach, IsToldAfterTheArgumentsAndBeforeThePeer) {
  RunAlone([](User& user) {
    User culprit(user.kernel());
    const Ends ends = culprit.CreateChannel();
    const Ends orphan = culprit.CreateChannel();
    EXPECT_EQ(culprit.Close(orphan.b), Status::kOk);
    CallMemory first("1234");
    EXPECT_EQ(first.Begin(culprit, ends.a), kPending);
    EXPECT_EQ(CallMemory("123").Run(culprit, ends.a), Status::kInvalidArgs);
    EXPECT_EQ(CallMemory("1234", {0x3}).Run(culprit, ends.a), Status::kBadHandle);
    EXPECT_EQ(user.kernel().ExitCode(culprit.process()), 0);
    EXPECT_EQ(CallMemory("1234").Run(culprit, orphan.a), Status::kBadState);
    EXPECT_EQ(user.kernel().ExitCode(culprit.process()), kExitVdsoContractBreach);
  });
}

// --- Kill ---

// 8.5, CC-30, N-20: nothing is told; the request stays.
TEST(CallKill, AKilledThreadSendsItsRequestAndIsToldNothing) {
  for (const AbiProfile* profile : kGenerations) {
    RunAlone(*profile, [](User& user) {
      User victim(user.process());
      const Ends ends = user.CreateChannel();
      victim.thread().Kill();
      CallMemory call("1234?");
      EXPECT_EQ(call.Run(victim, ends.a, kTimeInfinite), Status::kInternalIntrKilled);
      EXPECT_TRUE(call.nothing_was_told());
      EXPECT_EQ(call.read_status, kNoReadStatus);
      EXPECT_EQ(Answer(user, ends.b, "late"), Status::kOk);
      EXPECT_EQ(TextOf(user.Read(ends.a).bytes), "late");
    });
  }
}

// CC-30: the waiter that a killed thread left behind takes the reply, and closes its handles only
// when the thread goes.
TEST(CallKill, TheWaiterOfADeadThreadSwallowsTheReplyUntilTheThreadIsDestroyed) {
  ForEachGeneration([](User& user) {
    User victim(user.process());
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    CallMemory call("1234");
    EXPECT_EQ(call.Begin(victim, ends.a), kPending);
    victim.thread().Kill();
    EXPECT_EQ(Answer(user, ends.b, "", {cargo.a}), Status::kOk);
    EXPECT_EQ(user.Read(ends.a).status, Status::kShouldWait);
    EXPECT_FALSE(IsOrphan(user, cargo.b));
    user.kernel().ExitThread(victim.thread());
    EXPECT_TRUE(IsOrphan(user, cargo.b));
  });
}

// CC-30, CC-31, D-3: until then the waiter holds the endpoint, and with it the messages in its
// queue.
TEST(CallKill, AWaiterKeepsItsEndpointUntilTheThreadIsDestroyed) {
  ForEachGeneration([](User& user) {
    User victim(user.process());
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.b, "", {cargo.a}), Status::kOk);
    CallMemory call("1234");
    EXPECT_EQ(call.Begin(victim, ends.a), kPending);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    EXPECT_TRUE(IsOrphan(user, ends.b));
    EXPECT_FALSE(IsOrphan(user, cargo.b));
    user.kernel().ExitThread(victim.thread());
    EXPECT_TRUE(IsOrphan(user, cargo.b));
  });
}

// N-20: a kernel that is taken down takes pending calls with it.
TEST(CallKill, AKernelMayGoWhileACallIsPending) {
  RunAlone([](User& user) {
    User other(user.kernel());
    const Ends ends = user.CreateChannel();
    CallMemory call("1234", {user.CreateEvent()});
    EXPECT_EQ(call.Begin(user, ends.a), kPending);
    CallMemory answered("1234");
    EXPECT_EQ(answered.Begin(other, other.CreateChannel().a), kPending);
  });
}

// D-8, CC-30: what the last thread of a killed process had pending ends before the handles close.
TEST(CallKill, AProcessThatIsKilledTakesItsCallsDown) {
  RunAlone([](User& user) {
    User victim(user.kernel());
    const Ends ends = victim.CreateChannel();
    CallMemory call("1234");
    EXPECT_EQ(call.Begin(victim, ends.a), kPending);
    user.kernel().KillProcess(victim.process(), -9);
    user.kernel().KillProcess(victim.process(), -8);
    EXPECT_EQ(user.kernel().ExitCode(victim.process()), -9);
    EXPECT_EQ(call.Finish(victim, kTimeInfinite), Status::kInternalIntrKilled);
    EXPECT_EQ(call.Finish(victim), Status::kBadState);
    user.kernel().ExitThread(victim.thread());
    EXPECT_EQ(victim.CountHandles(), 0u);
  });
}

}  // namespace
}  // namespace core
