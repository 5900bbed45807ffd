// Threads that wait while others write, read, close and send: exactly the outcomes that are
// allowed, each of them reached.
//
// Map: signals; other readers; deadlines; the close of the handle; the journey of the handle.
#include <gtest/gtest.h>

#include "sim/object/operation.h"
#include "tests/core/race.h"

namespace core {
namespace {

// --- Signals ---

// O8, S2, S-2, WT-2: no wake-up is lost.
TEST(WaitRaces, AWaitEndsWithTheWrite) {
  const auto program = [](Race& race) {
    User& waiter = race.NewUser();
    User& writer = race.NewColleague(waiter);
    const Ends ends = waiter.CreateChannel();
    race.Spawn([&waiter, ends](Notes& note) {
      note(waiter.Wait(ends.b, kSignalReadable, kTimeInfinite));
      note(waiter.Read(ends.b));
    });
    race.Spawn([&writer, ends](Notes& note) { note(writer.Write(ends.a, "m")); });
  };
  for (const AbiProfile* profile : kGenerations) {
    SCOPED_TRACE(profile->name);
    EXPECT_EQ(ExploreAll(program, {}, *profile), Outcomes{"kOk RW m / kOk"});
  }
}

// K2, S3, S-5, WT-5: PEER_CLOSED without WRITABLE at every moment.
TEST(WaitRaces, AWaitEndsWithTheCloseOfTheOtherEnd) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& closer = race.NewColleague(waiter);
    const Ends ends = waiter.CreateChannel();
    race.Spawn([&waiter, ends](Notes& note) {
      note(waiter.Wait(ends.b, kSignalReadable | kSignalPeerClosed, kTimeInfinite));
    });
    race.Spawn([&closer, ends](Notes& note) {
      note(closer.Write(ends.a, "m"));
      note(closer.Close(ends.a));
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk RW / kOk kOk", "kOk RP / kOk kOk"}));
}

TEST(WaitRaces, OneWriteEndsEveryWait) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& one = race.NewUser();
    User& two = race.NewColleague(one);
    User& writer = race.NewColleague(one);
    const Ends ends = one.CreateChannel();
    for (User* user : {&one, &two}) {
      race.Spawn(
          [user, ends](Notes& note) { note(user->Wait(ends.b, kSignalReadable, kTimeInfinite)); });
    }
    race.Spawn([&writer, ends](Notes& note) { note(writer.Write(ends.a, "m")); });
  });
  EXPECT_EQ(outcomes, Outcomes{"kOk RW / kOk RW / kOk"});
}

// --- Other readers ---

// N-16, S-9: woken for a message that somebody else has taken; or not woken at all, if it was taken
// before the wait began.
TEST(WaitRaces, AWaiterMayBeWokenForAMessageThatIsGone) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& reader = race.NewColleague(waiter);
    User& writer = race.NewColleague(waiter);
    const Ends ends = waiter.CreateChannel();
    race.Spawn([&waiter, ends](Notes& note) {
      note(waiter.Wait(ends.b, kSignalReadable, kTimeInfinite));
      note(waiter.Read(ends.b));
    });
    race.Spawn([&reader, ends](Notes& note) { note(reader.Read(ends.b)); });
    race.Spawn([&writer, ends](Notes& note) { note(writer.Write(ends.a, "m")); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk RW m / kShouldWait / kOk", "kOk RW kShouldWait / m / kOk",
                                "... / m / kOk"}));
}

