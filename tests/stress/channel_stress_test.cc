// Writers, readers, waiters, movers and closers on real threads, for a while. What was written is
// either read, by one reader and in order, or destroyed; nothing crashes and nobody hangs.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "core/kernel.h"
#include "core/syscalls.h"

namespace core {
namespace {

constexpr std::chrono::milliseconds kDuration{1000};

// A message: who wrote it, and that writer's count.
struct Payload {
  uint32_t writer = 0;
  uint32_t number = 0;
};

Status Write(Thread& caller, HandleValue channel, Payload payload, HandleValue handle) {
  return ChannelWrite(caller, channel, 0, UserPtr(reinterpret_cast<const std::byte*>(&payload)),
                      sizeof(payload), UserPtr<const HandleValue>(&handle),
                      handle == kInvalidHandle ? 0 : 1);
}

struct Message {
  Status status = Status::kInternal;
  Payload payload;
  std::array<HandleValue, kMaxMessageHandles> handles{};
  uint32_t num_handles = 0;
};

Message Read(Thread& caller, HandleValue channel) {
  Message message;
  message.status =
      ChannelRead(caller, channel, 0, UserPtr(reinterpret_cast<std::byte*>(&message.payload)),
                  UserPtr(message.handles.data()), sizeof(Payload), kMaxMessageHandles, nullptr,
                  UserPtr(&message.num_handles));
  return message;
}

std::pair<HandleValue, HandleValue> CreateChannel(Thread& thread) {
  HandleValue a = kInvalidHandle;
  HandleValue b = kInvalidHandle;
  EXPECT_EQ(ChannelCreate(thread, 0, UserPtr(&a), UserPtr(&b)), Status::kOk);
  return {a, b};
}

class Stress : public testing::Test {
 protected:
  Stress() : process_(*kernel_.CreateProcess()), owner_(*kernel_.CreateThread(process_)) {}

