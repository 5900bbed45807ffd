// channel_read_etc: a read that tells what the handles are.
#include <gtest/gtest.h>

#include <array>

#include "tests/core/handle_ops.h"
#include "tests/core/message_ops.h"

namespace core {
namespace {

// R-10, H4
TEST(ReadEtc, TellsEachHandleItsTypeItsRightsAndZeroInTheOrderOfTheArray) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    const Ends pair = CreateEventPair(user);
    std::array entries = {Move(cargo.a), Move(user.CreateEvent(), kRightWait), Move(pair.b)};
    const Rights pair_rights = user.RightsOf(pair.b);
    ASSERT_EQ(WriteEtc(user, ends.a, "m", entries), Status::kOk);
    const ReadEtcResult read = ReadEtc(user, ends.b);
    EXPECT_EQ(read.status, Status::kOk);
    EXPECT_EQ(read.actual_bytes, 1u);
    EXPECT_EQ(read.bytes[0], std::byte{'m'});
    ASSERT_EQ(read.actual_handles, 3u);
    constexpr std::array kTypes = {ObjectType::kChannel, ObjectType::kEvent,
                                   ObjectType::kEventPair};
    const std::array rights = {kRightsChannelDefault, kRightWait, pair_rights};
    for (size_t i = 0; i < kTypes.size(); ++i) {
      EXPECT_EQ(read.handles[i].type, kTypes[i]);
      EXPECT_EQ(read.handles[i].rights, rights[i]);
      EXPECT_EQ(user.RightsOf(read.handles[i].handle), rights[i]);
      EXPECT_EQ(read.handles[i].unused, 0u);
    }
    EXPECT_EQ(user.Write(cargo.b, "there"), Status::kOk);
    EXPECT_EQ(user.Read(read.handles[0].handle).bytes, "there");
  });
}

// the unused field is written, whatever was there.
TEST(ReadEtc, WritesZeroIntoTheUnusedField) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    ASSERT_EQ(user.Write(ends.a, "", {user.CreateEvent()}), Status::kOk);
    HandleInfo info = {kUntouched, ObjectType::kNone, kUntouched, kUntouched};
    EXPECT_EQ(
        ChannelReadEtc(user.thread(), ends.b, 0, nullptr, UserPtr(&info), 0, 1, nullptr, nullptr),
        Status::kOk);
    EXPECT_EQ(info.unused, 0u);
    EXPECT_EQ(info.rights, kRightsEventDefault);
  });
}

//
TEST(ReadEtc, IsMissingFromTheOldestGenerationAlone) {
  for (const AbiProfile* profile : kGenerations) {
    RunAlone(*profile, [profile](User& user) {
      const Ends ends = user.CreateChannel();
      EXPECT_EQ(user.Write(ends.a, "m"), Status::kOk);
      const bool exists = profile != &kMagenta2017;
      EXPECT_EQ(ReadEtc(user, ends.b).status, exists ? Status::kOk : Status::kBadSyscall);
      EXPECT_EQ(user.Read(ends.b).status, exists ? Status::kShouldWait : Status::kOk);
    });
  }
}

// R-10 and 7.1: as channel_read.
TEST(ReadEtc, ChecksAsReadDoes) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const HandleValue event = user.CreateEvent();
    const HandleValue blind = user.MakeAnother(ends.b, kRightsChannelDefault & ~kRightRead);
    EXPECT_EQ(ReadEtc(user, 0x3, {.options = 2}).status, Status::kBadHandle);
    EXPECT_EQ(ReadEtc(user, event, {.options = 2}).status, Status::kWrongType);
    EXPECT_EQ(ReadEtc(user, blind, {.options = 2}).status, Status::kAccessDenied);
    EXPECT_EQ(ReadEtc(user, ends.b, {.options = 2}).status, Status::kNotSupported);
    EXPECT_EQ(ReadEtc(user, ends.b).status, Status::kShouldWait);
    EXPECT_EQ(user.Close(ends.a), Status::kOk);
    EXPECT_EQ(ReadEtc(user, ends.b).status, Status::kPeerClosed);
  });
}

// H5, H6, R-3, R-5
TEST(ReadEtc, LeavesOrDropsWhatDoesNotFit) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    ASSERT_EQ(user.Write(ends.a, "m", {cargo.a}), Status::kOk);
    for (const uint32_t options : {uint32_t{0}, kReadMayDiscard}) {
      const ReadEtcResult read = ReadEtc(user, ends.b, {.options = options, .num_handles = 0});
      EXPECT_EQ(read.status, Status::kBufferTooSmall);
      EXPECT_EQ(read.actual_bytes, 1u);
      EXPECT_EQ(read.actual_handles, 1u);
      EXPECT_EQ(PeerIsClosed(user, cargo.b), options != 0);
    }
    EXPECT_EQ(ReadEtc(user, ends.b).status, Status::kShouldWait);
  });
}

//
TEST(ReadEtc, LosesAMessageWhoseHandlesItCannotTell) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const Ends cargo = user.CreateChannel();
    const auto read = [&] {
      return ChannelReadEtc(user.thread(), ends.b, 0, nullptr, nullptr, 0, 1, nullptr, nullptr);
    };
    ASSERT_EQ(user.Write(ends.a, "", {cargo.a}), Status::kOk);
    EXPECT_EQ(read(), Status::kInvalidArgs);
    EXPECT_TRUE(PeerIsClosed(user, cargo.b));
    ASSERT_EQ(user.Write(ends.a, ""), Status::kOk);
    EXPECT_EQ(read(), Status::kOk);  // Nothing of that kind to tell.
  });
}

}  // namespace
}  // namespace core