// N-16: who found the queue empty and then waits is not woken for what was there before.
TEST(WaitRaces, AWaitThatBeganOnAnEmptyQueueDoesNotEndForAnOldMessage) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& reader = race.NewUser();
    User& writer = race.NewColleague(reader);
    const Ends ends = reader.CreateChannel();
    race.Spawn([&reader, ends](Notes& note) {
      const ReadResult read = reader.Read(ends.b);
      note(read);
      if (read.status != Status::kOk) return;
      note(reader.Wait(ends.b, kSignalReadable, sim::kAtAnyMoment));
    });
    race.Spawn([&writer, ends](Notes& note) { note(writer.Write(ends.a, "m")); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kShouldWait / kOk", "m kTimedOut W / kOk"}));
}

// --- Deadlines ---

// S2, WT-5, WT-8: a match between the deadline and the end of the wait shows in what was observed,
// and changes nothing.
TEST(WaitRaces, ADeadlineAndAWrite) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& writer = race.NewColleague(waiter);
    const Ends ends = waiter.CreateChannel();
    race.Spawn([&waiter, ends](Notes& note) {
      note(waiter.Wait(ends.b, kSignalReadable, sim::kAtAnyMoment));
    });
    race.Spawn([&writer, ends](Notes& note) { note(writer.Write(ends.a, "m")); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk RW / kOk", "kTimedOut W / kOk", "kTimedOut RW / kOk"}));
}

// A match that comes too late for one wait has nothing to do with the next.
TEST(WaitRaces, AWaitDoesNotEndForWhatThePreviousOneMissed) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& writer = race.NewColleague(waiter);
    const Ends ends = waiter.CreateChannel();
    const HandleValue event = waiter.CreateEvent();
    race.Spawn([&waiter, ends, event](Notes& note) {
      note(waiter.Wait(ends.b, kSignalReadable, sim::kAtAnyMoment).status);
      note(waiter.Wait(event, kSignalSignaled, sim::kAtAnyMoment));
    });
    race.Spawn([&writer, ends](Notes&) { EXPECT_EQ(writer.Write(ends.a, "m"), Status::kOk); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk kTimedOut  / ", "kTimedOut kTimedOut  / "}));
}

// WT-4
TEST(WaitRaces, AWaitForNothingEndsAtItsDeadlineOnly) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& writer = race.NewColleague(waiter);
    const Ends ends = waiter.CreateChannel();
    race.Spawn([&waiter, ends](Notes& note) {
      note(waiter.Wait(ends.b, kSignalNone, sim::kAtAnyMoment));
    });
    race.Spawn([&writer, ends](Notes& note) { note(writer.Write(ends.a, "m")); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kTimedOut W / kOk", "kTimedOut RW / kOk"}));
}

// WT-4
TEST(WaitRaces, AWaitForNothingWithoutADeadlineEndsOnlyWithItsHandle) {
  for (const bool close : {false, true}) {
    const Outcomes outcomes = ExploreAll([close](Race& race) {
      User& waiter = race.NewUser();
      User& closer = race.NewColleague(waiter);
      const HandleValue event = waiter.CreateEvent();
      race.Spawn(
          [&waiter, event](Notes& note) { note(waiter.Wait(event, kSignalNone, kTimeInfinite)); });
      race.Spawn([&closer, event, close](Notes& note) {
        note(closer.Close(close ? event : kInvalidHandle));
      });
    });
    EXPECT_EQ(outcomes,
              close ? (Outcomes{"kBadHandle / kOk", "kCanceled H / kOk"}) : Outcomes{"... / kOk"});
  }
}

// --- The close of the handle ---

// N-14, K2, WT-2: it ends the wait, or the wait never begins.
TEST(WaitRaces, TheCloseOfItsHandleEndsAWait) {
  const auto program = [](Race& race) {
    User& waiter = race.NewUser();
    User& closer = race.NewColleague(waiter);
    const Ends ends = waiter.CreateChannel();
    race.Spawn([&waiter, ends](Notes& note) {
      note(waiter.Wait(ends.b, kSignalReadable, kTimeInfinite));
    });
    race.Spawn([&closer, ends](Notes& note) { note(closer.Close(ends.b)); });
  };
  for (const AbiProfile* profile : kGenerations) {
    SCOPED_TRACE(profile->name);
    EXPECT_EQ(ExploreAll(program, {}, *profile),
              (Outcomes{"kBadHandle / kOk", "kCanceled WH / kOk"}));
  }
}

// N-14, WT-8, X-15: all that can happen. A cancel after the deadline counts; a match that comes
// before the cancel counts, even if the waiter has not run yet.
TEST(WaitRaces, TheCloseOfTheHandleADeadlineAndAWrite) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& closer = race.NewColleague(waiter);
    const Ends ends = waiter.CreateChannel();
    race.Spawn([&waiter, ends](Notes& note) {
      note(waiter.Wait(ends.b, kSignalReadable, sim::kAtAnyMoment));
    });
    race.Spawn([&closer, ends](Notes& note) {
      note(closer.Write(ends.a, "m"));
      note(closer.Close(ends.b));
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle / kOk kOk", "kOk RW / kOk kOk", "kTimedOut W / kOk kOk",
                                "kTimedOut RW / kOk kOk"}));
}

// N-14: without the write the cancel may come after the deadline.
TEST(WaitRaces, TheCloseOfTheHandleAndADeadline) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& closer = race.NewColleague(waiter);
    const Ends ends = waiter.CreateChannel();
    race.Spawn([&waiter, ends](Notes& note) {
      note(waiter.Wait(ends.b, kSignalReadable, sim::kAtAnyMoment));
    });
    race.Spawn([&closer, ends](Notes& note) { note(closer.Close(ends.b)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle / kOk", "kCanceled WH / kOk", "kTimedOut W / kOk"}));
}

// WT-30
TEST(WaitRaces, TheCloseOfAnotherHandleToTheObjectEndsNoWait) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& closer = race.NewColleague(waiter);
    const HandleValue event = waiter.CreateEvent();
    const HandleValue again = waiter.MakeAnother(event, kRightsBasic);
    race.Spawn([&waiter, event](Notes& note) {
      note(waiter.Wait(event, kSignalSignaled, kTimeInfinite));
    });
    race.Spawn([&closer, again](Notes& note) { note(closer.Close(again)); });
  });
  EXPECT_EQ(outcomes, Outcomes{"... / kOk"});
}

// --- The journey of the handle ---

// N-15, WT-31, T-6: the send ends no wait; the receipt does.
TEST(WaitRaces, TheReceiptOfItsHandleEndsAWait) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& mover = race.NewColleague(waiter);
    const Ends ends = waiter.CreateChannel();
    const Ends cargo = waiter.CreateChannel();
    race.Spawn([&waiter, cargo](Notes& note) {
      note(waiter.Wait(cargo.b, kSignalReadable, kTimeInfinite));
    });
    race.Spawn([&mover, ends, cargo](Notes& note) {
      note(mover.Write(ends.a, "", {cargo.b}));
      note(mover.Read(ends.b).status);
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle / kOk kOk", "kCanceled WH / kOk kOk"}));
}

// N-15, WT-31, T-3: in transit a wait can still be satisfied.
TEST(WaitRaces, AWaitGoesOnWhileItsHandleIsInTransit) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& mover = race.NewColleague(waiter);
    const Ends ends = waiter.CreateChannel();
    const Ends cargo = waiter.CreateChannel();
    race.Spawn([&waiter, cargo](Notes& note) {
      note(waiter.Wait(cargo.b, kSignalReadable, kTimeInfinite));
    });
    race.Spawn([&mover, ends, cargo](Notes& note) {
      note(mover.Write(ends.a, "", {cargo.b}));
      note(mover.Write(cargo.a, "m"));
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle / kOk kOk", "kOk RW / kOk kOk"}));
}

// N-15: nobody receives it, nobody closes it: the wait goes on.
TEST(WaitRaces, ASendAloneEndsNoWait) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& mover = race.NewColleague(waiter);
    const Ends ends = waiter.CreateChannel();
    const Ends cargo = waiter.CreateChannel();
    race.Spawn([&waiter, cargo](Notes& note) {
      note(waiter.Wait(cargo.b, kSignalReadable, kTimeInfinite));
    });
    race.Spawn([&mover, ends, cargo](Notes& note) { note(mover.Write(ends.a, "", {cargo.b})); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle / kOk", "... / kOk"}));
}

// N-15, WT-31
TEST(WaitRaces, TheDestructionOfTheMessageWithItsHandleEndsAWait) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& mover = race.NewColleague(waiter);
    const Ends ends = waiter.CreateChannel();
    const Ends cargo = waiter.CreateChannel();
    race.Spawn([&waiter, cargo](Notes& note) {
      note(waiter.Wait(cargo.b, kSignalReadable, kTimeInfinite));
    });
    race.Spawn([&mover, ends, cargo](Notes& note) {
      note(mover.Write(ends.a, "", {cargo.b}));
      note(mover.Close(ends.b));
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle / kOk kOk", "kCanceled WH / kOk kOk"}));
}

// N-15: all that can happen.
TEST(WaitRaces, TheJourneyOfTheHandleADeadlineAndAWrite) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& mover = race.NewColleague(waiter);
    User& writer = race.NewColleague(waiter);
    const Ends ends = waiter.CreateChannel();
    const Ends cargo = waiter.CreateChannel();
    race.Spawn([&waiter, cargo](Notes& note) {
      note(waiter.Wait(cargo.b, kSignalReadable, sim::kAtAnyMoment).status);
    });
    race.Spawn([&mover, ends, cargo](Notes&) {
      EXPECT_EQ(mover.Write(ends.a, "", {cargo.b}), Status::kOk);
      EXPECT_EQ(mover.Read(ends.b).status, Status::kOk);
    });
    race.Spawn([&writer, cargo](Notes&) { EXPECT_EQ(writer.Write(cargo.a, "m"), Status::kOk); });
  });
  EXPECT_EQ(outcomes,
            (Outcomes{"kOk /  / ", "kTimedOut /  / ", "kBadHandle /  / ", "kCanceled /  / "}));
}

}  // namespace
}  // namespace core
