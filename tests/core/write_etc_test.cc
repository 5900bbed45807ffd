// channel_write_etc: what each disposition does, what is checked in which order, what is told and
// what is consumed.
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "tests/core/handle_ops.h"
#include "tests/core/message_ops.h"

namespace core {
namespace {

constexpr Rights kNoTransfer = kRightsEventDefault & ~kRightTransfer;

// --- What a disposition does ---

// WE-1, X-28
TEST(WriteEtc, ExistsInTheCurrentGenerationAlone) {
  for (const AbiProfile* profile : kGenerations) {
    RunAlone(*profile, [profile](User& user) {
      const Ends ends = user.CreateChannel();
      HandleDisposition entry = Move(user.CreateEvent());
      const bool exists = profile == &kCurrent;
      EXPECT_EQ(WriteEtc(user, ends.a, entry), exists ? Status::kOk : Status::kBadSyscall);
      EXPECT_EQ(user.Has(entry.handle), !exists);
    });
  }
}

// H1, H4, WE-4, WE-7: what the caller put into the results stays there.
TEST(WriteEtc, MovesHandlesWithTheirRightsAndTellsNothingOnSuccess) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    const HandleValue event = user.CreateEvent();
    std::array entries = {Move(event), Move(cargo.a, kRightSameRights, ObjectType::kChannel)};
    EXPECT_EQ(WriteEtc(user, ends.a, "m", entries), Status::kOk);
    for (const HandleDisposition& entry : entries) EXPECT_EQ(entry.result, kNoResult);
    EXPECT_FALSE(user.Has(event));
    EXPECT_FALSE(user.Has(cargo.a));
    const ReadResult read = user.Read(ends.b);
    EXPECT_EQ(read.bytes, "m");
    ASSERT_EQ(read.actual_handles, 2u);
    EXPECT_EQ(user.RightsOf(read.handles[0]), kRightsEventDefault);
    EXPECT_EQ(user.Write(read.handles[1], "here"), Status::kOk);
    EXPECT_EQ(user.Read(cargo.b).bytes, "here");
  });
}

// WE-7: exactly the rights asked for, which may be none, and need not include TRANSFER.
TEST(WriteEtc, GivesTheReceiverExactlyTheRightsAskedFor) {
  for (const Rights rights : {kRightNone, kRightWait, kRightsEventDefault & ~kRightDuplicate,
                              kNoTransfer, kRightsEventDefault}) {
    RunAlone([rights](User& user) {
      const Ends ends = user.CreateChannel();
      const HandleValue event = user.CreateEvent();
      std::array entries = {DuplicateOf(event, rights), Move(event, rights)};
      EXPECT_EQ(WriteEtc(user, ends.a, "", entries), Status::kOk);
      const ReadResult read = user.Read(ends.b);
      ASSERT_EQ(read.actual_handles, 2u);
      EXPECT_EQ(user.RightsOf(read.handles[0]), rights);
      EXPECT_EQ(user.RightsOf(read.handles[1]), rights);
      EXPECT_EQ(user.CountHandles(), 4u);
    });
  }
}

// WE-5: the source stays, and is another handle to the same object.
TEST(WriteEtc, DuplicatesAHandleThatStays) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue event = user.CreateEvent();
    HandleDisposition entry = DuplicateOf(event, kRightSameRights, ObjectType::kEvent);
    EXPECT_EQ(WriteEtc(user, ends.a, entry), Status::kOk);
    EXPECT_TRUE(user.Has(event));
    EXPECT_EQ(user.Reference(event)->PeekHandleCount(), 2u);
    const ReadResult read = user.Read(ends.b);
    EXPECT_EQ(ObjectSignal(user.thread(), read.handles[0], 0, kSignalSignaled), Status::kOk);
    EXPECT_EQ(user.SignalsOf(event), kSignalSignaled);
  });
}

