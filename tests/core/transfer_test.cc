// Endpoints and events on their way from one process to another.
#include <gtest/gtest.h>

#include <utility>

#include "tests/core/core_fixture.h"

namespace core {
namespace {

// A channel between two processes, and one whose end `cargo.a` is to travel from the first user to
// the second.
struct Journey {
  explicit Journey(User& user) : sender(user), receiver(user.kernel()) {
    const Ends ends = sender.CreateChannel();
    to_receiver = ends.a;
    // The far end is put into the receiver's hands as the parent of a process would do it.
    EXPECT_TRUE(receiver.thread().NextHandleValues(1, &from_sender));
    HandleOwner far_end = sender.process().handles().Remove(ends.b);
    far_end->object().OnReceived(receiver.process());
    receiver.process().handles().Add(std::move(far_end), from_sender);
    cargo = sender.CreateChannel();
  }
  void Send() { EXPECT_EQ(sender.Write(to_receiver, "cargo", {cargo.a}), Status::kOk); }
  HandleValue Receive() {
    const ReadResult read = receiver.Read(from_sender);
    EXPECT_EQ(read.status, Status::kOk);
    EXPECT_EQ(read.actual_handles, 1u);
    return read.handles[0];
  }

  User& sender;
  User receiver;
  HandleValue to_receiver = kInvalidHandle;
  HandleValue from_sender = kInvalidHandle;
  Ends cargo;
};

// T-1, H-4: the old value dies, the new one is the receiver's.
TEST(Transfer, GivesTheHandleANewValueInTheReceiver) {
  RunAlone([](User& user) {
    Journey journey(user);
    journey.Send();
    const HandleValue received = journey.Receive();
    EXPECT_NE(received, journey.cargo.a);
    EXPECT_TRUE(journey.receiver.Has(received));
    EXPECT_FALSE(user.Has(received));
    EXPECT_FALSE(user.Has(journey.cargo.a));
    EXPECT_EQ(journey.receiver.Write(received, "hello"), Status::kOk);
    EXPECT_EQ(user.Read(journey.cargo.b).bytes, "hello");
  });
}

// O9
TEST(Transfer, LeavesExactlyOneHandle) {
  ForEachGeneration([](User& user) {
    Journey journey(user);
    const RefPtr<Dispatcher> a = user.Reference(journey.cargo.a);
    EXPECT_EQ(a->PeekHandleCount(), 1u);
    journey.Send();
    EXPECT_EQ(a->PeekHandleCount(), 1u);
    journey.Receive();
    EXPECT_EQ(a->PeekHandleCount(), 1u);
  });
}

// T-1, R-10
TEST(Transfer, LeavesTheRightsAlone) {
  RunAlone([](User& user) {
    Journey journey(user);
    const Rights rights = kRightTransfer | kRightWrite;
    journey.cargo.a = user.Restrict(journey.cargo.a, rights);
    journey.Send();
    const HandleValue received = journey.Receive();
    EXPECT_EQ(journey.receiver.RightsOf(received), rights);
    EXPECT_EQ(journey.receiver.Read(received).status, Status::kAccessDenied);
  });
}

// T-4, H-11, O12, O13
TEST(Transfer, ChangesTheOwnerAtTheReceiptNotAtTheSend) {
  RunAlone([](User& user) {
    Journey journey(user);
    EXPECT_EQ(user.Write(journey.cargo.b, "1"), Status::kOk);
    const RefPtr<Dispatcher> object = user.Reference(journey.cargo.a);
    auto& a = static_cast<ChannelDispatcher&>(*object);
    const auto write = [&] {  // As a system call that had looked the handle up before.
      PendingMessages pending;
      MessagePacketPtr packet = MessagePacket::Create(0, 0);
      return a.Write(user.process(), packet, &pending);
    };
    const auto read = [&] {
      MessageSize size;
      MessagePacketPtr packet;
      return a.Read(user.process(), {1, 0}, false, &size, &packet);
    };
    journey.Send();
    EXPECT_EQ(a.PeekOwner(), user.process().koid());
    EXPECT_EQ(write(), Status::kOk);
    EXPECT_EQ(read(), Status::kOk);
    EXPECT_EQ(user.Write(journey.cargo.b, "2"), Status::kOk);
    const HandleValue received = journey.Receive();
    EXPECT_EQ(a.PeekOwner(), journey.receiver.process().koid());
    EXPECT_EQ(write(), Status::kBadHandle);
    EXPECT_EQ(read(), Status::kBadHandle);
    EXPECT_EQ(journey.receiver.Read(received).bytes, "2");
  });
}

// P-3, T-5: the owner is a process, not a period.
TEST(Transfer, ThereAndBackLetsAnOperationInProgressGoOn) {
  RunAlone([](User& user) {
    Journey journey(user);
    const RefPtr<Dispatcher> object = user.Reference(journey.cargo.a);
    journey.Send();
    const HandleValue received = journey.Receive();
    EXPECT_EQ(journey.receiver.Write(journey.from_sender, "", {received}), Status::kOk);
    EXPECT_EQ(user.Read(journey.to_receiver).status, Status::kOk);
    PendingMessages pending;
    MessagePacketPtr packet = MessagePacket::Create(0, 0);
    EXPECT_EQ(static_cast<ChannelDispatcher&>(*object).Write(user.process(), packet, &pending),
              Status::kOk);
  });
}

// O11, T-2: what is queued stays, what comes meanwhile is queued behind it.
TEST(Transfer, NeitherReordersNorTruncatesTheQueue) {
  RunAlone([](User& user) {
    Journey journey(user);
    EXPECT_EQ(user.Write(journey.cargo.b, "1 before"), Status::kOk);
    EXPECT_EQ(user.Write(journey.cargo.b, "2 before", {user.CreateEvent()}), Status::kOk);
    journey.Send();
    EXPECT_EQ(user.Write(journey.cargo.b, "3 in transit"), Status::kOk);
    const HandleValue received = journey.Receive();
    EXPECT_EQ(user.Write(journey.cargo.b, "4 after"), Status::kOk);
    EXPECT_EQ(user.Close(journey.cargo.b), Status::kOk);
    for (const char* expected : {"1 before", "2 before", "3 in transit", "4 after"}) {
      EXPECT_EQ(journey.receiver.Read(received).bytes, expected);
    }
    EXPECT_EQ(journey.receiver.Read(received).status, Status::kPeerClosed);
  });
}

// T-3, S-5
TEST(Transfer, TheEndpointIsAliveInTransit) {
  RunAlone([](User& user) {
    Journey journey(user);
    journey.Send();
    EXPECT_EQ(user.SignalsOf(journey.cargo.b), kSignalWritable);
    EXPECT_EQ(user.Write(journey.cargo.b, "1"), Status::kOk);
    EXPECT_EQ(user.Close(journey.cargo.b), Status::kOk);
    const HandleValue received = journey.Receive();
    EXPECT_EQ(journey.receiver.SignalsOf(received), kSignalReadable | kSignalPeerClosed);
  });
}

// O10: only who holds it can send it on, and it does.
TEST(Transfer, TheReceiverCanSendItOn) {
  ForEachGeneration([](User& user) {
    Journey journey(user);
    EXPECT_EQ(user.Write(journey.cargo.b, "1"), Status::kOk);
    journey.Send();
    const HandleValue received = journey.Receive();
    EXPECT_EQ(user.Write(journey.to_receiver, "", {received}), Status::kBadHandle);
    EXPECT_EQ(journey.receiver.Write(journey.from_sender, "", {received}), Status::kOk);
    const ReadResult back = user.Read(journey.to_receiver);
    ASSERT_EQ(back.actual_handles, 1u);
    EXPECT_NE(back.handles[0], journey.cargo.a);
    EXPECT_EQ(user.Read(back.handles[0]).bytes, "1");
  });
}

// The channel that carries may be closed by its sender at once. O7, W-15
TEST(Transfer, OutlivesTheSendersEndOfTheCarrier) {
  RunAlone([](User& user) {
    Journey journey(user);
    journey.Send();
    EXPECT_EQ(user.Close(journey.to_receiver), Status::kOk);
    const HandleValue received = journey.Receive();
    EXPECT_EQ(user.SignalsOf(journey.cargo.b), kSignalWritable);
    EXPECT_EQ(journey.receiver.SignalsOf(received), kSignalWritable);
  });
}

// O14: an event has no owner; a use that began in the one process is none of the other's business.
TEST(Transfer, EventsHaveNoOwner) {
  RunAlone([](User& user) {
    Journey journey(user);
    const HandleValue stays = user.CreateEvent();
    const HandleValue travels = user.MakeAnother(stays, kRightsBasic);
    EXPECT_EQ(user.Write(journey.to_receiver, "", {travels}), Status::kOk);
    const HandleValue received = journey.Receive();
    EXPECT_EQ(user.Wait(stays, kSignalSignaled).status, Status::kTimedOut);
    EXPECT_EQ(journey.receiver.Wait(received, kSignalSignaled).status, Status::kTimedOut);
  });
}

}  // namespace
}  // namespace core
