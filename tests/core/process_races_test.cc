// Threads that are suspended or killed at any moment of a call or a wait.
#include <gtest/gtest.h>

#include "sim/object/operation.h"
#include "tests/core/call_frame.h"
#include "tests/core/race.h"

namespace core {
namespace {

std::string_view StateOf(User& user, HandleValue survivor) {
  const Signals signals = user.Reference(survivor)->PeekSignals();
  return (signals & kSignalPeerClosed) != 0 ? "closed" : "open";
}

// What stands in the queue of an end once all is over.
void NoteQueue(Notes& note, User& user, HandleValue channel) {
  size_t messages = 0;
  user.Channel(channel).PeekEach([&](const MessagePacket&) { ++messages; });
  note(messages == 0 ? "empty" : messages == 1 ? "one" : "many");
}

// N-19, CC-23, CC-28: the same as without, and the request is sent once.
TEST(ProcessRaces, ACallThatIsSuspendedAndResumedEndsAsWithout) {
  for (const bool suspend : {false, true}) {
    const Outcomes outcomes = ExploreAll([suspend](Race& race) {
      User& caller = race.NewUser();
      User& server = race.NewColleague(caller);
      const Ends ends = caller.CreateChannel();
      race.Spawn([&caller, ends](Notes& note) {
        CallFrame frame("r");
        const Status status = frame.Call(caller, ends.a);
        note(status);
        if (status == Status::kOk) note(frame.reply());
      });
      race.Spawn([&server, ends](Notes& note) { note(Answer(server, ends.b)); });
      race.Spawn([&caller, suspend](Notes&) {
        if (!suspend) return;
        caller.thread().Suspend();
        caller.thread().Resume();
      });
      race.AtEnd([&caller, ends](Notes& note) {
        NoteQueue(note, caller, ends.a);
        NoteQueue(note, caller, ends.b);
      });
    });
    EXPECT_EQ(outcomes, (Outcomes{"kOk r / kOk /  // empty empty", "... / kShouldWait / "}));
  }
}

// N-19, N-9, CC-25
TEST(ProcessRaces, ACallThatIsSuspendedWhileItsHandleCloses) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    User& closer = race.NewColleague(caller);
    const Ends ends = caller.CreateChannel();
    race.Spawn([&caller, ends](Notes& note) {
      CallFrame frame("r");
      note(frame.Call(caller, ends.a));
    });
    race.Spawn([&closer, ends](Notes& note) { note(closer.Close(ends.a)); });
    race.Spawn([&caller](Notes&) {
      caller.thread().Suspend();
      caller.thread().Resume();
    });
    race.AtEnd([&closer, ends](Notes& note) { NoteQueue(note, closer, ends.b); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle / kOk /  // empty", "kPeerClosed / kOk /  // empty",
                                "kCanceled / kOk /  // one"}));
}

// N-19, N-11: the deadline stays what it was.
TEST(ProcessRaces, ACallThatIsSuspendedWhileItsDeadlinePasses) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    const Ends ends = caller.CreateChannel();
    race.Spawn([&caller, ends](Notes& note) {
      CallFrame frame("r");
      note(frame.Call(caller, ends.a, sim::kAtAnyMoment));
    });
    race.Spawn([&caller](Notes&) {
      caller.thread().Suspend();
      caller.thread().Resume();
    });
    race.AtEnd([&caller, ends](Notes& note) { NoteQueue(note, caller, ends.b); });
  });
  EXPECT_EQ(outcomes, Outcomes{"kTimedOut /  // one"});
}

// N-20, CC-30: nothing dangles once the thread is gone. A reply that the caller did not take is an
// ordinary message if it came after the end of the call, and goes with the call if it came before.
TEST(ProcessRaces, ACallWhoseThreadIsKilled) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    User& server = race.NewColleague(caller);
    const Ends ends = caller.CreateChannel();
    const Ends cargo = caller.CreateChannel();
    race.Spawn([&caller, ends](Notes& note) {
      CallFrame frame("r");
      note(frame.Call(caller, ends.a));
    });
    race.Spawn([&server, ends, cargo](Notes& note) {
      note(server.Wait(ends.b, kSignalReadable, kTimeInfinite).status);
      note(Answer(server, ends.b, {cargo.a}));
    });
    race.Spawn([&caller](Notes&) { caller.thread().Kill(); });
    race.AtEnd([&caller, &server, ends, cargo](Notes& note) {
      EXPECT_FALSE(caller.thread().message_waiter().is_armed());
      caller.kernel().ExitThread(caller.thread());
      NoteQueue(note, server, ends.a);
      note(StateOf(server, cargo.b));
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kOk kOk /  // empty open",
                                "kInternalIntrKilled / kOk kOk /  // one open",
                                "kInternalIntrKilled / kOk kOk /  // empty closed"}));
}

// N-20, CC-30: killed while it is suspended, the thread does not come back.
TEST(ProcessRaces, ACallWhoseThreadIsSuspendedAndKilled) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    const Ends ends = caller.CreateChannel();
    race.Spawn([&caller, ends](Notes& note) {
      CallFrame frame("r");
      note(frame.Call(caller, ends.a));
    });
    race.Spawn([&caller](Notes&) {
      caller.thread().Suspend();
      caller.thread().Kill();
    });
    race.AtEnd([&caller, ends](Notes& note) {
      EXPECT_FALSE(caller.thread().message_waiter().is_armed());
      NoteQueue(note, caller, ends.b);
    });
  });
  EXPECT_EQ(outcomes, Outcomes{"kInternalIntrKilled /  // one"});
}

// WT-10, D-8: threads that sleep learn of the end of their process; the last of them closes its
// handles, once.
TEST(ProcessRaces, AProcessThatIsKilledWhileItsThreadsWait) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& one = race.NewUser();
    User& two = race.NewColleague(one);
    User& killer = race.NewUser();
    HandleValue far = kInvalidHandle;
    EXPECT_TRUE(killer.thread().NextHandleValues(1, &far));
    const Ends ends = one.CreateChannel();
    killer.process().handles().Add(one.process().handles().Remove(ends.b), far);
    for (User* user : {&one, &two}) {
      race.Spawn([user, ends](Notes& note) {
        note(user->Wait(ends.a, kSignalReadable, kTimeInfinite).status);
        user->kernel().ExitThread(user->thread());
      });
    }
    race.Spawn([&killer, &one](Notes&) { killer.kernel().KillProcess(one.process(), -1024); });
    race.AtEnd([&killer, far](Notes& note) { note(StateOf(killer, far)); });
  });
  EXPECT_EQ(outcomes, Outcomes{"kInternalIntrKilled / kInternalIntrKilled /  // closed"});
}

// D-8, C13: those who wait for the dead are told.
TEST(ProcessRaces, ACallToAProcessThatIsKilled) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    User& server = race.NewUser();
    const Ends ends = caller.CreateChannel();
    HandleValue far = kInvalidHandle;
    EXPECT_TRUE(server.thread().NextHandleValues(1, &far));
    HandleOwner end = caller.process().handles().Remove(ends.b);
    end->object().OnReceived(server.process());
    server.process().handles().Add(std::move(end), far);
    race.Spawn([&caller, ends](Notes& note) {
      CallFrame frame("r");
      note(frame.Call(caller, ends.a));
    });
    race.Spawn([&server, far](Notes& note) {
      note(Answer(server, far));
      server.kernel().ExitThread(server.thread());
    });
    race.Spawn(
        [&caller, &server](Notes&) { caller.kernel().KillProcess(server.process(), -1024); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kOk / ", "kPeerClosed / kShouldWait / "}));
}

}  // namespace
}  // namespace core
