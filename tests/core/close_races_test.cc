// Closes that race with other calls: exactly the outcomes that are allowed, each of them reached.
#include <gtest/gtest.h>

#include "tests/core/race.h"

namespace core {
namespace {

std::string_view StateOfPeer(User& user, HandleValue channel) {
  return user.SignalsOf(channel) == kSignalPeerClosed ? "closed" : "open";
}

// --- The handle that is used ---

// N-1, W-14, W6, W13: the handle that is sent is consumed in all cases.
TEST(CloseRaces, AWriteThroughAHandleThatIsBeingClosed) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& writer = race.NewUser();
    User& closer = race.NewColleague(writer);
    const Ends ends = writer.CreateChannel();
    const Ends cargo = writer.CreateChannel();
    race.Spawn([&writer, ends, cargo](Notes& note) {
      note(writer.Write(ends.a, "m", {cargo.a}));
      EXPECT_FALSE(writer.Has(cargo.a));
    });
    race.Spawn([&closer, ends](Notes& note) { note(closer.Close(ends.a)); });
    race.AtEnd([&writer, ends, cargo](Notes& note) {
      note(StateOfPeer(writer, cargo.b));
      note(writer.Read(ends.b));
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kOk // open m", "kBadHandle / kOk // closed kPeerClosed",
                                "kPeerClosed / kOk // closed kPeerClosed"}));
}

// N-5: never PEER_CLOSED, since the peer is there.
TEST(CloseRaces, AReadThroughAHandleThatIsBeingClosed) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& reader = race.NewUser();
    User& closer = race.NewColleague(reader);
    const Ends ends = reader.CreateChannel();
    const Ends cargo = reader.CreateChannel();
    EXPECT_EQ(reader.Write(ends.a, "m", {cargo.a}), Status::kOk);
    race.Spawn([&reader, ends](Notes& note) { note(reader.Read(ends.b)); });
    race.Spawn([&closer, ends](Notes& note) { note(closer.Close(ends.b)); });
    race.AtEnd([&reader, cargo](Notes& note) { note(StateOfPeer(reader, cargo.b)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"m / kOk // open", "kBadHandle / kOk // closed"}));
}

// N-5, X-26, R-14: nor on an empty queue, today.
TEST(CloseRaces, AReadOfAnEmptyQueueThroughAHandleThatIsBeingClosed) {
  for (const AbiProfile* profile : kGenerations) {
    const Outcomes outcomes = ExploreAll(
        [](Race& race) {
          User& reader = race.NewUser();
          User& closer = race.NewColleague(reader);
          const Ends ends = reader.CreateChannel();
          race.Spawn([&reader, ends](Notes& note) { note(reader.Read(ends.b)); });
          race.Spawn([&closer, ends](Notes& note) { note(closer.Close(ends.b)); });
        },
        {}, *profile);
    Outcomes expected = {"kShouldWait / kOk", "kBadHandle / kOk"};
    if (profile != &kCurrent) expected.insert("kPeerClosed / kOk");
    EXPECT_EQ(outcomes, expected) << profile->name;
  }
}

// N-4, HO-1
TEST(CloseRaces, TwoClosesOfOneHandle) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& one = race.NewUser();
    User& two = race.NewColleague(one);
    const Ends ends = one.CreateChannel();
    race.Spawn([&one, ends](Notes& note) { note(one.Close(ends.a)); });
    race.Spawn([&two, ends](Notes& note) { note(two.Close(ends.a)); });
    race.AtEnd([&one, ends](Notes& note) { note(StateOfPeer(one, ends.b)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kBadHandle // closed", "kBadHandle / kOk // closed"}));
}

// --- The other end ---

// N-2, O5, W13, B-2, B-3: the message dies or was never queued; either way its handle is closed.
TEST(CloseRaces, AWriteToAnEndThatIsBeingClosed) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& writer = race.NewUser();
    User& closer = race.NewColleague(writer);
    const Ends ends = writer.CreateChannel();
    const Ends cargo = writer.CreateChannel();
    race.Spawn([&writer, ends, cargo](Notes& note) { note(writer.Write(ends.a, "m", {cargo.a})); });
    race.Spawn([&closer, ends](Notes& note) { note(closer.Close(ends.b)); });
    race.AtEnd([&writer, ends, cargo](Notes& note) {
      note(StateOfPeer(writer, cargo.b));
      note(StateOfPeer(writer, ends.a));
    });
  });
  EXPECT_EQ(outcomes,
            (Outcomes{"kOk / kOk // closed closed", "kPeerClosed / kOk // closed closed"}));
}

