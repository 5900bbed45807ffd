// Calls that race with replies, deadlines, closes and other calls: exactly the outcomes that are
// allowed, each of them reached.
//
// Map: replies; several callers; closes; the journey of the handle. Suspensions and kills stand in
// interruption_races_test.cc.
#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "sim/object/operation.h"
#include "tests/core/call_notes.h"
#include "tests/core/call_ops.h"
#include "tests/core/handle_ops.h"
#include "tests/core/message_ops.h"
#include "tests/core/race.h"

namespace core {
namespace {

// Gives a handle of `from` to `to`, as if it had been sent and received.
HandleValue Hand(User& from, HandleValue handle, User& to) {
  HandleValue value = kInvalidHandle;
  EXPECT_TRUE(to.thread().NextHandleValues(1, &value));
  HandleOwner owner = from.process().handles().Remove(handle);
  owner->object().OnReceived(to.process());
  to.process().handles().Add(std::move(owner), value);
  return value;
}

// Waits for a request and answers "re:" and what was asked.
void Serve(Notes& note, User& server, HandleValue channel) {
  const WaitAnswer wait = server.Wait(channel, kSignalReadable | kSignalPeerClosed, kTimeInfinite);
  if (wait.status != Status::kOk) return note(wait.status);
  const ReadResult request = server.Read(channel);
  if (request.status != Status::kOk) return note(request.status);
  char text[8] = "re:";
  text[3] = request.bytes.back();
  note(server.Write(channel, WithTxid(TxidOf(request.bytes), std::string_view(text, 4))));
}

// --- Replies ---

// C1, C6, CC-8: no reply slips between the request and the caller's interest in it.
TEST(CallRaces, ACallAndItsReply) {
  const auto program = [](Race& race) {
    User& caller = race.NewUser();
    User& server = race.NewColleague(caller);
    const Ends ends = caller.CreateChannel();
    race.Spawn([&caller, ends](Notes& note) { NoteCall(note, caller, ends.a, kTimeInfinite); });
    race.Spawn([&server, ends](Notes& note) { Serve(note, server, ends.b); });
    race.AtEnd([&caller, ends](Notes& note) { NoteText(note, caller.Read(ends.a)); });
  };
  for (const AbiProfile* profile : kGenerations) {
    SCOPED_TRACE(profile->name);
    EXPECT_EQ(ExploreAll(program, {}, *profile), Outcomes{"kOk re:? / kOk // kShouldWait"});
  }
}

// C8, C15, N-11, CC-14, CC-17, B-1: the reply is returned, or it is read, or it stays queued; never
// twice, never not at all.
TEST(CallRaces, ACallItsReplyAndItsDeadline) {
  const auto program = [](Race& race) {
    User& caller = race.NewUser();
    User& server = race.NewColleague(caller);
    const Ends ends = caller.CreateChannel();
    race.Spawn([&caller, ends](Notes& note) {
      NoteCall(note, caller, ends.a, sim::kAtAnyMoment);
      NoteText(note, caller.Read(ends.a));
    });
    race.Spawn([&server, ends](Notes& note) { Serve(note, server, ends.b); });
    race.AtEnd([&caller, ends](Notes& note) { NoteText(note, caller.Read(ends.a)); });
  };
  for (const AbiProfile* profile : kGenerations) {
    SCOPED_TRACE(profile->name);
    EXPECT_EQ(
        ExploreAll(program, {}, *profile),
        (Outcomes{"kOk re:? kShouldWait / kOk // kShouldWait",
                  "kTimedOut re:? / kOk // kShouldWait", "kTimedOut kShouldWait / kOk // re:?"}));
  }
}

// CC-18: with a deadline already past, too, the reply may come before the caller looks.
TEST(CallRaces, APastDeadlineAndTheReply) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    User& server = race.NewColleague(caller);
    const Ends ends = caller.CreateChannel();
    race.Spawn([&caller, ends](Notes& note) { NoteCall(note, caller, ends.a, kLongAgo); });
    race.Spawn([&server, ends](Notes& note) { Serve(note, server, ends.b); });
    race.AtEnd([&caller, ends](Notes& note) { NoteText(note, caller.Read(ends.a)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk re:? / kOk // kShouldWait", "kTimedOut / kOk // re:?"}));
}

// C7, CC-13: a reader of the same endpoint cannot take the reply.
TEST(CallRaces, AReaderNeverSeesTheReply) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    User& reader = race.NewColleague(caller);
    User& server = race.NewColleague(caller);
    const Ends ends = caller.CreateChannel();
    race.Spawn([&caller, ends](Notes& note) { NoteCall(note, caller, ends.a, kTimeInfinite); });
    race.Spawn([&reader, ends](Notes& note) { note(reader.Read(ends.a)); });
    race.Spawn([&server, ends](Notes& note) { Serve(note, server, ends.b); });
  });
  EXPECT_EQ(outcomes, Outcomes{"kOk re:? / kShouldWait / kOk"});
}

// C1, R-10: call_etc receives what the handles are.
TEST(CallRaces, CallEtcReceivesWhatTheHandlesAre) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    User& server = race.NewUser();
    const Ends ends = caller.CreateChannel();
    const HandleValue far = Hand(caller, ends.b, server);
    race.Spawn([&caller, ends](Notes& note) {
      const std::array<std::byte, 4> request = {};
      HandleDisposition entry = Move(caller.CreateEvent(), kRightWait | kRightTransfer);
      std::array<std::byte, 16> room = {};
      std::array<HandleInfo, 2> infos = {};
      const ChannelCallEtcArgs args = {
          request.data(), &entry, room.data(), infos.data(), 4, 1, 16, 2};
      uint32_t bytes = kUntouched;
      uint32_t handles = kUntouched;
      note(ChannelCallEtc(caller.thread(), ends.a, 0, kTimeInfinite, UserPtr(&args),
                          UserPtr(&bytes), UserPtr(&handles)));
      const bool fine = bytes == 5 && handles == 1 && infos[0].type == ObjectType::kEvent &&
                        infos[0].rights == (kRightWait | kRightTransfer) &&
                        caller.Has(infos[0].handle);
      note(fine ? "fine" : "not so");
    });
    race.Spawn([&server, far](Notes& note) {
      note(server.Wait(far, kSignalReadable, kTimeInfinite).status);
      const ReadResult read = server.Read(far);
      note(server.Write(far, WithTxid(TxidOf(read.bytes), "!"), {read.handles[0]}));
    });
  });
  EXPECT_EQ(outcomes, Outcomes{"kOk fine / kOk kOk"});
}

