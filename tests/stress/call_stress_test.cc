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
#include <vector>

#include "core/kernel.h"
#include "tests/stress/messages.h"

namespace core {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kCallsFor{700};
constexpr uint32_t kConcurrentCallers = 4;

// Takes requests as they come and answers those it has, the newest first, now and then.
void Serve(Thread& self, HandleValue channel, std::atomic<uint64_t>* served) {
  std::vector<Stamp> waiting;
  for (;;) {
    const Received request = Receive(self, channel);
    const Status status = request.status;
    if (status == Status::kBadHandle) return;
    if (status == Status::kOk) waiting.push_back(request.stamp);
    if (status == Status::kOk && waiting.size() < kConcurrentCallers / 2) continue;
    for (; !waiting.empty(); waiting.pop_back()) {
      if (Send(self, channel, waiting.back()) == Status::kOk) ++*served;
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
    const Answered answer = Ask(self, channel, {0, name, number}, deadline);
    if (answer.status == Status::kTimedOut && in_a_hurry) continue;
    EXPECT_EQ(answer.status, Status::kOk);
    EXPECT_EQ(answer.reply, (Stamp{answer.reply.txid, name, number}));
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
  const ChannelEnds ends = NewChannel(owner);
  const auto end = SteadyClock::now() + kCallsFor;
  std::atomic<uint64_t> served = 0;
  std::atomic<uint64_t> answered = 0;
  std::vector<Thread*> callers;
  std::vector<std::thread> threads;
  for (uint32_t name = 0; name < kConcurrentCallers; ++name) {
    callers.push_back(&new_thread());
    threads.emplace_back(
        [&, name, self = callers.back()] { answered += CallUntil(end, *self, ends.near, name); });
  }
  std::thread server([&, self = &new_thread()] { Serve(*self, ends.far, &served); });
  std::thread tormentor([&] {
    std::mt19937 random(1);
    while (SteadyClock::now() < end) {
      Thread& victim = *callers[random() % kConcurrentCallers];
      victim.Suspend();
      if (random() % 2 == 0) std::this_thread::yield();
      victim.Resume();
    }
  });
  for (std::thread& thread : threads) thread.join();
  tormentor.join();
  // The callers are gone, so every other reply is in the queue, or about to be.
  EXPECT_EQ(HandleClose(owner, ends.far), Status::kOk);
  server.join();
  uint64_t late = 0;
  while (Receive(owner, ends.near).status == Status::kOk) ++late;
  EXPECT_GT(answered, 0u);
  EXPECT_EQ(answered + late, served);
}

// C14, C13, N-9, N-10: whoever closes what, no call hangs.
TEST(CallStress, NoCallOutlivesItsChannel) {
  Kernel kernel;
  Process& process = *kernel.CreateProcess();
  Thread& owner = *kernel.CreateThread(process);
  std::array<Thread*, kConcurrentCallers> callers;
  for (Thread*& caller : callers) caller = kernel.CreateThread(process);
  const auto end = SteadyClock::now() + kCallsFor;
  for (uint32_t round = 0; SteadyClock::now() < end; ++round) {
    const ChannelEnds ends = NewChannel(owner);
    std::vector<std::thread> threads;
    for (uint32_t name = 0; name < kConcurrentCallers; ++name) {
      threads.emplace_back([=, self = callers[name]] {
        const Status status = Ask(*self, ends.near, {0, name, round}, kTimeInfinite).status;
        EXPECT_TRUE(status == Status::kBadHandle || status == Status::kPeerClosed ||
                    status == Status::kCanceled);
      });
    }
    const bool near_first = round % 2 == 0;
    EXPECT_EQ(HandleClose(owner, near_first ? ends.near : ends.far), Status::kOk);
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(HandleClose(owner, near_first ? ends.far : ends.near), Status::kOk);
  }
}

}  // namespace
}  // namespace core
