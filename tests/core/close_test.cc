// handle_close, and what follows from the last close of an endpoint.
#include <gtest/gtest.h>

#include "tests/core/core_fixture.h"

namespace core {
namespace {

// HO-1
TEST(HandleClose, OfZeroIsFineAndOfWhatIsNotThereIsBad) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    User other(user.kernel());
    EXPECT_EQ(user.Close(kInvalidHandle), Status::kOk);
    EXPECT_EQ(user.Close(0x3), Status::kBadHandle);
    EXPECT_EQ(user.Close(ends.a & ~kHandleFixedBits), Status::kBadHandle);
    EXPECT_EQ(other.Close(ends.a), Status::kBadHandle);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    EXPECT_EQ(user.Close(ends.a), Status::kBadHandle);
    EXPECT_EQ(user.CountHandles(), 1u);
  });
}

TEST(HandleClose, NeedsNoRight) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue powerless = user.Restrict(ends.a, kRightNone);
    EXPECT_EQ(user.Close(powerless), Status::kOk);
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalPeerClosed);
  });
}

// K2, S3, W13
TEST(HandleClose, OfOneEndIsSeenAtTheOther) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalPeerClosed);
    EXPECT_EQ(user.Write(ends.b, ""), Status::kPeerClosed);
    EXPECT_EQ(user.Read(ends.b).status, Status::kPeerClosed);
    EXPECT_EQ(user.Close(ends.b), Status::kOk);
  });
}

// H-5, D-1: as long as a handle is left, the endpoint is.
TEST(HandleClose, OnlyTheLastHandleClosesTheEnd) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue again = user.MakeAnother(ends.a, kRightsIo);
    EXPECT_EQ(user.Write(ends.b, "1"), Status::kOk);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalWritable);
    EXPECT_EQ(user.Read(again).bytes, "1");
    EXPECT_EQ(user.Close(again), Status::kOk);
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalPeerClosed);
  });
}

// O5, O6, H-3: when the call returns, nobody else being at work.
TEST(HandleClose, OfTheLastHandleDestroysTheUnreadMessages) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    const Ends first = user.CreateChannel();
    const Ends second = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "", {first.a}), Status::kOk);
    EXPECT_EQ(user.Write(ends.a, "", {second.a}), Status::kOk);
    EXPECT_EQ(user.Close(ends.b), Status::kOk);
    EXPECT_EQ(user.SignalsOf(first.b), kSignalPeerClosed);
    EXPECT_EQ(user.SignalsOf(second.b), kSignalPeerClosed);
    EXPECT_EQ(user.SignalsOf(ends.a), kSignalPeerClosed);
  });
}

// O7: closing destroys what this end has not read, not what it has written.
TEST(HandleClose, LeavesTheMessagesThatTheEndHadWritten) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "1", {cargo.a}), Status::kOk);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    EXPECT_EQ(user.SignalsOf(cargo.b), kSignalWritable);
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalReadable | kSignalPeerClosed);
    const ReadResult read = user.Read(ends.b);
    EXPECT_EQ(read.bytes, "1");
    EXPECT_EQ(user.Write(read.handles[0], "2"), Status::kOk);
    EXPECT_EQ(user.Read(cargo.b).bytes, "2");
  });
}

// D-3, P-4, H-6: a system call in progress holds a reference; the queue dies with the last of them.
TEST(HandleClose, LeavesTheQueueToACallInProgress) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "", {cargo.a}), Status::kOk);
    RefPtr<Dispatcher> in_progress = user.Reference(ends.b);
    EXPECT_EQ(user.Close(ends.b), Status::kOk);
    EXPECT_EQ(user.SignalsOf(ends.a), kSignalPeerClosed);  // The public life is over.
    EXPECT_EQ(user.SignalsOf(cargo.b), kSignalWritable);
    in_progress = nullptr;
    EXPECT_EQ(user.SignalsOf(cargo.b), kSignalPeerClosed);
  });
}

// D-1: the peer's signals come before the messages. (The waits come before both: see Watchers. They
// hold references, so with one of them the messages would stay.)
TEST(HandleClose, GoesInItsOrder) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.b, "", {cargo.a}), Status::kOk);
    Watcher::Log log;
    const Watcher inside(user, cargo.b, kSignalPeerClosed, "inside", &log);
    const Watcher peer(user, ends.b, kSignalPeerClosed, "peer", &log);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    EXPECT_EQ(log, (Watcher::Log{"peer", "inside"}));
  });
}

// D-1, P-2: the waits through the handle end before the other end hears of the close.
TEST(HandleClose, EndsTheWaitsFirst) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    Watcher::Log log;
    const Watcher peer(user, ends.b, kSignalPeerClosed, "peer", &log);
    const Watcher own(user, ends.a, kSignalReadable, "own", &log);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    EXPECT_EQ(log, (Watcher::Log{"own cancelled", "peer"}));
  });
}

// D-4
TEST(HandleClose, ClosesTheHandlesOfAMessageInTheirOrder) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const Ends one = user.CreateChannel();
    const Ends two = user.CreateChannel();
    const Ends three = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.a, "", {two.a, three.a, one.a}), Status::kOk);
    Watcher::Log log;
    const Watcher first(user, one.b, kSignalPeerClosed, "one", &log);
    const Watcher second(user, two.b, kSignalPeerClosed, "two", &log);
    const Watcher third(user, three.b, kSignalPeerClosed, "three", &log);
    EXPECT_EQ(user.Close(ends.b), Status::kOk);
    EXPECT_EQ(log, (Watcher::Log{"two", "three", "one"}));
  });
}

// O6: the message at a holds c, whose queue holds b: a message that holds the other end of its
// channel.
TEST(HandleClose, OfAnEndWhoseQueueHoldsItsPeerTakesBothDown) {
  ForEachGeneration([](User& user) {
    const Ends ab = user.CreateChannel();
    const Ends cd = user.CreateChannel();
    EXPECT_EQ(user.Write(ab.b, "", {cd.a}), Status::kOk);  // At a.
    EXPECT_EQ(user.Write(cd.b, "", {ab.b}), Status::kOk);  // At c.
    EXPECT_EQ(user.SignalsOf(ab.a), kSignalReadable | kSignalWritable);
    EXPECT_EQ(user.Close(ab.a), Status::kOk);
    EXPECT_EQ(user.SignalsOf(cd.b), kSignalPeerClosed);
    EXPECT_EQ(user.CountHandles(), 1u);
  });
}

}  // namespace
}  // namespace core
