// Handle values and thread numbers in programs that run for long.
#include <gtest/gtest.h>
#include <heddle/native.h>
#include <malloc.h>
#include <zircon/syscalls.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "tests/core/native_fixture.h"

namespace native {
namespace {

using heddle::Kernel;
using heddle::Process;
using heddle::Thread;
using heddle::ThreadBinding;

// So many values has a thread.
constexpr uint32_t kRound = 1u << 20;

zx_handle_t MakeEvent() {
  zx_handle_t event = ZX_HANDLE_INVALID;
  EXPECT_EQ(zx_event_create(0, &event), ZX_OK);
  return event;
}

// Makes and closes so many handles; false if that fails.
bool Churn(uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) {
    zx_handle_t event = ZX_HANDLE_INVALID;
    if (zx_event_create(0, &event) != ZX_OK || zx_handle_close(event) != ZX_OK) return false;
  }
  return true;
}

// H-4, HO-6
TEST(HandleReuse, TenMillionHandlesOfOneThreadLeaveMemoryFlat) {
  const ThreadBinding binding(MakeProcess(MakeKernel()));
  ASSERT_TRUE(Churn(1000));
  // The allocator rounds as it finds blocks: a few bytes more or less.
  const size_t limit = mallinfo2().uordblks + 4096;
  ASSERT_TRUE(Churn(1'000'000));
  EXPECT_LT(mallinfo2().uordblks, limit);
  ASSERT_TRUE(Churn(9'000'000));
  EXPECT_LT(mallinfo2().uordblks, limit);
}

// H-4: whatever is closed, and when, a few hundred others come before its value does again.
TEST(HandleReuse, AJustClosedValueDoesNotComeBackSoon) {
  constexpr uint32_t kSoon = 128;
  const ThreadBinding binding(MakeProcess(MakeKernel()));
  std::vector<zx_handle_t> old;
  for (int i = 0; i < 2000; ++i) old.push_back(MakeEvent());
  ASSERT_TRUE(Churn(kRound - 2000 - 4 * kSoon));
  // The count is about to come to the old ones. Each is closed when it is as near as `lead` says.
  for (uint32_t lead = 0; lead < 2000; lead += 100) {
    const zx_handle_t closed = old[lead];
    ASSERT_EQ(zx_handle_close(closed), ZX_OK);
    for (uint32_t i = 0; i < kSoon; ++i) {
      const zx_handle_t event = MakeEvent();
      ASSERT_NE(event, closed) << "after " << i;
      ASSERT_EQ(zx_handle_close(event), ZX_OK);
    }
  }
}

// H-4, B-21: also when the count has gone round, and in whatever process the handle is.
TEST(HandleReuse, AValueInUseIsNotGivenToAnother) {
  const ThreadBinding binding(MakeProcess(MakeKernel()));
  std::set<zx_handle_t> in_use;
  for (int i = 0; i < 500; ++i) {
    in_use.insert(MakeEvent());
    ASSERT_TRUE(Churn(i % 7));
  }
  for (uint32_t i = 0; i < 2 * kRound; ++i) {
    const zx_handle_t event = MakeEvent();
    ASSERT_FALSE(in_use.contains(event));
    ASSERT_EQ(zx_handle_close(event), ZX_OK);
  }
  for (const zx_handle_t event : in_use) EXPECT_EQ(zx_handle_close(event), ZX_OK);
}

// HO-6
TEST(HandleReuse, AThreadWhoseValuesAreAllInUseGetsNoMemory) {
  const ThreadBinding binding(MakeProcess(MakeKernel()));
  std::vector<zx_handle_t> handles = {MakeEvent()};
  zx_handle_t copy = ZX_HANDLE_INVALID;
  while (zx_handle_duplicate(handles[0], ZX_RIGHT_SAME_RIGHTS, &copy) == ZX_OK) {
    handles.push_back(copy);
  }
  EXPECT_EQ(handles.size(), kRound);
  EXPECT_EQ(zx_handle_duplicate(handles[0], ZX_RIGHT_SAME_RIGHTS, &copy), ZX_ERR_NO_MEMORY);
  ASSERT_EQ(zx_handle_close(handles[1000]), ZX_OK);
  EXPECT_EQ(zx_handle_duplicate(handles[0], ZX_RIGHT_SAME_RIGHTS, &copy), ZX_OK);
  EXPECT_EQ(copy, handles[1000]);
  // A channel needs two, and what becomes free late counts as well.
  Ends ends;
  ASSERT_EQ(zx_handle_close(handles[2000]), ZX_OK);
  EXPECT_EQ(zx_channel_create(0, &ends.a, &ends.b), ZX_ERR_NO_MEMORY);
  ASSERT_EQ(zx_handle_close(handles[1500]), ZX_OK);
  EXPECT_EQ(zx_channel_create(0, &ends.a, &ends.b), ZX_OK);
  EXPECT_NE(ends.a, ends.b);
  std::sort(handles.begin(), handles.end());
  EXPECT_EQ(std::adjacent_find(handles.begin(), handles.end()), handles.end());
}

TEST(HandleReuse, AHandleCanMoveBetweenProcessesForEver) {
  const Kernel kernel = MakeKernel();
  const Process processes[] = {MakeProcess(kernel), MakeProcess(kernel)};
  const ThreadBinding binding(processes[0]);
  zx_handle_t stays = MakeEvent();
  ASSERT_EQ(processes[0].MoveHandle(stays, processes[1], &stays), ZX_OK);
  zx_handle_t event = MakeEvent();
  for (uint32_t i = 0; i < 2 * kRound + 1000; ++i) {
    ASSERT_EQ(processes[i % 2].MoveHandle(event, processes[1 - i % 2], &event), ZX_OK);
    ASSERT_NE(event, stays);
  }
}

// In a generation that puts handles back under their old values none of these may go to another
// handle meanwhile; there, values run out. W-2, HO-6
TEST(HandleReuse, GenerationsThatPutHandlesBackGiveEachValueOnce) {
  const ThreadBinding binding(MakeProcess(MakeKernel("magenta-2017")));
  ASSERT_TRUE(Churn(kRound - 1));
  zx_handle_t event = ZX_HANDLE_INVALID;
  EXPECT_EQ(zx_event_create(0, &event), ZX_ERR_NO_MEMORY);
}

TEST(ThreadReuse, ThreadsMayDieMoreOftenThanAKernelHasThreadNumbers) {
  const Process process = MakeProcess(MakeKernel());
  std::set<zx_handle_t> values;
  for (int i = 0; i < 3000; ++i) {
    const ThreadBinding binding(process, heddle::OnKill::kReturn);
    ASSERT_EQ(binding.status(), ZX_OK);
    // What a dead thread made is still there, under a name that no other gets.
    ASSERT_TRUE(values.insert(MakeEvent()).second);
    ASSERT_EQ(binding.thread().Kill(), ZX_OK);
  }
}

TEST(ThreadReuse, ProcessesMayDieMoreOftenThanAKernelHasThreadNumbers) {
  const Kernel kernel = MakeKernel();
  for (int i = 0; i < 3000; ++i) {
    const Process process = MakeProcess(kernel);
    const ThreadBinding binding(process, heddle::OnKill::kReturn);
    ASSERT_EQ(binding.status(), ZX_OK);
    MakeEvent();
    ASSERT_EQ(process.Kill(), ZX_OK);
  }
}

}  // namespace
}  // namespace native
