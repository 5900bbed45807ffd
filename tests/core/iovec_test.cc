// Messages gathered from several pieces: channel_write and its relatives with USE_IOVEC.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "tests/core/handle_ops.h"
#include "tests/core/message_ops.h"

namespace core {
namespace {

constexpr uint32_t kChunk = 16;  // So many are checked before any data is copied.

ChannelIovec Reserved(ChannelIovec iovec) {
  iovec.reserved = 1;
  return iovec;
}
ChannelIovec Unreadable(uint32_t capacity) {
  return {nullptr, capacity, 0};
}
// So large that nothing that comes after it can be copied.
ChannelIovec Huge() {
  static constexpr std::array<std::byte, kMaxMessageBytes + 1> kZeros = {};
  return {kZeros.data(), kMaxMessageBytes + 1, 0};
}

using Iovecs = std::vector<ChannelIovec>;

// `front`, with harmless pieces after it up to `size`.
Iovecs Padded(Iovecs front, size_t size) {
  front.resize(std::max(size, front.size()), ChannelIovec{});
  return front;
}

// WI-4, O1: gathered in the order of the array.
TEST(Iovec, AMessageIsGatheredFromItsPieces) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(WriteIovecs(user, ends.a, Iovecs{Piece("one "), Piece("two "), Piece("three")}),
              Status::kOk);
    EXPECT_EQ(user.Read(ends.b).bytes, "one two three");
  });
}

// WI-3: the length is that of what was gathered.
TEST(Iovec, ManyPiecesAreGatheredAsFewAre) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    for (const uint32_t count :
         {kChunk - 1, kChunk, kChunk + 1, 2 * kChunk, 2 * kChunk + 1, kMaxMessageIovecs}) {
      std::string expected;
      Iovecs iovecs;
      for (uint32_t i = 0; i < count; ++i) {
        static constexpr std::string_view kText = "0123456789";
        iovecs.push_back(Piece(kText.substr(i % 10, 1)));
        expected += kText[i % 10];
      }
      EXPECT_EQ(WriteIovecs(user, ends.a, iovecs), Status::kOk);
      EXPECT_EQ(user.Read(ends.b).bytes, expected);
    }
  });
}

// WI-4, W1, W-13
TEST(Iovec, NoPiecesAndEmptyPiecesMakeAnEmptyMessage) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(WriteIovecs(user, ends.a, {}), Status::kOk);
    EXPECT_EQ(WriteIovecs(user, ends.a, Padded({}, kChunk)), Status::kOk);
    EXPECT_EQ(WriteIovecs(user, ends.a, Padded({}, kChunk + 1)), Status::kOk);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(user.Read(ends.b).actual_bytes, 0u);
    EXPECT_EQ(user.Read(ends.b).status, Status::kShouldWait);
  });
}

// C-3, WI-1: before anything is read.
TEST(Iovec, TooManyPiecesAreOutOfRange) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    for (const auto& [count, expected] : {std::pair{kMaxMessageIovecs + 1, Status::kOutOfRange},
                                          std::pair{UINT32_MAX, Status::kOutOfRange},
                                          std::pair{kMaxMessageIovecs, Status::kInvalidArgs}}) {
      EXPECT_EQ(ChannelWrite(user.thread(), ends.a, kWriteUseIovec, nullptr, count, nullptr, 0),
                expected);
    }
  });
}

// WI-2, WI-3: as many bytes as in one piece.
TEST(Iovec, TheSumOfThePiecesIsLimited) {
  const std::string half(kMaxMessageBytes / 2, 'x');
  for (const uint32_t count : {uint32_t{2}, kChunk + 1}) {
    RunAlone([&half, count](User& user) {
      const Ends ends = user.CreateChannel();
      const Iovecs fits = Padded({Piece(half), Piece(half)}, count);
      EXPECT_EQ(WriteIovecs(user, ends.a, fits), Status::kOk);
      EXPECT_EQ(user.Read(ends.b).actual_bytes, kMaxMessageBytes);
      Iovecs exceeds = Padded(fits, count + 1);
      exceeds.back() = Piece("x");
      EXPECT_EQ(WriteIovecs(user, ends.a, exceeds), Status::kOutOfRange);
      EXPECT_EQ(user.Read(ends.b).status, Status::kShouldWait);
    });
  }
}

// WI-2: the sum is not taken in 32 bits.
TEST(Iovec, TwoHugePiecesAreNotAnEmptyMessage) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    constexpr uint32_t kHalf = 1u << 31;
    for (const uint32_t count : {uint32_t{2}, kChunk + 1}) {
      const Iovecs iovecs = Padded({{nullptr, kHalf, 0}, {nullptr, kHalf, 0}}, count);
      EXPECT_EQ(WriteIovecs(user, ends.a, iovecs), Status::kOutOfRange);
    }
  });
}

