#include "sim/engine/fiber.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "sim/engine/sanitizer.h"

namespace sim {
namespace {

// A fiber that does one thing and switches back.
struct Visit {
  Fiber home;
  Fiber away;
  uint64_t depth = 0;
  uint64_t result = 0;
};

constexpr size_t kStackBytes = size_t{64} << 10;
constexpr size_t kFrameBytes = 256;

// Uses at least kFrameBytes per level.
__attribute__((noinline)) uint64_t Descend(uint64_t depth) {
  volatile uint8_t frame[kFrameBytes];
  frame[0] = static_cast<uint8_t>(depth);
  frame[kFrameBytes - 1] = 1;
  if (depth == 0) return 0;
  return Descend(depth - 1) + frame[kFrameBytes - 1];
}

void MakeVisit(Visit& visit, FiberStack& stack) {
  visit.away.Start(
      stack,
      [](void* argument) {
        auto* self = static_cast<Visit*>(argument);
        self->result = Descend(self->depth);
        self->home.SwitchFrom(self->away);
      },
      &visit);
  visit.away.SwitchFrom(visit.home);
}

TEST(Fiber, ReturnsToWhereItWasLeft) {
  struct PingPong {
    Fiber home;
    Fiber away;
    int turns = 0;
  };
  PingPong game;
  FiberStack stack(kStackBytes);
  game.away.Start(
      stack,
      [](void* argument) {
        auto* self = static_cast<PingPong*>(argument);
        for (int mine = 1;; ++mine) {
          self->turns = mine;
          self->home.SwitchFrom(self->away);
        }
      },
      &game);
  for (int turn = 1; turn <= 1000; ++turn) {
    game.away.SwitchFrom(game.home);
    ASSERT_EQ(game.turns, turn);
  }
}

TEST(Fiber, MostOfTheStackCanBeUsed) {
  FiberStack stack(4 * kStackBytes);
  Visit visit;
  visit.depth = 2 * kStackBytes / (2 * kFrameBytes);
  MakeVisit(visit, stack);
  EXPECT_EQ(visit.result, visit.depth);
}

TEST(Fiber, AnAbandonedStackCanBeStartedAgain) {
  FiberStack stack(kStackBytes);
  for (int i = 0; i < 100; ++i) {
    Visit visit;
    visit.depth = 20;
    MakeVisit(visit, stack);
    EXPECT_EQ(visit.result, 20u);
  }
}

TEST(Fiber, AStackIsAsLargeAsAskedForInWholePages) {
  FiberStack stack(1);
  EXPECT_GE(stack.size(), 1u);
  EXPECT_EQ(stack.size() % 4096, 0u);
}

TEST(Fiber, ThePoolKeepsItsStacks) {
  StackPool pool(kStackBytes);
  FiberStack* third = &pool.Get(3);
  FiberStack* first = &pool.Get(0);
  EXPECT_NE(first, third);
  EXPECT_EQ(&pool.Get(3), third);
  EXPECT_EQ(&pool.Get(0), first);
}

#ifndef HEDDLE_ASAN  // Its own handler has no stack.
TEST(FiberDeathTest, AnOverflowFaultsOnTheGuardPage) {
  EXPECT_EXIT(
      {
        FiberStack stack(kStackBytes);
        Visit visit;
        visit.depth = 100 * kStackBytes / kFrameBytes;
        MakeVisit(visit, stack);
      },
      testing::KilledBySignal(SIGSEGV), "");
}
#endif

}  // namespace
}  // namespace sim
