// Memory that runs out and caller's memory that faults, at every single opportunity, in the calls
// that make handles from handles and that tell about objects.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/core/handle_ops.h"
#include "tests/core/race.h"

namespace core {
namespace {

// Whichever allocation fails, nothing is left, and nothing was told.
TEST(ObjectFaults, APairOfEventsWithoutMemoryLeavesNothing) {
  for (const sim::ExecutionLimits& limits : {kMemoryRunsOut, kUserMemoryFaults}) {
    const Outcomes outcomes = ExploreAll(
        [](Race& race) {
          User& user = race.NewUser();
          race.Spawn([&user](Notes& note) {
            Ends pair;
            const Status status =
                EventPairCreate(user.thread(), 0, UserPtr(&pair.a), UserPtr(&pair.b));
            note(status);
            EXPECT_EQ(user.CountHandles(), status == Status::kOk ? 2u : 0u);
            // A fault may come after the first value was told.
            EXPECT_TRUE(status != Status::kNoMemory || pair.a == kInvalidHandle);
          });
        },
        limits);
    EXPECT_EQ(outcomes.size(), 2u);
    EXPECT_TRUE(outcomes.contains("kOk"));
  }
}

// HO-3
TEST(ObjectFaults, ADuplicateWithoutMemoryLeavesTheObjectAsItWas) {
  const auto program = [](Race& race) {
    User& user = race.NewUser();
    const HandleValue event = user.CreateEvent();
    race.Spawn([&user, event](Notes& note) {
      note(Duplicate(user, event).status);
      note(std::to_string(user.Reference(event)->PeekHandleCount()));
    });
  };
  EXPECT_EQ(ExploreAll(program, kMemoryRunsOut), (Outcomes{"kOk 2", "kNoMemory 1"}));
  EXPECT_EQ(ExploreAll(program, kUserMemoryFaults), (Outcomes{"kOk 2", "kInvalidArgs 1"}));
}

// HO-4, X-10: what a failure does to the handle is the generation's; nothing else is left of it.
TEST(ObjectFaults, AReplacementThatFailsKeepsOrClosesTheHandle) {
  const auto program = [](Race& race) {
    User& user = race.NewUser();
    const Ends ends = user.CreateChannel();
    race.Spawn([&user, ends](Notes& note) {
      const MadeHandle made = Replace(user, ends.a);
      note(made.status);
      EXPECT_EQ(user.Has(made.value), made.status == Status::kOk);
      note(user.Has(ends.a) ? "kept" : "gone");
      note(StateWithoutCall(user, ends.b));
    });
  };
  for (const AbiProfile* profile : kGenerations) {
    const bool keeps = profile->failed_replace == OnFailure::kKeep;
    EXPECT_EQ(
        ExploreAll(program, kUserMemoryFaults, *profile),
        (Outcomes{"kOk gone open", keeps ? "kInvalidArgs kept open" : "kInvalidArgs gone closed"}))
        << profile->name;
    const bool keeps_without_memory = profile->name != "zircon-2018-10";
    EXPECT_EQ(ExploreAll(program, kMemoryRunsOut, *profile),
              (Outcomes{"kOk gone open",
                        keeps_without_memory ? "kNoMemory kept open" : "kNoMemory gone closed"}))
        << profile->name;
  }
}

// HO-2: the chunks before the fault are closed, the others stay.
TEST(ObjectFaults, AnArrayToCloseMayFaultHalfWay) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& user = race.NewUser();
        std::array<HandleValue, 130> events;
        for (HandleValue& event : events) event = user.CreateEvent();
        race.Spawn([&user, events](Notes& note) {
          note(HandleCloseMany(user.thread(), UserPtr(events.data()), events.size()));
          note(std::to_string(user.CountHandles()));
        });
      },
      kUserMemoryFaults);
  EXPECT_EQ(outcomes, (Outcomes{"kOk 0", "kInvalidArgs 130", "kInvalidArgs 66", "kInvalidArgs 2"}));
}

TEST(ObjectFaults, AnAnswerThatCannotBeToldIsInvalid) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& user = race.NewUser();
        const HandleValue event = user.CreateEvent();
        race.Spawn([&user, event](Notes& note) {
          note(GetInfo<InfoHandleBasic>(user, event, kInfoHandleBasic).status);
        });
      },
      kUserMemoryFaults);
  EXPECT_EQ(outcomes, (Outcomes{"kOk", "kInvalidArgs"}));
}

// What is there can be signaled, looked at and closed whatever happens.
TEST(ObjectFaults, SignalsQuestionsAndClosesNeedNoMemory) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& user = race.NewUser();
        const Ends pair = CreateEventPair(user);
        race.Spawn([&user, pair](Notes& note) {
          note(ObjectSignal(user.thread(), pair.a, 0, kSignalSignaled));
          note(ObjectSignalPeer(user.thread(), pair.a, 0, kSignalSignaled));
          note(HandleCheckValid(user.thread(), pair.a));
          note(GetInfo<InfoHandleBasic>(user, pair.a, kInfoHandleBasic).status);
          note(GetInfo<InfoHandleCount>(user, pair.a, kInfoHandleCount).status);
          note(HandleCloseMany(user.thread(), UserPtr(&pair.a), 1));
        });
      },
      kMemoryRunsOut);
  EXPECT_EQ(outcomes, Outcomes{"kOk kOk kOk kOk kOk kOk"});
}

}  // namespace
}  // namespace core
