// Condition variables. The numbers of interleavings and traces are small enough to be listed by
// hand; E, N, F, W, A stand for release-and-wait, notify, fire, wait and acquire.
#include "sim/api/cond_var.h"

#include <gtest/gtest.h>

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

struct Monitor {
  Mutex mutex{"lock"};
  CondVar changed{"changed"};
  CondVar other{"other"};
  Atomic<int> flag{0, "flag"};
  int items = 0;
  std::string seen;

  Monitor() { seen.reserve(64); }
  // Waits once, and notes who it was and why it ended.
  void Wait(char who, Time deadline) {
    mutex.Acquire();
    const WaitResult result = changed.WaitUntil(mutex, deadline);
    seen += who;
    seen += result == WaitResult::kSignaled ? 's' : 't';
    mutex.Release();
  }
};

using MonitorBody = std::function<void(Monitor&)>;
LambdaScenario::Factory Together(const std::vector<MonitorBody>& bodies) {
  return [=] {
    LambdaProgram program;
    auto shared = std::make_shared<Monitor>();
    for (const MonitorBody& body : bodies) {
      program.threads.push_back([=, s = shared.get()] { body(*s); });
    }
    program.outcome = [=] { return shared->seen; };
    return program;
  };
}

MonitorBody Waiter(char who, Time deadline) {
  return [=](Monitor& shared) { shared.Wait(who, deadline); };
}

// The same without the numbers.
void ExpectSameTraces(const LambdaScenario::Factory& factory,
                      const std::set<std::string>& outcomes) {
  BruteForce every_interleaving;
  const Census brute = Take(factory, every_interleaving, /*visible_releases=*/false);
  ExpectCounts(factory, {brute.executions, brute.traces.size(), outcomes},
               /*visible_releases=*/false);
}

const MonitorBody kNotifyOne = [](Monitor& shared) { shared.changed.NotifyOne(); };
const MonitorBody kNotifyAll = [](Monitor& shared) { shared.changed.NotifyAll(); };

TEST(CondVar, ANotificationThatNobodyWaitsForIsLost) {
  // The notify before A, before E, or after E; the first two are one trace.
  ExpectCounts(Together({Waiter('a', kForever), kNotifyOne}), {3, 2, {" blocked", "as"}},
               /*visible_releases=*/false);
  ExpectCounts(Together({Waiter('a', kForever), kNotifyAll}), {3, 2, {" blocked", "as"}},
               /*visible_releases=*/false);
}

TEST(CondVar, ALoopAroundTheWaitMissesNothing) {
  const MonitorBody take = [](Monitor& shared) {
    shared.mutex.Acquire();
    while (shared.items == 0) shared.changed.Wait(shared.mutex);
    --shared.items;
    shared.mutex.Release();
    shared.seen += "taken";
  };
  const MonitorBody put = [](Monitor& shared) {
    shared.mutex.Acquire();
    ++shared.items;
    shared.mutex.Release();
    shared.changed.NotifyOne();
  };
  LambdaScenario scenario(Together({take, put}), /*allows_blocked=*/false);
  SleepSets strategy;
  std::set<std::string> outcomes;
  Explore(scenario, strategy, {}, [&](const Execution& execution) {
    EXPECT_FALSE(execution.failure);
    outcomes.insert(scenario.last_outcome());
    return true;
  });
  EXPECT_EQ(outcomes, (std::set<std::string>{"taken"}));
}

TEST(CondVar, AFlagOutsideTheLockLosesAWakeup) {
  // Between the look at the flag and the wait nothing is held that the notifier would need.
  const MonitorBody wait = [](Monitor& shared) {
    shared.mutex.Acquire();
    while (shared.flag.Load(kSc) == 0) shared.changed.Wait(shared.mutex);
    shared.mutex.Release();
  };
  const MonitorBody set = [](Monitor& shared) {
    shared.flag.Store(1, kSc);
    shared.changed.NotifyOne();
  };
  SleepSets strategy;
  const Census census = Take(Together({wait, set}), strategy, /*visible_releases=*/false);
  EXPECT_EQ(census.outcomes, (std::set<std::string>{"", " blocked"}));
}

TEST(CondVar, WhoeverWaitedFirstIsWokenFirst) {
  LambdaScenario scenario(Together({Waiter('a', kForever), Waiter('b', kForever), kNotifyOne}));
  BruteForce strategy;
  Explore(scenario, strategy, {}, [&](const Execution& execution) {
    ThreadId first = kNoThread;
    ThreadId woken = kNoThread;
    bool notified = false;
    for (const Event& step : execution.events) {
      if (step.kind == OpKind::kQueueEnter && first == kNoThread) first = step.thread;
      if (step.kind == OpKind::kQueueWait) woken = step.thread;
      if (step.kind == OpKind::kNotifyOne) notified = first != kNoThread;
    }
    EXPECT_EQ(woken, notified ? first : kNoThread);
    return true;
  });
}

TEST(CondVar, NotifyAllWakesEverybodyWhoWaits) {
  const MonitorBody notify = [](Monitor& shared) {
    shared.mutex.Acquire();
    shared.changed.NotifyAll();
    shared.mutex.Release();
  };
  SleepSets strategy;
  const Census census =
      Take(Together({Waiter('a', kForever), Waiter('b', kForever), notify}), strategy,
           /*visible_releases=*/false);
  EXPECT_EQ(census.outcomes,
            (std::set<std::string>{" blocked", "as blocked", "bs blocked", "asbs", "bsas"}));
}

