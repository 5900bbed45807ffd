// Reads, writes and transfers that race: exactly the outcomes that are allowed, each of them
// reached.
#include <gtest/gtest.h>

#include <utility>

#include "tests/core/race.h"
#include "tests/core/wait_calls.h"

namespace core {
namespace {

// The far end of a fresh channel whose near end is `user`'s, in the table of `other`.
struct Link {
  Link(User& user, User& other) {
    const Ends ends = user.CreateChannel();
    near = ends.a;
    Hand(user, ends.b, other, &far);
  }
  static void Hand(User& from, HandleValue handle, User& to, HandleValue* value) {
    EXPECT_TRUE(to.thread().NextHandleValues(1, value));
    HandleOwner owner = from.process().handles().Remove(handle);
    owner->object().OnReceived(to.process());
    to.process().handles().Add(std::move(owner), *value);
  }
  HandleValue near = kInvalidHandle;
  HandleValue far = kInvalidHandle;
};

// Waits for a message and takes it.
ReadResult AwaitMessage(User& user, HandleValue channel) {
  EXPECT_EQ(user.Wait(channel, kSignalReadable, kTimeInfinite).status, Status::kOk);
  return user.Read(channel);
}

// --- Two writers, two readers ---

// O3, H-2: one order per direction.
TEST(ChannelRaces, TwoWritesAreQueuedInOneOrder) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& one = race.NewUser();
    User& two = race.NewColleague(one);
    const Ends ends = one.CreateChannel();
    race.Spawn([&one, ends](Notes& note) { note(one.Write(ends.a, "1")); });
    race.Spawn([&two, ends](Notes& note) { note(two.Write(ends.a, "2")); });
    race.AtEnd([&one, ends](Notes& note) {
      for (int i = 0; i < 3; ++i) note(one.Read(ends.b));
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kOk // 1 2 kShouldWait", "kOk / kOk // 2 1 kShouldWait"}));
}

// O1, O2: the two directions have nothing to do with each other.
TEST(ChannelRaces, WritesInBothDirectionsDoNotMeet) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& one = race.NewUser();
    User& two = race.NewColleague(one);
    const Ends ends = one.CreateChannel();
    race.Spawn([&one, ends](Notes& note) { note(one.Write(ends.a, "to b")); });
    race.Spawn([&two, ends](Notes& note) { note(two.Write(ends.b, "to a")); });
    race.AtEnd([&one, ends](Notes& note) {
      note(one.Read(ends.a));
      note(one.Read(ends.b));
    });
  });
  EXPECT_EQ(outcomes, Outcomes{"kOk / kOk // to a to b"});
}

// S1, S-4, S-9, B-14: whoever comes first, READABLE is what the queue says.
TEST(ChannelRaces, AWriteAndAReadThatEmptiesTheQueue) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& writer = race.NewUser();
    User& reader = race.NewColleague(writer);
    const Ends ends = writer.CreateChannel();
    EXPECT_EQ(writer.Write(ends.a, "1"), Status::kOk);
    race.Spawn([&writer, ends](Notes& note) { note(writer.Write(ends.a, "2")); });
    race.Spawn([&reader, ends](Notes& note) {
      note(reader.Read(ends.b));
      note(reader.Read(ends.b));
    });
    race.AtEnd([&reader, ends](Notes& note) { note(Letters(reader.SignalsOf(ends.b))); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / 1 2 // W", "kOk / 1 kShouldWait // RW"}));
}

// N-7, O4: each message to exactly one reader, to each reader in their order.
TEST(ChannelRaces, TwoReadersShareTheMessages) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& one = race.NewUser();
    User& two = race.NewColleague(one);
    const Ends ends = one.CreateChannel();
    for (const char* text : {"1", "2", "3"}) EXPECT_EQ(one.Write(ends.a, text), Status::kOk);
    for (User* user : {&one, &two}) {
      race.Spawn([user, ends](Notes& note) {
        note(user->Read(ends.b));
        note(user->Read(ends.b));
      });
    }
  });
  EXPECT_EQ(outcomes,
            (Outcomes{"1 2 / 3 kShouldWait", "1 3 / 2 kShouldWait", "2 3 / 1 kShouldWait",
                      "1 kShouldWait / 2 3", "2 kShouldWait / 1 3", "3 kShouldWait / 1 2"}));
}

