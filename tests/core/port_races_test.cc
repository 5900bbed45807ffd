// Signals, cancels, closes and threads that race at a port: exactly the outcomes that are allowed.
#include <gtest/gtest.h>

#include "sim/object/operation.h"
#include "tests/core/race.h"
#include "tests/core/wait_calls.h"

namespace core {
namespace {

constexpr uint64_t kRaceKey = 7;

// Each packet goes to exactly one thread.
TEST(PortRaces, EachOfTwoPacketsGoesToOneOfTwoThreads) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& one = race.NewUser();
    User& two = race.NewColleague(one);
    User& writer = race.NewColleague(one);
    const HandleValue port = CreatePort(one);
    for (User* user : {&one, &two}) {
      race.Spawn(
          [user, port](Notes& note) { note(NextPacket(*user, port, kTimeInfinite).Text()); });
    }
    race.Spawn([&writer, port](Notes&) {
      for (uint64_t key : {1, 2}) EXPECT_EQ(Queue(writer, port, key), Status::kOk);
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"1 / 2 / ", "2 / 1 / "}));
}

TEST(PortRaces, ADeadlineAndAPacket) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& writer = race.NewColleague(waiter);
    const HandleValue port = CreatePort(waiter);
    race.Spawn(
        [&waiter, port](Notes& note) { note(NextPacket(waiter, port, sim::kAtAnyMoment).Text()); });
    race.Spawn([&writer, port](Notes&) { EXPECT_EQ(Queue(writer, port, 1), Status::kOk); });
    race.AtEnd([&writer, port](Notes& note) { note(NextPacket(writer, port).Text()); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"1 /  // kTimedOut", "kTimedOut /  // 1"}));
}

// WT-22: whenever the signal comes, the cancel finds the wait or its packet.
TEST(PortRaces, ACancelFindsTheWaitOrThePacket) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& canceller = race.NewUser();
    User& writer = race.NewColleague(canceller);
    const HandleValue port = CreatePort(canceller);
    const Ends ends = canceller.CreateChannel();
    EXPECT_EQ(WaitAsync(canceller, ends.b, port, kRaceKey, kSignalReadable), Status::kOk);
    race.Spawn([&writer, ends](Notes& note) { note(writer.Write(ends.a, "m")); });
    race.Spawn([&canceller, port, ends](Notes& note) {
      note(Cancel(canceller, port, ends.b, kRaceKey));
      note(NextPacket(canceller, port).Text());
    });
  });
  EXPECT_EQ(outcomes, Outcomes{"kOk / kOk kTimedOut"});
}

// WT-20 to WT-22
TEST(PortRaces, AWaitASignalAndACancel) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& canceller = race.NewColleague(waiter);
    User& writer = race.NewColleague(waiter);
    const HandleValue port = CreatePort(waiter);
    const HandleValue event = waiter.CreateEvent();
    race.Spawn([&waiter, port, event](Notes& note) {
      note(WaitAsync(waiter, event, port, kRaceKey, kSignalSignaled));
    });
    race.Spawn(
        [&canceller, port, event](Notes& note) { note(Cancel(canceller, port, event, kRaceKey)); });
    race.Spawn([&writer, event](Notes& note) { note(Signal(writer, event)); });
    race.AtEnd([&waiter, port](Notes& note) { note(NextPacket(waiter, port).Text()); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kOk / kOk // kTimedOut", "kOk / kNotFound / kOk // 7:S"}));
}

// WT-22: it takes back what nobody has taken yet.
TEST(PortRaces, ACancelAndAThreadThatTakesThePacket) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& taker = race.NewUser();
    User& canceller = race.NewColleague(taker);
    User& writer = race.NewColleague(taker);
    const HandleValue port = CreatePort(taker);
    const Ends ends = taker.CreateChannel();
    EXPECT_EQ(WaitAsync(taker, ends.b, port, kRaceKey, kSignalReadable), Status::kOk);
    race.Spawn(
        [&taker, port](Notes& note) { note(NextPacket(taker, port, sim::kAtAnyMoment).Text()); });
    race.Spawn(
        [&canceller, port, ends](Notes& note) { note(Cancel(canceller, port, ends.b, kRaceKey)); });
    race.Spawn([&writer, ends](Notes&) { EXPECT_EQ(writer.Write(ends.a, "m"), Status::kOk); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"7:RW / kNotFound / ", "kTimedOut / kOk / "}));
}

// WT-22: the wait is forgotten, or its packet stays.
TEST(PortRaces, ASignalAndTheCloseOfTheWatchedHandle) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& closer = race.NewUser();
    User& writer = race.NewColleague(closer);
    const HandleValue port = CreatePort(closer);
    const Ends ends = closer.CreateChannel();
    EXPECT_EQ(WaitAsync(closer, ends.b, port, kRaceKey, kSignalReadable), Status::kOk);
    race.Spawn([&closer, ends](Notes& note) { note(closer.Close(ends.b)); });
    race.Spawn([&writer, ends](Notes& note) { note(writer.Write(ends.a, "m")); });
    race.AtEnd([&closer, port](Notes& note) { note(NextPacket(closer, port).Text()); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kOk // 7:RW", "kOk / kOk // kTimedOut",
                                "kOk / kPeerClosed // kTimedOut"}));
}

