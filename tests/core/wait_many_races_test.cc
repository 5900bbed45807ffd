// Threads that wait for several objects, and waits of the generations, while others write and
// close: exactly the outcomes that are allowed, each of them reached.
#include <gtest/gtest.h>

#include "sim/object/operation.h"
#include "tests/core/handle_ops.h"
#include "tests/core/race.h"
#include "tests/core/wait_calls.h"

namespace core {
namespace {

// --- Several objects ---

// S4, WT-2: the close of one ends it, or it never begins.
TEST(WaitManyRaces, TheCloseOfOneHandleEndsIt) {
  for (const AbiProfile* profile : kGenerations) {
    const Outcomes outcomes = ExploreAll(
        [](Race& race) {
          User& waiter = race.NewUser();
          User& closer = race.NewColleague(waiter);
          const Ends ends = waiter.CreateChannel();
          const HandleValue event = waiter.CreateEvent();
          race.Spawn([&waiter, ends, event](Notes& note) {
            note(WaitFor(waiter, {{ends.b, kSignalReadable, 0}, {event, kSignalSignaled, 0}},
                         kTimeInfinite)
                     .Text(2));
          });
          race.Spawn([&closer, event](Notes& note) { note(closer.Close(event)); });
        },
        {}, *profile);
    EXPECT_EQ(outcomes, (Outcomes{"kBadHandle / kOk", "kCanceled W H / kOk"})) << profile->name;
  }
}

// N-17, WT-14: a close that comes before the take-down wins over a match before it.
TEST(WaitManyRaces, AMatchOfOneItemAndTheCloseOfAnother) {
  for (const AbiProfile* profile : {&kZircon2018_10, &kCurrent}) {
    const Outcomes outcomes = ExploreAll(
        [](Race& race) {
          User& waiter = race.NewUser();
          User& closer = race.NewColleague(waiter);
          const Ends ends = waiter.CreateChannel();
          const HandleValue event = waiter.CreateEvent();
          race.Spawn([&waiter, ends, event](Notes& note) {
            note(WaitFor(waiter, {{ends.b, kSignalReadable, 0}, {event, kSignalSignaled, 0}},
                         kTimeInfinite)
                     .Text(2));
          });
          race.Spawn([&closer, ends, event](Notes& note) {
            note(closer.Write(ends.a, "m"));
            note(closer.Close(event));
          });
        },
        {}, *profile);
    EXPECT_EQ(outcomes,
              (Outcomes{"kBadHandle / kOk kOk", "kOk RW - / kOk kOk", "kCanceled RW H / kOk kOk"}));
  }
}

// WT-12, WT-13: each object is looked at by itself. At no moment was the second written to and the
// first not, and yet: "W RW".
TEST(WaitManyRaces, TheItemsAreNoSnapshot) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& writer = race.NewColleague(waiter);
    const Ends one = waiter.CreateChannel();
    const Ends two = waiter.CreateChannel();
    race.Spawn([&waiter, one, two](Notes& note) {
      note(
          WaitFor(waiter, {{one.b, kSignalWritable, 0}, {two.b, kSignalReadable, 0}}, kTimeInfinite)
              .Text(2));
    });
    race.Spawn([&writer, one, two](Notes&) {
      EXPECT_EQ(writer.Write(one.a, "m"), Status::kOk);
      EXPECT_EQ(writer.Write(two.a, "m"), Status::kOk);
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk W W / ", "kOk RW W / ", "kOk RW RW / ", "kOk W RW / "}));
}

// WT-8, WT-14
TEST(WaitManyRaces, ADeadlineAndAClose) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& closer = race.NewColleague(waiter);
    const HandleValue stays = waiter.CreateEvent();
    const HandleValue goes = waiter.CreateEvent();
    race.Spawn([&waiter, stays, goes](Notes& note) {
      note(WaitFor(waiter, {{stays, kSignalSignaled, 0}, {goes, kSignalSignaled, 0}},
                   sim::kAtAnyMoment)
               .Text(2));
    });
    race.Spawn([&closer, goes](Notes& note) { note(closer.Close(goes)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle / kOk", "kCanceled - H / kOk", "kTimedOut - - / kOk"}));
}

// --- Generations ---

Outcomes ExploreTheCloseOfAMatchedHandle(const AbiProfile& profile) {
  return ExploreAll(
      [](Race& race) {
        User& waiter = race.NewUser();
        User& closer = race.NewColleague(waiter);
        const Ends ends = waiter.CreateChannel();
        race.Spawn([&waiter, ends](Notes& note) {
          note(waiter.Wait(ends.b, kSignalReadable, kTimeInfinite));
        });
        race.Spawn([&closer, ends](Notes&) {
          EXPECT_EQ(closer.Write(ends.a, "m"), Status::kOk);
          EXPECT_EQ(closer.Close(ends.b), Status::kOk);
        });
      },
      {}, profile);
}

// X-15, WT-7
TEST(WaitGenerations, ACloseAfterTheMatchCancelsWhereObserversStayListed) {
  for (const AbiProfile* profile : kGenerations) {
    Outcomes expected = {"kBadHandle / ", "kOk RW / "};
    if (profile != &kCurrent) expected.insert("kCanceled RWH / ");
    EXPECT_EQ(ExploreTheCloseOfAMatchedHandle(*profile), expected) << profile->name;
  }
}

// X-14, WT-5, WT-6: a signal that came and went is in the sum of all states.
TEST(WaitGenerations, ObservedIsTheSumOfAllStatesOrTheStateAtTheMatch) {
  for (const AbiProfile* profile : kGenerations) {
    const Outcomes outcomes = ExploreAll(
        [](Race& race) {
          User& waiter = race.NewUser();
          User& other = race.NewColleague(waiter);
          const Ends ends = waiter.CreateChannel();
          race.Spawn([&waiter, ends](Notes& note) {
            note(waiter.Wait(ends.b, kSignalPeerClosed, kTimeInfinite));
          });
          race.Spawn([&other, ends](Notes&) {
            EXPECT_EQ(other.Write(ends.a, "m"), Status::kOk);
            EXPECT_EQ(other.Read(ends.b).status, Status::kOk);
            EXPECT_EQ(other.Close(ends.a), Status::kOk);
          });
        },
        {}, *profile);
    Outcomes expected = {"kOk P / "};
    if (profile != &kCurrent) expected.insert({"kOk WP / ", "kOk RWP / "});
    EXPECT_EQ(outcomes, expected) << profile->name;
  }
}

// X-14, WT-6: also what comes after the wake-up, until the waiter has run.
TEST(WaitGenerations, ObservedGrowsUntilTheWaiterHasRun) {
  for (const AbiProfile* profile : kGenerations) {
    const Outcomes outcomes = ExploreAll(
        [](Race& race) {
          User& waiter = race.NewUser();
          User& other = race.NewColleague(waiter);
          const Ends ends = waiter.CreateChannel();
          race.Spawn([&waiter, ends](Notes& note) {
            note(waiter.Wait(ends.b, kSignalReadable, kTimeInfinite));
          });
          race.Spawn([&other, ends](Notes&) {
            EXPECT_EQ(other.Write(ends.a, "m"), Status::kOk);
            EXPECT_EQ(other.Close(ends.a), Status::kOk);
          });
        },
        {}, *profile);
    Outcomes expected = {"kOk RW / ", "kOk RP / "};
    if (profile != &kCurrent) expected.insert("kOk RWP / ");
    EXPECT_EQ(outcomes, expected) << profile->name;
  }
}

//
TEST(WaitGenerations, ANegativeDeadlineIsForEverInTheFirst) {
  for (const AbiProfile* profile : kGenerations) {
    const Outcomes outcomes = ExploreAll(
        [](Race& race) {
          User& user = race.NewUser();
          const Ends ends = user.CreateChannel();
          race.Spawn([&user, ends](Notes& note) {
            note(user.Wait(ends.a, kSignalReadable, kTimeInfinitePast).status);
          });
        },
        {}, *profile);
    EXPECT_EQ(outcomes, Outcomes{profile->unsigned_deadlines ? "..." : "kTimedOut"});
  }
}

// --- Faults ---

// WT-11, WT-13
TEST(WaitManyFaults, WithoutMemoryOrAccessToTheArrayNothingIsLeft) {
  for (const sim::FaultKind kind : {sim::FaultKind::kAllocation, sim::FaultKind::kUserMemory}) {
    sim::ExecutionLimits limits;
    limits.faults[static_cast<size_t>(kind)] = 1;
    const Outcomes outcomes = ExploreAll(
        [](Race& race) {
          User& user = race.NewUser();
          const Ends ends = user.CreateChannel();
          race.Spawn([&user, ends](Notes& note) {
            note(WaitFor(user, {{ends.a, kSignalWritable, 0}, {ends.b, kSignalReadable, 0}})
                     .Text(2));
            note(user.Close(ends.a));
          });
        },
        limits);
    const bool no_memory = kind == sim::FaultKind::kAllocation;
    EXPECT_EQ(outcomes,
              (Outcomes{"kOk W W kOk", no_memory ? "kNoMemory kOk" : "kInvalidArgs kOk"}));
  }
}

}  // namespace
}  // namespace core
