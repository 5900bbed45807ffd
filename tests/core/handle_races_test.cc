// Replacements, duplicates and signals that race with other calls: exactly the outcomes that are
// allowed, each of them reached.
#include <gtest/gtest.h>

#include "tests/core/call_frame.h"
#include "tests/core/handle_ops.h"
#include "tests/core/race.h"

namespace core {
namespace {

// --- Replacements and those who use the handle ---

// N-14, WT-32, WT-2: the wait ends, or it never begins; the object stays.
TEST(HandleRaces, AReplacementEndsAWaitThroughTheHandle) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& mover = race.NewColleague(waiter);
    const Ends ends = waiter.CreateChannel();
    race.Spawn([&waiter, ends](Notes& note) {
      note(waiter.Wait(ends.a, kSignalReadable, kTimeInfinite));
    });
    race.Spawn([&mover, ends](Notes& note) { note(Replace(mover, ends.a).status); });
    race.AtEnd([&waiter, ends](Notes& note) { note(StateWithoutCall(waiter, ends.b)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle / kOk // open", "kCanceled WH / kOk // open"}));
}

// WT-32, WT-5: a match that comes first counts.
TEST(HandleRaces, AReplacementAndAWriteBothEndAWait) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& mover = race.NewColleague(waiter);
    const Ends ends = waiter.CreateChannel();
    race.Spawn([&waiter, ends](Notes& note) {
      note(waiter.Wait(ends.a, kSignalReadable, kTimeInfinite));
    });
    race.Spawn([&mover, ends](Notes& note) {
      note(mover.Write(ends.b, "m"));
      const MadeHandle made = Replace(mover, ends.a);
      note(made.status);
      note(mover.Read(made.value));
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle / kOk kOk m", "kOk RW / kOk kOk m"}));
}

// N-13, CC-22, HO-5: a call that is past its lookup does not notice.
TEST(HandleRaces, AReplacementDoesNotEndACall) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    User& mover = race.NewColleague(caller);
    const Ends ends = caller.CreateChannel();
    race.Spawn([&caller, ends](Notes& note) {
      CallFrame frame("r");
      const Status status = frame.Call(caller, ends.a);
      note(status);
      if (status == Status::kOk) note(frame.reply());
    });
    race.Spawn([&mover, ends](Notes& note) {
      note(Replace(mover, ends.a).status);
      note(Answer(mover, ends.b));
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk r / kOk kOk", "kBadHandle / kOk kShouldWait",
                                // The request came too late for the server, who had gone.
                                "... / kOk kShouldWait"}));
}

// N-13, X-12: in every generation alike.
TEST(HandleRaces, AReplacementEndsNoCallInAnyGeneration) {
  for (const AbiProfile* profile : kGenerations) {
    const Outcomes outcomes = ExploreAll(
        [](Race& race) {
          User& caller = race.NewUser();
          User& mover = race.NewColleague(caller);
          const Ends ends = caller.CreateChannel();
          race.Spawn([&caller, ends](Notes& note) {
            CallFrame frame("r");
            note(frame.Call(caller, ends.a));
          });
          race.Spawn([&mover, ends](Notes&) {
            // Only once the request is there.
            if (mover.Wait(ends.b, kSignalReadable, kTimeInfinite).status != Status::kOk) return;
            EXPECT_EQ(Replace(mover, ends.a).status, Status::kOk);
            EXPECT_EQ(Answer(mover, ends.b), Status::kOk);
          });
        },
        {}, *profile);
    EXPECT_EQ(outcomes, Outcomes{"kOk / "}) << profile->name;
  }
}

// H-6, W6: a write that has looked the handle up is not stopped.
TEST(HandleRaces, AWriteThroughAHandleThatIsBeingReplaced) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& writer = race.NewUser();
    User& mover = race.NewColleague(writer);
    const Ends ends = writer.CreateChannel();
    race.Spawn([&writer, ends](Notes& note) { note(writer.Write(ends.a, "m")); });
    race.Spawn([&mover, ends](Notes& note) { note(Replace(mover, ends.a).status); });
    race.AtEnd([&writer, ends](Notes& note) { note(writer.Read(ends.b)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kOk // m", "kBadHandle / kOk // kShouldWait"}));
}

// --- Several who want the handle ---

// N-4: exactly one gets it.
TEST(HandleRaces, TwoReplacementsOfOneHandle) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& one = race.NewUser();
    User& two = race.NewColleague(one);
    const Ends ends = one.CreateChannel();
    for (User* user : {&one, &two}) {
      race.Spawn([user, ends](Notes& note) {
        const MadeHandle made = Replace(*user, ends.a);
        note(made.status);
        EXPECT_EQ(made.status == Status::kOk, user->Has(made.value));
      });
    }
    race.AtEnd([&one, ends](Notes& note) {
      note(StateWithoutCall(one, ends.b));
      EXPECT_EQ(one.CountHandles(), 2u);
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kBadHandle // open", "kBadHandle / kOk // open"}));
}

// N-4, K2, K4: when the close returns, the endpoint is closed, or lives on under its new name.
TEST(HandleRaces, AReplacementAndACloseOfOneHandle) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& mover = race.NewUser();
    User& closer = race.NewColleague(mover);
    const Ends ends = mover.CreateChannel();
    race.Spawn([&mover, ends](Notes& note) { note(Replace(mover, ends.a).status); });
    race.Spawn([&closer, ends](Notes& note) {
      note(closer.Close(ends.a));
      note(StateWithoutCall(closer, ends.b));
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kBadHandle open", "kBadHandle / kOk closed"}));
}

// N-4
TEST(HandleRaces, AReplacementAndASendOfOneHandle) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& mover = race.NewUser();
    User& sender = race.NewColleague(mover);
    const Ends ends = mover.CreateChannel();
    const Ends cargo = mover.CreateChannel();
    race.Spawn([&mover, cargo](Notes& note) { note(Replace(mover, cargo.a).status); });
    race.Spawn([&sender, ends, cargo](Notes& note) { note(sender.Write(ends.a, "m", {cargo.a})); });
    race.AtEnd([&mover, ends, cargo](Notes& note) {
      note(StateWithoutCall(mover, cargo.b));
      note(mover.Read(ends.b));
    });
  });
  EXPECT_EQ(outcomes,
            (Outcomes{"kOk / kBadHandle // open kShouldWait", "kBadHandle / kOk // open m"}));
}

// N-4, HO-2: of many that are closed at once, one may be gone.
TEST(HandleRaces, AReplacementAndACloseOfMany) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& mover = race.NewUser();
    User& closer = race.NewColleague(mover);
    const Ends ends = mover.CreateChannel();
    const Ends other = mover.CreateChannel();
    race.Spawn([&mover, ends](Notes& note) { note(Replace(mover, ends.a).status); });
    race.Spawn([&closer, ends, other](Notes& note) {
      const std::array<HandleValue, 2> values = {ends.a, other.a};
      note(HandleCloseMany(closer.thread(), UserPtr(values.data()), values.size()));
      note(StateWithoutCall(closer, other.b));
    });
    race.AtEnd([&mover, ends](Notes& note) { note(StateWithoutCall(mover, ends.b)); });
  });
  EXPECT_EQ(outcomes,
            (Outcomes{"kOk / kBadHandle closed // open", "kBadHandle / kOk closed // closed"}));
}

// X-10, N-4: a replacement that fails closes the handle, unless another call gets it first.
TEST(HandleRaces, AReplacementThatFailsAndACloseOfOneHandle) {
  const auto program = [](Race& race) {
    User& mover = race.NewUser();
    User& closer = race.NewColleague(mover);
    const Ends ends = mover.CreateChannel();
    race.Spawn([&mover, ends](Notes& note) { note(Replace(mover, ends.a, kRightExecute).status); });
    race.Spawn([&closer, ends](Notes& note) { note(closer.Close(ends.a)); });
    race.AtEnd([&mover, ends](Notes& note) { note(StateWithoutCall(mover, ends.b)); });
  };
  EXPECT_EQ(ExploreAll(program, {}, kCurrent),
            (Outcomes{"kInvalidArgs / kBadHandle // closed", "kBadHandle / kOk // closed"}));
  EXPECT_EQ(ExploreAll(program, {}, kZircon2018_04),
            (Outcomes{"kInvalidArgs / kOk // closed", "kBadHandle / kOk // closed"}));
}

// N-4, D-8, HO-5: a handle that gets a new name while its process dies does not escape.
TEST(HandleRaces, AReplacementWhileItsProcessDies) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& mover = race.NewUser();
    User& killer = race.NewUser();
    const Ends ends = mover.CreateChannel();
    race.Spawn([&mover, ends](Notes& note) {
      note(Replace(mover, ends.a).status);
      mover.kernel().ExitThread(mover.thread());
    });
    race.Spawn([&killer, &mover](Notes&) { killer.kernel().KillProcess(mover.process(), -1024); });
    race.AtEnd([&mover](Notes& note) {
      size_t left = 0;
      mover.process().handles().PeekEach([&](const Handle&) { ++left; });
      note(left == 0 ? "all closed" : "some left");
    });
  });
  EXPECT_EQ(outcomes, Outcomes{"kOk /  // all closed"});
}

