// Memory that runs out and caller's memory that faults, at every single opportunity.
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "tests/core/race.h"

namespace core {
namespace {

// CR-1, CR-2: whichever allocation fails, nothing is left, and nothing was told.
TEST(Faults, ACreationWithoutMemoryLeavesNothing) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& user = race.NewUser();
        race.Spawn([&user](Notes& note) {
          Ends ends = {kUntouched, kUntouched};
          const Status status = ChannelCreate(user.thread(), 0, UserPtr(&ends.a), UserPtr(&ends.b));
          note(status);
          EXPECT_EQ(user.CountHandles(), status == Status::kOk ? 2u : 0u);
          EXPECT_EQ(ends.a == kUntouched, status != Status::kOk);
        });
      },
      kMemoryRunsOut);
  EXPECT_EQ(outcomes, (Outcomes{"kOk", "kNoMemory"}));
}

TEST(Faults, AnEventWithoutMemoryLeavesNothing) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& user = race.NewUser();
        race.Spawn([&user](Notes& note) {
          HandleValue event = kUntouched;
          const Status status = EventCreate(user.thread(), 0, UserPtr(&event));
          note(status);
          EXPECT_EQ(user.CountHandles(), status == Status::kOk ? 1u : 0u);
        });
      },
      kMemoryRunsOut);
  EXPECT_EQ(outcomes, (Outcomes{"kOk", "kNoMemory"}));
}

// W14, H2, H3, W-2, W-3
TEST(Faults, AWriteWithoutMemoryKeepsOrClosesItsHandles) {
  const auto program = [](Race& race) {
    User& user = race.NewUser();
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    race.Spawn([&user, ends, cargo](Notes& note) {
      note(user.Write(ends.a, "m", {cargo.a}));
      note(user.Has(cargo.a) ? "kept" : StateWithoutCall(user, cargo.b));
      note(user.Read(ends.b));
    });
  };
  for (const AbiProfile* profile : kGenerations) {
    SCOPED_TRACE(profile->name);
    const bool kept = profile->failed_write == OnFailure::kKeep;
    EXPECT_EQ(ExploreAll(program, kMemoryRunsOut, *profile),
              (Outcomes{"kOk open m",
                        kept ? "kNoMemory kept kShouldWait" : "kNoMemory closed kShouldWait"}));
  }
}

// W14: a limit that is passed is told before memory is asked for.
TEST(Faults, AWriteThatIsTooLargeNeedsNoMemory) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& user = race.NewUser();
        const Ends ends = user.CreateChannel();
        race.Spawn([&user, ends](Notes& note) {
          note(ChannelWrite(user.thread(), ends.a, 0, nullptr, kMaxMessageBytes + 1, nullptr, 0));
        });
      },
      kMemoryRunsOut);
  EXPECT_EQ(outcomes, Outcomes{"kOutOfRange"});
}

// What was sent can be received whatever happens: the receipt needs no memory.
TEST(Faults, AReadAWaitAndACloseNeedNoMemory) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& user = race.NewUser();
        const Ends ends = user.CreateChannel();
        EXPECT_EQ(user.Write(ends.a, "m", {user.CreateEvent()}), Status::kOk);
        race.Spawn([&user, ends](Notes& note) {
          note(user.Wait(ends.b, kSignalReadable));
          note(user.Read(ends.b));
          note(user.Close(ends.a));
        });
      },
      kMemoryRunsOut);
  EXPECT_EQ(outcomes, Outcomes{"kOk RW m kOk"});
}

// A table that can't grow still holds what it is given.
TEST(Faults, ATableThatCannotGrowIsNoWorse) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& user = race.NewUser();
        for (int i = 0; i < 63; ++i) user.CreateEvent();
        race.Spawn([&user](Notes& note) {
          Ends ends;
          note(ChannelCreate(user.thread(), 0, UserPtr(&ends.a), UserPtr(&ends.b)));
          if (ends.a == kInvalidHandle) return;
          EXPECT_EQ(user.CountHandles(), 65u);
          note(user.Close(ends.a));
          note(user.Close(ends.b));
        });
      },
      kMemoryRunsOut);
  EXPECT_EQ(outcomes, (Outcomes{"kOk kOk kOk", "kNoMemory"}));
}

TEST(Faults, AProcessOrAThreadWithoutMemoryIsNull) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& user = race.NewUser();
        race.Spawn([&user](Notes& note) {
          Process* process = user.kernel().CreateProcess();
          note(process != nullptr ? "process" : "no process");
          Thread* thread =
              user.kernel().CreateThread(process != nullptr ? *process : user.process());
          note(thread != nullptr ? "thread" : "no thread");
          int processes = 0;
          user.kernel().PeekProcesses([&](const Process&) { ++processes; });
          EXPECT_EQ(processes, process != nullptr ? 2 : 1);
        });
      },
      kMemoryRunsOut);
  EXPECT_EQ(outcomes, (Outcomes{"process thread", "no process thread", "process no thread"}));
}

