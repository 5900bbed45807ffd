// Dispositions that race with closes, and the handles of failed writes while they are away.
#include <gtest/gtest.h>

#include <array>

#include "tests/core/handle_ops.h"
#include "tests/core/message_ops.h"
#include "tests/core/race.h"

namespace core {
namespace {

// WE-5, D-1, N-4: a source that is only duplicated is either there, and its object lives on in the
// message, or it has been closed for good: no handle is ever made to an object that has ended.
TEST(WriteEtcRaces, ADuplicateIsMadeBeforeItsSourceClosesOrNotAtAll) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& writer = race.NewUser();
    User& closer = race.NewColleague(writer);
    const Ends ends = writer.CreateChannel();
    const Ends pair = CreateEventPair(writer);
    const HandleValue event = writer.CreateEvent();
    race.Spawn([&writer, ends, pair, event](Notes& note) {
      // The first entry closes its source, which takes a while.
      std::array entries = {Move(event, kRightWait), DuplicateOf(pair.a)};
      note(WriteEtc(writer, ends.a, "", entries));
    });
    race.Spawn([&closer, pair](Notes& note) { note(closer.Close(pair.a)); });
    race.AtEnd([&writer, ends, pair](Notes& note) {
      note(PeerIsClosed(writer, pair.b) ? "ended" : "lives");
      const ReadResult read = writer.Read(ends.b);
      note(read.status);
      if (read.status != Status::kOk) return;
      note(writer.Close(read.handles[1]));
      note(PeerIsClosed(writer, pair.b) ? "ended" : "lives");
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kOk // lives kOk kOk ended",
                                "kBadHandle / kOk // ended kShouldWait"}));
}

// WE-8, N-4: nor is a move with fewer rights ever seen half-done.
TEST(WriteEtcRaces, AMoveWithFewerRightsOrTheClose) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& writer = race.NewUser();
    User& closer = race.NewColleague(writer);
    const Ends ends = writer.CreateChannel();
    const Ends cargo = writer.CreateChannel();
    race.Spawn([&writer, ends, cargo](Notes& note) {
      HandleDisposition entry = Move(cargo.a, kRightRead);
      note(WriteEtc(writer, ends.a, entry));
    });
    race.Spawn([&closer, cargo](Notes& note) { note(closer.Close(cargo.a)); });
    race.AtEnd(
        [&writer, cargo](Notes& note) { note(PeerIsClosed(writer, cargo.b) ? "ended" : "lives"); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kBadHandle // lives", "kBadHandle / kOk // ended"}));
}

// WE-2, H1: all entries are taken in one step.
TEST(WriteEtcRaces, TwoWritesThatWantTheSameTwoHandles) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& one = race.NewUser();
    User& two = race.NewColleague(one);
    const Ends ends = one.CreateChannel();
    const HandleValue events[2] = {one.CreateEvent(), one.CreateEvent()};
    race.Spawn([&one, ends, first = events[0], second = events[1]](Notes& note) {
      std::array entries = {Move(first), Move(second)};
      note(WriteEtc(one, ends.a, "1", entries));
    });
    race.Spawn([&two, ends, first = events[0], second = events[1]](Notes& note) {
      std::array entries = {Move(second), Move(first)};
      note(WriteEtc(two, ends.a, "2", entries));
    });
    race.AtEnd([&one, ends](Notes& note) { note(one.Read(ends.b)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kBadHandle // 1", "kBadHandle / kOk // 2"}));
}

// W-2, B-22, H2: while the older generations find out that the peer is gone, the handles are away
// for a moment; afterwards they are back.
TEST(WriteEtcRaces, TheHandlesOfAFailedWriteAreAwayForAMoment) {
  const auto run = [](const AbiProfile& profile) {
    return ExploreAll(
        [](Race& race) {
          User& writer = race.NewUser();
          User& looker = race.NewColleague(writer);
          const Ends ends = writer.CreateChannel();
          const HandleValue event = writer.CreateEvent();
          EXPECT_EQ(writer.Close(ends.b), Status::kOk);
          race.Spawn(
              [&writer, ends, event](Notes& note) { note(writer.Write(ends.a, "", {event})); });
          race.Spawn(
              [&looker, event](Notes& note) { note(HandleCheckValid(looker.thread(), event)); });
          race.AtEnd([&writer, event](Notes& note) { note(writer.Has(event) ? "kept" : "gone"); });
        },
        {}, profile);
  };
  for (const AbiProfile* old : {&kMagenta2017, &kZircon2018_04}) {
    EXPECT_EQ(run(*old),
              (Outcomes{"kPeerClosed / kOk // kept", "kPeerClosed / kBadHandle // kept"}));
  }
  for (const AbiProfile* later : {&kZircon2018_10, &kCurrent}) {
    EXPECT_EQ(run(*later),
              (Outcomes{"kPeerClosed / kOk // gone", "kPeerClosed / kBadHandle // gone"}));
  }
}

}  // namespace
}  // namespace core