// N-7: the size of what did not fit may be that of another message by the next read.
TEST(ChannelRaces, ASizeMayBeStale) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& one = race.NewUser();
    User& two = race.NewColleague(one);
    const Ends ends = one.CreateChannel();
    EXPECT_EQ(one.Write(ends.a, "1"), Status::kOk);
    EXPECT_EQ(one.Write(ends.a, "22"), Status::kOk);
    race.Spawn([&one, ends](Notes& note) {
      const uint32_t size = one.Read(ends.b, {.num_bytes = 0}).actual_bytes;
      note(one.Read(ends.b, {.num_bytes = size}));
    });
    race.Spawn([&two, ends](Notes& note) { note(two.Read(ends.b)); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"1 / 22", "22 / 1", "kBufferTooSmall / 1"}));
}

// H6: a message is dropped or read, not both and not neither.
TEST(ChannelRaces, ADiscardAndAReadShareTheMessages) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& one = race.NewUser();
    User& two = race.NewColleague(one);
    const Ends ends = one.CreateChannel();
    const Ends cargo = one.CreateChannel();
    EXPECT_EQ(one.Write(ends.a, "cargo", {cargo.a}), Status::kOk);
    EXPECT_EQ(one.Write(ends.a, "next"), Status::kOk);
    race.Spawn([&one, ends](Notes& note) {
      note(one.Read(ends.b, {.options = kReadMayDiscard, .num_bytes = 0}));
    });
    race.Spawn([&two, ends](Notes& note) { note(two.Read(ends.b)); });
    race.AtEnd([&one, cargo](Notes& note) {
      note(one.SignalsOf(cargo.b) == kSignalPeerClosed ? "closed" : "received");
    });
  });
  EXPECT_EQ(outcomes,
            (Outcomes{"kBufferTooSmall / next // closed", "kBufferTooSmall / cargo // received"}));
}

// H1: the handles are in the message, or still in the sender's table.
TEST(ChannelRaces, AReaderSeesAMessageWithAllItsHandlesOrNotAtAll) {
  const auto program = [](Race& race) {
    User& one = race.NewUser();
    User& two = race.NewUser();
    const Link link(one, two);
    const HandleValue event = one.CreateEvent();
    race.Spawn([&one, link, event](Notes& note) { note(one.Write(link.near, "m", {event})); });
    race.Spawn([&two, link](Notes& note) {
      const ReadResult read = two.Read(link.far);
      note(read);
      if (read.status == Status::kOk) note(two.Has(read.handles[0]) ? "with it" : "without");
    });
  };
  for (const AbiProfile* profile : kGenerations) {
    SCOPED_TRACE(profile->name);
    EXPECT_EQ(ExploreAll(program, {}, *profile),
              (Outcomes{"kOk / kShouldWait", "kOk / m with it"}));
  }
}

// --- One handle, two takers ---

// N-4, O9, W7: one write gets it, the other fails, and the other's own handle is closed all the
// same.
TEST(ChannelRaces, AHandleThatTwoWritesWantGoesToOne) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& one = race.NewUser();
    User& two = race.NewColleague(one);
    const Ends ends = one.CreateChannel();
    const HandleValue wanted = one.CreateEvent();
    for (User* user : {&one, &two}) {
      const HandleValue own = one.CreateEvent();
      race.Spawn([user, ends, wanted, own](Notes& note) {
        note(user->Write(ends.a, "", {own, wanted}));
        EXPECT_FALSE(user->Has(own));
        EXPECT_FALSE(user->Has(wanted));
      });
    }
    race.AtEnd([&one, ends](Notes& note) {
      note(one.Read(ends.b).actual_handles == 2 ? "both handles" : "?");
      note(one.Read(ends.b));
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kBadHandle // both handles kShouldWait",
                                "kBadHandle / kOk // both handles kShouldWait"}));
}

