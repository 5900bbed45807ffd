// The engine itself: how executions end, what is refused, what is the same twice.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <new>
#include <string>

#include "sim/api/atomic.h"
#include "sim/api/clock.h"
#include "sim/api/flag.h"
#include "sim/api/mutex.h"
#include "sim/api/ref_count.h"
#include "sim/engine/sanitizer.h"
#include "sim/strategies/random_walk.h"
#include "tests/sim/run_once.h"

namespace sim {
namespace {

// One thread with the given body.
LambdaScenario::Factory Alone(const std::function<void()>& body) {
  return [=] {
    LambdaProgram program;
    program.threads.push_back(body);
    return program;
  };
}

TEST(Engine, ADeadlockNamesTheThreadsAndWhatTheyWaitFor) {
  const Execution execution = RunOnce([] {
    LambdaProgram program;
    auto mutex = std::make_shared<Mutex>("pair lock");
    auto event = std::make_shared<Flag>("reply");
    program.threads.push_back([=]() SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis) {
      mutex->Acquire();
      event->Wait(kForever);
    });
    program.threads.push_back([] { static_cast<void>(Now()); });
    program.threads.push_back([=] {
      mutex->Acquire();
      mutex->Release();
    });
    return program;
  });
  EXPECT_EQ(execution.end, ExecutionEnd::kBlocked);
  ExpectFailure(execution, FailureKind::kDeadlock,
                "blocked for ever: t0 (wait reply), t2 (acquire pair lock)");
  EXPECT_EQ(execution.blocked, ThreadSet::Of(0).Union(ThreadSet::Of(2)));
}

TEST(Engine, AProgramMayAllowBlockedThreads) {
  LambdaScenario scenario([] {
    LambdaProgram program;
    program.threads.push_back([event = std::make_shared<Flag>("event")] { event->Wait(kForever); });
    return program;
  });
  BruteForce strategy;
  Explore(scenario, strategy, {}, [](const Execution& execution) {
    EXPECT_EQ(execution.end, ExecutionEnd::kBlocked);
    EXPECT_FALSE(execution.failure);
    return true;
  });
}

TEST(Engine, MoreEventsThanTheLimitAreAFailure) {
  ExecutionLimits limits;
  limits.max_steps = 10;
  const auto loads = [](int count) {
    return [count] {
      LambdaProgram program;
      program.threads.push_back([=, x = NewVariable()] {
        for (int i = 0; i < count; ++i) x->Load(kSc);
      });
      return program;
    };
  };
  EXPECT_EQ(RunOnce(loads(10), limits).end, ExecutionEnd::kFinished);
  const Execution execution = RunOnce(loads(11), limits);
  EXPECT_EQ(execution.end, ExecutionEnd::kFailed);
  EXPECT_EQ(execution.events.size(), 10u);
  ASSERT_TRUE(execution.failure);
  EXPECT_EQ(execution.failure->kind, FailureKind::kStepLimit);
}

TEST(Engine, AnExecutionAfterAFailedOneStartsClean) {
  auto factory = [] {
    LambdaProgram program;
    auto mutex = std::make_shared<Mutex>("mutex");
    auto event = std::make_shared<Flag>("event");
    program.threads.push_back([=] {
      Runtime::Current()->arena().Allocate(16, "block");
      mutex->Acquire();
      if (Choose(2) == 0) Runtime::Current()->Fail(FailureKind::kAssertion, "broken");
      mutex->Release();
      Runtime::Current()->Fail(FailureKind::kInvariant, std::to_string(Now()));
    });
    program.threads.push_back([=] { event->Wait(7); });
    return program;
  };
  LambdaScenario scenario(factory);
  BruteForce strategy;
  std::set<std::string> messages;
  ExploreOptions options;
  options.determinism_every = 1;
  const Exploration result = Explore(scenario, strategy, options, [&](const Execution& execution) {
    EXPECT_EQ(execution.end, ExecutionEnd::kFailed);
    EXPECT_EQ(execution.values.size(), 1u);
    if (execution.failure) messages.insert(execution.failure->message);
    return true;
  });
  EXPECT_EQ(result.end, ExploreEnd::kExhausted);
  EXPECT_EQ(messages, (std::set<std::string>{"broken", "0", "7"}));
}

TEST(Engine, ALeakIsReportedByNameAndCount) {
  const Execution execution = RunOnce(Alone([] {
    Arena& arena = Runtime::Current()->arena();
    arena.Allocate(10, "message");
    void* freed = arena.Allocate(10, "handle");
    arena.Allocate(10, "channel endpoint");
    arena.Allocate(10, "message");
    arena.Free(freed);
  }));
  EXPECT_EQ(execution.end, ExecutionEnd::kFinished);
  ExpectFailure(execution, FailureKind::kLeak,
                "still allocated after every process was taken down: 2 x message, 1 x channel "
                "endpoint");
}

TEST(Engine, AFailureInTheFinalLookDoesNotHideADeadlock) {
  const Execution execution = RunOnce([] {
    LambdaProgram program;
    program.threads.push_back([event = std::make_shared<Flag>("event")] { event->Wait(kForever); });
    program.outcome = []() -> std::string {
      Runtime::Current()->Fail(FailureKind::kInvariant, "something else");
    };
    return program;
  });
  ExpectFailure(execution, FailureKind::kDeadlock, "blocked for ever: t0 (wait event)");
}

// Takes a lock on every level.
void Recurse(int levels) {
  const Mutex mutex("level");
  static_cast<void>(Now());
  if (levels != 0) Recurse(levels - 1);
  static_cast<void>(Now());
}

TEST(Engine, CallsThatAreNestedTooDeepAreAFailureOfTheirOwn) {
  const auto deep = Alone([] { Recurse(100'000); });
  const auto shallow = Alone([] { Recurse(10); });
  const Execution first = RunOnce(deep);
  ExpectFailure(first, FailureKind::kStackLimit,
                "calls are nested more than 192 KiB deep; does one recurse once for every level of "
                "something?");
  EXPECT_EQ(RunOnce(deep).hash, first.hash);
  EXPECT_FALSE(RunOnce(shallow).failure);
  ExecutionLimits limits;
  limits.max_depth_bytes = size_t{32} << 10;
  const Execution sooner = RunOnce(deep, limits);
  EXPECT_LT(5 * sooner.events.size(), first.events.size());
}

TEST(Engine, ACrashEndsItsExecutionAndNoOther) {
  volatile int* volatile nowhere = nullptr;
  int runs = 0;
  LambdaScenario scenario(Alone([&] {
                            static_cast<void>(Now());
                            if (++runs != 2) *nowhere = 1;
                          }),
                          /*allows_blocked=*/false);
  Runtime runtime;
  Execution execution;
  for (int i = 1; i <= 3; ++i) {
    BruteForce strategy;
    ASSERT_TRUE(strategy.BeginExecution());
    runtime.Execute(scenario, strategy, execution);
    EXPECT_EQ(execution.failure.has_value(), i != 2);
    EXPECT_EQ(execution.events.size(), 1u);
  }
  ExpectFailure(execution, FailureKind::kCrash, "Segmentation fault");
}

#define UNCHECKED SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis)

void ExpectMisuse(const LambdaScenario::Factory& factory, const std::string& message) {
  ExpectFailure(RunOnce(factory), FailureKind::kMisuse, message);
}

TEST(Misuse, LocksAreReleasedByTheirHolderOnly) {
  ExpectMisuse(Alone([]() UNCHECKED {
                 Mutex mutex("lock");
                 mutex.Release();
               }),
               "lock: released by a thread that does not hold it");
  ExpectMisuse(Alone([]() UNCHECKED {
                 SharedMutex mutex("table");
                 mutex.Release();
               }),
               "table: released by a thread that does not hold it");
  ExpectMisuse(Alone([]() UNCHECKED {
                 SharedMutex mutex("table");
                 mutex.ReleaseShared();
               }),
               "table: released but not held");
}

TEST(Misuse, LocksAreNotAcquiredTwice) {
  ExpectMisuse(Alone([]() UNCHECKED {
                 Mutex mutex("lock");
                 mutex.Acquire();
                 mutex.Acquire();
               }),
               "lock: acquired twice by the same thread");
}

TEST(Misuse, TheSetUpAwaitsOnlyWhatIsThere) {
  ExpectMisuse(
      [] {
        Variable x(1, "variable");
        x.Await(1, kSc);
        x.Await(2, kSc);
        return LambdaProgram();
      },
      "variable: await outside threads would wait for ever");
}

TEST(Misuse, AssertHeldMeansHeldByTheCaller) {
  ExpectMisuse(
      [] {
        LambdaProgram program;
        auto mutex = std::make_shared<Mutex>("lock");
        auto x = NewVariable();
        program.threads.push_back([=] {
          mutex->Acquire();
          mutex->AssertHeld();
          x->Load(kSc);
          mutex->Release();
        });
        program.threads.push_back([=] {
          x->Load(kSc);
          mutex->AssertHeld();
        });
        return program;
      },
      "lock: not held");
  // The same while the other thread is inside: the first to reach the check is the second thread.
  LambdaScenario scenario([] {
    LambdaProgram program;
    auto mutex = std::make_shared<Mutex>("lock");
    program.threads.push_back([=]() UNCHECKED {
      mutex->Acquire();
      static_cast<void>(Now());
    });
    program.threads.push_back([=] {
      static_cast<void>(Now());
      mutex->AssertHeld();
    });
    return program;
  });
  BruteForce strategy;
  Explore(scenario, strategy, {}, [](const Execution& execution) {
    EXPECT_EQ(execution.end, ExecutionEnd::kFailed);
    return true;
  });
}

TEST(Misuse, ALeafTakesNoOtherLockAndWaitsForNothing) {
  ExpectMisuse(Alone([]() UNCHECKED {
                 SharedMutex table("table");
                 Mutex mutex("lock");
                 table.Acquire(1);
                 mutex.Acquire();
               }),
               "acquire lock inside a section that was declared a leaf");
  ExpectMisuse(Alone([]() UNCHECKED {
                 SharedMutex table("table");
                 Flag event("reply");
                 table.AcquireShared(2);
                 event.Wait(kForever);
               }),
               "wait reply inside a section that was declared a leaf");
  ExpectMisuse(Alone([]() UNCHECKED {
                 SharedMutex table("table");
                 table.AcquireShared(2);
                 static_cast<void>(Now());
               }),
               "read-clock clock inside a section that was declared a leaf");
}

TEST(Misuse, ALeafEndsBeforeItsThread) {
  ExpectMisuse(Alone([]() UNCHECKED {
                 void* memory = Runtime::Current()->arena().Allocate(sizeof(SharedMutex), "table");
                 auto* table = new (memory) SharedMutex("table");
                 table->Acquire(1);
               }),
               "t0 ended inside a section that was declared a leaf");
}

TEST(Misuse, AnEventHasOneWaiterAtATime) {
  ExpectMisuse(
      [] {
        LambdaProgram program;
        auto event = std::make_shared<Flag>("reply");
        for (int i = 0; i < 2; ++i) {
          program.threads.push_back([=] { event->Wait(kForever); });
        }
        return program;
      },
      "reply: waited for by two threads");
}

TEST(Misuse, NobodyDropsAReferenceThatIsGone) {
  ExpectMisuse(Alone([] {
                 RefCount count("references");
                 EXPECT_TRUE(count.Decrement());
                 EXPECT_TRUE(count.Decrement());
               }),
               "references: a reference was dropped that nobody held");
}

TEST(Misuse, ALockIsTriedOnlyIfThatWasDeclared) {
  ExpectMisuse(Alone([]() UNCHECKED {
                 Mutex mutex("lock");
                 if (mutex.TryAcquire()) mutex.Release();
               }),
               "lock: tried, or waited for with a deadline, which was not declared (SetBounded)");
}

TEST(Engine, ThirtyTwoThreadsRunAndOneMoreIsRefused) {
  auto threads = [](size_t count) {
    return [count] {
      LambdaProgram program;
      auto order = std::make_shared<std::string>();
      order->reserve(count);
      for (size_t i = 0; i < count; ++i) {
        program.threads.push_back([=, x = NewVariable()] {
          x->Store(1, kSc);
          order->push_back(static_cast<char>('A' + i));
        });
      }
      program.outcome = [order] { return *order; };
      return program;
    };
  };
  RandomWalk walk(1, 20);
  const Census census = Take(threads(kMaxThreads), walk);
  EXPECT_EQ(census.executions, 20u);
  EXPECT_EQ(census.traces.size(), 1u);
  EXPECT_EQ(census.outcomes.size(), 20u);
  for (const std::string& order : census.outcomes) EXPECT_EQ(order.size(), kMaxThreads);
  ExpectMisuse(threads(kMaxThreads + 1),
               "a scenario may have " + std::to_string(kMaxThreads) + " threads at most");
}

TEST(Engine, NamesOfObjectsDoNotDependOnWhatOtherThreadsMade) {
  auto factory = [] {
    LambdaProgram program;
    for (int i = 0; i < 2; ++i) {
      program.threads.push_back([x = NewVariable()] {
        x->Load(kSc);
        Variable mine(0, "mine");
        mine.Load(kSc);
      });
    }
    return program;
  };
  SleepSets reduced;
  EXPECT_EQ(Take(factory, reduced).executions, 1u);
  BruteForce every_interleaving;
  const Census brute = Take(factory, every_interleaving);
  EXPECT_EQ(brute.executions, 6u);
  EXPECT_EQ(brute.traces.size(), 1u);
}

// Two threads with a section each; the boundary check takes the lock and counts itself.
LambdaProgram Sections(const std::shared_ptr<int>& checks, bool makes_objects) {
  LambdaProgram program;
  auto mutex = std::make_shared<Mutex>("lock");
  for (int i = 0; i < 2; ++i) {
    program.threads.push_back([=] {
      mutex->Acquire();
      Variable made(0, "made in a section");
      made.Store(1, kSc);
      mutex->Release();
      static_cast<void>(Now());
      Variable later(0, "made after a boundary");
      later.Store(1, kSc);
    });
  }
  program.at_boundary = [=]() UNCHECKED {
    ++*checks;
    EXPECT_FALSE(Runtime::Current()->in_thread());
    EXPECT_EQ(Runtime::Current()->thread_slot(), nullptr);
    mutex->Acquire();  // Fails the execution if it is held.
    mutex->Release();
    if (makes_objects) Variable scratch(0, "scratch");
  };
  return program;
}

TEST(Engine, TheBoundaryIsCheckedWhereNoLockIsHeld) {
  auto checks = std::make_shared<int>(0);
  const Execution execution = RunOnce([=] { return Sections(checks, false); });
  EXPECT_EQ(execution.end, ExecutionEnd::kFinished);
  EXPECT_FALSE(execution.failure);
  // Before each event but the stores inside the two sections, and once at the end. A section is
  // over before the choice that follows its store.
  EXPECT_EQ(*checks, static_cast<int>(execution.events.size()) - 2 + 1);
}

TEST(Engine, WhatABoundaryCheckMakesMovesNoNames) {
  auto checks = std::make_shared<int>(0);
  const Execution plain = RunOnce([=] { return Sections(checks, false); });
  const Execution with_objects = RunOnce([=] { return Sections(checks, true); });
  EXPECT_EQ(with_objects.hash, plain.hash);
}

TEST(Engine, AFaultBudgetIsExploredExactly) {
  auto search = [](uint32_t budget) {
    LambdaScenario scenario(Alone([] {
      for (int i = 0; i < 3; ++i) {
        static_cast<void>(Now());
        static_cast<void>(Runtime::Current()->PickFault(FaultKind::kAllocation));
        EXPECT_FALSE(Runtime::Current()->PickFault(FaultKind::kUserMemory));
      }
    }));
    ExploreOptions options;
    options.limits.faults[static_cast<size_t>(FaultKind::kAllocation)] = budget;
    BruteForce strategy;
    return Explore(scenario, strategy, options, [](const Execution&) { return true; }).executions;
  };
  EXPECT_EQ(search(0), 1u);
  EXPECT_EQ(search(1), 1u + 3u);
  EXPECT_EQ(search(2), 1u + 3u + 3u);
  EXPECT_EQ(search(3), 8u);
}

TEST(Engine, FaultsStrikeThreadsOnly) {
  ExecutionLimits limits;
  limits.faults = {1, 1};
  const Execution execution = RunOnce(
      [] {
        LambdaProgram program;
        EXPECT_FALSE(Runtime::Current()->PickFault(FaultKind::kAllocation));
        program.outcome = [] {
          EXPECT_FALSE(Runtime::Current()->PickFault(FaultKind::kAllocation));
          return std::string();
        };
        return program;
      },
      limits);
  EXPECT_TRUE(execution.values.empty());
}

TEST(Engine, OutsideAnExecutionNothingIsSimulated) {
  EXPECT_EQ(Runtime::Current(), nullptr);
  Mutex mutex("lock");
  mutex.Acquire();
  mutex.AssertHeld();
  mutex.Release();
  Flag flag("flag");
  flag.Signal();
  EXPECT_EQ(flag.Wait(kForever), WaitResult::kTimedOut);
  EXPECT_EQ(Now(), 0);
  EXPECT_EQ(Choose(9), 0u);
}

}  // namespace
}  // namespace sim
