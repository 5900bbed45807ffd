// Objects that are gone: whoever uses one, or is about to, fails in every order, and is told which.
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <set>
#include <string>

#include "sim/api/cond_var.h"
#include "sim/api/flag.h"
#include "sim/api/mutex.h"
#include "sim/api/ref_count.h"
#include "tests/sim/lambda_scenario.h"

#define UNCHECKED SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis)

namespace sim {
namespace {

struct Box {
  Mutex lock{"box"};
  Flag bell{"bell"};
  RefCount references{"references"};
};
Box* NewBox() {
  return new (Runtime::Current()->arena().Allocate(sizeof(Box), "box")) Box;
}
void Delete(Box* box) {
  box->~Box();
  Runtime::Current()->Free(box);
}

// The outcomes of all searches, which are the same.
std::set<std::string> OutcomesOf(const LambdaScenario::Factory& factory) {
  BruteForce every_interleaving;
  const std::set<std::string> outcomes = Take(factory, every_interleaving).outcomes;
  SleepSets sleep;
  EXPECT_EQ(Take(factory, sleep).outcomes, outcomes);
  Dpor dpor;
  EXPECT_EQ(Take(factory, dpor).outcomes, outcomes);
  return outcomes;
}

TEST(GoneObjects, ALockIsNotDestroyedUnderWhoeverWaitsForIt) {
  const auto factory = [] {
    LambdaProgram program;
    Box* box = NewBox();
    program.threads.push_back([=]() UNCHECKED {
      box->lock.Acquire();
      box->lock.Release();
    });
    program.threads.push_back([=]() UNCHECKED {
      box->lock.Acquire();
      box->lock.Release();
      Delete(box);
    });
    return program;
  };
  EXPECT_EQ(OutcomesOf(factory),
            (std::set<std::string>{"", "failed: box: used after it was destroyed"}));
}

TEST(GoneObjects, AFlagIsNotSetWhereItsWaiterHasLeftAndDestroyedIt) {
  const auto factory = [] {
    LambdaProgram program;
    Box* box = NewBox();
    program.threads.push_back([=] {
      box->bell.Wait(kAtAnyMoment);
      Delete(box);
    });
    program.threads.push_back([=] { box->bell.Signal(); });
    return program;
  };
  EXPECT_EQ(OutcomesOf(factory),
            (std::set<std::string>{"", "failed: bell: used after it was destroyed"}));
}

// Who destroys it had announced something else; nobody knew before what he would do then.
TEST(GoneObjects, WhoeverComesBeforeTheEndOfAnObjectIsSeenAsWell) {
  const auto factory = [] {
    LambdaProgram program;
    auto bytes = std::make_shared<std::array<std::byte, sizeof(Variable)>>();
    auto* word = new (bytes->data()) Variable(7, "word");
    auto other = NewVariable();
    auto seen = std::make_shared<int>(0);
    program.threads.push_back([=] {
      other->Store(1, kSc);
      word->~Variable();
    });
    program.threads.push_back([=] { *seen = word->Load(kSc); });
    program.outcome = [=, keep = bytes] { return std::to_string(*seen); };
    return program;
  };
  EXPECT_EQ(OutcomesOf(factory),
            (std::set<std::string>{"7", "failed: word: used after it was destroyed"}));
}

// The use fails, not the destruction: whoever destroys goes on, to what else he can be wrong about.
TEST(GoneObjects, AnObjectThatSomebodyIsAboutToUseHidesNothingOfWhoDestroysIt) {
  const auto factory = [] {
    LambdaProgram program;
    auto bytes = std::make_shared<std::array<std::byte, sizeof(Variable)>>();
    auto* word = new (bytes->data()) Variable(7, "word");
    auto first = NewVariable();
    auto second = NewVariable();
    program.threads.push_back([=] {
      first->Store(1, kSc);
      static_cast<void>(word->Load(kSc));
    });
    program.threads.push_back([=] {
      second->Store(1, kSc);
      word->~Variable();
      first->Await(0, kSc);
      Runtime::Current()->FailAssertion("the first came first", "program", 1);
    });
    program.outcome = [=, keep = bytes] { return "fine"; };
    return program;
  };
  EXPECT_EQ(OutcomesOf(factory),
            (std::set<std::string>{"failed: program:1: the first came first",
                                   "failed: word: used after it was destroyed", "fine blocked"}));
}

TEST(GoneObjects, NobodyWaitsForAWordOrAQueueThatIsDestroyed) {
  const auto of_word = [] {
    LambdaProgram program;
    auto bytes = std::make_shared<std::array<std::byte, sizeof(Variable)>>();
    auto* word = new (bytes->data()) Variable(7, "word");
    program.threads.push_back([=] { word->Await(1, kSc); });
    program.threads.push_back([=, keep = bytes] { word->~Variable(); });
    return program;
  };
  EXPECT_EQ(OutcomesOf(of_word),
            std::set<std::string>{"failed: word: used after it was destroyed"});
  const auto of_queue = [] {
    LambdaProgram program;
    auto bytes = std::make_shared<std::array<std::byte, sizeof(CondVar)>>();
    auto* queue = new (bytes->data()) CondVar("queue");
    auto mutex = std::make_shared<Mutex>("mutex");
    auto waits = NewVariable();
    program.threads.push_back([=]() UNCHECKED {
      mutex->Acquire();
      waits->Store(1, kSc);
      queue->Wait(*mutex);
      mutex->Release();
    });
    program.threads.push_back([=, keep = bytes]() UNCHECKED {
      waits->Await(1, kSc);
      mutex->Acquire();
      mutex->Release();
      queue->~CondVar();
    });
    return program;
  };
  EXPECT_EQ(OutcomesOf(of_queue),
            std::set<std::string>{"failed: queue: used after it was destroyed"});
}

TEST(GoneObjects, AReferenceIsTakenInsideALeafOnlyWhereOneIsLeft) {
  const auto factory = [] {
    LambdaProgram program;
    auto table = std::make_shared<SharedMutex>("table");
    auto references = std::make_shared<RefCount>("references");
    program.threads.push_back([=]() UNCHECKED {
      table->AcquireShared(1);
      references->Increment();
      table->ReleaseShared();
    });
    program.threads.push_back([=] { static_cast<void>(references->Decrement()); });
    return program;
  };
  EXPECT_EQ(
      OutcomesOf(factory),
      (std::set<std::string>{"", "failed: references: a reference was taken when none was left"}));
}

TEST(GoneObjects, AReferenceIsTakenOnlyWhereOneIsLeft) {
  const auto factory = [] {
    LambdaProgram program;
    auto references = std::make_shared<RefCount>("references");
    program.threads.push_back([=] { static_cast<void>(references->Decrement()); });
    program.threads.push_back([=] { references->Increment(); });
    return program;
  };
  EXPECT_EQ(
      OutcomesOf(factory),
      (std::set<std::string>{"", "failed: references: a reference was taken when none was left"}));
}

TEST(GoneObjects, WhatWasDestroyedTwiceIsNamed) {
  const auto factory = [] {
    LambdaProgram program;
    Box* box = NewBox();
    auto word = NewVariable();
    program.threads.push_back([=] {
      word->Store(1, kSc);
      Delete(box);
    });
    program.threads.push_back([=] {
      if (word->Load(kSc) == 1) Delete(box);
    });
    return program;
  };
  EXPECT_EQ(OutcomesOf(factory),
            (std::set<std::string>{"", "failed: references: used after it was destroyed"}));
}

// Nobody announces that he is about to wait.
TEST(GoneObjects, AFlagThatTwoWaitForHidesNoOrderInWhichTheyDoNot) {
  const auto factory = [] {
    LambdaProgram program;
    auto flag = std::make_shared<Flag>("flag");
    for (int i = 0; i < 2; ++i) {
      program.threads.push_back([=, word = NewVariable()] {
        word->Store(1, kSc);
        flag->Wait(kAtAnyMoment);
      });
    }
    return program;
  };
  EXPECT_EQ(OutcomesOf(factory),
            (std::set<std::string>{"", "failed: flag: waited for by two threads"}));
}

// Of n threads that drop one count each, only who is the last makes a difference.
TEST(GoneObjects, EightThreadsThatDropOneCountAreEightClasses) {
  const auto factory = [] {
    LambdaProgram program;
    auto count = std::make_shared<RefCount>("references", 8);
    auto last = std::make_shared<int>(-1);
    for (int i = 0; i < 8; ++i) {
      program.threads.push_back([=] {
        if (count->Decrement()) *last = i;
      });
    }
    program.outcome = [=] { return std::to_string(*last); };
    return program;
  };
  Dpor dpor;
  const Census census = Take(factory, dpor);
  EXPECT_EQ(census.executions, 8u);
  EXPECT_LE(census.stopped, 21u);
  EXPECT_EQ(census.outcomes.size(), 8u);
}

// --- Checks at boundaries ---

LambdaScenario::Factory TwoWords(bool declared) {
  return [=] {
    LambdaProgram program;
    auto x = NewVariable();
    auto y = NewVariable();
    if (declared) {
      x->SetChecked();
      y->SetChecked();
    }
    program.threads.push_back([=] { x->Store(1, kSc); });
    program.threads.push_back([=] { y->Store(1, kSc); });
    program.at_boundary = [=] {
      if (y->peek() == 1 && x->peek() == 0) {
        Runtime::Current()->Fail(FailureKind::kInvariant, "y without x");
      }
    };
    return program;
  };
}

TEST(Boundaries, ACheckOverTwoObjectsSeesBothOrdersOfTheirChanges) {
  EXPECT_EQ(OutcomesOf(TwoWords(/*declared=*/true)),
            (std::set<std::string>{"", "failed: y without x"}));
}

TEST(Boundaries, WhatACheckLooksAtHasToBeDeclared) {
  EXPECT_EQ(
      OutcomesOf(TwoWords(/*declared=*/false)),
      (std::set<std::string>{"failed: variable: looked at by a check at a boundary, which was "
                             "not declared (Runtime::Checked)"}));
}

// --- Long executions ---

TEST(LongExecutions, AThreadMayHaveAMillionEvents) {
  const auto factory = [] {
    LambdaProgram program;
    auto word = NewVariable();
    program.threads.push_back([=] {
      for (int i = 0; i < 1'000'000; ++i) word->Load(kSc);
    });
    return program;
  };
  LambdaScenario scenario(factory);
  ExploreOptions options;
  options.limits.max_steps = 2'000'000;
  options.determinism_every = 0;
  Dpor dpor;
  size_t events = 0;
  const Exploration result = Explore(scenario, dpor, options, [&](const Execution& execution) {
    events = execution.events.size();
    return true;
  });
  EXPECT_EQ(events, 1'000'000u);
  EXPECT_EQ(result.executions, 1u);
}

}  // namespace
}  // namespace sim