// W-8, H1: the handles leave the table at once, so one write gets all of them, in whatever order.
TEST(ChannelRaces, HandlesThatTwoWritesWantGoToOneOfThem) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& one = race.NewUser();
    User& two = race.NewColleague(one);
    const Ends ends = one.CreateChannel();
    const HandleValue x = one.CreateEvent();
    const HandleValue y = one.CreateEvent();
    race.Spawn([&one, ends, x, y](Notes& note) { note(one.Write(ends.a, "", {x, y})); });
    race.Spawn([&two, ends, x, y](Notes& note) { note(two.Write(ends.a, "", {y, x})); });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kBadHandle", "kBadHandle / kOk"}));
}

// N-4
TEST(ChannelRaces, AHandleThatAWriteAndACloseWantGoesToOne) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& one = race.NewUser();
    User& two = race.NewColleague(one);
    const Ends ends = one.CreateChannel();
    const Ends cargo = one.CreateChannel();
    race.Spawn([&one, ends, cargo](Notes& note) { note(one.Write(ends.a, "", {cargo.a})); });
    race.Spawn([&two, cargo](Notes& note) { note(two.Close(cargo.a)); });
    race.AtEnd([&one, cargo](Notes& note) {
      note(one.SignalsOf(cargo.b) == kSignalPeerClosed ? "closed" : "sent");
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk / kBadHandle // sent", "kBadHandle / kOk // closed"}));
}

// --- Transfers ---

// What can come of a write of the old owner of an endpoint and one of the new.
Outcomes ExploreWritesOfTwoOwners(const AbiProfile& profile) {
  return ExploreAll(
      [](Race& race) {
        User& old_owner = race.NewUser();
        User& sender = race.NewColleague(old_owner);
        User& new_owner = race.NewUser();
        const Link link(sender, new_owner);
        const Ends cargo = old_owner.CreateChannel();
        race.Spawn([&old_owner, cargo](Notes& note) { note(old_owner.Write(cargo.a, "old")); });
        race.Spawn(
            [&sender, link, cargo](Notes& note) { note(sender.Write(link.near, "", {cargo.a})); });
        race.Spawn([&new_owner, link](Notes& note) {
          const HandleValue received = AwaitMessage(new_owner, link.far).handles[0];
          note(new_owner.Write(received, "new"));
        });
        race.AtEnd([&sender, cargo](Notes& note) {
          for (int i = 0; i < 2; ++i) note(sender.Read(cargo.b));
        });
      },
      {}, profile);
}

// N-3, O10, O11, O12, T-4, T-5: what the old owner wrote comes first, or not at all.
TEST(ChannelRaces, AWriteOfTheOldOwnerComesBeforeThoseOfTheNewOrFails) {
  for (const AbiProfile* profile : {&kZircon2018_10, &kCurrent}) {
    EXPECT_EQ(ExploreWritesOfTwoOwners(*profile),
              (Outcomes{"kOk / kOk / kOk // old new", "kBadHandle / kOk / kOk // new kShouldWait"}))
        << profile->name;
  }
}

// X-11, B-6: before there was an owner, it could come after.
TEST(ChannelRaces, AWriteOfTheOldOwnerMayComeAfterThoseOfTheNewInTheOldestGenerations) {
  for (const AbiProfile* profile : {&kMagenta2017, &kZircon2018_04}) {
    EXPECT_EQ(ExploreWritesOfTwoOwners(*profile),
              (Outcomes{"kOk / kOk / kOk // old new", "kOk / kOk / kOk // new old",
                        "kBadHandle / kOk / kOk // new kShouldWait"}))
        << profile->name;
  }
}

// N-3: the handles of the write that came too late are closed.
TEST(ChannelRaces, AWriteOfTheOldOwnerConsumesItsHandlesInAnyCase) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& old_owner = race.NewUser();
    User& sender = race.NewColleague(old_owner);
    User& new_owner = race.NewUser();
    const Link link(sender, new_owner);
    const Ends cargo = old_owner.CreateChannel();
    const Ends extra = old_owner.CreateChannel();
    race.Spawn([&old_owner, cargo, extra](Notes& note) {
      note(old_owner.Write(cargo.a, "old", {extra.a}));
      EXPECT_FALSE(old_owner.Has(extra.a));
    });
    race.Spawn([&sender, link, cargo](Notes&) {
      EXPECT_EQ(sender.Write(link.near, "", {cargo.a}), Status::kOk);
    });
    race.Spawn([&new_owner, link](Notes&) { AwaitMessage(new_owner, link.far); });
    race.AtEnd([&old_owner, extra](Notes& note) {
      note(old_owner.SignalsOf(extra.b) == kSignalPeerClosed ? "closed" : "sent");
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kOk /  /  // sent", "kBadHandle /  /  // closed"}));
}

// N-8, O13: the old owner gets the message or the new one does.
TEST(ChannelRaces, AReadOfTheOldOwnerComesBeforeThoseOfTheNewOrFails) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& old_owner = race.NewUser();
    User& sender = race.NewColleague(old_owner);
    User& new_owner = race.NewUser();
    const Link link(sender, new_owner);
    const Ends cargo = old_owner.CreateChannel();
    EXPECT_EQ(old_owner.Write(cargo.b, "1"), Status::kOk);
    race.Spawn([&old_owner, cargo](Notes& note) {
      note(old_owner.Read(cargo.a));
      note(old_owner.Read(cargo.a));
    });
    race.Spawn([&sender, link, cargo](Notes&) {
      EXPECT_EQ(sender.Write(link.near, "", {cargo.a}), Status::kOk);
    });
    race.Spawn([&new_owner, link](Notes& note) {
      note(new_owner.Read(AwaitMessage(new_owner, link.far).handles[0]));
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"1 kShouldWait /  / kShouldWait", "1 kBadHandle /  / kShouldWait",
                                "kBadHandle kBadHandle /  / 1"}));
}