// --- Several callers ---

// C5, C9, CC-12: two callers, answered in reverse order, each get their own reply.
TEST(CallRaces, TwoCallersAreAnsweredInReverseOrder) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& one = race.NewUser();
    User& two = race.NewColleague(one);
    User& server = race.NewColleague(one);
    const Ends ends = one.CreateChannel();
    race.Spawn([&one, ends](Notes& note) { NoteCall(note, one, ends.a, kTimeInfinite, "A"); });
    race.Spawn([&two, ends](Notes& note) { NoteCall(note, two, ends.a, kTimeInfinite, "B"); });
    race.Spawn([&server, ends](Notes& note) {
      uint32_t txids[2] = {};
      char texts[2][5] = {"re:?", "re:?"};
      for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(server.Wait(ends.b, kSignalReadable, kTimeInfinite).status, Status::kOk);
        const ReadResult request = server.Read(ends.b);
        txids[i] = TxidOf(request.bytes);
        texts[i][3] = request.bytes.back();
      }
      EXPECT_NE(txids[0], txids[1]);
      EXPECT_TRUE((txids[0] & txids[1] & kKernelTxidBit) != 0);
      for (int i = 1; i >= 0; --i) {
        EXPECT_EQ(server.Write(ends.b, WithTxid(txids[i], texts[i])), Status::kOk);
      }
      note(texts[0][3] == 'A' ? "A first" : "B first");
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk re:A / kOk re:B / A first", "kOk re:A / kOk re:B / B first"}));
}

// C5, CC-10, B-11: two sides that call each other with the same ids are not each other's servers.
TEST(CallRaces, CrossedCallsDoNotAnswerEachOther) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& left = race.NewUser();
    User& right = race.NewColleague(left);
    const Ends ends = left.CreateChannel();
    race.Spawn([&left, ends](Notes& note) { NoteCall(note, left, ends.a, kTimeInfinite, "L"); });
    race.Spawn([&right, ends](Notes& note) {
      NoteCall(note, right, ends.b, sim::kAtAnyMoment, "R");
      Serve(note, right, ends.b);
    });
    race.AtEnd([&left, ends](Notes& note) { NoteText(note, left.Read(ends.a)); });
  });
  EXPECT_EQ(outcomes, Outcomes{"kOk re:L / kTimedOut kOk // R"});
}

