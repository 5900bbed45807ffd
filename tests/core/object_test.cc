// Events, pairs of events, signals that user code sets, and what an object tells about itself.
#include <gtest/gtest.h>

#include <vector>

#include "tests/core/handle_ops.h"

namespace core {
namespace {

constexpr Signals kUser0 = 1u << 24;
constexpr Signals kUser7 = 1u << 31;
static_assert(kSignalUserMask == 0xFF000000 && (kUser0 & kUser7 & kSignalUserMask) == 0);

Status Signal(User& user, HandleValue handle, Signals clear, Signals set) {
  return ObjectSignal(user.thread(), handle, clear, set);
}
Status SignalPeer(User& user, HandleValue handle, Signals clear, Signals set) {
  return ObjectSignalPeer(user.thread(), handle, clear, set);
}

// --- object_signal ---

// S-7: bits 24 to 31, on every kind of object; nothing else changes.
TEST(ObjectSignal, SetsAndClearsUserSignals) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    for (const HandleValue handle : {ends.a, user.CreateEvent(), CreateEventPair(user).a}) {
      const Signals before = user.SignalsOf(handle);
      EXPECT_EQ(Signal(user, handle, 0, kUser0 | kUser7), Status::kOk);
      EXPECT_EQ(user.SignalsOf(handle), before | kUser0 | kUser7);
      EXPECT_EQ(Signal(user, handle, kUser0, 0), Status::kOk);
      EXPECT_EQ(user.SignalsOf(handle), before | kUser7);
      EXPECT_EQ(Signal(user, handle, kSignalUserMask, 0), Status::kOk);
      EXPECT_EQ(user.SignalsOf(handle), before);
      EXPECT_EQ(Signal(user, handle, 0, 0), Status::kOk);
    }
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalWritable);
  });
}

// S-7: what is in both is set.
TEST(ObjectSignal, ClearsFirstAndSetsThen) {
  RunAlone([](User& user) {
    const HandleValue event = user.CreateEvent();
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(Signal(user, event, kUser0 | kUser7, kUser0), Status::kOk);
      EXPECT_EQ(user.SignalsOf(event), kUser0);
    }
  });
}

// S-7: SIGNALED is an event's, READABLE and its like are the kernel's.
TEST(ObjectSignal, RefusesOtherSignals) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue event = user.CreateEvent();
    const HandleValue paired = CreateEventPair(user).a;
    for (const Signals bad : {kSignalReadable, kSignalWritable, kSignalPeerClosed,
                              kSignalHandleClosed, kUser0 | kSignalReadable}) {
      for (const HandleValue handle : {ends.a, event, paired}) {
        const Signals before = user.SignalsOf(handle);
        EXPECT_EQ(Signal(user, handle, bad, 0), Status::kInvalidArgs);
        EXPECT_EQ(Signal(user, handle, 0, bad), Status::kInvalidArgs);
        EXPECT_EQ(user.SignalsOf(handle), before);
      }
    }
    EXPECT_EQ(Signal(user, ends.a, 0, kSignalSignaled), Status::kInvalidArgs);
    EXPECT_EQ(Signal(user, event, 0, kSignalSignaled), Status::kOk);
    EXPECT_EQ(Signal(user, paired, 0, kSignalSignaled), Status::kOk);
  });
}

// S-7
TEST(ObjectSignal, NeedsTheRightToSignalBeforeItLooksAtTheBits) {
  ForEachGeneration([](User& user) {
    const HandleValue event = user.Restrict(user.CreateEvent(), kRightsBasic);
    EXPECT_EQ(Signal(user, event, 0, kSignalReadable), Status::kAccessDenied);
    EXPECT_EQ(Signal(user, 0x3, 0, kUser0), Status::kBadHandle);
  });
}

