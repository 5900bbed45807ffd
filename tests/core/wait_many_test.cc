// object_wait_many, and what the generations make of waiting. With one thread: see
// wait_many_races_test.cc for the rest.
#include <gtest/gtest.h>

#include <vector>

#include "tests/core/handle_ops.h"
#include "tests/core/wait_calls.h"

namespace core {
namespace {

// --- What it refuses ---

// WT-11
TEST(ObjectWaitMany, WithoutItemsSleepsUntilTheDeadline) {
  RunAlone([](User& user) {
    EXPECT_EQ(ObjectWaitMany(user.thread(), {}, 0, kPast), Status::kTimedOut);
  });
}

// WT-11, X-20: before anything else is looked at.
TEST(ObjectWaitMany, RefusesTooManyItems) {
  for (const AbiProfile* profile : kGenerations) {
    RunAlone(*profile, [profile](User& user) {
      const uint32_t most = profile->max_wait_items;
      std::vector<WaitItem> items(most + 1, {user.CreateEvent(), kSignalSignaled, kUntouched});
      const UserPtr array(items.data());
      EXPECT_EQ(ObjectWaitMany(user.thread(), array, most + 1, kPast),
                profile->too_many_wait_items);
      EXPECT_EQ(items[0].pending, kUntouched);
      EXPECT_EQ(ObjectWaitMany(user.thread(), BadPointer<WaitItem>(), most + 1, kPast),
                profile->too_many_wait_items);
      EXPECT_EQ(ObjectWaitMany(user.thread(), array, most, kPast), Status::kTimedOut);
    });
  }
}

// WT-11
TEST(ObjectWaitMany, RefusesAnArrayThatCannotBeRead) {
  RunAlone([](User& user) {
    EXPECT_EQ(ObjectWaitMany(user.thread(), BadPointer<WaitItem>(), 1, kPast),
              Status::kInvalidArgs);
  });
}

// WT-11: the first bad position wins, and nothing is written.
TEST(ObjectWaitMany, ChecksItemByItemAndWritesNothingAfterAFailure) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue denied = user.Restrict(user.CreateEvent(), kRightsBasic & ~kRightWait);
    const HandleValue port = CreatePort(user);
    const WaitItem good = {ends.a, kSignalWritable, 0};
    EXPECT_EQ(WaitFor(user, {good, {kInvalidHandle, 0, 0}, {denied, 0, 0}}).status,
              Status::kBadHandle);
    EXPECT_EQ(WaitFor(user, {good, {denied, 0, 0}, {kInvalidHandle, 0, 0}}).status,
              Status::kAccessDenied);
    const WaitManyAnswer refused = WaitFor(user, {good, {port, 0, 0}, {denied, 0, 0}});
    EXPECT_EQ(refused.status, Status::kNotSupported);
    for (const WaitItem& item : refused.items) EXPECT_EQ(item.pending, kUntouched);
  });
}

// X-13, WT-1
TEST(ObjectWait, NeedsTheRightOfItsGeneration) {
  for (const AbiProfile* profile : kGenerations) {
    RunAlone(*profile, [profile](User& user) {
      const Ends ends = user.CreateChannel();
      const HandleValue has = user.Restrict(ends.a, profile->wait_right);
      const HandleValue lacks = user.Restrict(ends.b, ~profile->wait_right & 0xFFFF);
      EXPECT_EQ(user.Wait(has, kSignalWritable, kPast).status, Status::kOk);
      EXPECT_EQ(user.Wait(lacks, kSignalWritable, kPast).status, Status::kAccessDenied);
      EXPECT_EQ(WaitFor(user, {{has, kSignalWritable, 0}}).status, Status::kOk);
      EXPECT_EQ(WaitFor(user, {{lacks, kSignalWritable, 0}}).status, Status::kAccessDenied);
    });
  }
}

// --- What it tells ---

// S4, WT-13
TEST(ObjectWaitMany, OneMatchEndsItAndEveryItemTellsItsState) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue event = user.CreateEvent();
    EXPECT_EQ(user.Write(ends.a, "m"), Status::kOk);
    const WaitManyAnswer answer = WaitFor(
        user,
        {{event, kSignalSignaled, 0}, {ends.b, kSignalReadable, 0}, {ends.a, kSignalReadable, 0}},
        kTimeInfinite);
    EXPECT_EQ(answer.Text(3), "kOk - RW W");
  });
}

// WT-13
TEST(ObjectWaitMany, TellsEveryStateAtTheDeadlineToo) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue event = user.CreateEvent();
    const WaitManyAnswer answer =
        WaitFor(user, {{event, kSignalSignaled, 0}, {ends.b, kSignalReadable, 0}});
    EXPECT_EQ(answer.Text(2), "kTimedOut - W");
  });
}

// WT-15
TEST(ObjectWaitMany, TakesTheSameHandleInSeveralItems) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const WaitManyAnswer answer = WaitFor(
        user,
        {{ends.a, kSignalReadable, 0}, {ends.a, kSignalWritable, 0}, {ends.a, kSignalReadable, 0}});
    EXPECT_EQ(answer.Text(3), "kOk W W W");
  });
}

// WT-16
TEST(ObjectWaitMany, LeavesWhatWasAskedFor) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const WaitManyAnswer answer =
        WaitFor(user, {{ends.a, kSignalReadable, 0}, {ends.b, kSignalPeerClosed, 0}});
    EXPECT_EQ(answer.items[0].handle, ends.a);
    EXPECT_EQ(answer.items[0].waitfor, kSignalReadable);
    EXPECT_EQ(answer.items[1].handle, ends.b);
    EXPECT_EQ(answer.items[1].waitfor, kSignalPeerClosed);
  });
}

// --- Deadlines ---

// a negative deadline is long past, or later than anything that can come.
TEST(DeadlineOf, IsUnsignedInTheFirstGenerations) {
  for (const AbiProfile* profile : kGenerations) {
    const bool is_unsigned = profile == &kMagenta2017 || profile == &kZircon2018_04;
    EXPECT_EQ(DeadlineOf(*profile, -1), is_unsigned ? kTimeInfinite : -1);
    EXPECT_EQ(DeadlineOf(*profile, kTimeInfinitePast),
              is_unsigned ? kTimeInfinite : kTimeInfinitePast);
    EXPECT_EQ(DeadlineOf(*profile, kTimeInfinite), kTimeInfinite);
    EXPECT_EQ(DeadlineOf(*profile, 0), 0);
  }
}

}  // namespace
}  // namespace core