// WE-8: fewer rights make a new handle, so the waits through the old one end when it is sent; the
// endpoint is never without a handle.
TEST(WriteEtc, MovingWithFewerRightsEndsTheWaitsAtOnce) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    Watcher::Log log;
    const Watcher watcher(user, cargo.a, kSignalReadable, "sent", &log);
    HandleDisposition entry = Move(cargo.a, kRightRead | kRightTransfer);
    EXPECT_EQ(WriteEtc(user, ends.a, entry), Status::kOk);
    EXPECT_EQ(log, Watcher::Log{"sent cancelled"});
    EXPECT_FALSE(PeerIsClosed(user, cargo.b));
  });
}

// WE-8, T-6: the same handle travels, under whatever name for its rights.
TEST(WriteEtc, MovingWithTheSameRightsKeepsTheWaitsUntilTheReceipt) {
  for (const Rights rights : {kRightSameRights, kRightsChannelDefault}) {
    RunAlone([rights](User& user) {
      const Ends ends = user.CreateChannel();
      const Ends cargo = user.CreateChannel();
      Watcher::Log log;
      const Watcher watcher(user, cargo.a, kSignalReadable, "sent", &log);
      HandleDisposition entry = Move(cargo.a, rights);
      EXPECT_EQ(WriteEtc(user, ends.a, entry), Status::kOk);
      EXPECT_TRUE(log.empty());
      EXPECT_EQ(user.Read(ends.b).status, Status::kOk);
      EXPECT_EQ(log, Watcher::Log{"sent cancelled"});
    });
  }
}

// WE-10
TEST(WriteEtc, DuplicatesOneHandleTwiceAndThenMovesIt) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue event = user.CreateEvent();
    std::array entries = {DuplicateOf(event), DuplicateOf(event), Move(event)};
    EXPECT_EQ(WriteEtc(user, ends.a, "", entries), Status::kOk);
    EXPECT_FALSE(user.Has(event));
    EXPECT_EQ(user.Read(ends.b).actual_handles, 3u);
  });
}

// WE-10
TEST(WriteEtc, MovesAHandleOnce) {
  for (const bool duplicates : {false, true}) {
    RunAlone([duplicates](User& user) {
      const Ends ends = user.CreateChannel();
      const HandleValue event = user.CreateEvent();
      std::array entries = {Move(event), duplicates ? DuplicateOf(event) : Move(event)};
      EXPECT_EQ(WriteEtc(user, ends.a, "", entries), Status::kBadHandle);
      EXPECT_EQ(entries[0].result, Status::kOk);
      EXPECT_EQ(entries[1].result, Status::kBadHandle);
      EXPECT_FALSE(user.Has(event));
      EXPECT_EQ(user.Read(ends.b).status, Status::kShouldWait);
    });
  }
}

// --- The checks of one entry ---

struct RefusedEntry {
  const char* what;
  HandleDisposition entry;
  Status expected;
  bool survives;
};

// WE-2, WE-5, WE-9, W7, W5, W12
TEST(WriteEtc, RefusesABadEntryAndConsumesWhatWasToBeMoved) {
  const auto make = [](User& user, const Ends& ends) {
    const HandleValue plain = user.MakeAnother(user.CreateEvent(), kRightsBasic & ~kRightDuplicate);
    const auto bound = [&] { return user.Restrict(user.CreateEvent(), kNoTransfer); };
    const auto event = [&] { return user.CreateEvent(); };
    const Rights lacking = kRightsEventDefault | kRightWrite;
    const auto channel = ObjectType::kChannel;
    return std::vector<RefusedEntry>{
        {"nothing", Move(0x3), Status::kBadHandle, false},
        {"zero", DuplicateOf(kInvalidHandle), Status::kBadHandle, false},
        {"unknown", Unknown(event()), Status::kInvalidArgs, false},
        {"move of bound", Move(bound()), Status::kAccessDenied, false},
        {"duplicate of bound", DuplicateOf(bound()), Status::kAccessDenied, true},
        {"duplicate of self", DuplicateOf(ends.a), Status::kNotSupported, true},
        {"wrong type", Move(event(), kRightSameRights, channel), Status::kWrongType, false},
        {"wrong type", DuplicateOf(event(), kRightNone, channel), Status::kWrongType, true},
        {"new rights", Move(event(), lacking), Status::kInvalidArgs, false},
        {"new rights", DuplicateOf(event(), lacking), Status::kInvalidArgs, true},
        {"duplicate of plain", DuplicateOf(plain), Status::kAccessDenied, true},
        {"duplicate of an endpoint", DuplicateOf(user.CreateChannel().a), Status::kAccessDenied,
         true},
        {"move of self", Move(ends.a), Status::kNotSupported, false},
    };
  };
  RunAlone([&make](User& user) {
    const Ends ends = user.CreateChannel();
    for (RefusedEntry& refusal : make(user, ends)) {
      EXPECT_EQ(WriteEtc(user, ends.a, refusal.entry), refusal.expected) << refusal.what;
      EXPECT_EQ(refusal.entry.result, refusal.expected) << refusal.what;
      EXPECT_EQ(user.Has(refusal.entry.handle), refusal.survives) << refusal.what;
      EXPECT_EQ(user.SignalsOf(ends.b) & kSignalReadable, kSignalNone) << refusal.what;
    }
    EXPECT_TRUE(PeerIsClosed(user, ends.b));  // W-5: the endpoint went last, with its own handle.
  });
}