// CR-1, CR-2
TEST(Faults, ACreationWhoseValuesCannotBeToldLeavesNoHandle) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& user = race.NewUser();
        race.Spawn([&user](Notes& note) {
          Ends ends;
          const Status status = ChannelCreate(user.thread(), 0, UserPtr(&ends.a), UserPtr(&ends.b));
          note(status);
          EXPECT_EQ(user.CountHandles(), status == Status::kOk ? 2u : 0u);
        });
      },
      kUserMemoryFaults);
  EXPECT_EQ(outcomes, (Outcomes{"kOk", "kInvalidArgs"}));
}

// W10, W-4: bytes that can't be read cost the handles; handles that can't be read stay.
TEST(Faults, AWriteThatFaultsClosesTheHandlesThatItCouldRead) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& user = race.NewUser();
        const Ends ends = user.CreateChannel();
        const Ends cargo = user.CreateChannel();
        race.Spawn([&user, ends, cargo](Notes& note) {
          note(user.Write(ends.a, "m", {cargo.a}));
          note(user.Has(cargo.a) ? "kept" : StateWithoutCall(user, cargo.b));
        });
      },
      kUserMemoryFaults);
  EXPECT_EQ(outcomes, (Outcomes{"kOk open", "kInvalidArgs closed", "kInvalidArgs kept"}));
}

// W-4: the chunks before the fault are closed, the others stay.
TEST(Faults, AnArrayOfHandlesMayFaultHalfWay) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& user = race.NewUser();
        std::array<HandleValue, 130> events;
        for (HandleValue& event : events) event = user.CreateEvent();
        race.Spawn([&user, events](Notes& note) {
          note(user.Write(kInvalidHandle, "", events));
          std::array<char, 8> left = {};
          const size_t count = user.CountHandles();
          for (size_t i = 0, n = count; i < 3; ++i, n /= 10) {
            left[2 - i] = static_cast<char>('0' + n % 10);
          }
          note(left.data());
        });
      },
      kUserMemoryFaults);
  EXPECT_EQ(outcomes,
            (Outcomes{"kBadHandle 000", "kBadHandle 130", "kBadHandle 066", "kBadHandle 002"}));
}

// R-6, H4: each of the four copies out.
TEST(Faults, AReadThatFaultsLosesTheMessageAndClosesItsHandles) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& user = race.NewUser();
        const Ends ends = user.CreateChannel();
        const Ends cargo = user.CreateChannel();
        EXPECT_EQ(user.Write(ends.a, "m", {cargo.a}), Status::kOk);
        race.Spawn([&user, ends, cargo](Notes& note) {
          note(user.Read(ends.b));
          note(StateWithoutCall(user, cargo.b));
          note(user.Read(ends.b).status);
          EXPECT_EQ(user.CountHandles(), StateWithoutCall(user, cargo.b) == "open" ? 4u : 3u);
        });
      },
      kUserMemoryFaults);
  EXPECT_EQ(outcomes, (Outcomes{"m open kShouldWait", "kInvalidArgs closed kShouldWait"}));
}

//
TEST(Faults, AReadThatFaultsWhileItTellsTheSizeOnlyLeavesTheMessage) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& user = race.NewUser();
        const Ends ends = user.CreateChannel();
        EXPECT_EQ(user.Write(ends.a, "m"), Status::kOk);
        race.Spawn([&user, ends](Notes& note) { note(user.Read(ends.b, {.num_bytes = 0})); });
        race.AtEnd([&user, ends](Notes& note) { note(user.Read(ends.b)); });
      },
      kUserMemoryFaults);
  EXPECT_EQ(outcomes, (Outcomes{"kBufferTooSmall // m", "kInvalidArgs // m"}));
}

// WT-1: a fault hides what the wait had to say, even that the handle went away.
TEST(Faults, AWaitThatCannotTellIsInvalid) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& waiter = race.NewUser();
        User& closer = race.NewColleague(waiter);
        const HandleValue event = waiter.CreateEvent();
        race.Spawn([&waiter, event](Notes& note) {
          note(waiter.Wait(event, kSignalSignaled, kTimeInfinite));
        });
        race.Spawn([&closer, event](Notes& note) { note(closer.Close(event)); });
      },
      kUserMemoryFaults);
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle / kOk", "kCanceled H / kOk", "kInvalidArgs / kOk"}));
}

}  // namespace
}  // namespace core
