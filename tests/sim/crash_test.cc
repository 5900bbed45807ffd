// Code under test that crashes, throws, or uses memory that is not its own: each is the verdict of
// the execution that it happens in, and the next one begins as if nothing had been.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include "sim/api/clock.h"
#include "sim/engine/sanitizer.h"
#include "tests/sim/run_once.h"

#ifdef HEDDLE_ASAN
#include <sanitizer/lsan_interface.h>
#endif

namespace sim {
namespace {

// An execution that is abandoned with an exception in hand does not destroy it.
#ifdef HEDDLE_ASAN
using LeaksAllowed = __lsan::ScopedDisabler;
// The sanitizer tells of the access, the engine of what it finds of it.
std::string Of(const std::string& /*finding*/, const std::string& report) {
  return report;
}
#else
struct LeaksAllowed {
  LeaksAllowed() {}
};
std::string Of(const std::string& finding, const std::string& /*report*/) {
  return finding;
}
#endif

// Two threads; the second does `wrong` in the order of the two in which it sees the first.
LambdaScenario::Factory WrongInOneOrder(const std::function<void()>& wrong) {
  return [=] {
    LambdaProgram program;
    auto x = NewVariable();
    program.threads.push_back([=] { x->Store(1, kSc); });
    program.threads.push_back([=] {
      if (x->Load(kSc) == 1) wrong();
    });
    return program;
  };
}

using Verdicts = std::map<std::string, int>;

// How often each verdict came in a complete search that runs everything twice; "" is none.
Verdicts Search(const LambdaScenario::Factory& factory) {
  LambdaScenario scenario(factory, /*allows_blocked=*/false);
  BruteForce strategy;
  ExploreOptions options;
  options.determinism_every = 1;
  Verdicts verdicts;
  const Exploration result = Explore(scenario, strategy, options, [&](const Execution& execution) {
    const auto& failure = execution.failure;
    ++verdicts[failure ? std::string(FailureName(failure->kind)) + ": " + failure->message : ""];
    return true;
  });
  EXPECT_EQ(result.end, ExploreEnd::kExhausted);
  return verdicts;
}

void ExpectVerdict(const std::function<void()>& wrong, const std::string& verdict) {
  EXPECT_EQ(Search(WrongInOneOrder(wrong)), (Verdicts{{"", 1}, {verdict, 1}}));
}

TEST(Crash, AbortEndsItsExecutionAndNoOther) {
  ExpectVerdict([] { std::abort(); }, "crash: Aborted");
}

TEST(Crash, SoDoesASignalThatTheThreadSendsItself) {
  ExpectVerdict([] { std::raise(SIGSYS); }, "crash: Bad system call");
  ExpectVerdict([] { __builtin_trap(); }, "crash: Illegal instruction");
  ExpectVerdict([] { std::raise(SIGTRAP); }, "crash: Trace/breakpoint trap");
  ExpectVerdict([] { std::raise(SIGFPE); }, "crash: Floating point exception");
  ExpectVerdict([] { std::raise(SIGBUS); }, "crash: Bus error");
}

// Apart, so that no compiler sees that this is the end.
[[gnu::noinline]] void GoTooFar() {
  throw std::range_error("too far\nfrom home");
}

TEST(Crash, TerminateSaysWhichExceptionWasNotCaught) {
  const LeaksAllowed leaks;
  ExpectVerdict([] { std::terminate(); }, "crash: terminated without an exception");
  ExpectVerdict([]() noexcept { GoTooFar(); },
                "crash: terminated: nothing caught an exception: std::range_error: too far");
}

TEST(Crash, AnExceptionThatLeavesTheThreadIsOne) {
  ExpectVerdict([] { throw std::runtime_error("boom"); },
                "crash: an exception left the thread: std::runtime_error: boom");
  ExpectVerdict([] { throw 7; }, "crash: an exception left the thread: int");
}

TEST(Crash, AnExceptionInTheSetUpIsOne) {
  const LeaksAllowed leaks;
  const Execution execution =
      RunOnce([]() -> LambdaProgram { throw std::runtime_error("no objects"); });
  ExpectFailure(execution, FailureKind::kCrash,
                "terminated: nothing caught an exception: std::runtime_error: no objects");
}

TEST(Crash, APointerFromFreedMemoryIsNamedAsSuch) {
  ExpectVerdict(
      [] {
        struct Node {
          int value;
          Node* volatile next;
        };
        Arena& arena = Runtime::Current()->arena();
        auto* node = new (arena.Allocate(sizeof(Node), "node")) Node{1, nullptr};
        Node* volatile kept = node;
        arena.Free(node);
        kept->next->value = 2;
      },
      Of("crash: a pointer was followed that came from memory that was freed, or never written to",
         "memory error: use-after-poison near node, freed"));
}

// It is not the execution's, so no verdict either: it does what it would have done anyway.
TEST(CrashDeathTest, ASignalFromAnotherProcessIsNoVerdict) {
  for (const int signal : {SIGABRT, SIGSYS}) {
    EXPECT_EXIT(
        {
          LambdaScenario scenario([&] {
            LambdaProgram program;
            program.threads.push_back([=] {
              const pid_t self = getpid();
              if (fork() == 0) {
                kill(self, signal);
                _exit(0);
              }
              for (;;) pause();
            });
            return program;
          });
          Runtime runtime;
          BruteForce strategy;
          Execution execution;
          strategy.BeginExecution();
          runtime.Execute(scenario, strategy, execution);
          _exit(0);
        },
        testing::KilledBySignal(signal), "");
  }
}

TEST(Exceptions, BelongToTheThreadThatThrewThem) {
  const auto thread = [](const std::shared_ptr<Variable>& x, int self) {
    return [=] {
      for (int round = 0; round < 2; ++round) {
        try {
          try {
            throw self;
          } catch (int) {
            x->FetchAdd(1, kSc);  // The other one catches, throws again, is in the middle of it.
            throw;
          }
        } catch (int caught) {
          if (caught != self) Runtime::Current()->Fail(FailureKind::kAssertion, "not its own");
        }
      }
      if (std::uncaught_exceptions() != 0 || std::current_exception() != nullptr) {
        Runtime::Current()->Fail(FailureKind::kAssertion, "something is left");
      }
    };
  };
  const Verdicts verdicts = Search([=] {
    LambdaProgram program;
    auto x = NewVariable();
    for (int self = 0; self < 3; ++self) program.threads.push_back(thread(x, self));
    return program;
  });
  EXPECT_EQ(verdicts, (Verdicts{{"", 90}}));  // 6! / 2!^3 orders.
}

// What a thread does while an exception passes through it.
struct Passing {
  std::function<void()> then;
  ~Passing() { then(); }
};

TEST(Exceptions, OnesThatPassThroughAThreadAreNotSeenByOthers) {
  const Verdicts verdicts = Search([] {
    LambdaProgram program;
    auto x = NewVariable();
    const auto count = [=] {
      const int before = std::uncaught_exceptions();
      x->FetchAdd(1, kSc);
      if (before != std::uncaught_exceptions()) {
        Runtime::Current()->Fail(FailureKind::kAssertion, "not its own");
      }
    };
    program.threads.push_back([=] {
      try {
        const Passing passing{count};
        throw 1;
      } catch (int) {
      }
    });
    program.threads.push_back(count);
    return program;
  });
  EXPECT_EQ(verdicts, (Verdicts{{"", 2}}));
}

TEST(Exceptions, AnAbandonedExecutionLeavesNoneToTheNext) {
  const LeaksAllowed leaks;
  int runs = 0;
  const Verdicts verdicts = Search([&] {
    LambdaProgram program;
    if (std::uncaught_exceptions() != 0 || std::current_exception() != nullptr) {
      Runtime::Current()->Fail(FailureKind::kAssertion, "something is left");
    }
    ++runs;
    program.threads.push_back([] {
      if (std::uncaught_exceptions() != 0 || std::current_exception() != nullptr) {
        Runtime::Current()->Fail(FailureKind::kAssertion, "something is left");
      }
      static const std::runtime_error in_hand("in hand");
      static const std::exception_ptr kept = std::make_exception_ptr(in_hand);
      try {
        std::rethrow_exception(kept);
      } catch (const std::exception&) {
        static_cast<void>(Now());
        Runtime::Current()->Fail(FailureKind::kClaim, "with an exception in hand");
      }
    });
    program.threads.push_back([] { static_cast<void>(Now()); });
    return program;
  });
  EXPECT_GE(runs, 2);
  EXPECT_EQ(verdicts.size(), 1u);
  EXPECT_TRUE(verdicts.contains("claim: with an exception in hand"));
  EXPECT_EQ(std::uncaught_exceptions(), 0);
  EXPECT_EQ(std::current_exception(), nullptr);
}

struct Box {
  int data = 7;
};

TEST(Memory, FreeingTwiceIsAVerdictWhereItHappens) {
  ExpectVerdict(
      [] {
        void* box = Runtime::Current()->arena().Allocate(sizeof(Box), "box");
        Runtime::Current()->Free(box);
        Runtime::Current()->Free(box);
        std::abort();
      },
      "memory error: box: freed twice");
}

TEST(Memory, FreeingWhatIsNoBlockIsAVerdictWhereItHappens) {
  ExpectVerdict(
      [] {
        Box box;
        Runtime::Current()->Free(&box);
        std::abort();
      },
      "memory error: freed what was never allocated");
}

TEST(Memory, ARefusalThatNobodyLookedAtIsAVerdictInTheEnd) {
  ExpectVerdict(
      [] {
        Arena& arena = Runtime::Current()->arena();
        void* box = arena.Allocate(sizeof(Box), "box");
        arena.Free(box);
        arena.Free(box);
      },
      "memory error: box: freed twice");
}

TEST(Memory, AWriteAfterTheFreeIsAVerdictAndComesBeforeALeak) {
  ExpectVerdict(
      [] {
        Arena& arena = Runtime::Current()->arena();
        arena.Allocate(8, "leaked");
        Box* volatile box = new (arena.Allocate(sizeof(Box), "box")) Box;
        Runtime::Current()->Free(box);
        box->data = 9;
      },
      Of("memory error: box: written to after it was freed",
         "memory error: use-after-poison near box, freed"));
}

TEST(Memory, AWritePastTheEndIsAVerdict) {
  ExpectVerdict(
      [] {
        auto* bytes = static_cast<volatile char*>(Runtime::Current()->arena().Allocate(3, "bytes"));
        bytes[3] = 1;
        Runtime::Current()->Free(const_cast<char*>(bytes));
      },
      Of("memory error: bytes: written to past its end",
         "memory error: use-after-poison near bytes"));
}

#ifdef HEDDLE_ASAN
TEST(Memory, WhatASanitizerReportsOfOtherMemoryIsAVerdictToo) {
  ExpectVerdict(
      [] {
        auto* box = new Box;
        volatile int* data = &box->data;
        delete box;
        *data = 1;
      },
      "memory error: heap-use-after-free");
}

TEST(Crash, UndefinedBehaviourIsAVerdictWhereASanitizerReportsIt) {
  volatile int largest = std::numeric_limits<int>::max();
  ExpectVerdict([&] { largest = largest + 1; },
                "crash: undefined behaviour, as a sanitizer reported");
}
#endif

}  // namespace
}  // namespace sim
