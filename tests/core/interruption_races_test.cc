// Threads that are suspended, resumed or killed at any point of a call: exactly the outcomes that
// are allowed, each of them reached.
#include <gtest/gtest.h>

#include "sim/object/operation.h"
#include "tests/core/call_notes.h"
#include "tests/core/call_ops.h"
#include "tests/core/race.h"

namespace core {
namespace {

// Waits for a request and answers it.
void AnswerOne(Notes& note, User& server, HandleValue channel) {
  const Signals wanted = kSignalReadable | kSignalPeerClosed;
  EXPECT_EQ(server.Wait(channel, wanted, kTimeInfinite).status, Status::kOk);
  note(Answer(server, channel, "!"));
}

// --- Suspend and resume ---

// N-19, CC-23, CC-28: the same as without, and the request is sent once.
TEST(InterruptionRaces, ASuspensionChangesNothingForACall) {
  for (const int times : {1, 2}) {
    const Outcomes outcomes = ExploreAll([times](Race& race) {
      User& caller = race.NewUser();
      User& server = race.NewColleague(caller);
      const Ends ends = caller.CreateChannel();
      race.Spawn([&caller, ends](Notes& note) { NoteCall(note, caller, ends.a, kTimeInfinite); });
      race.Spawn([&server, ends](Notes& note) { AnswerOne(note, server, ends.b); });
      race.Spawn([&caller, times](Notes&) {
        for (int i = 0; i < times; ++i) SuspendAndResume(caller);
      });
      race.AtEnd([&caller, ends](Notes& note) {
        note(caller.Read(ends.b));
        note(caller.Read(ends.a));
      });
    });
    EXPECT_EQ(outcomes, Outcomes{"kOk ! / kOk /  // kShouldWait kShouldWait"});
  }
}

// N-19, N-11, CC-23: the deadline stays what it was.
TEST(InterruptionRaces, ASuspensionChangesNothingForACallWithADeadline) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    User& server = race.NewColleague(caller);
    const Ends ends = caller.CreateChannel();
    race.Spawn([&caller, ends](Notes& note) { NoteCall(note, caller, ends.a, sim::kAtAnyMoment); });
    race.Spawn([&server, ends](Notes& note) { AnswerOne(note, server, ends.b); });
    race.Spawn([&caller](Notes&) { SuspendAndResume(caller); });
    race.AtEnd([&caller, ends](Notes& note) {
      note(caller.Read(ends.b));
      NoteText(note, caller.Read(ends.a));
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk ! / kOk /  // kShouldWait kShouldWait",
                                "kTimedOut / kOk /  // kShouldWait !"}));
}

// N-19, N-9, CC-25: a handle that is closed meanwhile is a cancelled call, as without.
TEST(InterruptionRaces, ASuspensionAndTheCloseOfTheCallersHandle) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    User& closer = race.NewColleague(caller);
    const Ends ends = caller.CreateChannel();
    race.Spawn([&caller, ends](Notes& note) { NoteCall(note, caller, ends.a, kTimeInfinite); });
    race.Spawn([&closer, ends](Notes&) { EXPECT_EQ(closer.Close(ends.a), Status::kOk); });
    race.Spawn([&caller](Notes&) { SuspendAndResume(caller); });
    race.AtEnd([&caller, ends](Notes& note) { NoteText(note, caller.Read(ends.b)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle /  /  // kPeerClosed",
                                "kPeerClosed /  /  // kPeerClosed", "kCanceled /  /  // ?"}));
}

