// Threads that threads spawn and join. The numbers of interleavings and traces are small enough to
// be listed by hand.
#include "sim/api/thread.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/api/atomic.h"
#include "sim/api/clock.h"
#include "tests/sim/expect_counts.h"
#include "tests/sim/run_once.h"

namespace sim {
namespace {

// Bodies that outlive the execution, a word, and what was seen.
struct Home {
  Atomic<int> word{0, "word"};
  std::vector<std::function<void()>> bodies;
  std::array<Thread, 4> threads;
  std::string seen;

  Home() { seen.reserve(64); }
  void Spawn(size_t i) { threads.at(i) = Thread::Spawn("child", bodies[i]); }
};

// The set-up starts `parents`; `children` are there for them to spawn.
using HomeBody = std::function<void(Home&)>;
LambdaScenario::Factory Family(const std::vector<HomeBody>& parents,
                               const std::vector<HomeBody>& children) {
  return [=] {
    LambdaProgram program;
    auto shared = std::make_shared<Home>();
    for (const HomeBody& child : children) {
      shared->bodies.push_back([=, s = shared.get()] { child(*s); });
    }
    for (const HomeBody& parent : parents) {
      program.threads.push_back([=, s = shared.get()] { parent(*s); });
    }
    program.outcome = [=] { return shared->seen; };
    return program;
  };
}

HomeBody Add(int value) {
  return [value](Home& shared) { shared.word.FetchAdd(value, kSc); };
}

TEST(Thread, AChildRunsAfterItsSpawnAndBeforeItsJoin) {
  const HomeBody parent = [](Home& shared) {
    shared.word.FetchAdd(1, kSc);
    shared.Spawn(0);
    shared.threads[0].Join();
    shared.seen = std::to_string(shared.word.Load(kSc));
  };
  const HomeBody child = [](Home& shared) {
    shared.word.Store(10 * shared.word.Load(kSc), kSc);
    shared.word.Store(shared.word.Load(kSc) + 1, kSc);
  };
  ExpectCounts(Family({parent}, {child}), {1, 1, {"11"}});
}

TEST(Thread, AnUnjoinedChildRacesWithItsSpawner) {
  const HomeBody parent = [](Home& shared) {
    shared.Spawn(0);
    shared.seen = std::to_string(shared.word.Load(kSc));
  };
  ExpectCounts(Family({parent}, {Add(7)}), {2, 2, {"0", "7"}});
}

TEST(Thread, TheSpawnIsAStepAndTheEndIsNone) {
  const HomeBody parent = [](Home& shared) {
    shared.Spawn(0);
    shared.Spawn(1);
    shared.threads[0].Join();
    shared.threads[1].Join();
  };
  LambdaScenario scenario(Family({parent}, {Add(1), Add(2)}), /*allows_blocked=*/false);
  BruteForce strategy;
  ExploreOptions options;
  Explore(scenario, strategy, options, [](const Execution& execution) {
    EXPECT_EQ(execution.events.size(), 2u + 2u + 2u);
    EXPECT_EQ(execution.end, ExecutionEnd::kFinished);
    EXPECT_EQ(execution.thread_count, 3u);
    return true;
  });
  // The first child's step stands before the second spawn or after; joins follow their child.
  ExpectCounts(Family({parent}, {Add(1), Add(2)}), {5, 2, {""}});
}

TEST(Thread, AThreadWithoutAStepCanBeJoined) {
  const HomeBody parent = [](Home& shared) {
    shared.Spawn(0);
    shared.threads[0].Join();
    shared.threads[0].Join();
  };
  const HomeBody child = [](Home& shared) { shared.seen = "ran"; };
  ExpectCounts(Family({parent}, {child}), {1, 1, {"ran"}});
}

TEST(Thread, ConcurrentSpawnsConflictBecauseTheyNameTheirChildren) {
  auto spawn = [](size_t child) {
    return [child](Home& shared) {
      shared.Spawn(child);
      shared.seen += std::to_string(child) + ":" + std::to_string(shared.threads.at(child).id());
    };
  };
  const HomeBody nothing = [](Home&) {};
  ExpectCounts(Family({spawn(0), spawn(1)}, {nothing, nothing}), {2, 2, {"0:21:3", "1:20:3"}});
}

TEST(Thread, TheLifeOfAThreadIsOrderedAfterItsSpawnAndBeforeItsJoin) {
  const HomeBody parent = [](Home& shared) {
    shared.Spawn(0);
    shared.threads[0].Join();
  };
  const HomeBody child = [](Home& shared) {
    shared.word.Load(kSc);
    static_cast<void>(Choose(2));
    shared.word.Load(kSc);
  };
  LambdaScenario scenario(Family({parent}, {child}));
  BruteForce strategy;
  Explore(scenario, strategy, {}, [](const Execution& execution) {
    EXPECT_EQ(execution.events.size(), 5u);
    HappensBefore order;
    for (const Event& step : execution.events) order.Append(step);
    EXPECT_TRUE(order.Before(0, 1));  // The spawn and the first event of the child,
    EXPECT_TRUE(order.Before(3, 4));  // its last event and the join.
    const bool join_looks_at_the_last =
        execution.events[3].footprint.ConflictsWith(execution.events[4].footprint) &&
        !execution.events[2].footprint.ConflictsWith(execution.events[4].footprint);
    EXPECT_TRUE(join_looks_at_the_last);
    return true;
  });
}

TEST(Thread, AThreadOfTheSetUpCanBeJoined) {
  auto factory = [] {
    LambdaProgram program;
    auto shared = std::make_shared<Home>();
    shared->bodies.push_back([s = shared.get()] { s->word.Store(1, kSc); });
    shared->Spawn(0);
    program.threads.push_back([s = shared.get()] {
      s->threads[0].Join();
      s->seen = std::to_string(s->word.Load(kSc));
    });
    program.outcome = [=] { return shared->seen; };
    return program;
  };
  ExpectCounts(factory, {1, 1, {"1"}});
}

TEST(Thread, ADeadlockNamesTheThreadThatIsJoined) {
  const HomeBody parent = [](Home& shared) {
    shared.Spawn(0);
    shared.Spawn(1);
    shared.threads[1].Join();
  };
  const HomeBody join_sibling = [](Home& shared) {
    shared.word.Load(kSc);
    shared.threads[1].Join();
  };
  const HomeBody join_itself = [](Home& shared) { shared.threads[1].Join(); };
  // The second child runs to its join before its parent can have written its name down.
  ExpectFailure(RunOnce(Family({parent}, {join_sibling, join_itself})), FailureKind::kMisuse,
                "joined a thread that is none");
  const HomeBody load_first = [](Home& shared) {
    shared.word.Load(kSc);
    shared.threads[1].Join();
  };
  ExpectFailure(RunOnce(Family({parent}, {join_sibling, load_first})), FailureKind::kDeadlock,
                "blocked for ever: t0 (join child), child (join child), child (join child)");
}

TEST(Thread, OneMoreThanTheMostIsRefused) {
  const HomeBody parent = [](Home& shared) {
    for (uint32_t i = 1; i < kMaxThreads; ++i) shared.Spawn(0);
    shared.seen = "all";
    if (Choose(2) == 1) shared.Spawn(0);
  };
  LambdaScenario scenario(Family({parent}, {[](Home&) {}}));
  BruteForce strategy;
  std::vector<std::string> ends;
  Explore(scenario, strategy, {}, [&](const Execution& execution) {
    ends.push_back(execution.failure ? execution.failure->message : scenario.last_outcome());
    return true;
  });
  const std::string refused =
      "a scenario may have " + std::to_string(kMaxThreads) + " threads at most";
  EXPECT_EQ(ends, (std::vector<std::string>{"all", refused}));
}

}  // namespace
}  // namespace sim
