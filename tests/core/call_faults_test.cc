// Calls and dispositions when memory runs out or the caller's memory faults, at every single
// opportunity.
#include <gtest/gtest.h>

#include <array>

#include "tests/core/call_ops.h"
#include "tests/core/handle_ops.h"
#include "tests/core/message_ops.h"
#include "tests/core/race.h"

namespace core {
namespace {

// C18, H8, H9: nothing is sent; the handles are kept or closed as after any refusal.
TEST(CallFaults, ACallWithoutMemory) {
  for (const AbiProfile* profile : kGenerations) {
    const Outcomes outcomes = ExploreAll(
        [](Race& race) {
          User& user = race.NewUser();
          const Ends ends = user.CreateChannel();
          const Ends cargo = user.CreateChannel();
          race.Spawn([&user, ends, cargo](Notes& note) {
            CallMemory call("1234", {cargo.a});
            note(call.Run(user, ends.a));
            note(user.Has(cargo.a) ? "kept" : StateWithoutCall(user, cargo.b));
            note(user.Read(ends.b).status);
          });
        },
        kMemoryRunsOut, *profile);
    const bool kept = profile->failed_write == OnFailure::kKeep;
    EXPECT_EQ(outcomes, (Outcomes{"kTimedOut open kOk", kept ? "kNoMemory kept kShouldWait"
                                                             : "kNoMemory closed kShouldWait"}));
  }
}

// C16, W-4, CC-3: the arguments, the bytes, the handle array.
TEST(CallFaults, ACallWhoseRequestCannotBeRead) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& user = race.NewUser();
        const Ends ends = user.CreateChannel();
        const Ends cargo = user.CreateChannel();
        race.Spawn([&user, ends, cargo](Notes& note) {
          CallMemory call("1234", {cargo.a});
          note(call.Run(user, ends.a));
          note(user.Has(cargo.a) ? "kept" : StateWithoutCall(user, cargo.b));
        });
      },
      kUserMemoryFaults);
  EXPECT_EQ(outcomes, (Outcomes{"kTimedOut open", "kInvalidArgs kept", "kInvalidArgs closed"}));
}

// C12, C16, CC-16, R-6, X-23: each copy out of the reply, and that of the cause.
TEST(CallFaults, AReplyThatCannotBeCopiedOut) {
  const auto run = [](const AbiProfile& profile) {
    return ExploreAll(
        [](Race& race) {
          User& user = race.NewUser();
          const Ends ends = user.CreateChannel();
          const Ends cargo = user.CreateChannel();
          race.Spawn([&user, ends, cargo](Notes& note) {
            CallMemory call("1234");
            const bool replied = call.Begin(user, ends.a) == Status::kInternalIntrRetry &&
                                 Answer(user, ends.b, "!", {cargo.a}) == Status::kOk;
            if (!replied) return note("a fault before the reply");
            const Status status = call.Finish(user);
            note(status);
            if (status == Status::kCallFailed) note(call.read_status);
            note(StateWithoutCall(user, cargo.b));
            // Whatever it was, the call is over.
            note(call.Finish(user) == Status::kOk ? "again" : "over");
          });
        },
        kUserMemoryFaults, profile);
  };
  EXPECT_EQ(run(kCurrent),
            (Outcomes{"a fault before the reply", "kOk open over", "kInvalidArgs closed over"}));
  EXPECT_EQ(run(kZircon2018_10),
            (Outcomes{"a fault before the reply", "kOk open over", "kInvalidArgs closed over"}));
  EXPECT_EQ(run(kZircon2018_04), (Outcomes{"a fault before the reply", "kOk open over",
                                           "kCallFailed kInvalidArgs closed over"}));
}

// CC-23, C16: a fault while a suspended call goes on ends it; the thread may call again.
TEST(CallFaults, AFaultOfASuspendedCallLeavesNothingPending) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& caller = race.NewUser();
        const Ends ends = caller.CreateChannel();
        race.Spawn([&caller, ends](Notes& note) {
          CallMemory call("1234");
          note(call.Run(caller, ends.a, kTimeInfinite));
          note(call.Finish(caller));
        });
        race.Spawn([&caller](Notes&) {
          caller.thread().Suspend();
          caller.thread().Resume();
        });
        race.AtEnd([&caller, ends](Notes& note) {
          note(caller.thread().message_waiter().is_armed() ? "pending" : "over");
          note(caller.Read(ends.b).status == Status::kOk ? "sent" : "not sent");
        });
      },
      kUserMemoryFaults);
  EXPECT_EQ(outcomes, (Outcomes{"... / ", "kInvalidArgs kBadState /  // over not sent",
                                "kInvalidArgs kBadState /  // over sent"}));
}

// WE-2, WE-4, WE-5, W14: a handle that cannot be made is the last defect of an entry; what needs
// none is not affected.
TEST(WriteEtcFaults, AnEntryWithoutMemory) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& user = race.NewUser();
        const Ends ends = user.CreateChannel();
        const HandleValue event = user.CreateEvent();
        const HandleValue other = user.CreateEvent();
        race.Spawn([&user, ends, event, other](Notes& note) {
          std::array entries = {DuplicateOf(event), Move(event, kRightWait), Move(other)};
          note(WriteEtc(user, ends.a, "", entries));
          for (const HandleDisposition& entry : entries) {
            note(entry.result == kNoResult ? "-" : StatusText(entry.result));
          }
          EXPECT_FALSE(user.Has(event));
          EXPECT_FALSE(user.Has(other));
        });
      },
      kMemoryRunsOut);
  EXPECT_EQ(outcomes, (Outcomes{"kOk - - -", "kNoMemory - - -", "kNoMemory kNoMemory kOk kOk",
                                "kNoMemory kOk kNoMemory kOk"}));
}

// WE-2: every other defect is told first.
TEST(WriteEtcFaults, AnEntryThatFailsAnywayNeedsNoMemory) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& user = race.NewUser();
        const Ends ends = user.CreateChannel();
        const HandleValue event = user.CreateEvent();
        race.Spawn([&user, ends, event](Notes& note) {
          HandleDisposition entry = DuplicateOf(event, kRightWrite);
          const Status status = WriteEtc(user, ends.a, entry);
          if (entry.result != kNoResult) note(status);
        });
      },
      kMemoryRunsOut);
  EXPECT_EQ(outcomes, (Outcomes{"", "kInvalidArgs"}));  // The first: no memory for the message.
}

// WE-4: results that cannot be told make it invalid, and everything is consumed as usual.
TEST(WriteEtcFaults, ResultsThatCannotBeWrittenBack) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& user = race.NewUser();
        const Ends ends = user.CreateChannel();
        const Ends cargo = user.CreateChannel();
        race.Spawn([&user, ends, cargo](Notes& note) {
          std::array entries = {Move(cargo.a), Move(0x3)};
          note(WriteEtc(user, ends.a, "", entries));
          note(entries[1].result == kNoResult ? "untold" : "told");
          note(user.Has(cargo.a) ? "kept" : StateWithoutCall(user, cargo.b));
        });
      },
      kUserMemoryFaults);
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle told closed", "kInvalidArgs untold closed",
                                "kInvalidArgs untold kept"}));
}

}  // namespace
}  // namespace core
