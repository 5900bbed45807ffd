// Every search gives the known numbers of interleavings, traces, deadlocks and outcomes, whatever
// the order in which the threads are created.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <vector>

#include "tests/sim/counted_programs.h"

namespace sim {
namespace {

struct Counted {
  std::string name;
  LambdaScenario::Factory factory;
  uint64_t interleavings;  // 0: too many for brute force.
  uint64_t traces;
  uint64_t outcomes;
  uint64_t deadlocks = 0;           // Of the traces.
  std::array<size_t, 4> bounded{};  // Traces with at most 0, 1, 2, 3 preemptions; 0 is not known.
};

void PrintTo(const Counted& program, std::ostream* out) {
  *out << program.name;
}

class Counts : public testing::TestWithParam<Counted> {};

// POPL 2005 and 2014, JACM 2017.
TEST_P(Counts, SourceSetsSeeEveryTraceOnceInEveryOrderOfTheThreads) {
  const Counted& expected = GetParam();
  const size_t threads = [&] { return expected.factory().threads.size(); }();
  const bool is_small = expected.traces <= 2000;
  uint64_t most_stopped = 0;
  for (const std::vector<size_t>& order : Orders(threads)) {
    Dpor strategy;
    const Census census = Take(Permuted(expected.factory, order), strategy);
    EXPECT_EQ(census.executions, expected.traces);
    EXPECT_EQ(census.repeated_traces, 0u);
    EXPECT_EQ(census.deadlocks, expected.deadlocks);
    EXPECT_EQ(census.outcomes.size(), expected.outcomes);
    most_stopped = std::max(most_stopped, census.stopped);
    if (!is_small) break;
  }
  std::printf("%s: %llu executions, at most %llu more cut short\n", expected.name.c_str(),
              static_cast<unsigned long long>(expected.traces),
              static_cast<unsigned long long>(most_stopped));
}

TEST_P(Counts, SleepSetsAndBruteForceSeeTheSameTraces) {
  const Counted& expected = GetParam();
  if (expected.interleavings == 0) return;
  BruteForce every_interleaving;
  const Census brute = Take(expected.factory, every_interleaving);
  EXPECT_EQ(brute.executions, expected.interleavings);
  EXPECT_EQ(brute.traces.size(), expected.traces);
  EXPECT_EQ(brute.outcomes.size(), expected.outcomes);
  SleepSets sleep_sets;
  const Census sleep = Take(expected.factory, sleep_sets);
  EXPECT_EQ(sleep.executions, expected.traces);
  EXPECT_EQ(sleep.repeated_traces, 0u);
  EXPECT_EQ(sleep.traces, brute.traces);
  EXPECT_EQ(sleep.outcomes, brute.outcomes);
  Dpor source_sets;
  const Census reduced = Take(expected.factory, source_sets);
  EXPECT_EQ(reduced.traces, brute.traces);
  EXPECT_EQ(reduced.outcomes, brute.outcomes);
}

TEST_P(Counts, ABoundOnPreemptionsLeavesTheKnownTraces) {
  const Counted& expected = GetParam();
  for (uint32_t bound = 0; bound < expected.bounded.size(); ++bound) {
    if (expected.bounded[bound] == 0) continue;
    Bounded strategy(bound);
    const Census census = Take(expected.factory, strategy);
    EXPECT_EQ(census.traces.size(), expected.bounded[bound]) << "at most " << bound;
    for (const auto& [trace, preemptions] : census.least_preemptions) {
      EXPECT_LE(preemptions, bound);
    }
  }
}

using Bounds = std::array<size_t, 4>;

std::vector<Counted> CountedPrograms() {
  const auto lockers = [](size_t threads, size_t sections) {
    return [=] { return Lockers(threads, sections, /*one_lock=*/true); };
  };
  const auto apart = [](size_t threads, size_t sections) {
    return [=] { return Lockers(threads, sections, /*one_lock=*/false); };
  };
  const auto stores_and_await = [](const std::vector<int>& values, int awaited) {
    return [=] { return StoresAndAwait(values, awaited); };
  };
  return {
      {"readers_2", [] { return Readers(2); }, 6, 4, 4, 0, Bounds{4, 4, 4, 4}},
      {"readers_4", [] { return Readers(4); }, 120, 16, 16, 0, Bounds{16, 16, 16, 16}},
      {"readers_6", [] { return Readers(6); }, 5040, 64, 64, 0, {}},
      {"readers_12", [] { return Readers(12); }, 0, 4096, 4096, 0, {}},
      {"writers_3", [] { return Writers(3); }, 6, 6, 3, 0, Bounds{6, 6, 6, 6}},
      {"writers_5", [] { return Writers(5); }, 120, 120, 5, 0, {}},
      {"writers_6", [] { return Writers(6); }, 720, 720, 6, 0, {}},
      {"lastzero_1", [] { return LastZero(1); }, 3, 2, 1, 0, Bounds{2, 2, 2, 2}},
      {"lastzero_2", [] { return LastZero(2); }, 35, 5, 2, 0, Bounds{5, 5, 5, 5}},
      {"lastzero_3", [] { return LastZero(3); }, 920, 12, 4, 0, {}},
      {"lastzero_4", [] { return LastZero(4); }, 44300, 28, 8, 0, {}},
      {"lastzero_5", [] { return LastZero(5); }, 0, 64, 16, 0, {}},
      {"lastzero_8", [] { return LastZero(8); }, 0, 704, 128, 0, {}},
      {"source_set_example", SourceSetExample, 69, 5, 4, 0, Bounds{5, 5, 5, 5}},
      {"mutex_2x2", lockers(2, 2), 6, 6, 1, 0, Bounds{2, 4, 6, 6}},
      {"mutex_2x3", lockers(2, 3), 20, 20, 1, 0, Bounds{2, 6, 14, 18}},
      {"mutex_2x4", lockers(2, 4), 70, 70, 1, 0, Bounds{2, 8, 26, 44}},
      {"mutex_3x2", lockers(3, 2), 90, 90, 1, 0, Bounds{6, 24, 60, 90}},
      {"mutex_3x3", lockers(3, 3), 1680, 1680, 1, 0, Bounds{6, 42, 192, 552}},
      {"mutex_4x2", lockers(4, 2), 2520, 2520, 1, 0, Bounds{24, 168, 672, 1656}},
      {"mutex_3x1_disjoint", apart(3, 1), 90, 1, 1, 0, Bounds{1, 1, 1, 1}},
      {"mutex_3x3_disjoint", apart(3, 3), 0, 1, 1, 0, Bounds{1, 1, 1, 1}},
      {"philosophers_2", [] { return Philosophers(2); }, 6, 3, 2, 1, Bounds{2, 3, 3, 3}},
      {"philosophers_3", [] { return Philosophers(3); }, 168, 7, 2, 1, Bounds{6, 7, 7, 7}},
      {"philosophers_4", [] { return Philosophers(4); }, 98184, 15, 2, 1, Bounds{14, 15, 15, 15}},
      {"try_lock_2", [] { return TryLockers(2); }, 4, 4, 3, 0, Bounds{2, 4, 4, 4}},
      {"try_lock_3", [] { return TryLockers(3); }, 24, 24, 7, 0, Bounds{6, 24, 24, 24}},
      {"lock_and_try", LockAndTry, 3, 3, 2, 0, Bounds{2, 3, 3, 3}},
      {"keepers_2", [] { return Keepers(2); }, 2, 2, 2, 2, Bounds{2, 2, 2, 2}},
      {"keepers_3", [] { return Keepers(3); }, 3, 3, 3, 3, Bounds{3, 3, 3, 3}},
      {"store_buffering", StoreBuffering, 6, 3, 3, 0, Bounds{2, 3, 3, 3}},
      {"await_of_what_passes", stores_and_await({1, 2}, 1), 2, 2, 2, 1, Bounds{1, 2, 2, 2}},
      {"await_of_what_returns", stores_and_await({1, 0}, 0), 2, 2, 1, 0, Bounds{2, 2, 2, 2}},
      {"choosers", Choosers, 32, 8, 4, 0, Bounds{8, 8, 8, 8}},
      {"chosen_write", ChosenWrite, 8, 5, 5, 0, Bounds{5, 5, 5, 5}},
      {"reorder_2", [] { return Reorder(2); }, 90, 36, 4, 0, Bounds{6, 24, 36, 36}},
      {"reorder_3", [] { return Reorder(3); }, 2520, 576, 4, 0, Bounds{24, 168, 432, 576}},
      {"reorder_4", [] { return Reorder(4); }, 113400, 14400, 4, 0, {}},
      {"lost_updates_3", [] { return LostUpdates(3); }, 90, 36, 3, 0, Bounds{6, 24, 36, 36}},
      {"adders_3", [] { return Adders(3); }, 34650, 3606, 1, 0, Bounds{6, 60, 342, 1212}},
      {"indexer_12", [] { return Indexer(12); }, 0, 8, 1, 0, {}},
      {"indexer_15", [] { return Indexer(15); }, 0, 4096, 1, 0, {}},
      {"file_system_16", [] { return FileSystem(16); }, 0, 8, 1, 0, {}},
  };
}

INSTANTIATE_TEST_SUITE_P(Known, Counts, testing::ValuesIn(CountedPrograms()),
                         [](const auto& test) { return test.param.name; });

TEST(CountsOfFoldedReleases, LeaveTheTracesAlone) {
  Dpor strategy;
  const Census census = Take([] { return Lockers(3, 3, true); }, strategy,
                             /*visible_releases=*/false);
  EXPECT_EQ(census.executions, 1680u);
  EXPECT_EQ(census.stopped, 0u);
  EXPECT_EQ(census.repeated_traces, 0u);
}

}  // namespace
}  // namespace sim
