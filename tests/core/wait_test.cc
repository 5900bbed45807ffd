// Signals of channels, and waiting for them.
//
// Map: signals; object_wait_one; who ends a wait, as a watcher sees it. Threads that wait for each
// other stand in wait_races_test.cc.
#include <gtest/gtest.h>

#include "tests/core/core_fixture.h"

namespace core {
namespace {

constexpr Signals kBoth = kSignalReadable | kSignalWritable;

// --- Signals ---

// S1, S-2, S-3, S-4
TEST(Signals, ReadableMeansThatTheQueueIsNotEmpty) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "1"), Status::kOk);
    EXPECT_EQ(user.SignalsOf(ends.b), kBoth);
    EXPECT_EQ(user.SignalsOf(ends.a), kSignalWritable);
    EXPECT_EQ(user.Write(ends.a, "2"), Status::kOk);
    EXPECT_EQ(user.Read(ends.b).status, Status::kOk);
    EXPECT_EQ(user.SignalsOf(ends.b), kBoth);
    EXPECT_EQ(user.Read(ends.b).status, Status::kOk);
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalWritable);
    EXPECT_EQ(user.Write(ends.a, "3"), Status::kOk);
    EXPECT_EQ(user.SignalsOf(ends.b), kBoth);
  });
}

// S3, S-5
TEST(Signals, PeerClosedTakesThePlaceOfWritableForGood) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "1"), Status::kOk);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalReadable | kSignalPeerClosed);
    EXPECT_EQ(user.Read(ends.b).status, Status::kOk);
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalPeerClosed);
  });
}

// S-6: there is no back-pressure.
TEST(Signals, AFullQueueStaysWritable) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    for (int i = 0; i < 5000; ++i) ASSERT_EQ(user.Write(ends.a, ""), Status::kOk);
    EXPECT_EQ(user.SignalsOf(ends.a), kSignalWritable);
  });
}

// S-5: in one update, so nobody sees both or neither.
TEST(Signals, AWatcherSeesPeerClosedWithoutWritable) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    Watcher::Log log;
    const Watcher watcher(user, ends.b, kSignalPeerClosed, "closed", &log);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    EXPECT_EQ(log, Watcher::Log{"closed"});
    EXPECT_EQ(watcher.observed(), kSignalPeerClosed);
  });
}

// --- object_wait_one ---

// S2, O8, WT-3
TEST(ObjectWaitOne, ASignalThatIsThereEndsTheWaitWhateverTheDeadline) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "1"), Status::kOk);
    for (Time deadline : {kTimeInfinitePast, Time{0}, kTimeInfinite}) {
      EXPECT_EQ(user.Wait(ends.b, kSignalReadable, deadline), (WaitAnswer{Status::kOk, kBoth}));
      EXPECT_EQ(user.Wait(ends.b, kSignalReadable | kSignalPeerClosed, deadline),
                (WaitAnswer{Status::kOk, kBoth}));
    }
  });
}

// WT-3, WT-5
TEST(ObjectWaitOne, APastDeadlineMakesItAPoll) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    for (Time deadline : {kTimeInfinitePast, Time{-1}, Time{0}}) {
      EXPECT_EQ(user.Wait(ends.a, kSignalReadable, deadline),
                (WaitAnswer{Status::kTimedOut, kSignalWritable}));
    }
    EXPECT_EQ(user.Wait(user.CreateEvent(), kSignalSignaled),
              (WaitAnswer{Status::kTimedOut, kSignalNone}));
  });
}

// S2
TEST(ObjectWaitOne, EndsAtItsDeadlineAndNotBefore) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const Time deadline = platform::Now() + 2'000'000;
    EXPECT_EQ(user.Wait(ends.a, kSignalReadable, deadline),
              (WaitAnswer{Status::kTimedOut, kSignalWritable}));
    EXPECT_GE(platform::Now(), deadline);
  });
}

// WT-4
TEST(ObjectWaitOne, NoSignalNeverComes) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "1"), Status::kOk);
    EXPECT_EQ(user.Wait(ends.b, kSignalNone), (WaitAnswer{Status::kTimedOut, kBoth}));
    EXPECT_EQ(user.Wait(ends.b, kSignalNone, platform::Now() + 1'000'000),
              (WaitAnswer{Status::kTimedOut, kBoth}));
  });
}

// WT-1
TEST(ObjectWaitOne, WhatIsNoHandleIsABadHandleAndNothingIsTold) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    for (HandleValue handle : {kInvalidHandle, HandleValue{0x3}, ends.a}) {
      EXPECT_EQ(user.Wait(handle, kSignalWritable), (WaitAnswer{Status::kBadHandle, kUntouched}));
    }
  });
}

// WT-1
TEST(ObjectWaitOne, NeedsTheRightToWaitAndNoOther) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue blind = user.MakeAnother(ends.a, kRightsChannelDefault & ~kRightWait);
    EXPECT_EQ(user.Wait(blind, kSignalWritable), (WaitAnswer{Status::kAccessDenied, kUntouched}));
    const HandleValue waiter = user.MakeAnother(ends.a, kRightWait);
    EXPECT_EQ(user.Wait(waiter, kSignalWritable), (WaitAnswer{Status::kOk, kSignalWritable}));
  });
}

