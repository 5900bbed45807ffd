// The end of threads and processes, and what becomes of their handles and calls.
//
// With one flow of control a thread is stopped before it sleeps: the wait then ends at once, just
// as if the stop had come a moment later.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/core/call_frame.h"
#include "tests/core/handle_ops.h"

namespace core {
namespace {

// Gives `handle` of `from` to `to`, as the parent of a process would do it.
HandleValue Give(User& from, HandleValue handle, User& to) {
  HandleValue value = kInvalidHandle;
  EXPECT_TRUE(to.thread().NextHandleValues(1, &value));
  HandleOwner owner = from.process().handles().Remove(handle);
  owner->object().OnReceived(to.process());
  to.process().handles().Add(std::move(owner), value);
  return value;
}

size_t HandlesOf(const Process& process) {
  size_t count = 0;
  process.handles().PeekEach([&](const Handle&) { ++count; });
  return count;
}

// --- Processes ---

// D-8: the newest first.
TEST(ProcessEnd, ClosesTheHandlesTheNewestFirst) {
  RunAlone([](User& user) {
    Watcher::Log log;
    User dying(user.kernel());
    std::vector<std::unique_ptr<Watcher>> watchers;
    for (const char* name : {"first", "second", "third"}) {
      const Ends ends = user.CreateChannel();
      Give(user, ends.b, dying);
      watchers.push_back(std::make_unique<Watcher>(user, ends.a, kSignalPeerClosed, name, &log));
    }
    user.kernel().KillProcess(dying.process(), -1024);
    EXPECT_EQ(log, Watcher::Log{});
    user.kernel().ExitThread(dying.thread());
    EXPECT_EQ(log, (Watcher::Log{"third", "second", "first"}));
    EXPECT_EQ(HandlesOf(dying.process()), 0u);
  });
}

// D-8, O5: what was queued for the dead dies, too; what the dead had written stays.
TEST(ProcessEnd, IsTheCloseOfEachHandle) {
  RunAlone([](User& user) {
    User dying(user.kernel());
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    const HandleValue far = Give(user, ends.b, dying);
    EXPECT_EQ(dying.Write(far, "last words"), Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "", {cargo.a}), Status::kOk);
    user.kernel().KillProcess(dying.process(), -1024);
    user.kernel().ExitThread(dying.thread());
    EXPECT_EQ(user.SignalsOf(cargo.b), kSignalPeerClosed);
    EXPECT_EQ(user.Read(ends.a).bytes, "last words");
    EXPECT_EQ(user.Read(ends.a).status, Status::kPeerClosed);
  });
}

// D-8
TEST(ProcessEnd, WaitsForTheLastOfItsThreads) {
  RunAlone([](User& user) {
    User one(user.kernel());
    User two(one.process());
    const HandleValue event = one.CreateEvent();
    user.kernel().KillProcess(one.process(), -1024);
    EXPECT_TRUE(one.thread().IsKilled());
    EXPECT_TRUE(two.thread().IsKilled());
    EXPECT_FALSE(user.thread().IsKilled());
    user.kernel().ExitThread(one.thread());
    EXPECT_TRUE(two.Has(event));
    user.kernel().ExitThread(two.thread());
    EXPECT_EQ(HandlesOf(two.process()), 0u);
  });
}

// D-8
TEST(ProcessEnd, NeedsNoThread) {
  RunAlone([](User& user) {
    User gone(user.kernel());
    const Ends ends = user.CreateChannel();
    Give(user, ends.b, gone);
    user.kernel().ExitThread(gone.thread());
    EXPECT_EQ(user.SignalsOf(ends.a), kSignalWritable);
    user.kernel().KillProcess(gone.process(), -1024);
    EXPECT_EQ(user.SignalsOf(ends.a), kSignalPeerClosed);
  });
}

TEST(ProcessEnd, HasOneExitCodeAndNoNewThreads) {
  RunAlone([](User& user) {
    User dying(user.kernel());
    EXPECT_EQ(user.kernel().ExitCode(dying.process()), 0);
    user.kernel().KillProcess(dying.process(), -1024);
    user.kernel().KillProcess(dying.process(), -1028);
    EXPECT_EQ(user.kernel().ExitCode(dying.process()), -1024);
    EXPECT_EQ(user.kernel().CreateThread(dying.process()), nullptr);
    user.kernel().ExitThread(dying.thread());
    EXPECT_EQ(user.kernel().CreateThread(dying.process()), nullptr);
  });
}

// --- Threads that are killed in a call ---

// CC-30, N-20: the request is sent, the waiter is gone, and the reply is an ordinary message.
TEST(KilledThread, LeavesItsCall) {
  RunAlone([](User& user) {
    User server(user.process());
    const Ends ends = user.CreateChannel();
    user.thread().Kill();
    CallFrame frame("hello");
    EXPECT_EQ(frame.Call(user, ends.a), Status::kInternalIntrKilled);
    EXPECT_FALSE(user.thread().message_waiter().is_armed());
    EXPECT_EQ(Answer(server, ends.b), Status::kOk);
    EXPECT_EQ(server.SignalsOf(ends.a), kSignalReadable | kSignalWritable);
  });
}

// CC-30: parked between the two halves of a call its waiter stays; a reply meanwhile is swallowed,
// and its handles close when the thread goes.
TEST(KilledThread, SwallowsTheReplyWhileItIsParked) {
  RunAlone([](User& user) {
    User caller(user.process());
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    caller.thread().Suspend();
    CallFrame frame("hello");
    EXPECT_EQ(frame.NoRetry(caller, ends.a), Status::kInternalIntrRetry);
    caller.thread().Kill();
    EXPECT_EQ(Answer(user, ends.b, {cargo.a}), Status::kOk);
    EXPECT_EQ(user.SignalsOf(ends.a), kSignalWritable);
    EXPECT_EQ(user.SignalsOf(cargo.b), kSignalWritable);
    user.kernel().ExitThread(caller.thread());
    EXPECT_EQ(user.SignalsOf(cargo.b), kSignalPeerClosed);
    EXPECT_EQ(user.Read(ends.a).status, Status::kShouldWait);
  });
}

// CC-30, CC-31, CC-17: nothing of the call dangles once the thread is gone.
TEST(KilledThread, TakesItsWaiterWithIt) {
  RunAlone([](User& user) {
    User caller(user.process());
    const Ends ends = user.CreateChannel();
    caller.thread().Suspend();
    CallFrame frame("hello");
    EXPECT_EQ(frame.NoRetry(caller, ends.a), Status::kInternalIntrRetry);
    user.kernel().ExitThread(caller.thread());
    EXPECT_EQ(Answer(user, ends.b), Status::kOk);
    EXPECT_EQ(user.SignalsOf(ends.a), kSignalReadable | kSignalWritable);
  });
}

// CC-30, CC-31, D-3: the waiter keeps the endpoint, and with it the unread messages, until then.
TEST(KilledThread, KeepsTheMessagesOfItsEndpointUntilItIsGone) {
  RunAlone([](User& user) {
    User caller(user.process());
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.b, "unread", {cargo.a}), Status::kOk);
    caller.thread().Suspend();
    CallFrame frame("hello");
    EXPECT_EQ(frame.NoRetry(caller, ends.a), Status::kInternalIntrRetry);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalReadable | kSignalPeerClosed);
    EXPECT_EQ(user.SignalsOf(cargo.b), kSignalWritable);
    user.kernel().ExitThread(caller.thread());
    EXPECT_EQ(user.SignalsOf(cargo.b), kSignalPeerClosed);
  });
}