  void Start(Process& process, std::function<void(Thread&)> body) {
    Thread& thread = *kernel_.CreateThread(process);
    threads_.emplace_back([&thread, body = std::move(body)] { body(thread); });
  }
  void Join() {
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  Kernel kernel_;
  Process& process_;
  Thread& owner_;
  std::vector<std::thread> threads_;
};

// O2, O3, O4, H1, N-7: each message arrives once, whole, and in its writer's order.
TEST_F(Stress, WhatManyWritersWriteManyReadersRead) {
  constexpr uint32_t kWriters = 3;
  constexpr uint32_t kReaders = 3;
  const auto [a, b] = CreateChannel(owner_);
  const auto end = std::chrono::steady_clock::now() + kDuration;
  std::array<std::atomic<uint32_t>, kWriters> written{};
  std::array<std::atomic<uint32_t>, kWriters> read{};
  for (uint32_t writer = 0; writer < kWriters; ++writer) {
    Start(process_, [&, writer, channel = a](Thread& self) {
      uint32_t count = 0;
      while (std::chrono::steady_clock::now() < end) {
        HandleValue event = kInvalidHandle;
        if (count % 2 == 0 && EventCreate(self, 0, UserPtr(&event)) != Status::kOk) break;
        ASSERT_EQ(Write(self, channel, {writer, ++count}, event), Status::kOk);
      }
      written[writer] = count;
    });
  }
  std::vector<std::thread> readers;
  for (uint32_t reader = 0; reader < kReaders; ++reader) {
    Thread& self = *kernel_.CreateThread(process_);
    readers.emplace_back([&, channel = b] {
      std::array<uint32_t, kWriters> last{};
      for (;;) {
        const Message message = Read(self, channel);
        if (message.status == Status::kPeerClosed) return;
        if (message.status == Status::kShouldWait) {
          ASSERT_EQ(ObjectWaitOne(self, channel, kSignalReadable | kSignalPeerClosed, kTimeInfinite,
                                  nullptr),
                    Status::kOk);
          continue;
        }
        ASSERT_EQ(message.status, Status::kOk);
        ASSERT_LT(message.payload.writer, kWriters);
        ASSERT_GT(message.payload.number, last[message.payload.writer]);
        last[message.payload.writer] = message.payload.number;
        ++read[message.payload.writer];
        if (message.num_handles == 0) continue;
        ASSERT_EQ(HandleClose(self, message.handles[0]), Status::kOk);
      }
    });
  }
  Join();
  EXPECT_EQ(HandleClose(owner_, a), Status::kOk);
  for (std::thread& reader : readers) reader.join();
  for (uint32_t writer = 0; writer < kWriters; ++writer) {
    EXPECT_GT(written[writer], 0u);
    EXPECT_EQ(read[writer], written[writer]);
  }
}

constexpr size_t kSlots = 16;
using Slots = std::array<std::atomic<HandleValue>, kSlots>;

// One call or a few, on handles out of `slots`, some of which somebody else has just used up.
void DoSomething(Thread& self, std::mt19937& random, Slots& slots, HandleValue link) {
  const auto slot = [&]() -> std::atomic<HandleValue>& { return slots[random() % kSlots]; };
  const auto put = [&](HandleValue value) {
    static_cast<void>(HandleClose(self, slot().exchange(value)));
  };
  switch (random() % 7) {
    case 0: {
      const auto [x, y] = CreateChannel(self);
      put(x);
      put(y);
      break;
    }
    case 1: {
      HandleValue event = kInvalidHandle;
      ASSERT_EQ(EventCreate(self, 0, UserPtr(&event)), Status::kOk);
      static_cast<void>(Write(self, slot(), {}, event));
      ASSERT_EQ(HandleClose(self, event), Status::kBadHandle);  // Consumed in any case.
      break;
    }
    case 2: {
      // Endpoints go into the queues of younger channels only: a cycle would stay for ever.
      const auto [x, y] = CreateChannel(self);
      static_cast<void>(Write(self, y, {}, slot()));
      ASSERT_EQ(HandleClose(self, y), Status::kOk);
      put(x);
      break;
    }
    case 3:
      static_cast<void>(Write(self, link, {}, slot()));
      break;
    case 4: {
      const Message message = Read(self, random() % 2 == 0 ? link : slot().load());
      if (message.status != Status::kOk) break;
      for (uint32_t i = 0; i < message.num_handles; ++i) put(message.handles[i]);
      break;
    }
    case 5:
      static_cast<void>(HandleClose(self, slot()));
      break;
    default:
      static_cast<void>(ObjectWaitOne(self, slot(), kSignalReadable | kSignalPeerClosed,
                                      platform::Now() + 100'000, nullptr));
      break;
  }
}

// K2, O6, O9, N-1 to N-8, N-14, N-15: everybody at everything, in two processes with a channel
// between them that stays.
TEST_F(Stress, EveryoneAtEverythingNeitherCrashesNorHangs) {
  constexpr int kThreadsPerProcess = 3;
  const auto end = std::chrono::steady_clock::now() + kDuration;
  Process& other_process = *kernel_.CreateProcess();
  std::array<std::atomic<uint64_t>, 2> calls{};
  std::array<Slots, 2> slots{};
  const auto [near, far] = CreateChannel(owner_);
  HandleValue other_end = kInvalidHandle;
  ASSERT_TRUE(owner_.NextHandleValues(1, &other_end));
  HandleOwner moved = process_.handles().Remove(far);
  moved->object().OnReceived(other_process);
  other_process.handles().Add(std::move(moved), other_end);
  const auto run = [&](size_t side, HandleValue link, uint32_t seed, Thread& self) {
    std::mt19937 random(seed);
    while (std::chrono::steady_clock::now() < end) {
      ++calls[side];
      DoSomething(self, random, slots[side], link);
    }
  };
  for (int i = 0; i < kThreadsPerProcess; ++i) {
    const auto seed = static_cast<uint32_t>(i);
    Start(process_, [=, link = near](Thread& self) { run(0, link, 2 * seed, self); });
    Start(other_process, [=](Thread& self) { run(1, other_end, 2 * seed + 1, self); });
  }
  Join();
  EXPECT_GT(calls[0], 0u);
  EXPECT_GT(calls[1], 0u);
}

}  // namespace
}  // namespace core
