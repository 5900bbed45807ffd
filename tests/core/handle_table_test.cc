// The table of one process's handles.
#include <gtest/gtest.h>

#include <array>
#include <utility>
#include <vector>

#include "tests/core/core_fixture.h"

namespace core {
namespace {

std::vector<HandleValue> ValuesOf(const HandleTable& table) {
  std::vector<HandleValue> values;
  table.PeekEach([&](const Handle& handle) { values.push_back(handle.value()); });
  return values;
}

// H-7
TEST(HandleTable, LookupTellsBadBeforeWrongTypeBeforeDenied) {
  RunAlone([](User& user) {
    const HandleTable& table = user.process().handles();
    const HandleValue event = user.CreateEvent();
    const auto lookup = [&](HandleValue value, ObjectType type, Rights rights) {
      RefPtr<Dispatcher> object;
      const Status status = table.Lookup(value, type, rights, kCurrent, &object);
      EXPECT_EQ(static_cast<bool>(object), status == Status::kOk);
      return status;
    };
    EXPECT_EQ(lookup(0x3, ObjectType::kChannel, kRightWrite), Status::kBadHandle);
    EXPECT_EQ(lookup(event, ObjectType::kChannel, kRightWrite), Status::kWrongType);
    EXPECT_EQ(lookup(event, ObjectType::kEvent, kRightWrite | kRightWait), Status::kAccessDenied);
    EXPECT_EQ(lookup(event, ObjectType::kNone, kRightWrite), Status::kAccessDenied);
    EXPECT_EQ(lookup(event, ObjectType::kEvent, kRightWait | kRightTransfer), Status::kOk);
    EXPECT_EQ(lookup(event, ObjectType::kNone, kRightNone), Status::kOk);
  });
}

// H-6: the reference does not depend on the handle.
TEST(HandleTable, WhatWasLookedUpOutlivesItsHandle) {
  RunAlone([](User& user) {
    const HandleValue event = user.CreateEvent();
    const RefPtr<Dispatcher> object = user.Reference(event);
    EXPECT_EQ(object->PeekHandleCount(), 1u);
    EXPECT_EQ(user.Close(event), Status::kOk);
    EXPECT_EQ(object->PeekHandleCount(), 0u);
    EXPECT_EQ(object->PeekSignals(), kSignalNone);
  });
}

TEST(HandleTable, FindsEachOfManyHandlesAndNoOther) {
  RunAlone([](User& user) {
    std::vector<HandleValue> events;
    for (int i = 0; i < 1000; ++i) events.push_back(user.CreateEvent());
    for (size_t i = 0; i < events.size(); i += 2) EXPECT_EQ(user.Close(events[i]), Status::kOk);
    for (size_t i = 0; i < events.size(); ++i) {
      EXPECT_EQ(user.Wait(events[i], kSignalNone).status,
                i % 2 == 0 ? Status::kBadHandle : Status::kTimedOut);
    }
  });
}

TEST(HandleTable, AHandleKnowsItsTableAndItsValue) {
  RunAlone([](User& user) {
    HandleTable& table = user.process().handles();
    const HandleValue event = user.CreateEvent();
    HandleOwner handle = table.Remove(event);
    ASSERT_NE(handle, nullptr);
    EXPECT_EQ(handle->table(), nullptr);
    EXPECT_EQ(table.Remove(event), nullptr);
    HandleValue value = kInvalidHandle;
    ASSERT_TRUE(user.thread().NextHandleValues(1, &value));
    const Handle& watched = *handle;
    table.Add(std::move(handle), value);
    EXPECT_EQ(watched.table(), &table);
    EXPECT_EQ(watched.value(), value);
  });
}

// W-8, N-4: missing and repeated values leave null, the others come out.
TEST(HandleTable, RemoveAllTakesEachValueOnce) {
  RunAlone([](User& user) {
    const HandleValue one = user.CreateEvent();
    const HandleValue two = user.CreateEvent();
    const std::array<HandleValue, 5> values = {two, 0x3, one, two, kInvalidHandle};
    std::array<HandleOwner, 5> out;
    user.process().handles().RemoveAll(values, out);
    ASSERT_NE(out[0], nullptr);
    ASSERT_NE(out[2], nullptr);
    EXPECT_EQ(out[0]->value(), two);
    EXPECT_EQ(out[2]->value(), one);
    for (size_t missing : {1, 3, 4}) EXPECT_EQ(out[missing], nullptr);
    EXPECT_EQ(user.CountHandles(), 0u);
  });
}

TEST(HandleTable, RemembersTheOrderOfArrival) {
  RunAlone([](User& user) {
    HandleTable& table = user.process().handles();
    const HandleValue one = user.CreateEvent();
    const HandleValue two = user.CreateEvent();
    const HandleValue three = user.CreateEvent();
    EXPECT_EQ(ValuesOf(table), (std::vector<HandleValue>{one, two, three}));
    EXPECT_EQ(user.Close(two), Status::kOk);
    EXPECT_EQ(ValuesOf(table), (std::vector<HandleValue>{one, three}));
    EXPECT_EQ(table.RemoveNewest()->value(), three);
    EXPECT_EQ(table.RemoveNewest()->value(), one);
    EXPECT_EQ(table.RemoveNewest(), nullptr);
  });
}

}  // namespace
}  // namespace core
