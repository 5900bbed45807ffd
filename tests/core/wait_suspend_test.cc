// Threads that are suspended or killed while they wait. Simulator only.
#include <gtest/gtest.h>

#include "sim/object/operation.h"
#include "tests/core/handle_ops.h"
#include "tests/core/race.h"
#include "tests/core/wait_calls.h"

namespace core {
namespace {

// --- Suspension ---

// WT-9, N-19
TEST(SuspendedWait, EndsWithTheSameWriteAsAnyOther) {
  for (const AbiProfile* profile : kGenerations) {
    const Outcomes outcomes = ExploreAll(
        [](Race& race) {
          User& waiter = race.NewUser();
          User& writer = race.NewColleague(waiter);
          const Ends ends = waiter.CreateChannel();
          race.Spawn([&waiter, ends](Notes& note) {
            note(waiter.Wait(ends.b, kSignalReadable, kTimeInfinite));
          });
          race.Spawn([&waiter](Notes&) { SuspendAndResume(waiter); });
          race.Spawn([&writer, ends](Notes& note) { note(writer.Write(ends.a, "m")); });
        },
        {}, *profile);
    EXPECT_EQ(outcomes, Outcomes{"kOk RW /  / kOk"}) << profile->name;
  }
}

// WT-9: a wait that was taken down before the close looks its handle up again.
TEST(SuspendedWait, LooksItsHandlesUpAgain) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& closer = race.NewColleague(waiter);
    const Ends ends = waiter.CreateChannel();
    race.Spawn([&waiter, ends](Notes& note) {
      note(WaitFor(waiter, {{ends.b, kSignalReadable, 0}, {ends.a, kSignalReadable, 0}},
                   kTimeInfinite)
               .Text(2));
    });
    race.Spawn([&waiter, &closer, ends](Notes&) {
      waiter.thread().Suspend();
      EXPECT_EQ(closer.Close(ends.b), Status::kOk);
      waiter.thread().Resume();
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle / ", "kCanceled WH W / ", "kCanceled WH P / "}));
}

// WT-9: the deadline is absolute.
TEST(SuspendedWait, KeepsItsDeadline) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    const Ends ends = waiter.CreateChannel();
    race.Spawn([&waiter, ends](Notes& note) {
      note(waiter.Wait(ends.b, kSignalReadable, /*deadline=*/1000));
      note(platform::Now() == 1000 ? "on time" : "at another time");
    });
    race.Spawn([&waiter](Notes&) { SuspendAndResume(waiter); });
  });
  EXPECT_EQ(outcomes, Outcomes{"kTimedOut W on time / "});
}

TEST(SuspendedWait, AtAPortLosesNoPacket) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& writer = race.NewColleague(waiter);
    const HandleValue port = CreatePort(waiter);
    race.Spawn([&waiter, port](Notes& note) {
      note(NextPacket(waiter, port, kTimeInfinite).Text());
      note(NextPacket(waiter, port).Text());
    });
    race.Spawn([&waiter](Notes&) { SuspendAndResume(waiter); });
    race.Spawn([&writer, port](Notes& note) { note(Queue(writer, port, 1)); });
  });
  EXPECT_EQ(outcomes, Outcomes{"1 kTimedOut /  / kOk"});
}

// --- Killing ---

// WT-10, N-20: an answer that was there before stands; nothing stays behind.
TEST(KilledWait, HasNoAnswer) {
  for (const AbiProfile* profile : kGenerations) {
    const Outcomes outcomes = ExploreAll(
        [](Race& race) {
          User& waiter = race.NewUser();
          User& writer = race.NewColleague(waiter);
          const Ends ends = waiter.CreateChannel();
          race.Spawn([&waiter, ends](Notes& note) {
            note(waiter.Wait(ends.b, kSignalReadable, kTimeInfinite));
          });
          race.Spawn([&waiter](Notes&) { waiter.thread().Kill(); });
          race.Spawn([&writer, ends](Notes& note) { note(writer.Write(ends.a, "m")); });
        },
        {}, *profile);
    EXPECT_EQ(outcomes, (Outcomes{"kOk RW /  / kOk", "kInternalIntrKilled /  / kOk"}));
  }
}

TEST(KilledWait, ForManyLeavesNoneOfItsItemsBehind) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& closer = race.NewColleague(waiter);
    const Ends ends = waiter.CreateChannel();
    race.Spawn([&waiter, ends](Notes& note) {
      note(WaitFor(waiter, {{ends.a, kSignalReadable, 0}, {ends.b, kSignalReadable, 0}},
                   kTimeInfinite)
               .Text(2));
    });
    race.Spawn([&waiter](Notes&) { waiter.thread().Kill(); });
    race.Spawn([&closer, ends](Notes&) { EXPECT_EQ(closer.Close(ends.b), Status::kOk); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle /  / ", "kCanceled W WH /  / ", "kCanceled P WH /  / ",
                                "kInternalIntrKilled /  / "}));
}

TEST(KilledWait, EndsWhileItIsSuspendedToo) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    const Ends ends = waiter.CreateChannel();
    race.Spawn([&waiter, ends](Notes& note) {
      note(waiter.Wait(ends.b, kSignalReadable, kTimeInfinite));
    });
    race.Spawn([&waiter](Notes&) {
      waiter.thread().Suspend();
      waiter.thread().Kill();
    });
  });
  EXPECT_EQ(outcomes, Outcomes{"kInternalIntrKilled / "});
}

// What a killed thread did not take goes to the next, or stays.
TEST(KilledWait, AtAPortLosesNoPacket) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& writer = race.NewColleague(waiter);
    const HandleValue port = CreatePort(waiter);
    race.Spawn(
        [&waiter, port](Notes& note) { note(NextPacket(waiter, port, kTimeInfinite).Text()); });
    race.Spawn([&waiter](Notes&) { waiter.thread().Kill(); });
    race.Spawn([&writer, port](Notes&) { EXPECT_EQ(Queue(writer, port, 1), Status::kOk); });
    race.AtEnd([&writer, port](Notes& note) { note(NextPacket(writer, port).Text()); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"1 /  /  // kTimedOut", "kInternalIntrKilled /  /  // 1"}));
}

TEST(KilledWait, AtAPortGivesItsPacketToAnotherThread) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& other = race.NewColleague(waiter);
    User& writer = race.NewColleague(waiter);
    const HandleValue port = CreatePort(waiter);
    for (User* user : {&waiter, &other}) {
      race.Spawn(
          [user, port](Notes& note) { note(NextPacket(*user, port, kTimeInfinite).Text()); });
    }
    race.Spawn([&waiter, &writer, port](Notes&) {
      waiter.thread().Kill();
      EXPECT_EQ(Queue(writer, port, 1), Status::kOk);
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kInternalIntrKilled / 1 / "}));
}

}  // namespace
}  // namespace core