// CC-10, X-16: in the older generations one of the two requests is taken for a reply.
TEST(CallRaces, CrossedCallsAnswerEachOtherInTheOlderGenerations) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& left = race.NewUser();
        User& right = race.NewColleague(left);
        const Ends ends = left.CreateChannel();
        race.Spawn(
            [&left, ends](Notes& note) { NoteCall(note, left, ends.a, kTimeInfinite, "L"); });
        race.Spawn(
            [&right, ends](Notes& note) { NoteCall(note, right, ends.b, kTimeInfinite, "R"); });
      },
      {}, kZircon2018_10);
  EXPECT_EQ(outcomes, (Outcomes{"kOk R / ...", "... / kOk L"}));
}

// --- Closes ---

// C13, N-10, CC-20, D-1: the reply, if it came first; a call never hangs on a peer that is gone.
TEST(CallRaces, TheCloseOfThePeer) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    User& server = race.NewColleague(caller);
    const Ends ends = caller.CreateChannel();
    race.Spawn([&caller, ends](Notes& note) { NoteCall(note, caller, ends.a, kTimeInfinite); });
    race.Spawn([&server, ends](Notes& note) {
      note(Answer(server, ends.b, "!"));
      note(server.Close(ends.b));
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk ! / kOk kOk", "kPeerClosed / kShouldWait kOk"}));
}

// C13, D-1: who sees PEER_CLOSED finds no call of that side waiting any more.
TEST(CallRaces, TheCloseOfThePeerAndADeadline) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    User& closer = race.NewColleague(caller);
    const Ends ends = caller.CreateChannel();
    race.Spawn([&caller, ends](Notes& note) { NoteCall(note, caller, ends.a, sim::kAtAnyMoment); });
    race.Spawn([&closer, ends](Notes& note) { note(closer.Close(ends.b)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kPeerClosed / kOk", "kTimedOut / kOk"}));
}

// C14, N-9, CC-21, D-2, B-1: each answer at its own moment; the request stays readable.
TEST(CallRaces, TheCloseOfTheCallersHandle) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    User& closer = race.NewColleague(caller);
    const Ends ends = caller.CreateChannel();
    race.Spawn([&caller, ends](Notes& note) { NoteCall(note, caller, ends.a, kTimeInfinite); });
    race.Spawn([&closer, ends](Notes& note) { note(closer.Close(ends.a)); });
    race.AtEnd([&caller, ends](Notes& note) { NoteText(note, caller.Read(ends.b)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle / kOk // kPeerClosed",
                                "kPeerClosed / kOk // kPeerClosed", "kCanceled / kOk // ?"}));
}

// C14, N-9: with a server, the reply may come first.
TEST(CallRaces, TheCloseOfTheCallersHandleAndTheReply) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    User& closer = race.NewColleague(caller);
    User& server = race.NewColleague(caller);
    const Ends ends = caller.CreateChannel();
    race.Spawn([&caller, ends](Notes& note) { NoteCall(note, caller, ends.a, kTimeInfinite); });
    race.Spawn([&closer, ends](Notes&) { EXPECT_EQ(closer.Close(ends.a), Status::kOk); });
    race.Spawn([&server, ends](Notes& note) { Serve(note, server, ends.b); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle /  / kPeerClosed", "kPeerClosed /  / kPeerClosed",
                                "kCanceled /  / kPeerClosed", "kOk re:? /  / kOk"}));
}

// H9, C14: the handles of a call that came too late close, those of one that was sent have been
// sent.
TEST(CallRaces, TheCloseOfTheCallersHandleAndTheHandlesOfTheCall) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    User& closer = race.NewColleague(caller);
    const Ends ends = caller.CreateChannel();
    const Ends cargo = caller.CreateChannel();
    race.Spawn([&caller, ends, cargo](Notes& note) {
      CallMemory call("1234", {cargo.a});
      note(call.Run(caller, ends.a, kTimeInfinite));
      EXPECT_FALSE(caller.Has(cargo.a));
    });
    race.Spawn([&closer, ends](Notes&) { EXPECT_EQ(closer.Close(ends.a), Status::kOk); });
    race.AtEnd(
        [&caller, cargo](Notes& note) { note(IsOrphan(caller, cargo.b) ? "closed" : "sent"); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle /  // closed", "kPeerClosed /  // closed",
                                "kCanceled /  // sent"}));
}

