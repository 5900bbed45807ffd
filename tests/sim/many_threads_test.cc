// As many threads as there may be: sets of them, and searches in which the last names matter.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sim/api/clock.h"
#include "sim/api/flag.h"
#include "sim/engine/random.h"
#include "tests/sim/lambda_scenario.h"

namespace sim {
namespace {

using Names = std::set<ThreadId>;

ThreadSet SetOf(const Names& names) {
  ThreadSet set;
  for (ThreadId name : names) set.Add(name);
  return set;
}

Names DrawNames(Random& random) {
  Names names;
  for (uint32_t i = random.Below(8); i > 0; --i) {
    names.insert(static_cast<ThreadId>(random.Below(2 * kMaxThreads)));
  }
  return names;
}

void ExpectSame(ThreadSet set, const Names& names) {
  std::vector<ThreadId> members;
  for (ThreadId member : set) members.push_back(member);
  EXPECT_EQ(members, std::vector<ThreadId>(names.begin(), names.end()));
  EXPECT_EQ(set.size(), names.size());
  EXPECT_EQ(set.empty(), names.empty());
  EXPECT_EQ(set.AnyThread(), !names.empty() && !IsTimer(*names.begin()));
  for (uint32_t i = 0; i < names.size(); ++i) EXPECT_EQ(set.Nth(i), members[i]);
  if (!names.empty()) {
    EXPECT_EQ(set.First(), *names.begin());
  }
  for (ThreadId name = 0; name < 2 * kMaxThreads; ++name) {
    EXPECT_EQ(set.Has(name), names.contains(name));
  }
  EXPECT_FALSE(set.Has(kNoThread));
}

TEST(ThreadSet, IsASetOfThreadsAndTimersInTheirOrder) {
  Random random(1);
  for (int i = 0; i < 300; ++i) {
    const Names some = DrawNames(random);
    const Names others = DrawNames(random);
    Names both = some;
    Names left = some;
    for (ThreadId name : others) {
      both.insert(name);
      left.erase(name);
    }
    ExpectSame(SetOf(some), some);
    ExpectSame(SetOf(some).Union(SetOf(others)), both);
    ExpectSame(SetOf(some).Without(SetOf(others)), left);
    ThreadSet removed = SetOf(some);
    for (ThreadId name : others) removed.Remove(name);
    EXPECT_EQ(removed, SetOf(left));
    EXPECT_EQ(SetOf(some) == SetOf(others), some == others);
  }
}

// Three threads that share something, first in a program without others, then as the first, one
// in the middle and the last of as many as there may be, the rest of which have a word each.
using Rivals = std::function<std::array<std::function<void()>, 3>(std::string* seen)>;

LambdaScenario::Factory Program(const Rivals& rivals, bool among_others) {
  return [=] {
    LambdaProgram program;
    auto seen = std::make_shared<std::string>();
    seen->reserve(64);  // No memory of an abandoned stack.
    program.outcome = [seen] { return *seen; };
    const auto bodies = rivals(seen.get());
    program.threads.assign(bodies.begin(), bodies.end());
    if (!among_others) return program;
    const auto other = [] { return [x = NewVariable()] { x->Store(1, kSc); }; };
    while (program.threads.size() < kMaxThreads) {
      const bool before_middle = program.threads.size() < kMaxThreads / 2;
      program.threads.insert(program.threads.begin() + (before_middle ? 1 : 2), other());
    }
    return program;
  };
}

void ExpectSameSearch(const Rivals& rivals, uint64_t traces) {
  BruteForce alone;
  const Census few = Take(Program(rivals, /*among_others=*/false), alone);
  EXPECT_EQ(few.traces.size(), traces);
  Dpor strategy;
  const Census many = Take(Program(rivals, /*among_others=*/true), strategy);
  EXPECT_EQ(many.executions, traces);
  EXPECT_EQ(many.repeated_traces, 0u);
  EXPECT_EQ(many.outcomes, few.outcomes);
}

TEST(ManyThreads, WritersOfOneWordComeInEveryOrderWhateverTheirNames) {
  const auto writers = [](std::string* seen) {
    const auto write = [=, x = NewVariable()](char name) {
      return [=] {
        x->Store(1, kSc);
        *seen += name;
      };
    };
    return std::array<std::function<void()>, 3>{write('a'), write('b'), write('c')};
  };
  ExpectSameSearch(writers, 6);
}

// The first signals what the second waits for with a deadline; the last only waits for its own.
TEST(ManyThreads, TimersFireWhateverTheNamesOfTheirThreads) {
  const auto waiters = [](std::string* seen) {
    *seen = "??";
    const auto signaled = std::make_shared<Flag>("signaled");
    const auto forgotten = std::make_shared<Flag>("forgotten");
    const auto wait = [=](Flag* event, Time deadline, size_t place) {
      (*seen)[place] = event->Wait(deadline) == WaitResult::kSignaled ? 's' : 't';
    };
    return std::array<std::function<void()>, 3>{[=] { signaled->Signal(); },
                                                [=] { wait(signaled.get(), 2, 0); },
                                                [=] { wait(forgotten.get(), 1, 1); }};
  };
  ExpectSameSearch(waiters, 12);
}

}  // namespace
}  // namespace sim