// S-8
TEST(ObjectSignal, WakesNobodyWhenNothingNewIsActive) {
  RunAlone([](User& user) {
    Watcher::Log log;
    const HandleValue event = user.CreateEvent();
    EXPECT_EQ(Signal(user, event, 0, kUser0), Status::kOk);
    const Watcher watcher(user, event, kUser7, "7", &log);
    EXPECT_EQ(Signal(user, event, 0, kUser0), Status::kOk);
    EXPECT_EQ(Signal(user, event, kUser0, 0), Status::kOk);
    EXPECT_EQ(Signal(user, event, kUser7, 0), Status::kOk);
    EXPECT_EQ(log, Watcher::Log{});
    EXPECT_EQ(Signal(user, event, 0, kUser0 | kUser7), Status::kOk);
    EXPECT_EQ(log, Watcher::Log{"7"});
    EXPECT_EQ(watcher.observed(), kUser0 | kUser7);
  });
}

// S-4: user signals and the kernel's do not touch each other.
TEST(ObjectSignal, LeavesTheMessagesOfAnEndpointAlone) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.b, "m"), Status::kOk);
    EXPECT_EQ(Signal(user, ends.a, kSignalUserMask, kUser7), Status::kOk);
    EXPECT_EQ(user.SignalsOf(ends.a), kSignalReadable | kSignalWritable | kUser7);
    EXPECT_EQ(user.Read(ends.a).bytes, "m");
    EXPECT_EQ(user.SignalsOf(ends.a), kSignalWritable | kUser7);
  });
}

// --- object_signal_peer ---

// S-7
TEST(ObjectSignalPeer, ChangesTheOtherEndAlone) {
  RunAlone([](User& user) {
    const Ends channel = user.CreateChannel();
    const Ends pair = CreateEventPair(user);
    for (const Ends& ends : {channel, pair}) {
      const Signals before = user.SignalsOf(ends.a);
      EXPECT_EQ(SignalPeer(user, ends.a, 0, kUser7), Status::kOk);
      EXPECT_EQ(user.SignalsOf(ends.a), before);
      EXPECT_EQ(user.SignalsOf(ends.b), before | kUser7);
      EXPECT_EQ(SignalPeer(user, ends.a, kUser7, kUser0), Status::kOk);
      EXPECT_EQ(user.SignalsOf(ends.b), before | kUser0);
    }
  });
}

// S-7
TEST(ObjectSignalPeer, WakesWhoeverWaitsAtTheOtherEnd) {
  RunAlone([](User& user) {
    Watcher::Log log;
    const Ends pair = CreateEventPair(user);
    const Watcher other(user, pair.b, kSignalSignaled, "other", &log);
    const Watcher own(user, pair.a, kSignalSignaled, "own", &log);
    EXPECT_EQ(SignalPeer(user, pair.a, 0, kSignalSignaled), Status::kOk);
    EXPECT_EQ(log, Watcher::Log{"other"});
  });
}

// S-7: the bits are looked at before the peer.
TEST(ObjectSignalPeer, OfAClosedPeerIsPeerClosed) {
  ForEachGeneration([](User& user) {
    for (const Ends& ends : {user.CreateChannel(), CreateEventPair(user)}) {
      EXPECT_EQ(user.Close(ends.b), Status::kOk);
      EXPECT_EQ(SignalPeer(user, ends.a, 0, kUser0), Status::kPeerClosed);
      EXPECT_EQ(SignalPeer(user, ends.a, 0, kSignalReadable), Status::kInvalidArgs);
      EXPECT_EQ(Signal(user, ends.a, 0, kUser0), Status::kOk);
    }
  });
}

// S-7
TEST(ObjectSignalPeer, NeedsARightOfItsOwn) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue weak = user.Restrict(ends.a, kRightSignal);
    EXPECT_EQ(SignalPeer(user, weak, 0, kUser0), Status::kAccessDenied);
    const HandleValue strong = user.Restrict(ends.b, kRightSignalPeer);
    EXPECT_EQ(SignalPeer(user, strong, 0, kUser0), Status::kOk);
    EXPECT_EQ(Signal(user, strong, 0, kUser0), Status::kAccessDenied);
    EXPECT_EQ(SignalPeer(user, 0x3, 0, kUser0), Status::kBadHandle);
  });
}