// --- Threads that are suspended in a call ---

// CC-23, CC-28, N-19: the request is sent once; a reply that came meanwhile is there at once.
TEST(SuspendedThread, FindsTheReplyWhenItGoesOn) {
  RunAlone([](User& user) {
    User server(user.process());
    const Ends ends = user.CreateChannel();
    user.thread().Suspend();
    CallFrame frame("hello");
    EXPECT_EQ(frame.NoRetry(user, ends.a), Status::kInternalIntrRetry);
    EXPECT_EQ(frame.Finish(user), Status::kInternalIntrRetry);
    EXPECT_EQ(Answer(server, ends.b), Status::kOk);
    user.thread().Resume();
    EXPECT_TRUE(user.thread().WaitUntilResumed());
    EXPECT_EQ(frame.Finish(user), Status::kOk);
    EXPECT_EQ(frame.reply(), "hello");
    EXPECT_EQ(server.Read(ends.b).status, Status::kShouldWait);
    EXPECT_EQ(frame.Finish(user), Status::kBadState);
  });
}

// CC-29: what is there already wins over the suspension.
TEST(SuspendedThread, TakesAReplyThatIsThereAlready) {
  RunAlone([](User& user) {
    User server(user.process());
    const Ends ends = user.CreateChannel();
    user.thread().Suspend();
    CallFrame frame("hello");
    EXPECT_EQ(frame.NoRetry(user, ends.a), Status::kInternalIntrRetry);
    EXPECT_EQ(Answer(server, ends.b), Status::kOk);
    EXPECT_EQ(frame.Finish(user), Status::kOk);
    user.thread().Resume();
  });
}