// --- Duplicates ---

// HO-3, H-5: made from a handle that is there, or not at all; never from an object that has ended.
TEST(HandleRaces, ADuplicationAndTheCloseOfTheLastHandle) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& user = race.NewUser();
    User& closer = race.NewColleague(user);
    const Ends pair = CreateEventPair(user);
    race.Spawn([&user, pair](Notes& note) { note(Duplicate(user, pair.a).status); });
    race.Spawn([&closer, pair](Notes& note) { note(closer.Close(pair.a)); });
    race.AtEnd([&user, pair](Notes& note) { note(StateWithoutCall(user, pair.b)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kOk // open", "kBadHandle / kOk // closed"}));
}

// --- Counts ---

// The number of handles to the object that `handle` names, as object_get_info tells it.
void NoteCount(Notes& note, User& user, HandleValue handle) {
  const auto told = GetInfo<InfoHandleCount>(user, handle, kInfoHandleCount);
  ASSERT_EQ(told.status, Status::kOk);
  note(std::string_view("0123").substr(told.record.handle_count, 1));
}

// H-5: the count of the moment, whatever else goes on.
TEST(HandleRaces, ACountAndTheCloseOfAnotherHandle) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& user = race.NewUser();
    User& closer = race.NewColleague(user);
    const HandleValue event = user.CreateEvent();
    const HandleValue again = user.MakeAnother(event, kRightsEventDefault);
    race.Spawn([&user, event](Notes& note) { NoteCount(note, user, event); });
    race.Spawn([&closer, again](Notes& note) { note(closer.Close(again)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"2 / kOk", "1 / kOk"}));
}

// H-5
TEST(HandleRaces, ACountAndADuplication) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& user = race.NewUser();
    User& other = race.NewColleague(user);
    const HandleValue event = user.CreateEvent();
    race.Spawn([&user, event](Notes& note) { NoteCount(note, user, event); });
    race.Spawn([&other, event](Notes& note) { note(Duplicate(other, event).status); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"1 / kOk", "2 / kOk"}));
}

