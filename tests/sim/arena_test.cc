#include "sim/engine/arena.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>
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
  Arena arena(4096);
  uint32_t blocks = 0;
  while (arena.Allocate(48, "block") != nullptr) ++blocks;
  EXPECT_EQ(blocks, 4096u / (48 + 16));  // Each block has a header of 16 bytes.
  EXPECT_EQ(arena.live_blocks(), blocks);
  EXPECT_EQ(arena.Allocate(0, "block"), nullptr);
  arena.Reset();
  EXPECT_NE(arena.Allocate(4096 - 16, "block"), nullptr);
}

TEST(Arena, GivesNullForSizesNearTheEndOfTheRange) {
  Arena arena(4096);
  for (size_t below = 0; below < 64; ++below) {
    EXPECT_EQ(arena.Allocate(std::numeric_limits<size_t>::max() - below, "block"), nullptr);
  }
  EXPECT_EQ(arena.live_blocks(), 0u);
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
TEST(ArenaDeathTest, UseAfterFreeIsCaughtAtTheAccess) {
  Arena arena(4096);
  auto* block = static_cast<volatile char*>(arena.Allocate(32, "block"));
  block[0] = 1;
  arena.Free(const_cast<char*>(block));
  EXPECT_DEATH(block[0] = 2, "use-after-poison");
}
#endif

}  // namespace
}  // namespace sim