// --- The journey of the handle ---

// N-12, T-3, T-7, T-9, P-1, B-12: a call never waits at an endpoint that another process owns.
TEST(CallRaces, TheReceiptOfTheCallersHandle) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    User& sender = race.NewColleague(caller);
    User& heir = race.NewUser();
    const Ends ends = caller.CreateChannel();
    const Ends road = caller.CreateChannel();
    const HandleValue far = Hand(caller, road.b, heir);
    race.Spawn([&caller, ends](Notes& note) { NoteCall(note, caller, ends.a, kTimeInfinite); });
    race.Spawn([&sender, ends, road](Notes&) {
      EXPECT_EQ(sender.Write(road.a, "", {ends.a}), Status::kOk);
    });
    race.Spawn([&heir, far](Notes& note) {
      EXPECT_EQ(heir.Wait(far, kSignalReadable, kTimeInfinite).status, Status::kOk);
      note(heir.Read(far).status);
    });
    race.AtEnd([&caller, ends](Notes& note) { NoteText(note, caller.Read(ends.b)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle /  / kOk // kShouldWait", "kCanceled /  / kOk // ?"}));
}

// N-12, X-12, T-7: before, it went on; so it waits at an endpoint that it does not own.
TEST(CallRaces, TheReceiptOfTheCallersHandleEndsNothingInTheOlderGenerations) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& caller = race.NewUser();
        User& mover = race.NewColleague(caller);
        const Ends ends = caller.CreateChannel();
        const Ends road = caller.CreateChannel();
        race.Spawn([&caller, ends](Notes& note) { NoteCall(note, caller, ends.a, kTimeInfinite); });
        race.Spawn([&mover, ends, road](Notes&) {
          EXPECT_EQ(mover.Write(road.a, "", {ends.a}), Status::kOk);
          EXPECT_EQ(mover.Read(road.b).status, Status::kOk);
        });
      },
      {}, kZircon2018_10);
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle / ", "... / "}));
}

// N-12, CC-22, T-3, T-5, P-3, P-5: all that can happen to a call whose handle travels, within its
// process, while the server answers. A reply that the call did not get is queued at the endpoint;
// a call that is sent after the receipt is one of the owner, and waits on.
TEST(CallRaces, TheReceiptOfTheCallersHandleAndTheReply) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    User& mover = race.NewColleague(caller);
    User& server = race.NewColleague(caller);
    const Ends ends = caller.CreateChannel();
    const Ends road = caller.CreateChannel();
    const auto received = std::make_shared<HandleValue>(kInvalidHandle);
    race.Spawn([&caller, ends](Notes& note) { NoteCall(note, caller, ends.a, kTimeInfinite); });
    race.Spawn([&mover, ends, road, received](Notes&) {
      EXPECT_EQ(mover.Write(road.a, "", {ends.a}), Status::kOk);
      *received = mover.Read(road.b).handles[0];
    });
    race.Spawn([&server, ends](Notes& note) { note(Answer(server, ends.b, "!")); });
    race.AtEnd([&caller, received](Notes& note) { NoteText(note, caller.Read(*received)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle /  / kShouldWait // kShouldWait",
                                "... /  / kShouldWait", "kCanceled /  / kShouldWait // kShouldWait",
                                "kCanceled /  / kOk // !", "kOk ! /  / kOk // kShouldWait"}));
}

// N-13, CC-22, HO-5: a replacement is nothing to a call past its lookup.
TEST(CallRaces, TheReplacementOfTheCallersHandle) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& caller = race.NewUser();
    User& replacer = race.NewColleague(caller);
    User& server = race.NewColleague(caller);
    const Ends ends = caller.CreateChannel();
    race.Spawn([&caller, ends](Notes& note) { NoteCall(note, caller, ends.a, kTimeInfinite); });
    race.Spawn(
        [&replacer, ends](Notes&) { EXPECT_EQ(Replace(replacer, ends.a).status, Status::kOk); });
    race.Spawn([&server, ends](Notes& note) { note(Answer(server, ends.b, "!")); });
  });
  EXPECT_EQ(outcomes,
            (Outcomes{"kOk ! /  / kOk", "... /  / kShouldWait", "kBadHandle /  / kShouldWait"}));
}

}  // namespace
}  // namespace core
