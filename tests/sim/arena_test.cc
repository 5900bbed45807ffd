#include "sim/engine/arena.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <limits>
#include <optional>
#include <vector>

#include "sim/engine/sanitizer.h"

namespace sim {
namespace {

TEST(Arena, BlocksAreAlignedAndDoNotOverlap) {
  Arena arena(size_t{1} << 20);
  std::vector<std::byte*> blocks;
  for (size_t bytes = 0; bytes < 70; ++bytes) {
    auto* block = static_cast<std::byte*>(arena.Allocate(bytes, "block"));
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(block) % 16, 0u);
    if (!blocks.empty()) {
      EXPECT_GE(block, blocks.back() + (bytes - 1));
    }
    std::memset(block, static_cast<int>(bytes), bytes);
    blocks.push_back(block);
  }
  for (size_t bytes = 1; bytes < 70; ++bytes) {
    EXPECT_EQ(blocks[bytes][0], static_cast<std::byte>(bytes));
    EXPECT_EQ(blocks[bytes][bytes - 1], static_cast<std::byte>(bytes));
  }
}

TEST(Arena, DescribesLiveBlocksByNameInOrderOfAllocation) {
  Arena arena(size_t{1} << 20);
  EXPECT_EQ(arena.DescribeLiveBlocks(), "");
  arena.Allocate(8, "message");
  void* freed = arena.Allocate(8, "process");
  arena.Allocate(0, "channel endpoint");
  arena.Allocate(100, "message");
  EXPECT_EQ(arena.live_blocks(), 4u);
  arena.Free(freed);
  EXPECT_EQ(arena.live_blocks(), 3u);
  EXPECT_EQ(arena.DescribeLiveBlocks(), "2 x message, 1 x channel endpoint");
}

TEST(Arena, KnowsOfEachBlockWhetherItWasFreed) {
  Arena arena(size_t{1} << 20);
  void* first = arena.Allocate(8, "message");
  void* second = arena.Allocate(8, "message");
  arena.Free(first);
  EXPECT_FALSE(arena.IsLive(first));
  EXPECT_TRUE(arena.IsLive(second));
  arena.Reset();
  EXPECT_TRUE(arena.IsLive(arena.Allocate(8, "message")));
}

TEST(Arena, GivesNullOnceItsCapacityIsUsedUp) {
  constexpr size_t kGap = 16;  // Before and after each block.
  constexpr size_t kCapacity = kGap + 64 * (48 + kGap);
  Arena arena(kCapacity);
  uint32_t blocks = 0;
  while (arena.Allocate(48, "block") != nullptr) ++blocks;
  EXPECT_EQ(blocks, 64u);
  EXPECT_EQ(arena.live_blocks(), blocks);
  EXPECT_EQ(arena.Allocate(0, "block"), nullptr);
  EXPECT_EQ(arena.FindError(), std::nullopt);
  arena.Reset();
  EXPECT_EQ(arena.Allocate(kCapacity - kGap, "block"), nullptr);
  EXPECT_NE(arena.Allocate(kCapacity - 2 * kGap, "block"), nullptr);
}

TEST(Arena, GivesNullForSizesNearTheEndOfTheRange) {
  Arena arena(4096);
  for (size_t below = 0; below < 64; ++below) {
    EXPECT_EQ(arena.Allocate(std::numeric_limits<size_t>::max() - below, "block"), nullptr);
  }
  EXPECT_EQ(arena.live_blocks(), 0u);
}

TEST(Arena, RefusesToFreeTwice) {
  Arena arena(size_t{1} << 20);
  arena.Allocate(8, "message");
  void* box = arena.Allocate(8, "box");
  EXPECT_TRUE(arena.Free(box));
  EXPECT_EQ(arena.FindError(), std::nullopt);
  EXPECT_FALSE(arena.Free(box));
  EXPECT_EQ(arena.live_blocks(), 1u);
  EXPECT_EQ(arena.FindError(), "box: freed twice");
  arena.Reset();
  EXPECT_EQ(arena.FindError(), std::nullopt);
  EXPECT_TRUE(arena.Free(arena.Allocate(8, "message")));
}

TEST(Arena, RefusesToFreeWhatIsNoBlock) {
  const auto error_of_freeing = [](ptrdiff_t offset) {
    Arena arena(size_t{1} << 20);
    auto* box = static_cast<std::byte*>(arena.Allocate(64, "box"));
    std::memset(box, 0, 64);  // Numbers that could be one of a block.
    EXPECT_FALSE(arena.Free(box + offset));
    EXPECT_EQ(arena.live_blocks(), 1u);
    return arena.FindError().value_or("");
  };
  EXPECT_EQ(error_of_freeing(1), "box: freed at an address that is not its beginning");
  EXPECT_EQ(error_of_freeing(16), "box: freed at an address that is not its beginning");
  EXPECT_EQ(error_of_freeing(-16), "freed what was never allocated");
  EXPECT_EQ(error_of_freeing(4096), "freed what was never allocated");
  EXPECT_EQ(error_of_freeing(-4096), "freed what was never allocated");
  Arena arena(size_t{1} << 20);
  int on_the_stack = 0;
  EXPECT_FALSE(arena.Free(&on_the_stack));
  EXPECT_TRUE(arena.Free(nullptr));
}

#ifndef HEDDLE_ASAN  // It catches these at the access.
TEST(Arena, FindsTheFirstFreedBlockThatWasWrittenTo) {
  for (const size_t at : {0u, 1u, 15u, 16u, 49u}) {
    Arena arena(size_t{1} << 20);
    auto* message = static_cast<std::byte*>(arena.Allocate(8, "message"));
    auto* box = static_cast<std::byte*>(arena.Allocate(50, "box"));
    auto* last = static_cast<std::byte*>(arena.Allocate(50, "last"));
    for (std::byte* block : {message, box, last}) {
      block[0] = std::byte{1};
      arena.Free(block);
    }
    EXPECT_EQ(arena.FindError(), std::nullopt);
    last[at] = std::byte{0};
    EXPECT_EQ(arena.FindError(), "last: written to after it was freed");
    box[at] = std::byte{2};
    EXPECT_EQ(arena.FindError(), "box: written to after it was freed");
  }
}

TEST(Arena, FindsABlockThatWasWrittenToPastItsEnd) {
  for (const bool is_last : {false, true}) {
    for (const bool is_freed : {false, true}) {
      for (const size_t at : {50u, 63u, 64u, 75u, 76u}) {
        Arena arena(size_t{1} << 20);
        auto* box = static_cast<std::byte*>(arena.Allocate(50, "box"));
        void* next = is_last ? nullptr : arena.Allocate(8, "message");
        box[49] = std::byte{1};
        EXPECT_EQ(arena.FindError(), std::nullopt);
        box[at] = std::byte{77};
        EXPECT_TRUE(arena.Free(next)) << "found all the same";
        if (is_freed) arena.Free(box);
        EXPECT_EQ(arena.FindError(), "box: written to past its end") << at;
      }
    }
  }
}

TEST(Arena, MemoryThatHoldsNothingIsTheSameInEveryRound) {
  Arena arena(size_t{1} << 20);
  for (int round = 0; round < 3; ++round) {
    auto* block = static_cast<std::byte*>(arena.Allocate(50 + 16 * static_cast<size_t>(round), ""));
    for (int i = 0; i < 50; ++i) EXPECT_EQ(block[i], std::byte{Arena::kNothing});
    std::memset(block, 1, 50);
    if (round == 1) arena.Free(block);
    arena.Reset();
  }
}
#endif

TEST(Arena, SaysWhichBlockHasAnAddress) {
  Arena arena(4096);
  auto* at = static_cast<std::byte*>(arena.Allocate(0, "start"));
  EXPECT_EQ(arena.Describe(at), "start");
  auto* box = static_cast<std::byte*>(arena.Allocate(50, "box"));
  auto* message = static_cast<std::byte*>(arena.Allocate(8, "message"));
  arena.Free(box);
  EXPECT_EQ(arena.Describe(box), "box, freed");
  EXPECT_EQ(arena.Describe(box + 49), "box, freed");
  EXPECT_EQ(arena.Describe(message - 1), "box, freed");
  EXPECT_EQ(arena.Describe(message), "message");
  EXPECT_EQ(arena.Describe(message + 1000), "message");
  EXPECT_EQ(arena.Describe(at - 1), "start");
  EXPECT_EQ(arena.Describe(at - 17), "");
  EXPECT_EQ(arena.Describe(at + 4096), "");
  EXPECT_EQ(arena.Describe(nullptr), "");
}

TEST(Arena, ResetStartsOverAtTheSameAddresses) {
  Arena arena(size_t{1} << 20);
  std::vector<void*> first;
  for (size_t i = 0; i < 10; ++i) first.push_back(arena.Allocate(i * 7, "block"));
  arena.Free(first[3]);
  arena.Reset();
  EXPECT_EQ(arena.live_blocks(), 0u);
  EXPECT_EQ(arena.DescribeLiveBlocks(), "");
  for (size_t i = 0; i < 10; ++i) EXPECT_EQ(arena.Allocate(i * 7, "block"), first[i]);
}

TEST(Arena, FreedMemoryIsNotHandedOutAgainBeforeTheReset) {
  Arena arena(size_t{1} << 20);
  void* freed = arena.Allocate(32, "block");
  arena.Free(freed);
  EXPECT_NE(arena.Allocate(32, "block"), freed);
}

TEST(Arena, ManyRoundsStayWithinTheCapacityOfOne) {
  Arena arena(4096);
  for (int round = 0; round < 10'000; ++round) {
    auto* block = static_cast<std::byte*>(arena.Allocate(4000, "block"));
    ASSERT_NE(block, nullptr);
    block[3999] = std::byte{1};
    if (round % 2 == 0) arena.Free(block);
    arena.Reset();
  }
}

#ifdef HEDDLE_ASAN
TEST(ArenaDeathTest, UseOfWhatIsNobodysIsCaughtAtTheAccess) {
  Arena arena(4096);
  auto* block = static_cast<volatile char*>(arena.Allocate(32, "block"));
  block[0] = 1;
  EXPECT_DEATH(block[32] = 2, "use-after-poison");
  EXPECT_DEATH(block[-1] = 2, "use-after-poison");
  arena.Free(const_cast<char*>(block));
  EXPECT_DEATH(block[0] = 2, "use-after-poison");
}
#endif

}  // namespace
}  // namespace sim
