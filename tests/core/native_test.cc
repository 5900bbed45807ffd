// Kernels, processes and threads of the native interface.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/core/native_fixture.h"

namespace native {
namespace {

using heddle::Kernel;
using heddle::OnKill;
using heddle::Process;
using heddle::Thread;
using heddle::ThreadBinding;
using heddle::ThreadKilled;

TEST(NativeKernel, EveryGenerationIsThereByName) {
  const std::vector<std::string_view> expected = {"magenta-2017", "zircon-2018-04",
                                                  "zircon-2018-10", "current"};
  EXPECT_EQ(Kernel::Generations(), expected);
  for (std::string_view name : Kernel::Generations()) {
    EXPECT_EQ(MakeKernel(name).generation(), name);
  }
  EXPECT_EQ(MakeKernel().generation(), "current");
}

TEST(NativeKernel, AnUnknownGenerationIsRefused) {
  for (std::string_view name : {"", "Current", "zircon-2018", "current "}) {
    heddle::KernelOptions options;
    options.generation = name;
    Kernel kernel;
    EXPECT_EQ(Kernel::Create(options, &kernel), ZX_ERR_NOT_FOUND) << name;
    EXPECT_EQ(kernel.generation(), "");
  }
}

TEST(NativeKernel, ObjectsThatReferToNothingAnswerBadState) {
  Process process;
  zx_handle_t handle = 0;
  std::thread thread;
  EXPECT_EQ(Kernel().CreateProcess(&process), ZX_ERR_BAD_STATE);
  EXPECT_EQ(process.Kill(), ZX_ERR_BAD_STATE);
  EXPECT_EQ(process.exit_code(), 0);
  EXPECT_EQ(process.MoveHandle(3, process, &handle), ZX_ERR_BAD_STATE);
  EXPECT_EQ(process.StartThread([] {}, &thread), ZX_ERR_BAD_STATE);
  EXPECT_EQ(ThreadBinding(process).status(), ZX_ERR_BAD_STATE);
  EXPECT_EQ(Thread().Kill(), ZX_ERR_BAD_STATE);
  EXPECT_EQ(Thread().Suspend(), ZX_ERR_BAD_STATE);
  EXPECT_EQ(Thread().Resume(), ZX_ERR_BAD_STATE);
}

TEST(NativeKernel, LivesAsLongAsAnythingOfItIsInUse) {
  ThreadBinding binding(MakeProcess(MakeKernel()));
  const Ends ends = MakeChannel();
  EXPECT_EQ(Write(ends.a, "hello"), ZX_OK);
  EXPECT_EQ(Read(ends.b), "hello");
}

TEST(NativeBinding, BindingsNestAndTheNewestCounts) {
  const Kernel kernel = MakeKernel();
  const Process outer = MakeProcess(kernel);
  const Process inner = MakeProcess(kernel);
  const ThreadBinding outer_binding(outer);
  const Ends ends = MakeChannel();
  {
    const ThreadBinding inner_binding(inner);
    EXPECT_EQ(zx_handle_check_valid(ends.a), ZX_ERR_BAD_HANDLE);
  }
  EXPECT_EQ(zx_handle_check_valid(ends.a), ZX_OK);
}

TEST(NativeBinding, MayEndAndBeginMoreOftenThanAKernelHasThreadNumbers) {
  const Process process = MakeProcess(MakeKernel());
  for (int i = 0; i < 3000; ++i) {
    const ThreadBinding binding(process);
    ASSERT_EQ(binding.status(), ZX_OK) << i;
    zx_handle_t event = 0;
    ASSERT_EQ(zx_event_create(0, &event), ZX_OK);
    ASSERT_EQ(zx_handle_close(event), ZX_OK);
  }
}

TEST(NativeBinding, ControlEndsWithTheBinding) {
  const Process process = MakeProcess(MakeKernel());
  Thread control;
  {
    const ThreadBinding binding(process);
    control = binding.thread();
    EXPECT_EQ(control.Resume(), ZX_ERR_BAD_STATE);  // It is not suspended.
  }
  EXPECT_EQ(control.Kill(), ZX_ERR_BAD_STATE);
  EXPECT_EQ(control.Suspend(), ZX_ERR_BAD_STATE);
  EXPECT_EQ(control.Resume(), ZX_ERR_BAD_STATE);
}

// T-1, T-10
TEST(NativeMove, GivesAHandleToAnotherProcess) {
  const Kernel kernel = MakeKernel();
  Pair pair(kernel);
  {
    const ThreadBinding binding(pair.client);
    EXPECT_EQ(Write(pair.a, "from the client"), ZX_OK);
  }
  const ThreadBinding binding(pair.server);
  EXPECT_EQ(Read(pair.b), "from the client");
}

TEST(NativeMove, RefusalsLeaveTheHandleWhereItWas) {
  const Kernel kernel = MakeKernel();
  const Process from = MakeProcess(kernel);
  const Process to = MakeProcess(kernel);
  const Process dead = MakeProcess(kernel);
  const Process stranger = MakeProcess(MakeKernel());
  ASSERT_EQ(dead.Kill(), ZX_OK);
  const ThreadBinding binding(from);
  const Ends ends = MakeChannel();
  zx_handle_t fixed = 0;
  ASSERT_EQ(zx_handle_replace(ends.b, ZX_RIGHT_READ, &fixed), ZX_OK);
  zx_handle_t out = 7;
  EXPECT_EQ(from.MoveHandle(ends.a, dead, &out), ZX_ERR_BAD_STATE);
  EXPECT_EQ(from.MoveHandle(ends.a, stranger, &out), ZX_ERR_INVALID_ARGS);
  EXPECT_EQ(from.MoveHandle(fixed, to, &out), ZX_ERR_ACCESS_DENIED);
  EXPECT_EQ(from.MoveHandle(ends.b, to, &out), ZX_ERR_BAD_HANDLE);
  EXPECT_EQ(from.MoveHandle(ZX_HANDLE_INVALID, to, &out), ZX_ERR_BAD_HANDLE);
  EXPECT_EQ(out, 7u);
  EXPECT_EQ(zx_handle_check_valid(ends.a), ZX_OK);
  EXPECT_EQ(zx_handle_check_valid(fixed), ZX_OK);
}

// T-6: what was waited for through the handle is no longer this process's.
TEST(NativeMove, EndsWaitsThroughTheHandle) {
  const Kernel kernel = MakeKernel();
  const Process from = MakeProcess(kernel);
  const Process to = MakeProcess(kernel);
  const ThreadBinding binding(from);
  const Ends ends = MakeChannel();
  zx_status_t answer = ZX_OK;
  std::thread waiter;
  ASSERT_EQ(from.StartThread([&] { answer = AwaitReadable(ends.a); }, &waiter), ZX_OK);
  LetOthersRun();
  zx_handle_t moved = 0;
  EXPECT_EQ(from.MoveHandle(ends.a, to, &moved), ZX_OK);
  waiter.join();
  // If the wait began too late, it found no handle.
  EXPECT_TRUE(answer == ZX_ERR_CANCELED || answer == ZX_ERR_BAD_HANDLE);
}

// --- Ends of threads and processes ---------------------------------------------------------------

// CC-30: nothing is returned to a killed thread.
TEST(NativeKill, AThreadInACallNeverSeesItReturn) {
  const Kernel kernel = MakeKernel();
  Pair pair(kernel);
  std::atomic<bool> returned = false;
  std::thread client;
  Thread control;
  const auto body = [&] {
    MakeCall(pair.a, 'x');
    returned = true;
  };
  ASSERT_EQ(pair.client.StartThread(body, &client, &control), ZX_OK);
  const ThreadBinding binding(pair.server);
  EXPECT_EQ(AwaitReadable(pair.b), ZX_OK);
  EXPECT_EQ(control.Kill(), ZX_OK);
  client.join();
  EXPECT_FALSE(returned);
  // The process lives on, and so does its end of the channel. The request stays.
  EXPECT_EQ(SignalsOf(pair.b), ZX_CHANNEL_READABLE | ZX_CHANNEL_WRITABLE);
}

// WT-10
TEST(NativeKill, AThreadInAWaitNeverSeesItReturn) {
  const Process process = MakeProcess(MakeKernel());
  const ThreadBinding binding(process);
  const Ends ends = MakeChannel();
  std::atomic<bool> returned = false;
  std::thread waiter;
  Thread control;
  const auto body = [&] {
    static_cast<void>(AwaitReadable(ends.a));
    returned = true;
  };
  ASSERT_EQ(process.StartThread(body, &waiter, &control), ZX_OK);
  LetOthersRun();
  EXPECT_EQ(control.Kill(), ZX_OK);
  waiter.join();
  EXPECT_FALSE(returned);
}

TEST(NativeKill, UnwindsAndLetsDestructorsCloseTheirHandles) {
  struct Closer {
    ~Closer() { status = zx_handle_close(handle); }
    zx_handle_t handle;
    zx_status_t& status;
  };
  const ThreadBinding binding(MakeProcess(MakeKernel()));
  const Ends ends = MakeChannel();
  zx_status_t closed = ZX_ERR_INTERNAL;
  const auto wait = [&] {
    const Closer closer{ends.a, closed};
    EXPECT_EQ(binding.thread().Kill(), ZX_OK);
    static_cast<void>(AwaitReadable(ends.b));
  };
  EXPECT_THROW(wait(), ThreadKilled);
  EXPECT_EQ(closed, ZX_OK);
  zx_handle_t event = 0;
  EXPECT_THROW(static_cast<void>(zx_event_create(0, &event)), ThreadKilled);
  EXPECT_EQ(event, ZX_HANDLE_INVALID);
}

TEST(NativeKill, WithoutUnwindingCallsAnswerBadState) {
  const ThreadBinding binding(MakeProcess(MakeKernel()), OnKill::kReturn);
  const Ends ends = MakeChannel();
  EXPECT_EQ(binding.thread().Kill(), ZX_OK);
  EXPECT_EQ(Write(ends.a, "x"), ZX_ERR_BAD_STATE);
  EXPECT_EQ(AwaitReadable(ends.b), ZX_ERR_BAD_STATE);
  EXPECT_EQ(zx_handle_close(ends.a), ZX_OK);
}

// D-8
TEST(NativeKill, AProcessTakesItsThreadsAndHandlesWithIt) {
  const Kernel kernel = MakeKernel();
  Pair pair(kernel);
  std::vector<std::thread> threads(3);
  for (std::thread& thread : threads) {
    ASSERT_EQ(pair.client.StartThread([&] { static_cast<void>(AwaitReadable(pair.a)); }, &thread),
              ZX_OK);
  }
  LetOthersRun();
  EXPECT_EQ(pair.client.Kill(-1028), ZX_OK);
  for (std::thread& thread : threads) thread.join();
  const ThreadBinding binding(pair.server);
  EXPECT_EQ(SignalsOf(pair.b), ZX_CHANNEL_PEER_CLOSED);
  EXPECT_EQ(pair.client.exit_code(), -1028);
  EXPECT_EQ(pair.server.exit_code(), 0);
  EXPECT_EQ(pair.client.Kill(1), ZX_ERR_BAD_STATE);
  EXPECT_EQ(pair.client.exit_code(), -1028);
  EXPECT_EQ(ThreadBinding(pair.client).status(), ZX_ERR_BAD_STATE);
  std::thread none;
  EXPECT_EQ(pair.client.StartThread([] {}, &none), ZX_ERR_BAD_STATE);
  EXPECT_FALSE(none.joinable());
}

// CC-23, CC-28, CC-29: whether it is suspended before it sleeps or after, the call goes on, and the
// request is sent once.
TEST(NativeSuspend, ACallGoesOnWhenResumed) {
  const Kernel kernel = MakeKernel();
  Pair pair(kernel);
  Call call;
  std::thread client;
  Thread control;
  ASSERT_EQ(pair.client.StartThread([&] { call = MakeCall(pair.a, 'x'); }, &client, &control),
            ZX_OK);
  const ThreadBinding binding(pair.server);
  EXPECT_EQ(AwaitReadable(pair.b), ZX_OK);
  LetOthersRun();
  EXPECT_EQ(control.Suspend(), ZX_OK);
  EXPECT_EQ(control.Suspend(), ZX_OK);
  LetOthersRun();
  std::string reply = Read(pair.b);
  reply.back() = 'y';
  EXPECT_EQ(Write(pair.b, reply), ZX_OK);
  EXPECT_EQ(control.Resume(), ZX_OK);
  EXPECT_EQ(control.Resume(), ZX_OK);
  client.join();
  EXPECT_EQ(call.status, ZX_OK);
  EXPECT_EQ(call.reply, "y");
  EXPECT_EQ(Read(pair.b), "status ZX_ERR_SHOULD_WAIT");
}

// WT-9
TEST(NativeSuspend, AWaitIsMadeAgainWhenResumed) {
  const Process process = MakeProcess(MakeKernel());
  const ThreadBinding binding(process);
  const Ends ends = MakeChannel();
  zx_status_t answer = ZX_OK;
  std::thread waiter;
  Thread control;
  ASSERT_EQ(process.StartThread([&] { answer = AwaitReadable(ends.a); }, &waiter, &control), ZX_OK);
  LetOthersRun();
  EXPECT_EQ(control.Suspend(), ZX_OK);
  LetOthersRun();
  EXPECT_EQ(zx_handle_close(ends.a), ZX_OK);
  EXPECT_EQ(control.Resume(), ZX_OK);
  waiter.join();
  EXPECT_EQ(answer, ZX_ERR_BAD_HANDLE);
}

TEST(NativeSuspend, AThreadThatDoesNotSleepStopsAtItsNextCall) {
  const Process process = MakeProcess(MakeKernel());
  const ThreadBinding binding(process);
  const Ends ends = MakeChannel();
  std::atomic<bool> go = false;
  std::thread writer;
  Thread control;
  const auto body = [&] {
    while (!go) std::this_thread::yield();
    EXPECT_EQ(Write(ends.a, "late"), ZX_OK);
  };
  ASSERT_EQ(process.StartThread(body, &writer, &control), ZX_OK);
  EXPECT_EQ(control.Suspend(), ZX_OK);
  EXPECT_EQ(control.Suspend(), ZX_OK);
  go = true;
  LetOthersRun();
  EXPECT_EQ(control.Resume(), ZX_OK);
  LetOthersRun();
  EXPECT_EQ(Read(ends.b), "status ZX_ERR_SHOULD_WAIT");
  EXPECT_EQ(control.Resume(), ZX_OK);
  writer.join();
  EXPECT_EQ(Read(ends.b), "late");
}

TEST(NativeSuspend, ASuspendedThreadCanBeKilled) {
  const Process process = MakeProcess(MakeKernel());
  std::atomic<bool> returned = false;
  std::thread waiter;
  Thread control;
  const auto body = [&] {
    static_cast<void>(zx_object_wait_many(nullptr, 0, ZX_TIME_INFINITE));
    returned = true;
  };
  ASSERT_EQ(process.StartThread(body, &waiter, &control), ZX_OK);
  EXPECT_EQ(control.Suspend(), ZX_OK);
  LetOthersRun();
  EXPECT_EQ(control.Kill(), ZX_OK);
  waiter.join();
  EXPECT_FALSE(returned);
}

// --- Messages that are destroyed -----------------------------------------------------------------

// X-17, D-6, O6: what a message held closes, sooner or later, also if the kernel goes first.
TEST(NativeClose, ReachesWhatMessagesHeldInEveryGeneration) {
  for (std::string_view generation : Kernel::Generations()) {
    for (const bool waits : {true, false}) {
      const ThreadBinding binding(MakeProcess(MakeKernel(generation)));
      const Ends outer = MakeChannel();
      const Ends middle = MakeChannel();
      const Ends inner = MakeChannel();
      EXPECT_EQ(zx_channel_write(middle.a, 0, nullptr, 0, &inner.a, 1), ZX_OK);
      EXPECT_EQ(zx_channel_write(outer.a, 0, nullptr, 0, &middle.b, 1), ZX_OK);
      EXPECT_EQ(zx_handle_close(outer.b), ZX_OK);
      if (!waits) continue;
      EXPECT_EQ(zx_object_wait_one(inner.b, ZX_CHANNEL_PEER_CLOSED, ZX_TIME_INFINITE, nullptr),
                ZX_OK);
    }
  }
}

// --- Policy --------------------------------------------------------------------------------------

// C-5, C-6, L-1: the host hears of a long queue, and the writes succeed all the same.
TEST(NativePolicy, TheHostIsToldOfLongQueues) {
  std::vector<heddle::PendingMessages> heard;
  heddle::KernelOptions options;
  options.on_pending_messages = [&](const Process&, const heddle::PendingMessages& pending) {
    heard.push_back(pending);
  };
  const ThreadBinding binding(MakeProcess(MakeKernel(options)));
  const Ends ends = MakeChannel();
  for (int i = 0; i < 3502; ++i) ASSERT_EQ(Write(ends.a, ""), ZX_OK);
  zx_info_handle_basic_t info;
  ASSERT_EQ(zx_object_get_info(ends.b, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), nullptr, nullptr),
            ZX_OK);
  ASSERT_EQ(heard.size(), 3u);
  EXPECT_EQ(heard[0].count, 1750u);
  EXPECT_FALSE(heard[0].is_beyond_limit);
  EXPECT_EQ(heard[1].count, 3501u);
  EXPECT_TRUE(heard[1].is_beyond_limit);
  EXPECT_EQ(heard[2].count, 3502u);
  EXPECT_EQ(heard[2].endpoint, info.koid);
}

// L-1: as Zircon does unless somebody handles the exception.
TEST(NativePolicy, TheHostMayKillTheWriter) {
  heddle::KernelOptions options;
  options.on_pending_messages = [](const Process& writer, const heddle::PendingMessages& pending) {
    if (pending.is_beyond_limit) {
      EXPECT_EQ(writer.Kill(-1026), ZX_OK);
    }
  };
  const Kernel kernel = MakeKernel(options);
  Pair pair(kernel);
  {
    const ThreadBinding writer(pair.client);
    int written = 0;
    const auto write_for_ever = [&] {
      for (; Write(pair.a, "") == ZX_OK; ++written) continue;
    };
    EXPECT_THROW(write_for_ever(), ThreadKilled);
    EXPECT_EQ(written, 3500);
  }
  EXPECT_EQ(pair.client.exit_code(), -1026);
  const ThreadBinding reader(pair.server);
  EXPECT_EQ(SignalsOf(pair.b), ZX_CHANNEL_READABLE | ZX_CHANNEL_PEER_CLOSED);
  for (int i = 0; i < 3501; ++i) ASSERT_EQ(Read(pair.b), "") << i;
  EXPECT_EQ(Read(pair.b), "status ZX_ERR_PEER_CLOSED");
}

}  // namespace
}  // namespace native