// N-19, N-10
TEST(InterruptionRaces, ASuspensionAndTheCloseOfThePeer) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    User& server = race.NewColleague(caller);
    const Ends ends = caller.CreateChannel();
    race.Spawn([&caller, ends](Notes& note) { NoteCall(note, caller, ends.a, kTimeInfinite); });
    race.Spawn([&server, ends](Notes& note) {
      note(Answer(server, ends.b, "!"));
      note(server.Close(ends.b));
    });
    race.Spawn([&caller](Notes&) { SuspendAndResume(caller); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk ! / kOk kOk / ", "kPeerClosed / kShouldWait kOk / "}));
}

// CC-27, N-19: nor is it seen where the cause of a failure has a place of its own.
TEST(InterruptionRaces, ASuspensionIsNeverToldInAnyGeneration) {
  for (const AbiProfile* profile : {&kMagenta2017, &kZircon2018_04, &kZircon2018_10}) {
    const Outcomes outcomes = ExploreAll(
        [](Race& race) {
          User& caller = race.NewUser();
          User& closer = race.NewColleague(caller);
          const Ends ends = caller.CreateChannel();
          race.Spawn([&caller, ends](Notes& note) {
            CallMemory call("1234");
            const Status status = call.Run(caller, ends.a, kTimeInfinite);
            note(status == Status::kCallFailed ? call.read_status : status);
          });
          race.Spawn([&closer, ends](Notes&) { EXPECT_EQ(closer.Close(ends.b), Status::kOk); });
          race.Spawn([&caller](Notes&) { SuspendAndResume(caller); });
        },
        {}, *profile);
    EXPECT_EQ(outcomes, Outcomes{"kPeerClosed /  / "});
  }
}

// --- Kill ---

// N-20, CC-30, 8.5: the request is sent or it is not; a reply has one place, or its handle closes.
TEST(InterruptionRaces, AKillAtAnyPointOfACall) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    User& server = race.NewColleague(caller);
    const Ends ends = caller.CreateChannel();
    const Ends cargo = caller.CreateChannel();
    race.Spawn([&caller, ends](Notes& note) { NoteCall(note, caller, ends.a, kTimeInfinite); });
    race.Spawn(
        [&server, ends, cargo](Notes& note) { note(Answer(server, ends.b, "!", {cargo.a})); });
    race.Spawn([&caller](Notes&) { caller.thread().Kill(); });
    race.AtEnd([&caller, &server, ends, cargo](Notes& note) {
      caller.kernel().ExitThread(caller.thread());
      const bool closed = IsOrphan(server, cargo.b);
      note(closed ? "closed" : "open");
      NoteText(note, server.Read(ends.a));
    });
  });
  EXPECT_EQ(outcomes,
            (Outcomes{// The reply came first, or before the kill was noticed.
                      "kOk ! / kOk /  // open kShouldWait",
                      "kInternalIntrKilled / kOk /  // closed kShouldWait",
                      // It came after the call was taken down.
                      "kInternalIntrKilled / kOk /  // open !",
                      "kInternalIntrKilled / kShouldWait /  // open kShouldWait"}));
}

// N-20, N-19: a suspended thread that is killed stays down, and leaves nothing.
TEST(InterruptionRaces, AKillOfAThreadThatIsSuspended) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    User& server = race.NewColleague(caller);
    const Ends ends = caller.CreateChannel();
    race.Spawn([&caller, ends](Notes& note) { NoteCall(note, caller, ends.a, kTimeInfinite); });
    race.Spawn([&server, ends](Notes& note) { note(Answer(server, ends.b, "!")); });
    race.Spawn([&caller](Notes&) {
      caller.thread().Suspend();
      caller.thread().Kill();
    });
    race.AtEnd([&caller, &server, ends](Notes& note) {
      EXPECT_FALSE(caller.thread().message_waiter().is_armed());
      NoteText(note, server.Read(ends.a));
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk ! / kOk /  // kShouldWait",
                                "kInternalIntrKilled / kOk /  // kShouldWait",
                                "kInternalIntrKilled / kOk /  // !",
                                "kInternalIntrKilled / kShouldWait /  // kShouldWait"}));
}

// N-20, D-8, 8.5: the kill of a whole process while its threads call each other.
TEST(InterruptionRaces, AKillOfTheProcess) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& killer = race.NewUser();
    User& caller = race.NewUser();
    const Ends ends = caller.CreateChannel();
    race.Spawn([&caller, ends](Notes& note) { NoteCall(note, caller, ends.a, kTimeInfinite); });
    race.Spawn([&killer, &caller](Notes&) { killer.kernel().KillProcess(caller.process(), -9); });
    race.AtEnd([&killer, &caller](Notes& note) {
      killer.kernel().ExitThread(caller.thread());
      note(caller.CountHandles() == 0 ? "empty" : "not empty");
    });
  });
  EXPECT_EQ(outcomes, Outcomes{"kInternalIntrKilled /  // empty"});
}

}  // namespace
}  // namespace core