TEST(CondVar, ADeadlineOrANotificationEndsTheWaitWhicheverComesFirst) {
  // A, E, F, W and A in this order; N before one of them, or last. N before F takes its place.
  ExpectCounts(Together({Waiter('a', kAtAnyMoment), kNotifyOne}), {6, 3, {"as", "at"}},
               /*visible_releases=*/false);
}

TEST(CondVar, AWaiterThatTimedOutIsPassedOver) {
  LambdaScenario scenario(Together({Waiter('a', 1), Waiter('b', kForever), kNotifyOne}));
  BruteForce strategy;
  uint32_t passed_over = 0;
  Explore(scenario, strategy, {}, [&](const Execution& execution) {
    ThreadSet waiting;
    bool late = false;  // The first waiter times out, and wakes up only after the notification.
    for (const Event& step : execution.events) {
      if (step.kind == OpKind::kQueueEnter) waiting.Add(step.thread);
      if (step.kind == OpKind::kTimerFire) late = waiting.Has(1);
      if (step.kind == OpKind::kQueueWait && step.thread == 0) waiting.Remove(0);
      if (step.kind == OpKind::kNotifyOne) break;
    }
    if (!late || !waiting.Has(0)) return true;
    ++passed_over;
    EXPECT_EQ(execution.end, ExecutionEnd::kFinished);
    return true;
  });
  EXPECT_GT(passed_over, 0u);
}

TEST(CondVar, ANotificationMayLetALaterDeadlinePass) {
  // While the first waiter waits, its deadline must pass first; the notification takes it away.
  const MonitorBody wait_longer = [](Monitor& shared) {
    shared.mutex.Acquire();
    const WaitResult result = shared.other.WaitUntil(shared.mutex, 2);
    shared.seen += result == WaitResult::kTimedOut ? std::to_string(Now()) : "!";
    shared.mutex.Release();
  };
  const auto factory = Together({Waiter('a', 1), wait_longer, kNotifyOne});
  ExpectSameTraces(factory, {"as2", "at2", "2as", "2at"});
  LambdaScenario scenario(factory);
  BruteForce strategy;
  uint32_t enabled = 0;
  Explore(scenario, strategy, {}, [&](const Execution& execution) {
    for (size_t i = 0; i + 1 < execution.events.size(); ++i) {
      const Event& notify = execution.events[i];
      const Event& fire = execution.events[i + 1];
      if (notify.kind != OpKind::kNotifyOne || fire.thread != TimerOf(1)) continue;
      if (notify.enabled.Has(fire.thread)) continue;
      ++enabled;
      EXPECT_TRUE(notify.footprint.ConflictsWith(fire.footprint));
    }
    return true;
  });
  EXPECT_GT(enabled, 0u);
}

TEST(CondVar, ADeadlineInThePastLetsGoOfTheLockForAMoment) {
  const MonitorBody look = [](Monitor& shared) {
    shared.mutex.Acquire();
    shared.seen += 'x';
    shared.mutex.Release();
  };
  const MonitorBody wait = [](Monitor& shared) {
    shared.mutex.Acquire();
    shared.seen += '(';
    EXPECT_EQ(shared.changed.WaitUntil(shared.mutex, 0), WaitResult::kTimedOut);
    shared.seen += ')';
    shared.mutex.Release();
  };
  ExpectCounts(Together({wait, look}), {3, 3, {"x()", "(x)", "()x"}}, /*visible_releases=*/false);
}

TEST(CondVar, ATimeoutCountsFromTheMomentTheWaitBegins) {
  const MonitorBody wait_twice = [](Monitor& shared) {
    shared.mutex.Acquire();
    EXPECT_EQ(shared.changed.WaitFor(shared.mutex, 5), WaitResult::kTimedOut);
    EXPECT_EQ(Now(), 5);
    EXPECT_EQ(shared.changed.WaitFor(shared.mutex, 5), WaitResult::kTimedOut);
    EXPECT_EQ(Now(), 10);
    shared.mutex.Release();
    shared.seen = "done";
  };
  ExpectCounts(Together({wait_twice}), {1, 1, {"done"}}, /*visible_releases=*/false);
}

TEST(CondVar, AWaitNeedsTheLock) {
  const MonitorBody wait = [](Monitor& shared) SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis) {
    shared.changed.Wait(shared.mutex);
  };
  ExpectFailure(RunOnce(Together({wait})), FailureKind::kMisuse, "lock: not held");
}

TEST(CondVar, ADeadlockNamesWhatIsWaitedFor) {
  ExpectFailure(RunOnce(Together({Waiter('a', kForever)})), FailureKind::kDeadlock,
                "blocked for ever: t0 (wait changed)");
}

// Where reductions are known to lose classes when the consumer is created last.
TEST(CondVar, AConsumerOfTwoProducersHasOneCountInEveryOrderOfTheThreads) {
  const MonitorBody consumer = [](Monitor& shared) SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis) {
    for (int i = 0; i < 2; ++i) {
      shared.mutex.Acquire();
      while (shared.items == 0) shared.changed.Wait(shared.mutex);
      --shared.items;
      shared.mutex.Release();
    }
    shared.seen = "took both";
  };
  const MonitorBody producer = [](Monitor& shared) SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis) {
    shared.mutex.Acquire();
    ++shared.items;
    shared.changed.NotifyOne();
    shared.mutex.Release();
  };
  ExpectCounts(Together({consumer, producer, producer}), {16, 12, {"took both"}},
               /*visible_releases=*/false);
  ExpectCounts(Together({consumer, producer, producer}), {30, 12, {"took both"}});
}

}  // namespace
}  // namespace sim