// H-5, HO-5: of two handles, one is replaced: for a moment there are three, and never one.
TEST(HandleRaces, ACountAndAReplacementOfAnotherHandle) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& user = race.NewUser();
    User& other = race.NewColleague(user);
    const HandleValue event = user.CreateEvent();
    const HandleValue again = user.MakeAnother(event, kRightsEventDefault);
    race.Spawn([&user, event](Notes& note) { NoteCount(note, user, event); });
    race.Spawn([&other, again](Notes& note) { note(Replace(other, again).status); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"2 / kOk", "3 / kOk"}));
}

// --- Signals ---

// S-7, H-6: the peer, or this end, may close meanwhile.
TEST(HandleRaces, ASignalToAPeerThatCloses) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& user = race.NewUser();
    User& closer = race.NewColleague(user);
    const Ends pair = CreateEventPair(user);
    race.Spawn([&user, pair](Notes& note) {
      note(ObjectSignalPeer(user.thread(), pair.a, 0, kSignalSignaled));
    });
    race.Spawn([&closer, pair](Notes& note) { note(closer.Close(pair.b)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kOk", "kPeerClosed / kOk"}));
}

// S-7, W-14: the own end closes after the lookup.
TEST(HandleRaces, ASignalToAPeerThroughAHandleThatCloses) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& user = race.NewUser();
    User& closer = race.NewColleague(user);
    const Ends pair = CreateEventPair(user);
    race.Spawn([&user, pair](Notes& note) {
      note(ObjectSignalPeer(user.thread(), pair.a, 0, kSignalSignaled));
    });
    race.Spawn([&closer, pair](Notes& note) { note(closer.Close(pair.a)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kOk", "kBadHandle / kOk", "kPeerClosed / kOk"}));
}

// S-7, WT-2: no wake-up is lost.
TEST(HandleRaces, ASignalEndsAWait) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& waiter = race.NewUser();
    User& other = race.NewColleague(waiter);
    const Ends pair = CreateEventPair(waiter);
    race.Spawn([&waiter, pair](Notes& note) {
      note(waiter.Wait(pair.a, kSignalSignaled, kTimeInfinite).status);
    });
    race.Spawn([&other, pair](Notes& note) {
      note(ObjectSignalPeer(other.thread(), pair.b, 0, kSignalSignaled));
    });
  });
  EXPECT_EQ(outcomes, Outcomes{"kOk / kOk"});
}

// S-4, S-7: a user signal and a message change one word; neither gets lost.
TEST(HandleRaces, ASignalAReadAndAWriteOfOneEndpoint) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& signaler = race.NewUser();
    User& reader = race.NewColleague(signaler);
    const Ends ends = signaler.CreateChannel();
    EXPECT_EQ(signaler.Write(ends.b, "m"), Status::kOk);
    EXPECT_EQ(ObjectSignal(signaler.thread(), ends.a, 0, 1u << 25), Status::kOk);
    race.Spawn([&signaler, ends](Notes& note) {
      note(ObjectSignal(signaler.thread(), ends.a, 1u << 25, 1u << 24));
    });
    race.Spawn([&reader, ends](Notes& note) { note(reader.Read(ends.a)); });
    race.AtEnd([&reader, ends](Notes&) {
      EXPECT_EQ(reader.SignalsOf(ends.a), kSignalWritable | 1u << 24);
    });
  });
  EXPECT_EQ(outcomes, Outcomes{"kOk / m"});
}

}  // namespace
}  // namespace core