// N-6, O7, S3, R-1: PEER_CLOSED only once the queue is empty.
TEST(CloseRaces, ReadsWhileTheOtherEndWritesAndCloses) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& reader = race.NewUser();
    User& writer = race.NewUser();
    const Ends ends = reader.CreateChannel();
    HandleValue far = kInvalidHandle;
    EXPECT_TRUE(writer.thread().NextHandleValues(1, &far));
    HandleOwner owner = reader.process().handles().Remove(ends.a);
    owner->object().OnReceived(writer.process());
    writer.process().handles().Add(std::move(owner), far);
    race.Spawn([&reader, ends](Notes& note) {
      note(reader.Read(ends.b));
      note(reader.Read(ends.b));
    });
    race.Spawn([&writer, far](Notes& note) {
      note(writer.Write(far, "m"));
      note(writer.Close(far));
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"m kShouldWait / kOk kOk", "m kPeerClosed / kOk kOk",
                                "kShouldWait m / kOk kOk", "kShouldWait kShouldWait / kOk kOk"}));
}

// N-6
TEST(CloseRaces, AReadOfAnEmptyQueueWhileTheOtherEndCloses) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& reader = race.NewUser();
    User& closer = race.NewColleague(reader);
    const Ends ends = reader.CreateChannel();
    race.Spawn([&reader, ends](Notes& note) { note(reader.Read(ends.b)); });
    race.Spawn([&closer, ends](Notes& note) { note(closer.Close(ends.a)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kShouldWait / kOk", "kPeerClosed / kOk"}));
}

// K2: whoever comes first, both are gone afterwards and nothing is left.
TEST(CloseRaces, BothEndsAtOnce) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& one = race.NewUser();
    User& two = race.NewColleague(one);
    const Ends ends = one.CreateChannel();
    EXPECT_EQ(one.Write(ends.a, "1", {one.CreateEvent()}), Status::kOk);
    EXPECT_EQ(one.Write(ends.b, "2", {one.CreateEvent()}), Status::kOk);
    race.Spawn([&one, ends](Notes& note) { note(one.Close(ends.a)); });
    race.Spawn([&two, ends](Notes& note) { note(two.Close(ends.b)); });
    race.AtEnd([&one](Notes&) { EXPECT_EQ(one.CountHandles(), 0u); });
  });
  EXPECT_EQ(outcomes, Outcomes{"kOk / kOk"});
}

// O6, D-7: two ends whose queues hold each other's peers.
TEST(CloseRaces, TwoChannelsThatHoldEachOther) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& one = race.NewUser();
    User& two = race.NewColleague(one);
    const Ends ab = one.CreateChannel();
    const Ends cd = one.CreateChannel();
    EXPECT_EQ(one.Write(ab.b, "", {cd.a}), Status::kOk);
    EXPECT_EQ(one.Write(cd.b, "", {ab.b}), Status::kOk);
    race.Spawn([&one, ab](Notes& note) { note(one.Close(ab.a)); });
    race.Spawn([&two, cd](Notes& note) { note(two.Close(cd.b)); });
    race.AtEnd([&one](Notes&) { EXPECT_EQ(one.CountHandles(), 0u); });
  });
  EXPECT_EQ(outcomes, Outcomes{"kOk / kOk"});
}

// --- What is left behind ---

// N-18, D-3, P-4: with a read in progress the messages may outlive the close, but not the read.
TEST(CloseRaces, ACallInProgressMayKeepTheMessagesForAWhile) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& reader = race.NewUser();
    User& closer = race.NewColleague(reader);
    const Ends ends = reader.CreateChannel();
    const Ends cargo = reader.CreateChannel();
    EXPECT_EQ(reader.Write(ends.a, "m", {cargo.a}), Status::kOk);
    race.Spawn([&reader, ends](Notes& note) { note(reader.Read(ends.b, {.num_bytes = 0})); });
    race.Spawn([&closer, ends, cargo](Notes& note) {
      note(closer.Close(ends.b));
      note(StateOfPeer(closer, cargo.b));
    });
    race.AtEnd([&reader, cargo](Notes& note) { note(StateOfPeer(reader, cargo.b)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBufferTooSmall / kOk open // closed",
                                "kBufferTooSmall / kOk closed // closed",
                                "kBadHandle / kOk closed // closed"}));
}