// The three that can end a wait, at once: it is destroyed once, and nothing is left of it.
TEST(PortRaces, ASignalTheCloseOfTheWatchedHandleAndTheCloseOfThePort) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& closer = race.NewUser();
    User& port_closer = race.NewColleague(closer);
    User& writer = race.NewColleague(closer);
    const HandleValue port = CreatePort(closer);
    const HandleValue event = closer.CreateEvent();
    const HandleValue again = closer.MakeAnother(event, kRightsEventDefault);
    EXPECT_EQ(WaitAsync(closer, event, port, kRaceKey, kSignalSignaled), Status::kOk);
    race.Spawn([&closer, event](Notes& note) { note(closer.Close(event)); });
    race.Spawn([&port_closer, port](Notes& note) { note(port_closer.Close(port)); });
    race.Spawn([&writer, again](Notes& note) { note(Signal(writer, again)); });
  });
  EXPECT_EQ(outcomes, Outcomes{"kOk / kOk / kOk"});
}

// The object's last reference may be the one that the closing port has for a moment.
TEST(PortRaces, TheCloseOfThePortAndTheEndOfTheObject) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& closer = race.NewUser();
    User& port_closer = race.NewColleague(closer);
    const HandleValue port = CreatePort(closer);
    const Ends ends = closer.CreateChannel();
    EXPECT_EQ(closer.Write(ends.a, "", {closer.CreateEvent()}), Status::kOk);
    EXPECT_EQ(WaitAsync(closer, ends.b, port, kRaceKey, kSignalPeerClosed), Status::kOk);
    race.Spawn([&closer, ends](Notes& note) { note(closer.Close(ends.b)); });
    race.Spawn([&port_closer, port](Notes& note) { note(port_closer.Close(port)); });
    race.AtEnd(
        [&closer, ends](Notes& note) { note(Letters(closer.Channel(ends.a).PeekSignals())); });
  });
  EXPECT_EQ(outcomes, Outcomes{"kOk / kOk // P"});
}

// WT-20: the close of the port comes before the wait or after it, never half.
TEST(PortRaces, AWaitAndTheCloseOfThePort) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& closer = race.NewColleague(waiter);
    User& writer = race.NewColleague(waiter);
    const HandleValue port = CreatePort(waiter);
    const Ends ends = waiter.CreateChannel();
    race.Spawn([&waiter, port, ends](Notes& note) {
      note(WaitAsync(waiter, ends.b, port, kRaceKey, kSignalReadable));
    });
    race.Spawn([&closer, port](Notes& note) { note(closer.Close(port)); });
    race.Spawn([&writer, ends](Notes& note) { note(writer.Write(ends.a, "m")); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kOk / kOk", "kBadHandle / kOk / kOk"}));
}

// A thread that waits keeps the port, but not alive: as in Zircon, nobody tells it of the close.
TEST(PortRaces, TheCloseOfThePortWakesNobody) {
  for (const Time deadline : {kTimeInfinite, sim::kAtAnyMoment}) {
    const Outcomes outcomes = ExploreAll([deadline](Race& race) {
      User& waiter = race.NewUser();
      User& closer = race.NewColleague(waiter);
      const HandleValue port = CreatePort(waiter);
      race.Spawn([&waiter, port, deadline](Notes& note) {
        note(NextPacket(waiter, port, deadline).Text());
      });
      race.Spawn([&closer, port](Notes& note) { note(closer.Close(port)); });
    });
    EXPECT_EQ(outcomes, (Outcomes{"kBadHandle / kOk",
                                  deadline == kTimeInfinite ? "... / kOk" : "kTimedOut / kOk"}));
  }
}

TEST(PortRaces, APacketAndTheCloseOfThePort) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& writer = race.NewUser();
    User& closer = race.NewColleague(writer);
    const HandleValue port = CreatePort(writer);
    race.Spawn([&writer, port](Notes& note) { note(Queue(writer, port, 1)); });
    race.Spawn([&closer, port](Notes& note) { note(closer.Close(port)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kOk", "kBadHandle / kOk"}));
}

// --- Faults ---

TEST(PortFaults, WithoutMemoryOrAccessNothingIsLeft) {
  for (const sim::FaultKind kind : {sim::FaultKind::kAllocation, sim::FaultKind::kUserMemory}) {
    sim::ExecutionLimits limits;
    limits.faults[static_cast<size_t>(kind)] = 1;
    const Outcomes outcomes = ExploreAll(
        [](Race& race) {
          User& user = race.NewUser();
          const Ends ends = user.CreateChannel();
          race.Spawn([&user, ends](Notes& note) {
            HandleValue port = kInvalidHandle;
            const Status created = PortCreate(user.thread(), 0, UserPtr(&port));
            note(created);
            if (created != Status::kOk) return;
            const Status waits = WaitAsync(user, ends.a, port, kRaceKey, kSignalReadable);
            const Status queued = Queue(user, port, 1);
            note(waits);
            note(queued);
            EXPECT_EQ(Cancel(user, port, ends.a, kRaceKey),
                      waits == Status::kOk ? Status::kOk : Status::kNotFound);
          });
        },
        limits);
    if (kind == sim::FaultKind::kAllocation) {
      EXPECT_EQ(outcomes,
                (Outcomes{"kOk kOk kOk", "kNoMemory", "kOk kNoMemory kOk", "kOk kOk kNoMemory"}));
    } else {
      EXPECT_EQ(outcomes, (Outcomes{"kOk kOk kOk", "kInvalidArgs", "kOk kOk kInvalidArgs"}));
    }
  }
}

}  // namespace
}  // namespace core