// WI-4, W10
TEST(Iovec, APieceThatCannotBeReadIsInvalid) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    for (const uint32_t count : {uint32_t{2}, kChunk + 1}) {
      EXPECT_EQ(WriteIovecs(user, ends.a, Padded({Piece("x"), Unreadable(1)}, count)),
                Status::kInvalidArgs);
      EXPECT_EQ(WriteIovecs(user, ends.a, Padded({Reserved(Piece("x"))}, count)),
                Status::kInvalidArgs);
    }
    EXPECT_EQ(user.Read(ends.b).status, Status::kShouldWait);
  });
}

// WI-2, WI-3: who wins among several defects depends on how many pieces there are.
TEST(Iovec, TheOrderOfTheChecksDependsOnTheNumberOfPieces) {
  struct Case {
    Iovecs front;
    Status few;
    Status many;
  };
  const std::vector<Case> cases = {
      {{Huge(), Reserved(Piece("x"))}, Status::kInvalidArgs, Status::kOutOfRange},
      {{Unreadable(1), Huge()}, Status::kOutOfRange, Status::kInvalidArgs},
      {{Huge(), Unreadable(1)}, Status::kOutOfRange, Status::kOutOfRange},
      {{Reserved(Huge())}, Status::kInvalidArgs, Status::kInvalidArgs},
  };
  RunAlone([&cases](User& user) {
    const Ends ends = user.CreateChannel();
    for (const Case& each : cases) {
      EXPECT_EQ(WriteIovecs(user, ends.a, Padded(each.front, 2)), each.few);
      EXPECT_EQ(WriteIovecs(user, ends.a, Padded(each.front, kChunk + 1)), each.many);
    }
  });
}

// WI-2, WI-3: too many handles come after the reserved fields of few pieces, before everything of
// many.
TEST(Iovec, TooManyHandlesAreToldInTurn) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const std::vector<HandleValue> handles(kMaxMessageHandles + 1, kInvalidHandle);
    const Iovecs reserved = {Reserved(Piece("x"))};
    const Iovecs unreadable = {Unreadable(1)};
    EXPECT_EQ(WriteIovecs(user, ends.a, reserved, handles), Status::kInvalidArgs);
    EXPECT_EQ(WriteIovecs(user, ends.a, unreadable, handles), Status::kOutOfRange);
    EXPECT_EQ(WriteIovecs(user, ends.a, Padded(reserved, kChunk + 1), handles),
              Status::kOutOfRange);
  });
}

// H3, W-3
TEST(Iovec, AFailureConsumesTheHandles) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const Iovecs bad = {Reserved(Piece("x"))};
    const std::vector<HandleValue> handles = {user.CreateEvent()};
    EXPECT_EQ(WriteIovecs(user, ends.a, bad, handles), Status::kInvalidArgs);
    EXPECT_FALSE(user.Has(handles[0]));
    HandleDisposition entry = Move(user.CreateEvent());
    EXPECT_EQ(ChannelWriteEtc(user.thread(), ends.a, kWriteUseIovec, BytesAt(bad.data()), 1,
                              UserPtr(&entry), 1),
              Status::kInvalidArgs);
    EXPECT_FALSE(user.Has(entry.handle));
  });
}

TEST(Iovec, WriteEtcGathersAsWriteDoes) {
  RunAlone([](User& user) {
    const Ends ends = user.CreateChannel();
    const Iovecs iovecs = {Piece("a"), Piece("bc")};
    HandleDisposition entry = Move(user.CreateEvent());
    EXPECT_EQ(ChannelWriteEtc(user.thread(), ends.a, kWriteUseIovec, BytesAt(iovecs.data()), 2,
                              UserPtr(&entry), 1),
              Status::kOk);
    const ReadResult read = user.Read(ends.b);
    EXPECT_EQ(read.bytes, "abc");
    EXPECT_EQ(read.actual_handles, 1u);
  });
}

// W11, X-28: the option came with write_etc.
TEST(Iovec, IsAnUnknownOptionBeforeItsTime) {
  for (const AbiProfile* profile : kGenerations) {
    RunAlone(*profile, [profile](User& user) {
      const Ends ends = user.CreateChannel();
      EXPECT_EQ(WriteIovecs(user, ends.a, Iovecs{Piece("x")}),
                profile == &kCurrent ? Status::kOk : Status::kInvalidArgs);
    });
  }
}

}  // namespace
}  // namespace core