// P-2, D-1: a close has steps: the handle is gone, then the waits through it have ended, then the
// other end hears of it.
TEST(CloseRaces, AWaitEndsBeforeTheOtherEndHearsOfTheClose) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& closer = race.NewColleague(waiter);
    const Ends ends = waiter.CreateChannel();
    race.Spawn([&waiter, ends](Notes& note) {
      note(waiter.Wait(ends.b, kSignalReadable, kTimeInfinite).status);
      note(StateOfPeer(waiter, ends.a));
    });
    race.Spawn([&closer, ends](Notes& note) { note(closer.Close(ends.b)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle open / kOk", "kBadHandle closed / kOk",
                                "kCanceled open / kOk", "kCanceled closed / kOk"}));
}

// The worker that is told of handles does nothing by itself, so that ReapHandles is its work.
User& NewUserOfIdleWorker(Race& race) {
  User& user = race.NewUser();
  user.kernel().set_reaper_worker({[](void*) {}, nullptr});
  return user;
}

// D-6, X-17: in the first generation a worker closes what the message held: before the close
// returns, or after.
TEST(CloseRaces, TheHandlesOfADestroyedMessageAndTheWorker) {
  for (const AbiProfile* profile : kGenerations) {
    const Outcomes outcomes = ExploreAll(
        [](Race& race) {
          User& closer = NewUserOfIdleWorker(race);
          Kernel& kernel = closer.kernel();
          const Ends ends = closer.CreateChannel();
          const Ends cargo = closer.CreateChannel();
          EXPECT_EQ(closer.Write(ends.a, "m", {cargo.a}), Status::kOk);
          race.Spawn([&closer, ends, cargo](Notes& note) {
            note(closer.Close(ends.b));
            note(StateOfPeer(closer, cargo.b));
          });
          race.Spawn([&kernel](Notes&) { kernel.ReapHandles(); });
          race.AtEnd([&kernel, &closer, cargo](Notes& note) {
            kernel.ReapHandles();
            note(StateOfPeer(closer, cargo.b));
          });
        },
        {}, *profile);
    Outcomes expected = {"kOk closed /  // closed"};
    if (profile == &kMagenta2017) expected.insert("kOk open /  // closed");
    EXPECT_EQ(outcomes, expected) << profile->name;
  }
}

// D-6: who comes while another thread is at work leaves it all to that one.
TEST(CloseRaces, TwoWorkersCloseInTheOrderOfOne) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& closer = NewUserOfIdleWorker(race);
        Kernel& kernel = closer.kernel();
        const Ends ends = closer.CreateChannel();
        const Ends first = closer.CreateChannel();
        const Ends second = closer.CreateChannel();
        EXPECT_EQ(closer.Write(ends.a, "m", {first.a, second.a}), Status::kOk);
        EXPECT_EQ(closer.Close(ends.b), Status::kOk);
        race.Spawn([&kernel](Notes&) { kernel.ReapHandles(); });
        race.Spawn([&kernel](Notes&) { kernel.ReapHandles(); });
        race.Spawn([&closer, first, second](Notes& note) {
          note(StateOfPeer(closer, second.b));
          note(StateOfPeer(closer, first.b));
        });
      },
      {}, kMagenta2017);
  EXPECT_EQ(outcomes, (Outcomes{"open open", "open closed", "closed closed"}));
}

// H-10, D-9, P-7: an end in its own queue is out of reach; the engine says so.
TEST(CloseRaces, AnEndInItsOwnQueueIsALeak) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& user = race.NewUser();
    const Ends ends = user.CreateChannel();
    race.Spawn([&user, ends](Notes& note) {
      note(user.Write(ends.a, "", {ends.b}));
      note(user.Close(ends.a));
    });
  });
  ASSERT_EQ(outcomes.size(), 1u);
  EXPECT_EQ(outcomes.begin()->substr(0, 4), "leak") << *outcomes.begin();
  EXPECT_NE(outcomes.begin()->find("1 x channel endpoint"), std::string::npos);
}

}  // namespace
}  // namespace core