// CC-25, C13, C14: the endings of a call reach it, and not by way of the handle.
TEST(SuspendedThread, LearnsHowItsCallEnded) {
  RunAlone([](User& user) {
    User colleague(user.process());
    for (const bool own : {false, true}) {
      const Ends ends = user.CreateChannel();
      user.thread().Suspend();
      CallFrame frame("hello");
      EXPECT_EQ(frame.NoRetry(user, ends.a), Status::kInternalIntrRetry);
      EXPECT_EQ(colleague.Close(own ? ends.a : ends.b), Status::kOk);
      user.thread().Resume();
      EXPECT_EQ(frame.Finish(user), own ? Status::kCanceled : Status::kPeerClosed);
    }
  });
}

// CC-22, N-13, HO-5: a replacement of the handle is no ending.
TEST(SuspendedThread, KeepsItsCallWhenTheHandleIsReplaced) {
  RunAlone([](User& user) {
    User server(user.process());
    const Ends ends = user.CreateChannel();
    user.thread().Suspend();
    CallFrame frame("hello");
    EXPECT_EQ(frame.NoRetry(user, ends.a), Status::kInternalIntrRetry);
    EXPECT_EQ(Replace(server, ends.a, kRightRead).status, Status::kOk);
    EXPECT_EQ(Answer(server, ends.b), Status::kOk);
    user.thread().Resume();
    EXPECT_EQ(frame.Finish(user), Status::kOk);
    EXPECT_EQ(frame.reply(), "hello");
  });
}

// CC-23: as many resumptions as suspensions.
TEST(SuspendedThread, GoesOnAfterTheLastResumption) {
  RunAlone([](User& user) {
    const HandleValue channel = user.CreateChannel().a;
    user.thread().Suspend();
    user.thread().Suspend();
    user.thread().Resume();
    CallFrame frame("hello");
    EXPECT_EQ(frame.NoRetry(user, channel), Status::kInternalIntrRetry);
    user.thread().Resume();
    EXPECT_TRUE(user.thread().WaitUntilResumed());
    EXPECT_EQ(frame.Finish(user, kTimeInfinitePast), Status::kTimedOut);
  });
}

// CC-24, CC-19: nothing is sent, and the process is killed.
TEST(SuspendedThread, MayNotMakeAnotherCall) {
  RunAlone([](User& user) {
    User server(user.kernel());
    const Ends ends = user.CreateChannel();
    const HandleValue far = Give(user, ends.b, server);
    user.thread().Suspend();
    CallFrame frame("hello");
    CallFrame another("again");
    EXPECT_EQ(frame.NoRetry(user, ends.a), Status::kInternalIntrRetry);
    EXPECT_EQ(another.NoRetry(user, ends.a), Status::kBadState);
    EXPECT_TRUE(user.thread().IsKilled());
    EXPECT_EQ(user.kernel().ExitCode(user.process()), kExitVdsoContractBreach);
    EXPECT_EQ(server.Read(far).status, Status::kOk);
    EXPECT_EQ(server.Read(far).status, Status::kShouldWait);
  });
}

}  // namespace
}  // namespace core
