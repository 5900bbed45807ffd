// The way through the calls of a thread.
#include "model/program.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace model {
namespace {

// A thread of `count` calls, of which those in `chooses` are choices with such blocks.
ThreadProgram ThreadOf(size_t count,
                       const std::vector<std::pair<uint32_t, std::vector<uint32_t>>>& chooses) {
  ThreadProgram thread;
  thread.calls.resize(count);
  for (const auto& [index, blocks] : chooses) {
    thread.calls[index].kind = CallKind::kChoose;
    thread.calls[index].blocks = blocks;
  }
  LinkBlocks(&thread);
  return thread;
}

TEST(Program, CallsFollowEachOther) {
  const ThreadProgram thread = ThreadOf(2, {});
  EXPECT_EQ(NextCall(thread, 0), 1u);
  EXPECT_EQ(NextCall(thread, 1), 2u);
}

// 0 choose { 1 2 } or { } or { 3 }, 4
TEST(Program, ABlockGoesOnAfterTheChoice) {
  const ThreadProgram thread = ThreadOf(5, {{0, {2, 0, 1}}});
  EXPECT_EQ(ChosenCall(thread, 0, 0), 1u);
  EXPECT_EQ(NextCall(thread, 1), 2u);
  EXPECT_EQ(NextCall(thread, 2), 4u);
  EXPECT_EQ(ChosenCall(thread, 0, 1), 4u);
  EXPECT_EQ(ChosenCall(thread, 0, 2), 3u);
  EXPECT_EQ(NextCall(thread, 3), 4u);
}

// 0 choose { 1 choose { 2 } or { } or { 3 } } or { 4 }, 5
TEST(Program, AChoiceAtTheEndOfABlockGoesOnAfterBoth) {
  const ThreadProgram thread = ThreadOf(6, {{0, {3, 1}}, {1, {1, 0, 1}}});
  EXPECT_EQ(ChosenCall(thread, 0, 0), 1u);
  EXPECT_EQ(ChosenCall(thread, 1, 0), 2u);
  EXPECT_EQ(NextCall(thread, 2), 5u);
  EXPECT_EQ(ChosenCall(thread, 1, 1), 5u);
  EXPECT_EQ(ChosenCall(thread, 1, 2), 3u);
  EXPECT_EQ(NextCall(thread, 3), 5u);
  EXPECT_EQ(ChosenCall(thread, 0, 1), 4u);
  EXPECT_EQ(NextCall(thread, 4), 5u);
}

// 0 choose { 1 choose { 2 } or { 3 }, 4 } or { }
TEST(Program, AChoiceInTheMiddleOfABlockGoesOnInIt) {
  const ThreadProgram thread = ThreadOf(5, {{0, {4, 0}}, {1, {1, 1}}});
  EXPECT_EQ(NextCall(thread, 2), 4u);
  EXPECT_EQ(NextCall(thread, 3), 4u);
  EXPECT_EQ(NextCall(thread, 4), 5u);
  EXPECT_EQ(ChosenCall(thread, 0, 1), 5u);
}

// 0 choose { 1 choose { } or { } } or { 2 choose { } or { 3 } }
TEST(Program, EmptyBlocksEndWithWhatIsAroundThem) {
  const ThreadProgram thread = ThreadOf(4, {{0, {1, 2}}, {1, {0, 0}}, {2, {0, 1}}});
  EXPECT_EQ(ChosenCall(thread, 1, 0), 4u);
  EXPECT_EQ(ChosenCall(thread, 1, 1), 4u);
  EXPECT_EQ(ChosenCall(thread, 2, 0), 4u);
  EXPECT_EQ(NextCall(thread, 3), 4u);
}

TEST(Program, KillingAndSuspendingInterrupt) {
  Program program;
  program.threads.resize(2);
  program.threads[1].calls.resize(1);
  for (const CallKind kind :
       {CallKind::kThreadKill, CallKind::kThreadSuspend, CallKind::kProcessKill}) {
    program.threads[1].calls[0].kind = kind;
    EXPECT_TRUE(HasInterruptions(program));
  }
  program.threads[1].calls[0].kind = CallKind::kThreadResume;
  EXPECT_FALSE(HasInterruptions(program));
}

}  // namespace
}  // namespace model