// S-7: an event has none; its handles don't even have the right.
TEST(ObjectSignalPeer, OfAnObjectWithoutAPeerIsNotSupported) {
  RunAlone([](User& user) {
    const HandleValue event = user.CreateEvent();
    EXPECT_EQ(SignalPeer(user, event, 0, kUser0), Status::kAccessDenied);
    const HandleValue able = user.MakeAnother(event, kRightSignalPeer);
    EXPECT_EQ(SignalPeer(user, able, 0, kUser0), Status::kNotSupported);
    EXPECT_EQ(SignalPeer(user, able, 0, kSignalReadable), Status::kNotSupported);
  });
}

// --- event_create, eventpair_create ---

TEST(Event, RefusesOptionsAndBadPointers) {
  RunAlone([](User& user) {
    HandleValue event = kUntouched;
    EXPECT_EQ(EventCreate(user.thread(), 1, UserPtr(&event)), Status::kInvalidArgs);
    EXPECT_EQ(EventCreate(user.thread(), 0, nullptr), Status::kInvalidArgs);
    EXPECT_EQ(event, kUntouched);
    EXPECT_EQ(user.CountHandles(), 0u);
  });
}

TEST(EventPair, RefusesOptionsAndBadPointers) {
  RunAlone([](User& user) {
    HandleValue one = kUntouched;
    EXPECT_EQ(EventPairCreate(user.thread(), 1, UserPtr(&one), UserPtr(&one)),
              Status::kNotSupported);
    EXPECT_EQ(EventPairCreate(user.thread(), 0, nullptr, UserPtr(&one)), Status::kInvalidArgs);
    EXPECT_EQ(one, kUntouched);
    EXPECT_EQ(EventPairCreate(user.thread(), 0, UserPtr(&one), nullptr), Status::kInvalidArgs);
    EXPECT_EQ(user.CountHandles(), 0u);
  });
}

// HO-6: two values or none.
TEST(EventPair, WithoutHandleValuesIsNoMemory) {
  RunAlone([](User& user) {
    UseUpValues(user);
    const Ends pair = CreateEventPair(user);
    EXPECT_EQ(pair.a, kInvalidHandle);
    EXPECT_EQ(user.CountHandles(), 0u);
  });
}

TEST(EventPair, BeginsWithoutSignals) {
  RunAlone([](User& user) {
    const Ends pair = CreateEventPair(user);
    EXPECT_EQ(user.SignalsOf(pair.a), kSignalNone);
    EXPECT_EQ(user.SignalsOf(pair.b), kSignalNone);
    EXPECT_EQ(user.RightsOf(pair.a), kRightsEventDefault | kRightSignalPeer);
    EXPECT_EQ(user.RightsOf(pair.b), kRightsEventDefault | kRightSignalPeer);
  });
}

// O14: what was signaled stays, and PEER_CLOSED comes with the last of the other's handles.
TEST(EventPair, ShowsThatTheOtherHasNoHandleAnyMore) {
  RunAlone([](User& user) {
    Watcher::Log log;
    const Ends pair = CreateEventPair(user);
    const HandleValue copy = Duplicate(user, pair.b).value;
    const Watcher watcher(user, pair.a, kSignalPeerClosed, "closed", &log);
    EXPECT_EQ(SignalPeer(user, pair.b, 0, kSignalSignaled), Status::kOk);
    EXPECT_EQ(user.Close(pair.b), Status::kOk);
    EXPECT_EQ(log, Watcher::Log{});
    EXPECT_EQ(user.Close(copy), Status::kOk);
    EXPECT_EQ(log, Watcher::Log{"closed"});
    EXPECT_EQ(user.SignalsOf(pair.a), kSignalSignaled | kSignalPeerClosed);
  });
}

// S-7: PEER_CLOSED is the kernel's, and stays.
TEST(EventPair, CannotClearPeerClosed) {
  RunAlone([](User& user) {
    const Ends pair = CreateEventPair(user);
    EXPECT_EQ(user.Close(pair.b), Status::kOk);
    EXPECT_EQ(Signal(user, pair.a, kSignalPeerClosed, 0), Status::kInvalidArgs);
    EXPECT_EQ(Signal(user, pair.a, kSignalUserMask | kSignalSignaled, 0), Status::kOk);
    EXPECT_EQ(user.SignalsOf(pair.a), kSignalPeerClosed);
  });
}