// WE-2: of all defects of an entry, the first in the list of checks is told.
TEST(WriteEtc, ChecksAnEntryInOneOrder) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue self = user.MakeAnother(ends.a, kRightRead);
    const HandleValue movable_self = user.MakeAnother(ends.a, kRightRead | kRightTransfer);
    const HandleValue event = user.MakeAnother(user.CreateEvent(), kRightTransfer);
    const auto told = [&](HandleDisposition entry) {
      EXPECT_EQ(WriteEtc(user, ends.a, entry), entry.result);
      return entry.result;
    };
    const ObjectType port = ObjectType::kPort;
    HandleDisposition unknown = Unknown(0x3);
    unknown.type = port;
    EXPECT_EQ(told(unknown), Status::kBadHandle);
    // Each line has one defect less than the one before.
    EXPECT_EQ(told(DuplicateOf(self, kRightWrite, port)), Status::kAccessDenied);
    EXPECT_EQ(told(DuplicateOf(movable_self, kRightWrite, port)), Status::kNotSupported);
    EXPECT_EQ(told(DuplicateOf(event, kRightWrite, port)), Status::kWrongType);
    EXPECT_EQ(told(DuplicateOf(event, kRightWrite)), Status::kInvalidArgs);
    EXPECT_EQ(told(DuplicateOf(event, kRightNone)), Status::kAccessDenied);
    // An unknown operation beats everything but a handle that is not there. WE-2
    unknown.handle = self;
    EXPECT_EQ(told(unknown), Status::kInvalidArgs);
    EXPECT_FALSE(user.Has(self));
  });
}

// WE-3, WE-4, H3: every entry is tried; the first by position is the answer.
TEST(WriteEtc, TellsOfEveryEntryAndAnswersForTheFirst) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    const HandleValue event = user.CreateEvent();
    std::array entries = {Move(cargo.a), DuplicateOf(cargo.b), Move(0x3), Unknown(event)};
    entries[0].result = Status::kOk;
    EXPECT_EQ(WriteEtc(user, ends.a, "m", entries), Status::kAccessDenied);
    constexpr std::array kExpected = {Status::kOk, Status::kAccessDenied, Status::kBadHandle,
                                      Status::kInvalidArgs};
    for (size_t i = 0; i < entries.size(); ++i) EXPECT_EQ(entries[i].result, kExpected[i]) << i;
    EXPECT_TRUE(PeerIsClosed(user, cargo.b));
    EXPECT_FALSE(user.Has(event));
    EXPECT_EQ(user.Read(ends.b).status, Status::kShouldWait);
  });
}

// --- Failures before and after the entries ---

struct Early {
  const char* what;
  Status expected;
  std::function<Status(User&, const Ends&, std::span<HandleDisposition>)> write;
};

