// Many writers and many readers of one channel, on real threads, for a while.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <span>
#include <thread>
#include <vector>

#include "core/kernel.h"
#include "tests/stress/messages.h"

namespace core {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kMessagesFor{1000};
constexpr uint32_t kWriters = 3;
constexpr uint32_t kReaders = 3;

// Each second message carries an event. Returns how many were written.
uint32_t WriteUntil(SteadyClock::time_point end, Thread& self, HandleValue channel,
                    uint32_t writer) {
  uint32_t count = 0;
  while (SteadyClock::now() < end) {
    HandleValue event = kInvalidHandle;
    const bool with_event = count % 2 == 0;
    if (with_event && EventCreate(self, 0, UserPtr(&event)) != Status::kOk) break;
    const std::span<const HandleValue> handles(&event, with_event ? 1 : 0);
    EXPECT_EQ(Send(self, channel, {0, writer, ++count}, handles), Status::kOk);
  }
  return count;
}

using Counts = std::array<std::atomic<uint32_t>, kWriters>;

// Until the other end is closed and nothing is left.
void ReadAll(Thread& self, HandleValue channel, Counts* read) {
  std::array<uint32_t, kWriters> last{};
  for (;;) {
    const Received message = Receive(self, channel);
    if (message.status == Status::kPeerClosed) return;
    if (message.status == Status::kShouldWait) {
      constexpr Signals kAny = kSignalReadable | kSignalPeerClosed;
      ASSERT_EQ(ObjectWaitOne(self, channel, kAny, kTimeInfinite, nullptr), Status::kOk);
      continue;
    }
    ASSERT_EQ(message.status, Status::kOk);
    ASSERT_LT(message.stamp.writer, kWriters);
    ASSERT_GT(message.stamp.number, last[message.stamp.writer]);
    last[message.stamp.writer] = message.stamp.number;
    ++(*read)[message.stamp.writer];
    if (message.num_handles == 0) continue;
    ASSERT_EQ(HandleClose(self, message.handles[0]), Status::kOk);
  }
}

// O2, O3, O4, H1, N-7: each message arrives once, whole, and in its writer's order.
TEST(ChannelStress, WhatManyWritersWriteManyReadersRead) {
  Kernel kernel;
  Process& process = *kernel.CreateProcess();
  Thread& owner = *kernel.CreateThread(process);
  const ChannelEnds ends = NewChannel(owner);
  const auto end = SteadyClock::now() + kMessagesFor;
  Counts written{};
  Counts read{};
  std::vector<std::thread> writers;
  for (uint32_t writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer, self = kernel.CreateThread(process)] {
      written[writer] = WriteUntil(end, *self, ends.near, writer);
    });
  }
  std::vector<std::thread> readers;
  for (uint32_t reader = 0; reader < kReaders; ++reader) {
    readers.emplace_back(
        [&, self = kernel.CreateThread(process)] { ReadAll(*self, ends.far, &read); });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(HandleClose(owner, ends.near), Status::kOk);
  for (std::thread& reader : readers) reader.join();
  for (uint32_t writer = 0; writer < kWriters; ++writer) {
    EXPECT_GT(written[writer], 0u);
    EXPECT_EQ(read[writer], written[writer]);
  }
}

}  // namespace
}  // namespace core
