// Calls under real threads: many callers over one endpoint, a server that answers them out of
// order, and somebody who suspends and resumes the callers. Each caller gets its own reply, or none
// before its deadline; a reply that came too late is in the queue, once.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "core/kernel.h"
#include "core/syscalls.h"

namespace core {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kDuration{700};
constexpr uint32_t kCallers = 4;

// A request, and the reply to it.
struct Payload {
  uint32_t txid = 0;
  uint32_t caller = 0;
  uint32_t number = 0;
  bool operator==(const Payload&) const = default;
};

struct Answered {
  Status status = Status::kInternal;
  Payload reply;
};

Answered Call(Thread& self, HandleValue channel, const Payload& request, Time deadline) {
  Answered answered;
  const ChannelCallArgs args = {reinterpret_cast<const std::byte*>(&request),
                                nullptr,
                                reinterpret_cast<std::byte*>(&answered.reply),
                                nullptr,
                                sizeof(Payload),
                                0,
                                sizeof(Payload),
                                0};
  uint32_t bytes = 0;
  uint32_t handles = 0;
  answered.status =
      ChannelCall(self, channel, 0, deadline, UserPtr(&args), UserPtr(&bytes), UserPtr(&handles));
  return answered;
}

Status Write(Thread& self, HandleValue channel, const Payload& payload) {
  return ChannelWrite(self, channel, 0, UserPtr(reinterpret_cast<const std::byte*>(&payload)),
                      sizeof(payload), nullptr, 0);
}

Status Read(Thread& self, HandleValue channel, Payload* payload) {
  return ChannelRead(self, channel, 0, UserPtr(reinterpret_cast<std::byte*>(payload)), nullptr,
                     sizeof(*payload), 0, nullptr, nullptr);
}

// Takes requests as they come and answers those it has, the newest first, now and then.
void Serve(Thread& self, HandleValue channel, std::atomic<uint64_t>* served) {
  std::vector<Payload> waiting;
  for (;;) {
    Payload request;
    const Status status = Read(self, channel, &request);
    if (status == Status::kBadHandle) return;
    if (status == Status::kOk) waiting.push_back(request);
    if (status == Status::kOk && waiting.size() < kCallers / 2) continue;
    for (; !waiting.empty(); waiting.pop_back()) {
      if (Write(self, channel, waiting.back()) == Status::kOk) ++*served;
    }
    if (status == Status::kOk) continue;
    const Status waited = ObjectWaitOne(self, channel, kSignalReadable, kTimeInfinite, nullptr);
    if (waited != Status::kOk) return;  // The handle was closed.
  }
}

// Calls until `end`; returns how many calls were answered.
uint64_t CallUntil(SteadyClock::time_point end, Thread& self, HandleValue channel, uint32_t name) {
  std::mt19937 random(name);
  uint64_t answered = 0;
  for (uint32_t number = 1; SteadyClock::now() < end; ++number) {
    const bool in_a_hurry = number % 4 == 0;
    const Time deadline =
        in_a_hurry ? platform::Now() + static_cast<Time>(random() % 20'000) : kTimeInfinite;
    const Answered answer = Call(self, channel, {0, name, number}, deadline);
    if (answer.status == Status::kTimedOut && in_a_hurry) continue;
    EXPECT_EQ(answer.status, Status::kOk);
    EXPECT_EQ(answer.reply, (Payload{answer.reply.txid, name, number}));
    EXPECT_NE(answer.reply.txid & kKernelTxidBit, 0u);
    ++answered;
  }
  return answered;
}

// C1, C5, C7, C8, C9, N-11, N-19
TEST(CallStress, EachCallerGetsItsOwnReplyOnce) {
  Kernel kernel;
  Process& process = *kernel.CreateProcess();
  const auto new_thread = [&]() -> Thread& { return *kernel.CreateThread(process); };
  Thread& owner = new_thread();
  HandleValue near = kInvalidHandle;
  HandleValue far = kInvalidHandle;
  ASSERT_EQ(ChannelCreate(owner, 0, UserPtr(&near), UserPtr(&far)), Status::kOk);
  const auto end = SteadyClock::now() + kDuration;
  std::atomic<uint64_t> served = 0;
  std::atomic<uint64_t> answered = 0;
  std::vector<Thread*> callers;
  std::vector<std::thread> threads;
  for (uint32_t name = 0; name < kCallers; ++name) {
    callers.push_back(&new_thread());
    threads.emplace_back(
        [&, name, self = callers.back()] { answered += CallUntil(end, *self, near, name); });
  }
  std::thread server([&, self = &new_thread()] { Serve(*self, far, &served); });
  std::thread tormentor([&] {
    std::mt19937 random(1);
    while (SteadyClock::now() < end) {
      Thread& victim = *callers[random() % kCallers];
      victim.Suspend();
      if (random() % 2 == 0) std::this_thread::yield();
      victim.Resume();
    }
  });
  for (std::thread& thread : threads) thread.join();
  tormentor.join();
  // The callers are gone, so every other reply is in the queue, or about to be.
  EXPECT_EQ(HandleClose(owner, far), Status::kOk);
  server.join();
  uint64_t late = 0;
  for (Payload reply; Read(owner, near, &reply) == Status::kOk;) ++late;
  EXPECT_GT(answered, 0u);
  EXPECT_EQ(answered + late, served);
}

// C14, C13, N-9, N-10: whoever closes what, no call hangs.
TEST(CallStress, NoCallOutlivesItsChannel) {
  Kernel kernel;
  Process& process = *kernel.CreateProcess();
  Thread& owner = *kernel.CreateThread(process);
  std::array<Thread*, kCallers> callers;
  for (Thread*& caller : callers) caller = kernel.CreateThread(process);
  const auto end = SteadyClock::now() + kDuration;
  for (uint32_t round = 0; SteadyClock::now() < end; ++round) {
    HandleValue near = kInvalidHandle;
    HandleValue far = kInvalidHandle;
    ASSERT_EQ(ChannelCreate(owner, 0, UserPtr(&near), UserPtr(&far)), Status::kOk);
    std::vector<std::thread> threads;
    for (uint32_t name = 0; name < kCallers; ++name) {
      threads.emplace_back([=, self = callers[name]] {
        const Status status = Call(*self, near, {0, name, round}, kTimeInfinite).status;
        EXPECT_TRUE(status == Status::kBadHandle || status == Status::kPeerClosed ||
                    status == Status::kCanceled);
      });
    }
    const bool near_first = round % 2 == 0;
    EXPECT_EQ(HandleClose(owner, near_first ? near : far), Status::kOk);
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(HandleClose(owner, near_first ? far : near), Status::kOk);
  }
}

}  // namespace
}  // namespace core