// T-1: it travels like any other handle.
TEST(EventPair, CanBeSent) {
  RunAlone([](User& user) {
    const Ends channel = user.CreateChannel();
    const Ends pair = CreateEventPair(user);
    EXPECT_EQ(user.Write(channel.a, "", {pair.a}), Status::kOk);
    EXPECT_EQ(SignalPeer(user, pair.b, 0, kSignalSignaled), Status::kOk);
    const HandleValue received = user.Read(channel.b).handles[0];
    EXPECT_EQ(user.SignalsOf(received), kSignalSignaled);
    EXPECT_EQ(user.Write(channel.a, "", {received}), Status::kOk);
    EXPECT_EQ(user.Close(channel.b), Status::kOk);
    EXPECT_EQ(user.SignalsOf(pair.b), kSignalPeerClosed);
  });
}

// where a wait needs READ, an event's handle has it.
TEST(Event, CanBeWaitedForInEveryGeneration) {
  for (const AbiProfile* profile : kGenerations) {
    RunAlone(*profile, [](User& user) {
      for (const HandleValue handle : {user.CreateEvent(), CreateEventPair(user).a}) {
        EXPECT_EQ(Signal(user, handle, 0, kSignalSignaled), Status::kOk);
        EXPECT_EQ(user.Wait(handle, kSignalSignaled), (WaitAnswer{Status::kOk, kSignalSignaled}));
        EXPECT_EQ(Duplicate(user, handle).status, Status::kOk);
      }
    });
  }
}

// --- object_get_info ---

TEST(ObjectGetInfo, TellsWhetherAHandleIsValid) {
  RunAlone([](User& user) {
    const HandleValue event = user.Restrict(user.CreateEvent(), kRightNone);
    const auto valid = [&](HandleValue handle) {
      return ObjectGetInfo(user.thread(), handle, kInfoHandleValid, nullptr, 0, nullptr, nullptr);
    };
    EXPECT_EQ(valid(event), Status::kOk);
    EXPECT_EQ(valid(kInvalidHandle), Status::kBadHandle);
    EXPECT_EQ(user.Close(event), Status::kOk);
    EXPECT_EQ(valid(event), Status::kBadHandle);
  });
}

// H-1
TEST(ObjectGetInfo, TellsWhatAnEndpointIsAndWhoItsPeerIs) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const auto a = GetInfo<InfoHandleBasic>(user, ends.a, kInfoHandleBasic);
    ASSERT_EQ(a.status, Status::kOk);
    EXPECT_EQ(a.actual, 1u);
    EXPECT_EQ(a.avail, 1u);
    EXPECT_EQ(a.record.type, ObjectType::kChannel);
    EXPECT_EQ(a.record.rights, kRightsChannelDefault);
    EXPECT_EQ(a.record.reserved, 0u);
    const InfoHandleBasic b = BasicInfo(user, ends.b);
    EXPECT_NE(a.record.koid, b.koid);
    EXPECT_EQ(a.record.related_koid, b.koid);
    EXPECT_EQ(b.related_koid, a.record.koid);
    EXPECT_EQ(user.Close(ends.b), Status::kOk);
    EXPECT_EQ(BasicInfo(user, ends.a).related_koid, b.koid);
  });
}

TEST(ObjectGetInfo, TellsWhatEventsAre) {
  RunAlone([](User& user) {
    const InfoHandleBasic event = BasicInfo(user, user.CreateEvent());
    EXPECT_EQ(event.type, ObjectType::kEvent);
    EXPECT_EQ(event.related_koid, 0u);
    const Ends pair = CreateEventPair(user);
    EXPECT_EQ(BasicInfo(user, pair.a).type, ObjectType::kEventPair);
    EXPECT_EQ(BasicInfo(user, pair.a).related_koid, BasicInfo(user, pair.b).koid);
  });
}