// O14: an event gives no such guarantee. What its former holder began to do is done to it even
// after the new one has acted.
TEST(ChannelRaces, ASignalOfTheFormerHolderMayComeAfterThoseOfTheNew) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& former = race.NewUser();
    User& sender = race.NewColleague(former);
    User& holder = race.NewUser();
    const Link link(sender, holder);
    const HandleValue event = former.CreateEvent();
    race.Spawn([&former, event](Notes& note) { note(Signal(former, event)); });
    race.Spawn([&sender, link, event](Notes&) {
      EXPECT_EQ(sender.Write(link.near, "", {event}), Status::kOk);
    });
    race.Spawn([&holder, link](Notes& note) {
      const HandleValue received = AwaitMessage(holder, link.far).handles[0];
      note(ObjectSignal(holder.thread(), received, kSignalSignaled, kSignalNone));
      note(Letters(holder.SignalsOf(received)));
    });
  });
  EXPECT_EQ(outcomes, (Outcomes{"kBadHandle /  / kOk -", "kOk /  / kOk -", "kOk /  / kOk S"}));
}

// O11, T-2: whoever writes to an end that is under way, nothing is reordered, nothing lost.
TEST(ChannelRaces, AnEndUnderWayKeepsWhatIsWrittenToItInOrder) {
  const Outcomes outcomes = ExploreAll([](Race& race) {
    User& writer = race.NewUser();
    User& sender = race.NewColleague(writer);
    User& receiver = race.NewUser();
    const Link link(sender, receiver);
    const Ends cargo = writer.CreateChannel();
    race.Spawn([&writer, cargo](Notes& note) {
      note(writer.Write(cargo.b, "1"));
      note(writer.Write(cargo.b, "2"));
    });
    race.Spawn([&sender, link, cargo](Notes&) {
      EXPECT_EQ(sender.Write(link.near, "", {cargo.a}), Status::kOk);
    });
    race.Spawn([&receiver, link](Notes& note) {
      const HandleValue received = AwaitMessage(receiver, link.far).handles[0];
      for (int i = 0; i < 2; ++i) note(AwaitMessage(receiver, received));
    });
  });
  EXPECT_EQ(outcomes, Outcomes{"kOk kOk /  / 1 2"});
}

}  // namespace
}  // namespace core
