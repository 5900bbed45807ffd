// Waits that are bounded, tried, or for nothing, and primitives that are made of them. The numbers
// of traces are small enough to be counted by hand.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>

#include "sim/api/barrier.h"
#include "sim/api/cond_var.h"
#include "sim/api/gate.h"
#include "sim/api/mutex.h"
#include "sim/api/once.h"
#include "sim/api/semaphore.h"
#include "sim/api/thread.h"
#include "tests/sim/expect_counts.h"
#include "tests/sim/run_once.h"

namespace sim {
namespace {

#define UNCHECKED_SECTION SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis)

// --- Condition variables ---

struct TwoConditions {
  Mutex mutex{"mutex"};
  CondVar changed;
  std::array<bool, 2> is_ready{};

  explicit TwoConditions(Wakes wakes) : changed("changed", wakes) {}
};

// Two waiters for different things at one condition variable, and one notification for each, once
// both wait. Somebody else's notification is lost.
LambdaScenario::Factory TwoAtOneQueue(Wakes wakes) {
  return [=] {
    LambdaProgram program;
    auto shared = std::make_shared<TwoConditions>(wakes);
    auto first = NewVariable();
    auto second = NewVariable();
    program.threads.push_back([=]() UNCHECKED_SECTION {
      shared->mutex.Acquire();
      first->Store(1, kSc);
      while (!shared->is_ready[0]) shared->changed.Wait(shared->mutex);
      shared->mutex.Release();
    });
    program.threads.push_back([=]() UNCHECKED_SECTION {
      first->Await(1, kSc);
      shared->mutex.Acquire();
      second->Store(1, kSc);
      while (!shared->is_ready[1]) shared->changed.Wait(shared->mutex);
      shared->mutex.Release();
    });
    program.threads.push_back([=]() UNCHECKED_SECTION {
      second->Await(1, kSc);
      for (bool& is_ready : shared->is_ready) {
        shared->mutex.Acquire();
        is_ready = true;
        shared->changed.NotifyOne();
        shared->mutex.Release();
      }
    });
    program.outcome = [] { return "done"; };
    return program;
  };
}

TEST(Waits, ANotificationWakesTheFirstWaiterOrAnyAsItIsTold) {
  Dpor dpor_of_first;
  const Census first = Take(TwoAtOneQueue(Wakes::kFirst), dpor_of_first, false);
  EXPECT_EQ(first.executions, 3u);
  EXPECT_EQ(first.outcomes, std::set<std::string>{"done"});
  Dpor dpor_of_any;
  const Census any = Take(TwoAtOneQueue(Wakes::kAny), dpor_of_any, false);
  EXPECT_EQ(any.executions, 7u);
  EXPECT_EQ(any.deadlocks, 2u);
  EXPECT_EQ(any.outcomes, (std::set<std::string>{"done", "done blocked"}));
}

TEST(Waits, AWaitEndsForNothingAsOftenAsTheBudgetSays) {
  const auto factory = [] {
    LambdaProgram program;
    auto shared = std::make_shared<TwoConditions>(Wakes::kFirst);
    auto wakes = std::make_shared<int>(0);
    program.threads.push_back([=]() UNCHECKED_SECTION {
      shared->mutex.Acquire();
      for (; *wakes < 3; ++*wakes) shared->changed.Wait(shared->mutex);
      shared->mutex.Release();
    });
    program.outcome = [=] { return std::to_string(*wakes); };
    return program;
  };
  for (const uint32_t budget : {0u, 1u, 2u}) {
    Dpor dpor;
    TakeLimits limits;
    limits.idle_wakes = budget;
    std::set<std::string> expected;
    for (uint32_t i = 0; i <= budget; ++i) expected.insert(std::to_string(i) + " blocked");
    EXPECT_EQ(TakeWithin(limits, factory, dpor).outcomes, expected);
  }
}

// --- Loops that look ---

TEST(Waits, ALoopThatLooksHasAsManyTurnsAsThereAreChanges) {
  const auto factory = [] {
    LambdaProgram program;
    auto word = NewVariable();
    auto turns = std::make_shared<int>(0);
    program.threads.push_back([=] {
      for (; word->Load(kSc) != 2; ++*turns) Pause();
    });
    program.threads.push_back([=] {
      word->Store(1, kSc);
      word->Store(1, kSc);
      word->Store(2, kSc);
    });
    program.outcome = [=] { return std::to_string(*turns); };
    return program;
  };
  // The second store changes nothing: it is no reason to look again.
  Dpor dpor;
  EXPECT_EQ(Take(factory, dpor).outcomes, (std::set<std::string>{"0", "1", "2"}));
}

TEST(Waits, ALoopThatLooksForWhatNobodyDoesIsADeadlockThatNamesIt) {
  const Execution execution = RunOnce([] {
    LambdaProgram program;
    auto word = NewVariable();
    program.threads.push_back([=] {
      while (word->Load(kSc) == 0) Pause();
    });
    return program;
  });
  ExpectFailure(execution, FailureKind::kDeadlock, "blocked for ever: t0 (pause variable)");
}

TEST(Waits, APauseAfterAnythingButLooksDoesNotWait) {
  const auto factory = [] {
    LambdaProgram program;
    auto word = NewVariable();
    program.threads.push_back([=] {
      while (word->FetchAdd(1, kSc) < 2) Pause();
    });
    program.outcome = [=] { return std::to_string(word->peek()); };
    return program;
  };
  ExpectCounts(factory, {1, 1, {"3"}});
}

TEST(Waits, ALockThatIsTriedInALoopIsFoundFree) {
  const auto factory = [] {
    LambdaProgram program;
    auto lock = std::make_shared<Mutex>("lock");
    lock->SetBounded();
    auto count = std::make_shared<int>(0);
    for (int i = 0; i < 2; ++i) {
      program.threads.push_back([=]() UNCHECKED_SECTION {
        while (!lock->TryAcquire()) Pause();
        ++*count;
        lock->Release();
      });
    }
    program.outcome = [=] { return std::to_string(*count); };
    return program;
  };
  for (const bool visible_releases : {true, false}) {
    Dpor dpor;
    const Census census = Take(factory, dpor, visible_releases);
    EXPECT_EQ(census.outcomes, std::set<std::string>{"2"});
    // Who is first, and whether the other one tries before the release.
    EXPECT_EQ(census.executions, 4u);
  }
}

// --- Locks ---

TEST(Waits, AWaitWithATimeIsForLocksThatWereDeclared) {
  const Execution execution = RunOnce([] {
    LambdaProgram program;
    auto lock = std::make_shared<Mutex>("lock");
    program.threads.push_back([=]() UNCHECKED_SECTION {
      if (lock->AcquireUntil(1)) lock->Release();
    });
    return program;
  });
  ExpectFailure(execution, FailureKind::kMisuse,
                "lock: tried, or waited for with a deadline, which was not declared (SetBounded)");
}

TEST(Waits, ADeadlineEndsAWaitForALockOnlyWhileSomebodyHasIt) {
  const auto factory = [] {
    LambdaProgram program;
    auto lock = std::make_shared<Mutex>("lock");
    lock->SetBounded();
    auto had = std::make_shared<std::string>();
    had->reserve(8);
    program.threads.push_back([=]() UNCHECKED_SECTION {
      const bool has = lock->AcquireUntil(5);
      *had += has ? 'y' : 'n';
      if (has) lock->Release();
    });
    program.threads.push_back([=]() UNCHECKED_SECTION {
      lock->Acquire();
      lock->Release();
    });
    program.outcome = [=] { return *had; };
    return program;
  };
  // It tries before the other one has the lock, after, or while it has it: then the release comes
  // first, or the deadline, and with that the release before or after the waiter goes on.
  ExpectCounts(factory, {5, 5, {"n", "y"}});
}

TEST(Waits, ARecursiveLockIsFreeWhenItsHolderHasReleasedItAsOften) {
  const auto factory = [] {
    LambdaProgram program;
    auto lock = std::make_shared<RecursiveMutex>("lock");
    auto word = NewVariable();
    auto seen = std::make_shared<int>(0);
    program.threads.push_back([=]() UNCHECKED_SECTION {
      lock->Acquire();
      lock->Acquire();
      word->Store(1, kSc);
      lock->Release();
      word->Store(2, kSc);
      lock->Release();
    });
    program.threads.push_back([=]() UNCHECKED_SECTION {
      lock->Acquire();
      *seen = word->Load(kSc);
      lock->Release();
    });
    program.outcome = [=] { return std::to_string(*seen); };
    return program;
  };
  Dpor dpor;
  const Census census = Take(factory, dpor, /*visible_releases=*/false);
  EXPECT_EQ(census.outcomes, (std::set<std::string>{"0", "2"}));
  EXPECT_EQ(census.executions, 2u);
}

TEST(Waits, WhoSharesALockMayNotTakeItAgain) {
  const Execution execution = RunOnce([] {
    LambdaProgram program;
    auto lock = std::make_shared<SharedMutex>("lock");
    program.threads.push_back([=]() UNCHECKED_SECTION {
      lock->AcquireShared();
      lock->AcquireShared();
    });
    return program;
  });
  ExpectFailure(execution, FailureKind::kMisuse, "lock: acquired twice by the same thread");
}

// --- What is made of words ---

TEST(Waits, WhatThrowsWasNotDoneOnce) {
  const auto factory = [] {
    LambdaProgram program;
    auto once = std::make_shared<Once>("once");
    auto calls = std::make_shared<int>(0);
    for (int i = 0; i < 2; ++i) {
      program.threads.push_back([=] {
        try {
          once->Call([&] {
            if (++*calls == 1) throw std::runtime_error("not yet");
          });
        } catch (const std::runtime_error&) {
        }
      });
    }
    program.outcome = [=] { return std::to_string(*calls); };
    return program;
  };
  Dpor dpor;
  EXPECT_EQ(Take(factory, dpor).outcomes, std::set<std::string>{"2"});
}

TEST(Waits, ABarrierIsAsNewWhenAllHaveCome) {
  const auto factory = [] {
    LambdaProgram program;
    auto barrier = std::make_shared<Barrier>(2, "barrier");
    auto words = std::make_shared<std::array<int, 2>>();
    auto is_right = std::make_shared<bool>(true);
    for (size_t self = 0; self < 2; ++self) {
      program.threads.push_back([=] {
        for (int phase = 1; phase <= 2; ++phase) {
          (*words)[self] = phase;
          barrier->ArriveAndWait();
          *is_right = *is_right && (*words)[1 - self] >= phase;
        }
      });
    }
    program.outcome = [=] { return *is_right ? "in step" : "out of step"; };
    return program;
  };
  Dpor dpor;
  EXPECT_EQ(Take(factory, dpor).outcomes, std::set<std::string>{"in step"});
}

TEST(Waits, AGateThatIsShutByWhoPassesLetsOneThroughEachTime) {
  const auto factory = [] {
    LambdaProgram program;
    auto gate = std::make_shared<Gate>("gate");
    auto passed = std::make_shared<int>(0);
    for (int i = 0; i < 2; ++i) {
      program.threads.push_back([=] { *passed += gate->PassAndShut(kForever) ? 1 : 0; });
    }
    program.threads.push_back([=] { gate->Open(); });
    program.outcome = [=] { return std::to_string(*passed); };
    return program;
  };
  Dpor dpor;
  EXPECT_EQ(Take(factory, dpor).outcomes, std::set<std::string>{"1 blocked"});
}

TEST(Waits, ASemaphoreGivesWhatThereIsEvenToWhoIsLate) {
  const auto factory = [] {
    LambdaProgram program;
    auto semaphore = std::make_shared<Semaphore>(1, "semaphore");
    semaphore->SetBounded();
    auto seen = std::make_shared<std::string>();
    seen->reserve(8);
    program.threads.push_back([=] {
      *seen += semaphore->AcquireUntil(0) ? 'y' : 'n';
      *seen += semaphore->AcquireUntil(0) ? 'y' : 'n';
      *seen += semaphore->TryAcquire() ? 'y' : 'n';
    });
    program.outcome = [=] { return *seen; };
    return program;
  };
  ExpectCounts(factory, {1, 1, {"ynn"}});
}

}  // namespace
}  // namespace sim