// H-5: in tables and in messages alike.
TEST(ObjectGetInfo, CountsTheHandlesOfAnObjectWhereverTheyAre) {
  RunAlone([](User& user) {
    const Ends channel = user.CreateChannel();
    const HandleValue event = user.CreateEvent();
    const auto count = [&] {
      const auto told = GetInfo<InfoHandleCount>(user, event, kInfoHandleCount);
      EXPECT_EQ(told.status, Status::kOk);
      return told.record.handle_count;
    };
    EXPECT_EQ(count(), 1u);
    const HandleValue copy = Duplicate(user, event).value;
    EXPECT_EQ(count(), 2u);
    EXPECT_EQ(user.Write(channel.a, "", {copy}), Status::kOk);
    EXPECT_EQ(count(), 2u);
    EXPECT_EQ(user.Close(channel.b), Status::kOk);
    EXPECT_EQ(count(), 1u);
  });
}

TEST(ObjectGetInfo, NeedsInspectForTheCountAlone) {
  RunAlone([](User& user) {
    const HandleValue event = user.Restrict(user.CreateEvent(), kRightNone);
    EXPECT_EQ(GetInfo<InfoHandleBasic>(user, event, kInfoHandleBasic).status, Status::kOk);
    EXPECT_EQ(GetInfo<InfoHandleCount>(user, event, kInfoHandleCount).status,
              Status::kAccessDenied);
    EXPECT_EQ(GetInfo<InfoHandleBasic>(user, 0x3, kInfoHandleBasic).status, Status::kBadHandle);
    EXPECT_EQ(GetInfo<InfoHandleCount>(user, 0x3, kInfoHandleCount).status, Status::kBadHandle);
  });
}

// The topic is looked at first.
TEST(ObjectGetInfo, RefusesUnknownTopics) {
  RunAlone([](User& user) {
    EXPECT_EQ(GetInfo<InfoHandleBasic>(user, 0x3, 0).status, Status::kNotSupported);
    EXPECT_EQ(GetInfo<InfoHandleBasic>(user, user.CreateEvent(), 3).status, Status::kNotSupported);
  });
}

TEST(ObjectGetInfo, TellsHowMuchThereIsIfTheBufferIsTooSmall) {
  RunAlone([](User& user) {
    const HandleValue event = user.CreateEvent();
    for (const size_t size : {size_t{0}, sizeof(InfoHandleBasic) - 1}) {
      const auto told = GetInfo<InfoHandleBasic>(user, event, kInfoHandleBasic, size);
      EXPECT_EQ(told.status, Status::kBufferTooSmall);
      EXPECT_EQ(told.record.koid, 0u);
      EXPECT_EQ(told.actual, 0u);
      EXPECT_EQ(told.avail, 1u);
    }
    EXPECT_EQ(ObjectGetInfo(user.thread(), event, kInfoHandleBasic, nullptr, 0, nullptr, nullptr),
              Status::kBufferTooSmall);
  });
}

TEST(ObjectGetInfo, RefusesBadPointers) {
  RunAlone([](User& user) {
    const HandleValue event = user.CreateEvent();
    InfoHandleBasic basic = {};
    const UserPtr<std::byte> buffer(reinterpret_cast<std::byte*>(&basic));
    const auto ask = [&](UserPtr<std::byte> to, UserPtr<uint64_t> actual, UserPtr<uint64_t> avail) {
      return ObjectGetInfo(user.thread(), event, kInfoHandleBasic, to, sizeof(basic), actual,
                           avail);
    };
    EXPECT_EQ(ask(nullptr, nullptr, nullptr), Status::kInvalidArgs);
    EXPECT_EQ(ask(buffer, BadPointer<uint64_t>(8), nullptr), Status::kInvalidArgs);
    EXPECT_EQ(ask(buffer, nullptr, BadPointer<uint64_t>(8)), Status::kInvalidArgs);
    EXPECT_EQ(ask(buffer, nullptr, nullptr), Status::kOk);
    EXPECT_EQ(basic.type, ObjectType::kEvent);
  });
}

}  // namespace
}  // namespace core
