// Making channels and events.
#include <gtest/gtest.h>

#include "tests/core/core_fixture.h"

namespace core {
namespace {

// K1, O1, CR-3
TEST(ChannelCreate, GivesTheCallerBothEndsOfOneChannel) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.CountHandles(), 2u);
    EXPECT_EQ(user.Write(ends.a, "to b"), Status::kOk);
    EXPECT_EQ(user.Write(ends.b, "to a"), Status::kOk);
    EXPECT_EQ(user.Read(ends.a).bytes, "to a");
    EXPECT_EQ(user.Read(ends.b).bytes, "to b");
  });
}

// S-1, S-6
TEST(ChannelCreate, FreshEndsAreWritableAndNothingElse) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.SignalsOf(ends.a), kSignalWritable);
    EXPECT_EQ(user.SignalsOf(ends.b), kSignalWritable);
  });
}

// C-23, C-24: and so the duplicate of a channel handle is refused (K3, O9).
TEST(ChannelCreate, FreshEndsHaveTheDefaultRightsWithoutDuplicate) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.RightsOf(ends.a), 0xF00Eu);
    EXPECT_EQ(user.RightsOf(ends.b), 0xF00Eu);
    EXPECT_EQ(user.RightsOf(ends.a) & kRightDuplicate, kRightNone);
  });
}

// H-1, O2
TEST(ChannelCreate, EachEndHasANumberAndNamesTheOther) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    const ChannelDispatcher& a = user.Channel(ends.a);
    const ChannelDispatcher& b = user.Channel(ends.b);
    EXPECT_NE(a.koid(), b.koid());
    EXPECT_EQ(a.related_koid(), b.koid());
    EXPECT_EQ(b.related_koid(), a.koid());
    EXPECT_EQ(a.type(), ObjectType::kChannel);
  });
}

// H-11, O10
TEST(ChannelCreate, TheCreatorOwnsBothEnds) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Channel(ends.a).PeekOwner(), user.process().koid());
    EXPECT_EQ(user.Channel(ends.b).PeekOwner(), user.process().koid());
  });
}

// CR-1
TEST(ChannelCreate, UnknownOptionsAreInvalidAndLeaveNothing) {
  ForEachGeneration([](User& user) {
    for (uint32_t options : {1u, 2u, 0x80000000u}) {
      HandleValue first = kUntouched;
      HandleValue second = kUntouched;
      EXPECT_EQ(ChannelCreate(user.thread(), options, UserPtr(&first), UserPtr(&second)),
                Status::kInvalidArgs);
      EXPECT_EQ(first, kUntouched);
      EXPECT_EQ(second, kUntouched);
    }
    EXPECT_EQ(user.CountHandles(), 0u);
  });
}

// CR-1, CR-2
TEST(ChannelCreate, ABadOutPointerIsInvalidAndLeavesNoHandle) {
  ForEachGeneration([](User& user) {
    HandleValue value = kUntouched;
    for (uintptr_t address : {0, 8, 4092}) {
      const auto bad = BadPointer<HandleValue>(address);
      EXPECT_EQ(ChannelCreate(user.thread(), 0, bad, UserPtr(&value)), Status::kInvalidArgs);
      EXPECT_EQ(value, kUntouched);
      EXPECT_EQ(ChannelCreate(user.thread(), 0, bad, bad), Status::kInvalidArgs);
    }
    EXPECT_EQ(ChannelCreate(user.thread(), 0, UserPtr(&value), BadPointer<HandleValue>()),
              Status::kInvalidArgs);
    EXPECT_EQ(user.CountHandles(), 0u);
    EXPECT_EQ(user.Close(value), Status::kBadHandle);
  });
}

TEST(EventCreate, GivesAnEventWithNoSignalAndTheDefaultRights) {
  RunAlone([](User& user) {
    const HandleValue event = user.CreateEvent();
    EXPECT_EQ(user.CountHandles(), 1u);
    EXPECT_EQ(user.RightsOf(event), 0xD003u);
    EXPECT_EQ(user.SignalsOf(event), kSignalNone);
    EXPECT_EQ(user.Reference(event)->type(), ObjectType::kEvent);
  });
}

TEST(EventCreate, ABadArgumentIsInvalidAndLeavesNoHandle) {
  RunAlone([](User& user) {
    HandleValue value = kUntouched;
    EXPECT_EQ(EventCreate(user.thread(), 1, UserPtr(&value)), Status::kInvalidArgs);
    EXPECT_EQ(value, kUntouched);
    EXPECT_EQ(EventCreate(user.thread(), 0, BadPointer<HandleValue>()), Status::kInvalidArgs);
    EXPECT_EQ(EventCreate(user.thread(), 0, BadPointer<HandleValue>(16)), Status::kInvalidArgs);
    EXPECT_EQ(user.CountHandles(), 0u);
  });
}

}  // namespace
}  // namespace core