// WT-1
TEST(ObjectWaitOne, ObservedNeedNotBeAskedForButMustBeWritable) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const auto wait = [&](HandleValue handle, Signals signals, UserPtr<Signals> observed) {
      return ObjectWaitOne(user.thread(), handle, signals, kTimeInfinitePast, observed);
    };
    EXPECT_EQ(wait(ends.a, kSignalWritable, nullptr), Status::kOk);
    EXPECT_EQ(wait(ends.a, kSignalReadable, nullptr), Status::kTimedOut);
    const auto bad = BadPointer<Signals>(16);
    EXPECT_EQ(wait(ends.a, kSignalWritable, bad), Status::kInvalidArgs);
    EXPECT_EQ(wait(ends.a, kSignalReadable, bad), Status::kInvalidArgs);
    EXPECT_EQ(wait(kInvalidHandle, kSignalReadable, bad), Status::kBadHandle);
    const HandleValue blind = user.MakeAnother(ends.a, kRightNone);
    EXPECT_EQ(wait(blind, kSignalReadable, bad), Status::kAccessDenied);
  });
}

// --- Who ends a wait ---

// WT-5: what is active at the instant of the match.
TEST(Watchers, SeeTheStateAtTheMatch) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    Watcher::Log log;
    const Watcher watcher(user, ends.b, kSignalReadable, "readable", &log);
    EXPECT_EQ(user.Write(ends.a, "1"), Status::kOk);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    EXPECT_EQ(log, Watcher::Log{"readable"});
    EXPECT_EQ(watcher.observed(), kBoth);
  });
}

// S-8: clearing wakes nobody, nor does raising what is not wanted.
TEST(Watchers, AreLeftAloneByWhatTheyDoNotWant) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "1"), Status::kOk);
    Watcher::Log log;
    const Watcher watcher(user, ends.b, kSignalPeerClosed, "closed", &log);
    const Watcher other_side(user, ends.a, kSignalReadable, "readable", &log);
    EXPECT_EQ(user.Read(ends.b).status, Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "2"), Status::kOk);
    EXPECT_TRUE(log.empty());
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    EXPECT_EQ(log, (Watcher::Log{"readable cancelled", "closed"}));  // D-1: the waits go first.
  });
}

// K2, D-1, WT-5
TEST(Watchers, AreCancelledByTheCloseOfTheirHandle) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue event = user.CreateEvent();
    Watcher::Log log;
    const Watcher channel(user, ends.a, kSignalReadable, "channel", &log);
    const Watcher idle(user, event, kSignalSignaled, "event", &log);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    EXPECT_EQ(user.Close(event), Status::kOk);
    EXPECT_EQ(log, (Watcher::Log{"channel cancelled", "event cancelled"}));
    EXPECT_EQ(channel.observed(), kSignalWritable);
  });
}

// WT-30: waits belong to handles, not to objects.
TEST(Watchers, AreNotCancelledByTheCloseOfAnotherHandleToTheObject) {
  RunAlone([](User& user) {
    const HandleValue event = user.CreateEvent();
    const HandleValue again = user.MakeAnother(event, kRightsBasic);
    Watcher::Log log;
    const Watcher first(user, event, kSignalSignaled, "first", &log);
    const Watcher second(user, again, kSignalSignaled, "second", &log);
    EXPECT_EQ(user.Close(event), Status::kOk);
    EXPECT_EQ(log, Watcher::Log{"first cancelled"});
    EXPECT_EQ(user.Close(again), Status::kOk);
    EXPECT_EQ(log, (Watcher::Log{"first cancelled", "second cancelled"}));
  });
}

// WT-31, T-3
TEST(Watchers, AreServedWhileTheirHandleIsInTransit) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    Watcher::Log log;
    const Watcher watcher(user, cargo.a, kSignalReadable, "readable", &log);
    EXPECT_EQ(user.Write(ends.a, "", {cargo.a}), Status::kOk);
    EXPECT_TRUE(log.empty());
    EXPECT_EQ(user.Write(cargo.b, "1"), Status::kOk);
    EXPECT_EQ(log, Watcher::Log{"readable"});
  });
}

// WT-31, T-6, R-13: also if the receiver is the sender.
TEST(Watchers, AreCancelledByTheReceiptOfTheirHandle) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue event = user.CreateEvent();
    const HandleValue stays = user.MakeAnother(event, kRightsBasic);
    Watcher::Log log;
    const Watcher watcher(user, event, kSignalSignaled, "sent", &log);
    const Watcher other(user, stays, kSignalSignaled, "stays", &log);
    EXPECT_EQ(user.Write(ends.a, "", {event}), Status::kOk);
    EXPECT_TRUE(log.empty());
    EXPECT_EQ(user.Read(ends.b).status, Status::kOk);
    EXPECT_EQ(log, Watcher::Log{"sent cancelled"});
  });
}

// WT-31
TEST(Watchers, AreCancelledByTheDestructionOfTheMessageThatHoldsTheirHandle) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    Watcher::Log log;
    const Watcher watcher(user, cargo.a, kSignalReadable, "sent", &log);
    EXPECT_EQ(user.Write(ends.a, "", {cargo.a}), Status::kOk);
    EXPECT_EQ(user.Close(ends.b), Status::kOk);
    EXPECT_EQ(log, Watcher::Log{"sent cancelled"});
  });
}

}  // namespace
}  // namespace core
