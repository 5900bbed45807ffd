// Everybody at everything: eight threads in four processes of one kernel make every system call on
// what they share, are suspended and killed, and kill each other's processes. The sanitizers watch;
// at the end of a round nothing runs any more, and the books must balance.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "platform/memory.h"
#include "tests/core/declared_syscalls.h"
#include "tests/stress/census.h"
#include "tests/stress/ledger.h"
#include "tests/stress/population.h"
#include "tests/stress/random_caller.h"
#include "tests/stress/stress_options.h"

namespace core {
namespace {

using SteadyClock = std::chrono::steady_clock;

// A round is long enough for chains of transfers to form, and so short that its books fit in memory
// and no thread uses up its handle values.
constexpr uint32_t kStepsPerCaller = 10'000;
constexpr std::chrono::milliseconds kLongestRound{1000};
// How long at most it goes on, after its time, until every call has been kOk once.
constexpr std::chrono::seconds kPatience{60};

struct Totals {
  MessageCounts messages;
  CallCounts calls;
  uint64_t rounds = 0;
};

// Runs the callers to their end, or kills them at `end`.
void RunCallers(Population& population, std::deque<RandomCaller>& callers,
                SteadyClock::time_point end) {
  std::atomic<uint32_t> running = kCallers;
  std::vector<std::thread> threads;
  for (RandomCaller& caller : callers) {
    threads.emplace_back([&] {
      caller.Run(kStepsPerCaller);
      --running;
    });
  }
  while (running != 0 && SteadyClock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  population.EndRound();
  for (std::thread& thread : threads) thread.join();
}

// What is wrong with the kernel and with the books, now that nothing runs.
std::vector<std::string> Judge(const Kernel& kernel, const Population& population,
                               const std::deque<RandomCaller>& callers, Totals* totals) {
  Census census = TakeCensus(kernel);
  std::vector<const Ledger*> ledgers;
  for (const RandomCaller& caller : callers) ledgers.push_back(&caller.ledger());
  ledgers.push_back(&population.launcher_ledger());
  const MessageCounts counts = CountMessages(ledgers, census.queued, &census.broken);
  if (counts.written != counts.read + counts.queued + counts.destroyed) {
    census.broken.push_back(
        fmt::format("{} messages were written, but {} read, {} are queued and {} destroyed",
                    counts.written, counts.read, counts.queued, counts.destroyed));
  }
  totals->messages.written += counts.written;
  totals->messages.refused += counts.refused;
  totals->messages.read += counts.read;
  totals->messages.queued += counts.queued;
  totals->messages.destroyed += counts.destroyed;
  for (const RandomCaller& caller : callers) {
    for (size_t i = 0; i < kSyscalls; ++i) {
      totals->calls.made[i] += caller.counts().made[i];
      totals->calls.fine[i] += caller.counts().fine[i];
    }
  }
  return std::move(census.broken);
}

std::vector<std::string> RunRound(uint32_t seed, SteadyClock::time_point end, Totals* totals) {
  const int64_t blocks_before = platform::live_blocks;
  auto kernel = std::make_unique<Kernel>();
  Population population(*kernel);
  std::deque<RandomCaller> callers;
  std::seed_seq seeds = {seed, static_cast<uint32_t>(totals->rounds)};
  std::array<uint32_t, kCallers> drawn;
  seeds.generate(drawn.begin(), drawn.end());
  for (uint32_t i = 0; i < kCallers; ++i) callers.emplace_back(*kernel, population, i, drawn[i]);
  RunCallers(population, callers, end);
  ++totals->rounds;
  std::vector<std::string> broken = Judge(*kernel, population, callers, totals);
  population.CloseEverything();
  if (TakeCensus(*kernel).handles != 0) broken.push_back("a dead process has handles");
  kernel.reset();
  if (const int64_t left = platform::live_blocks - blocks_before; left != 0) {
    broken.push_back(fmt::format("{} blocks of memory are left", left));
  }
  return broken;
}

bool EveryCallWasFine(const Totals& totals) {
  const auto& fine = totals.calls.fine;
  return std::all_of(fine.begin(), fine.end(), [](uint64_t count) { return count > 0; });
}

void Print(const Totals& totals) {
  const MessageCounts& messages = totals.messages;
  fmt::print("{} rounds; messages: {} written = {} read + {} queued + {} destroyed; {} refused\n",
             totals.rounds, messages.written, messages.read, messages.queued, messages.destroyed,
             messages.refused);
  for (size_t i = 0; i < kSyscalls; ++i) {
    fmt::print("{:>20} {:>10} {:>10} ok\n", NameOf(static_cast<Syscall>(i)), totals.calls.made[i],
               totals.calls.fine[i]);
  }
}

// K2, H1 to H9, O6, O9, C13, C14, N-1 to N-19, D-8: written = read + queued + destroyed; each
// handle is in one place; and when all processes are closed nothing is left.
TEST(Stress, EveryoneAtEverythingLosesNothingAndLeavesNothing) {
  const StressOptions& options = GetStressOptions();
  fmt::print("{:.0f} s with --seed {}\n", options.duration.count(), options.seed);
  std::fflush(stdout);
  const auto end =
      SteadyClock::now() + std::chrono::duration_cast<SteadyClock::duration>(options.duration);
  Totals totals;
  do {
    const auto round_end = SteadyClock::now() + kLongestRound;
    const std::vector<std::string> broken = RunRound(options.seed, round_end, &totals);
    for (size_t i = 0; i < std::min<size_t>(broken.size(), 10); ++i) ADD_FAILURE() << broken[i];
    ASSERT_FALSE(HasFailure()) << "in round " << totals.rounds << " with --seed " << options.seed;
  } while (SteadyClock::now() < end ||
           (!EveryCallWasFine(totals) && SteadyClock::now() < end + kPatience));
  Print(totals);
  // Every call has got somewhere, and every fate has met some message.
  EXPECT_TRUE(EveryCallWasFine(totals));
  EXPECT_GT(totals.messages.read, 0u);
  EXPECT_GT(totals.messages.queued, 0u);
  EXPECT_GT(totals.messages.destroyed, 0u);
}

// The list of the calls that are made at random is that of the header.
TEST(Stress, EverySystemCallOfTheHeaderIsMade) {
  Names made;
  for (size_t i = 0; i < kSyscalls; ++i) {
    made.emplace(NameOf(static_cast<Syscall>(i)));
  }
  EXPECT_EQ(made, DeclaredSyscalls());
}

}  // namespace
}  // namespace core
