// Programs whose numbers of interleavings and of traces are known: from the literature (readers and
// lastzero: Abdulla et al., POPL 2014 and the test suite of Concuerror; try-lock and deadlock
// programs: Nidhugg) or from a closed formula.
#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "sim/atomic.h"
#include "sim/clock.h"
#include "sim/mutex.h"
#include "tests/sim/lambda_scenario.h"

namespace sim {
namespace {

constexpr MemoryOrder kSc = MemoryOrder::kSequential;
using Variable = Atomic<int>;

std::shared_ptr<Variable> NewVariable() {
  return std::make_shared<Variable>(0, "variable");
}
std::shared_ptr<Mutex> NewMutex() {
  return std::make_shared<Mutex>("mutex");
}

struct Expected {
  uint64_t interleavings;
  uint64_t traces;
  uint64_t outcomes;
  uint64_t deadlocks = 0;  // Of the traces.
};

// Both searches must give the published numbers and the same traces; sleep sets each trace once.
void ExpectCounts(const LambdaScenario::Factory& factory, const Expected& expected) {
  BruteForce every_interleaving;
  const Census brute = Take(factory, every_interleaving);
  EXPECT_EQ(brute.executions, expected.interleavings);
  EXPECT_EQ(brute.traces.size(), expected.traces);
  EXPECT_EQ(brute.outcomes.size(), expected.outcomes);
  SleepSets reduced;
  const Census sleep = Take(factory, reduced);
  EXPECT_EQ(sleep.executions, expected.traces);
  EXPECT_EQ(sleep.repeated_traces, 0u);
  EXPECT_EQ(sleep.traces, brute.traces);
  EXPECT_EQ(sleep.outcomes, brute.outcomes);
  EXPECT_EQ(sleep.deadlocks, expected.deadlocks);
}

LambdaProgram Readers(int readers) {
  LambdaProgram program;
  auto x = NewVariable();
  auto seen = std::make_shared<std::string>(static_cast<size_t>(readers), '-');
  program.threads.push_back([x] { x->Store(1, kSc); });
  for (int i = 0; i < readers; ++i) {
    program.threads.push_back(
        [x, seen, i] { (*seen)[static_cast<size_t>(i)] = static_cast<char>('0' + x->Load(kSc)); });
  }
  program.outcome = [seen] { return *seen; };
  return program;
}

TEST(Counts, ReadersHaveTwoToTheNTraces) {
  ExpectCounts([] { return Readers(2); }, {6, 4, 4});
  ExpectCounts([] { return Readers(4); }, {120, 16, 16});
  ExpectCounts([] { return Readers(6); }, {5040, 64, 64});
}

TEST(Counts, WritersHaveNFactorialTraces) {
  auto writers = [](int count) {
    LambdaProgram program;
    auto x = NewVariable();
    for (int i = 0; i < count; ++i) program.threads.push_back([x, i] { x->Store(i, kSc); });
    program.outcome = [x] { return std::to_string(x->peek()); };
    return program;
  };
  ExpectCounts([&] { return writers(3); }, {6, 6, 3});
  ExpectCounts([&] { return writers(5); }, {120, 120, 5});
}

// Thread 0 looks for the last zero; thread i sets element i from element i - 1.
LambdaProgram LastZero(int n) {
  LambdaProgram program;
  auto array = std::make_shared<std::vector<std::shared_ptr<Variable>>>();
  for (int i = 0; i <= n; ++i) array->push_back(NewVariable());
  program.threads.push_back([array, n] {
    for (int i = n; (*array)[static_cast<size_t>(i)]->Load(kSc) != 0;) --i;
  });
  for (size_t i = 1; i <= static_cast<size_t>(n); ++i) {
    program.threads.push_back(
        [array, i] { (*array)[i]->Store((*array)[i - 1]->Load(kSc) + 1, kSc); });
  }
  program.outcome = [array] {
    std::string text;
    for (const auto& element : *array) text += std::to_string(element->peek());
    return text;
  };
  return program;
}

TEST(Counts, LastZeroHasThePublishedTraces) {
  ExpectCounts([] { return LastZero(1); }, {3, 2, 1});
  ExpectCounts([] { return LastZero(2); }, {35, 5, 2});
  ExpectCounts([] { return LastZero(3); }, {920, 12, 4});
  SleepSets strategy;
  const Census census = Take([] { return LastZero(5); }, strategy);
  EXPECT_EQ(census.executions, 64u);
  EXPECT_EQ(census.repeated_traces, 0u);
}

LambdaProgram Lockers(int threads, int sections) {
  LambdaProgram program;
  auto mutex = NewMutex();
  for (int i = 0; i < threads; ++i) {
    program.threads.push_back([mutex, sections] {
      for (int k = 0; k < sections; ++k) {
        mutex->Acquire();
        mutex->Release();
      }
    });
  }
  return program;
}

TEST(Counts, SectionsOfOneLockHaveTheMultinomialOfTraces) {
  ExpectCounts([] { return Lockers(2, 2); }, {6, 6, 1});
  ExpectCounts([] { return Lockers(3, 2); }, {90, 90, 1});
  ExpectCounts([] { return Lockers(2, 4); }, {70, 70, 1});
  SleepSets strategy;
  const Census census = Take([] { return Lockers(3, 3); }, strategy);
  EXPECT_EQ(census.executions, 1680u);
  EXPECT_EQ(census.stopped, 0u);
}

TEST(Counts, FoldedReleasesLeaveTheTracesAlone) {
  SleepSets strategy;
  const Census census = Take([] { return Lockers(3, 3); }, strategy, /*visible_releases=*/false);
  EXPECT_EQ(census.executions, 1680u);
  EXPECT_EQ(census.repeated_traces, 0u);
}

TEST(Counts, DisjointLocksHaveOneTrace) {
  auto factory = [] {
    LambdaProgram program;
    for (int i = 0; i < 3; ++i) {
      program.threads.push_back([mutex = NewMutex()] {
        mutex->Acquire();
        mutex->Release();
      });
    }
    return program;
  };
  ExpectCounts(factory, {90, 1, 1});
}

LambdaProgram Philosophers(size_t count) {
  LambdaProgram program;
  auto forks = std::make_shared<std::vector<std::shared_ptr<Mutex>>>();
  for (size_t i = 0; i < count; ++i) forks->push_back(NewMutex());
  for (size_t i = 0; i < count; ++i) {
    program.threads.push_back([forks, i, count] {
      Mutex& left = *(*forks)[i];
      Mutex& right = *(*forks)[(i + 1) % count];
      left.Acquire();
      right.Acquire();
      right.Release();
      left.Release();
    });
  }
  return program;
}

TEST(Counts, PhilosophersDeadlockInOneOfTheirTraces) {
  ExpectCounts([] { return Philosophers(2); }, {6, 3, 2, 1});
  ExpectCounts([] { return Philosophers(3); }, {168, 7, 2, 1});
  ExpectCounts([] { return Philosophers(4); }, {98184, 15, 2, 1});
}

TEST(Counts, TryLockSeesThatALockIsHeld) {
  auto try_lock = [](int threads) {
    LambdaProgram program;
    auto mutex = NewMutex();
    auto got = std::make_shared<std::string>(static_cast<size_t>(threads), '0');
    for (size_t i = 0; i < static_cast<size_t>(threads); ++i) {
      program.threads.push_back([mutex, got, i] {
        if (!mutex->TryAcquire()) return;
        (*got)[i] = '1';
        mutex->Release();
      });
    }
    program.outcome = [got] { return *got; };
    return program;
  };
  ExpectCounts([&] { return try_lock(2); }, {4, 4, 3});
  ExpectCounts([&] { return try_lock(3); }, {24, 24, 7});
  auto lock_and_try = [] {
    LambdaProgram program;
    auto mutex = NewMutex();
    auto got = std::make_shared<bool>(false);
    program.threads.push_back([mutex] {
      mutex->Acquire();
      mutex->Release();
    });
    program.threads.push_back([mutex, got] {
      if (!mutex->TryAcquire()) return;
      *got = true;
      mutex->Release();
    });
    program.outcome = [got] { return std::string(*got ? "got it" : "held"); };
    return program;
  };
  BruteForce strategy;
  EXPECT_EQ(Take(lock_and_try, strategy).traces.size(), 3u);
}

TEST(Counts, StoreBufferingHasThreeTracesUnderSequentialConsistency) {
  auto factory = [] {
    LambdaProgram program;
    auto x = NewVariable();
    auto y = NewVariable();
    auto seen = std::make_shared<std::array<int, 2>>();
    program.threads.push_back([=] {
      x->Store(1, kSc);
      (*seen)[0] = y->Load(kSc);
    });
    program.threads.push_back([=] {
      y->Store(1, kSc);
      (*seen)[1] = x->Load(kSc);
    });
    program.outcome = [seen] { return std::to_string((*seen)[0]) + std::to_string((*seen)[1]); };
    return program;
  };
  ExpectCounts(factory, {6, 3, 3});
}

TEST(Counts, ChoicesMultiplyTraces) {
  auto factory = [] {
    LambdaProgram program;
    auto mutex = NewMutex();
    auto chosen = std::make_shared<std::string>(2, '-');
    for (size_t i = 0; i < 2; ++i) {
      program.threads.push_back([=] {
        (*chosen)[i] = static_cast<char>('0' + Choose(2));
        mutex->Acquire();
        mutex->Release();
      });
    }
    program.outcome = [chosen] { return *chosen; };
    return program;
  };
  ExpectCounts(factory, {32, 8, 4});
}

TEST(Counts, ReorderHasTheKnownTraces) {
  auto reorder = [](int setters) {
    LambdaProgram program;
    auto a = NewVariable();
    auto b = NewVariable();
    auto seen = std::make_shared<std::array<int, 2>>();
    for (int i = 0; i < setters; ++i) {
      program.threads.push_back([=] {
        a->Store(1, kSc);
        b->Store(1, kSc);
      });
    }
    program.threads.push_back([=] {
      (*seen)[0] = a->Load(kSc);
      (*seen)[1] = b->Load(kSc);
    });
    program.outcome = [seen] { return std::to_string((*seen)[0]) + std::to_string((*seen)[1]); };
    return program;
  };
  ExpectCounts([&] { return reorder(2); }, {90, 36, 4});
  ExpectCounts([&] { return reorder(3); }, {2520, 576, 4});
}

}  // namespace
}  // namespace sim