std::vector<Early> EarlyFailures() {
  using Entries = std::span<HandleDisposition>;
  return {
      {"options", Status::kInvalidArgs,
       [](User& user, const Ends& ends, Entries e) { return WriteEtc(user, ends.a, "", e, 1); }},
      {"no channel", Status::kBadHandle,
       [](User& user, const Ends&, Entries e) { return WriteEtc(user, 0x3, "", e); }},
      {"wrong type", Status::kWrongType,
       [](User& user, const Ends&, Entries e) {
         return WriteEtc(user, user.CreateEvent(), "", e);
       }},
      {"no right", Status::kAccessDenied,
       [](User& user, const Ends& ends, Entries e) {
         return WriteEtc(user, user.MakeAnother(ends.a, kRightRead), "", e);
       }},
      {"too many bytes", Status::kOutOfRange,
       [](User& user, const Ends& ends, Entries e) {
         return WriteEtc(user, ends.a, std::string(kMaxMessageBytes + 1, 'x'), e);
       }},
      {"bad bytes", Status::kInvalidArgs,
       [](User& user, const Ends& ends, Entries e) {
         return ChannelWriteEtc(user.thread(), ends.a, 0, nullptr, 1, UserPtr(e.data()),
                                static_cast<uint32_t>(e.size()));
       }},
      {"peer closed", Status::kPeerClosed,
       [](User& user, const Ends& ends, Entries e) {
         EXPECT_EQ(user.Close(ends.b), Status::kOk);
         return WriteEtc(user, ends.a, "", e);
       }},
  };
}

// WE-5, WE-6, H3, W-3: moved and unknown are consumed, duplicated is not, nothing is told.
TEST(WriteEtc, AFailureBeforeTheEntriesConsumesThemAndTellsNothing) {
  for (const Early& early : EarlyFailures()) {
    RunAlone([&early](User& user) {
      const Ends ends = user.CreateChannel();
      const Ends cargo = user.CreateChannel();
      std::array entries = {Move(cargo.a), DuplicateOf(user.CreateEvent()), Move(kInvalidHandle),
                            Unknown(user.CreateEvent())};
      // The last failure comes after the entries, which must then be good.
      const bool late = early.expected == Status::kPeerClosed;
      const std::span<HandleDisposition> sent(entries.data(), late ? 2 : entries.size());
      EXPECT_EQ(early.write(user, ends, sent), early.expected) << early.what;
      for (const auto& entry : entries) EXPECT_EQ(entry.result, kNoResult) << early.what;
      EXPECT_TRUE(PeerIsClosed(user, cargo.b)) << early.what;
      EXPECT_TRUE(user.Has(entries[1].handle)) << early.what;
      EXPECT_EQ(user.Has(entries[3].handle), late) << early.what;
    });
  }
}

// W2, W-3: however many there are.
TEST(WriteEtc, TooManyEntriesAreAllConsumed) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    for (const size_t count : {size_t{65}, size_t{200}}) {
      std::vector<HandleDisposition> entries;
      for (size_t i = 0; i < count; ++i) entries.push_back(Move(user.CreateEvent()));
      EXPECT_EQ(WriteEtc(user, ends.a, "", entries), Status::kOutOfRange);
      EXPECT_EQ(user.CountHandles(), 2u);
    }
  });
}

TEST(WriteEtc, SendsSixtyFourHandles) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    std::vector<HandleDisposition> entries(kMaxMessageHandles, DuplicateOf(user.CreateEvent()));
    EXPECT_EQ(WriteEtc(user, ends.a, "", entries), Status::kOk);
    EXPECT_EQ(user.Read(ends.b).actual_handles, kMaxMessageHandles);
  });
}

// W10, W-4
TEST(WriteEtc, AnArrayThatCannotBeReadIsInvalidAndConsumesNothing) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    for (const uint32_t count : {1u, 65u}) {
      EXPECT_EQ(ChannelWriteEtc(user.thread(), ends.a, 0, nullptr, 0,
                                BadPointer<HandleDisposition>(8), count),
                count == 1 ? Status::kInvalidArgs : Status::kOutOfRange);
    }
    EXPECT_EQ(
        ChannelWriteEtc(user.thread(), ends.a, 0, nullptr, 0, BadPointer<HandleDisposition>(8), 0),
        Status::kOk);
    EXPECT_EQ(user.CountHandles(), 2u);
  });
}

}  // namespace
}  // namespace core
