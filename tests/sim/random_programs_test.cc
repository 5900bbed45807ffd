// The searches against each other, on thousands of random programs: what brute force sees is the
// truth, and everything cleverer must see the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>

#include "sim/engine/replay.h"
#include "sim/strategies/portfolio.h"
#include "sim/strategies/random_walk.h"
#include "tests/sim/random_program.h"

namespace sim {
namespace {

const uint32_t kPrograms = ProgramsToDraw();

// Calls `check` with programs whose interleavings can all be run, until it has seen `count`.
template <typename Check>
void ForEachSmallProgram(uint64_t seed, uint32_t count, bool visible_releases, Check check) {
  Random random(seed);
  for (uint32_t done = 0; done < count;) {
    const RandomProgram program = DrawProgram(random, visible_releases);
    BruteForce strategy;
    const Census brute = Take(FactoryOf(program), strategy, visible_releases, kMaxInterleavings);
    if (brute.end == ExploreEnd::kLimit) continue;
    ASSERT_EQ(brute.end, ExploreEnd::kExhausted) << program.Print();
    check(program, brute);
    if (testing::Test::HasFailure()) return;
    ++done;
  }
}

struct Tally {
  uint64_t interleavings = 0;
  uint64_t traces = 0;
  uint64_t stopped = 0;
  uint64_t deadlocks = 0;
  uint64_t timed = 0;
  uint64_t conditions = 0;
  uint64_t spawning = 0;
  uint64_t awaiting = 0;
};

template <typename Reduction>
Tally CompareWithBruteForce(uint64_t seed, bool visible_releases) {
  Tally tally;
  auto check = [&tally](const RandomProgram& program, const Census& brute) {
    Reduction strategy;
    const Census reduced = Take(FactoryOf(program), strategy, program.visible_releases);
    EXPECT_EQ(reduced.end, ExploreEnd::kExhausted) << program.Print();
    EXPECT_EQ(reduced.traces, brute.traces) << program.Print();
    EXPECT_EQ(reduced.repeated_traces, 0u) << program.Print();
    EXPECT_EQ(reduced.outcomes, brute.outcomes) << program.Print();
    tally.interleavings += brute.executions;
    tally.traces += reduced.executions;
    tally.stopped += reduced.stopped;
    tally.deadlocks += reduced.deadlocks;
    tally.timed += program.Uses(ProgramOp::Kind::kWait) ? 1 : 0;
    const bool notifies =
        program.Uses(ProgramOp::Kind::kNotifyOne) || program.Uses(ProgramOp::Kind::kNotifyAll);
    tally.conditions += notifies && program.Uses(ProgramOp::Kind::kCondWait) ? 1 : 0;
    tally.spawning += program.spawned != 0 ? 1 : 0;
    tally.awaiting += program.Uses(ProgramOp::Kind::kAwait) ? 1 : 0;
  };
  ForEachSmallProgram(seed, kPrograms, visible_releases, check);
  testing::Test::RecordProperty("interleavings", std::to_string(tally.interleavings));
  testing::Test::RecordProperty("traces", std::to_string(tally.traces));
  testing::Test::RecordProperty("stopped", std::to_string(tally.stopped));
  return tally;
}

// The programs are worth something: they reduce, they deadlock, they wait in every way.
void ExpectWorthComparing(const Tally& tally) {
  EXPECT_GT(tally.interleavings, 3 * tally.traces);
  EXPECT_GT(tally.deadlocks, kPrograms / 20);
  EXPECT_GT(tally.timed, kPrograms / 20);
  EXPECT_GT(tally.awaiting, kPrograms / 20);
  EXPECT_GT(tally.conditions, kPrograms / 20);
  EXPECT_GT(tally.spawning, kPrograms / 20);
}

TEST(RandomPrograms, SleepSetsSeeEveryTraceOnceWithVisibleReleases) {
  ExpectWorthComparing(CompareWithBruteForce<SleepSets>(1, /*visible_releases=*/true));
}

TEST(RandomPrograms, SleepSetsSeeEveryTraceOnceWithFoldedReleases) {
  ExpectWorthComparing(CompareWithBruteForce<SleepSets>(2, /*visible_releases=*/false));
}

TEST(RandomPrograms, SourceSetsSeeEveryTraceOnceWithVisibleReleases) {
  ExpectWorthComparing(CompareWithBruteForce<Dpor>(8, /*visible_releases=*/true));
}

TEST(RandomPrograms, SourceSetsSeeEveryTraceOnceWithFoldedReleases) {
  ExpectWorthComparing(CompareWithBruteForce<Dpor>(9, /*visible_releases=*/false));
}

// Time that passes only when nothing else can happen, or a bounded number of times before.
TEST(RandomPrograms, ABoundOnEarlyDeadlinesIsKeptByEveryReduction) {
  uint64_t fewer = 0;
  auto check = [&fewer](const RandomProgram& program, const Census& unbounded) {
    using Op = ProgramOp::Kind;
    if (!program.Uses(Op::kWait) && !program.Uses(Op::kCondWait)) return;
    for (uint32_t early_fires : {0u, 1u}) {
      const auto take = [&](Strategy&& strategy) {
        return Take(FactoryOf(program), strategy, program.visible_releases, 0, early_fires);
      };
      const Census brute = take(BruteForce());
      EXPECT_TRUE(std::includes(unbounded.outcomes.begin(), unbounded.outcomes.end(),
                                brute.outcomes.begin(), brute.outcomes.end()))
          << program.Print();
      fewer += unbounded.outcomes.size() - brute.outcomes.size();
      for (const Census& reduced : {take(SleepSets()), take(Dpor())}) {
        EXPECT_EQ(reduced.traces, brute.traces) << early_fires << " in " << program.Print();
        EXPECT_EQ(reduced.repeated_traces, 0u) << early_fires << " in " << program.Print();
        EXPECT_EQ(reduced.outcomes, brute.outcomes) << early_fires << " in " << program.Print();
      }
    }
  };
  ForEachSmallProgram(22, kPrograms / 2, /*visible_releases=*/true, check);
  ForEachSmallProgram(23, kPrograms / 2, /*visible_releases=*/false, check);
  EXPECT_GT(fewer, kPrograms / 20);
}

TEST(RandomPrograms, FoldedReleasesLoseNoOutcome) {
  auto check = [](const RandomProgram& program, const Census& brute) {
    RandomProgram folded = program;
    folded.visible_releases = false;
    if (folded.Uses(ProgramOp::Kind::kTry)) return;
    SleepSets strategy;
    EXPECT_EQ(Take(FactoryOf(folded), strategy, false).outcomes, brute.outcomes) << program.Print();
  };
  ForEachSmallProgram(3, kPrograms / 4, /*visible_releases=*/true, check);
}

void ExpectTracesWithin(const RandomProgram& program, uint32_t bound,
                        const std::map<uint64_t, uint32_t>& least_cost, Strategy& strategy) {
  const Census bounded = Take(FactoryOf(program), strategy, program.visible_releases);
  std::set<uint64_t> within;
  for (const auto& [trace, cost] : least_cost) {
    if (cost <= bound) within.insert(trace);
  }
  EXPECT_EQ(bounded.traces, within) << "at most " << bound << " in " << program.Print();
}

TEST(RandomPrograms, BoundedSeesExactlyTheTracesWithinTheBound) {
  auto check = [](const RandomProgram& program, const Census& brute) {
    for (uint32_t bound = 0; bound <= 3; ++bound) {
      Bounded preemptions(bound);
      ExpectTracesWithin(program, bound, brute.least_preemptions, preemptions);
      DelayBounded delays(bound);
      ExpectTracesWithin(program, bound, brute.least_delays, delays);
    }
  };
  ForEachSmallProgram(4, kPrograms / 4, /*visible_releases=*/true, check);
  ForEachSmallProgram(5, kPrograms / 4, /*visible_releases=*/false, check);
}

TEST(RandomPrograms, SamplingSeesOnlyTracesThatThereAre) {
  auto check = [](const RandomProgram& program, const Census& brute) {
    Sampling strategy(std::make_unique<Portfolio>(), {1, 40});
    const Census drawn = Take(FactoryOf(program), strategy, program.visible_releases);
    EXPECT_EQ(drawn.executions, 40u + Sampling::kProfiles) << program.Print();
    EXPECT_TRUE(std::includes(brute.traces.begin(), brute.traces.end(), drawn.traces.begin(),
                              drawn.traces.end()))
        << program.Print();
  };
  ForEachSmallProgram(8, kPrograms / 4, /*visible_releases=*/true, check);
}

TEST(RandomPrograms, TheScheduleOfAnExecutionReproducesIt) {
  Random random(6);
  for (uint32_t i = 0; i < kPrograms; ++i) {
    const RandomProgram program = DrawProgram(random, i % 2 == 0);
    LambdaScenario scenario(FactoryOf(program), /*allows_blocked=*/i % 3 != 0);
    ExecutionLimits limits;
    limits.visible_releases = program.visible_releases;
    limits.max_steps = i % 5 == 0 ? 6 : 1000;
    Runtime runtime(limits);
    RandomWalk walk(i, 5);
    Execution execution;
    Execution again;
    while (walk.BeginExecution()) {
      runtime.Execute(scenario, walk, execution);
      const std::string outcome = scenario.Observe();
      const Schedule schedule = ScheduleOf(execution);
      Replay replay(schedule);
      ASSERT_TRUE(replay.BeginExecution());
      runtime.Execute(scenario, replay, again);
      replay.EndExecution(again);
      EXPECT_FALSE(replay.divergence()) << program.Print();
      ASSERT_EQ(again.hash, execution.hash) << program.Print();
      ASSERT_EQ(again.end, execution.end) << program.Print();
      ASSERT_EQ(again.failure.has_value(), execution.failure.has_value()) << program.Print();
      ASSERT_EQ(ScheduleOf(again), schedule) << program.Print();
      ASSERT_EQ(scenario.Observe(), outcome) << program.Print();
    }
  }
}

// Runs given threads, then stops and keeps what the state looks like. Values are a function of the
// thread alone, so that they do not depend on the order of independent events.
class Probe final : public Strategy {
 public:
  explicit Probe(const std::vector<ThreadId>& threads) : threads_(threads) {}

  bool BeginExecution() override { return true; }
  ThreadId PickThread(const SchedulePoint& point) override {
    if (point.step < threads_.size() && point.enabled.Has(threads_[point.step])) {
      return threads_[point.step];
    }
    Keep(point.enabled, point.pending);
    return kNoThread;
  }
  uint32_t PickValue(const ValuePoint& point) override { return point.thread % point.count; }
  void EndExecution(const Execution&) override {}

  ThreadSet enabled;
  std::array<Operation, 2 * kMaxThreads> pending;

 private:
  void Keep(ThreadSet now_enabled, std::span<const Operation> now_pending) {
    enabled = now_enabled;
    std::copy(now_pending.begin(), now_pending.end(), pending.begin());
  }
  const std::vector<ThreadId>& threads_;
};

// A program with a place to stop at, to look at what two operations do to each other.
class IndependenceChecker {
 public:
  explicit IndependenceChecker(const RandomProgram& program)
      : program_(program), scenario_(FactoryOf(program)), runtime_(LimitsOf(program)) {}

  struct State {
    ThreadSet enabled;
    std::array<Operation, 2 * kMaxThreads> pending;
    Footprint last;  // Of the last event, to who comes next.
    size_t steps = 0;
    uint64_t signature = 0;
    std::string observed;
  };

  // The state after `threads`; fewer steps if one of them could not run.
  State After(const std::vector<ThreadId>& threads) {
    Probe probe(threads);
    runtime_.Execute(scenario_, probe, execution_);
    TraceSignature order;
    order.Update(execution_);
    State state{probe.enabled, probe.pending,      {}, execution_.events.size(),
                order.value(), scenario_.Observe()};
    if (!execution_.events.empty()) state.last = execution_.events.back().footprint;
    for (const Aside& aside : execution_.asides) {
      if (aside.event + 1 == execution_.events.size()) state.last.Add(aside.access);
    }
    return state;
  }

  struct Pairs {
    uint64_t independent = 0;
    uint64_t dependent = 0;
    uint64_t with_a_third = 0;
  };

  // Every pair of threads in the state after `prefix`, and what a third does to it.
  void Check(std::vector<ThreadId> prefix) {
    const State before = After(prefix);
    for (ThreadId p : before.enabled) {
      prefix.push_back(p);
      const State after = After(prefix);
      for (ThreadId r = 0; r < 2 * kMaxThreads; ++r) {
        if (OwnerOf(r) == OwnerOf(p) || before.pending[r].kind == OpKind::kNone) continue;
        // What it would do now: of a count, whether a drop is the last depends on p.
        const bool is_known = !after.enabled.empty() && after.pending[r].kind != OpKind::kNone;
        const Operation& pending = is_known ? after.pending[r] : before.pending[r];
        if (after.last.ConflictsWith(pending.footprint)) {
          CheckStillDependent(p, r, after, after);
          ++pairs_.dependent;
        } else {
          ++pairs_.independent;
          CheckPair(prefix, p, r, before, after);
          if (before.enabled.Has(r)) CheckThird(prefix, p, r, after);
        }
      }
      prefix.pop_back();
    }
  }
  const Pairs& pairs() const { return pairs_; }

 private:
  static ExecutionLimits LimitsOf(const RandomProgram& program) {
    ExecutionLimits limits;
    limits.visible_releases = program.visible_releases;
    return limits;
  }

  // Dependence does not go away: what conflicted with p before p still does after it, and after
  // what is independent of p.
  void CheckStillDependent(ThreadId p, ThreadId r, const State& after_p, const State& later) {
    if (later.enabled.empty())
      return;  // Nobody was asked, and nothing is known of what is pending.
    EXPECT_TRUE(later.pending[r].kind != OpKind::kNone &&
                after_p.last.ConflictsWith(later.pending[r].footprint))
        << +r << " no longer depends on " << +p << " in " << program_.Print();
  }

  // `prefix` ends with p, of which the enabled q is independent.
  void CheckThird(std::vector<ThreadId> prefix, ThreadId p, ThreadId q, const State& after_p) {
    prefix.push_back(q);
    const State later = After(prefix);
    for (ThreadId r = 0; r < 2 * kMaxThreads; ++r) {
      if (OwnerOf(r) == OwnerOf(p) || OwnerOf(r) == OwnerOf(q)) continue;
      if (after_p.pending[r].kind == OpKind::kNone) continue;
      if (!after_p.last.ConflictsWith(after_p.pending[r].footprint)) continue;
      ++pairs_.with_a_third;
      CheckStillDependent(p, r, after_p, later);
    }
  }

  // `prefix` ends with p, which is independent of r.
  void CheckPair(std::vector<ThreadId> prefix, ThreadId p, ThreadId r, const State& before,
                 const State& after) {
    const std::string what = std::string(OpName(before.pending[p].kind)) + " by " +
                             std::to_string(p) + " and " +
                             std::string(OpName(before.pending[r].kind)) + " by " +
                             std::to_string(r) + " in " + program_.Print();
    EXPECT_EQ(after.enabled.Has(r), before.enabled.Has(r)) << what;
    // Where nothing is enabled, nobody was asked and nothing is known of what is pending.
    if (!after.enabled.empty()) {
      EXPECT_EQ(after.pending[r].kind, before.pending[r].kind) << what;
    }
    if (!before.enabled.Has(r)) return;
    prefix.push_back(r);
    const State first_p = After(prefix);
    std::swap(prefix[prefix.size() - 1], prefix[prefix.size() - 2]);
    const State first_r = After(prefix);
    EXPECT_EQ(first_p.steps, prefix.size()) << what;
    EXPECT_EQ(first_r.steps, prefix.size()) << what;
    EXPECT_EQ(first_p.enabled, first_r.enabled) << what;
    EXPECT_EQ(first_p.signature, first_r.signature) << what;
    EXPECT_EQ(first_p.observed, first_r.observed) << what;
  }

  const RandomProgram& program_;
  LambdaScenario scenario_;
  Runtime runtime_;
  Execution execution_;
  Pairs pairs_;
};

// Abdulla et al., JACM 2017, section 3: what a valid happens-before assignment promises.
TEST(RandomPrograms, IndependentOperationsCommuteAndDependenceLasts) {
  Random random(7);
  IndependenceChecker::Pairs pairs;
  for (uint32_t i = 0; i < kPrograms; ++i) {
    const RandomProgram program = DrawProgram(random, i % 2 == 0);
    IndependenceChecker checker(program);
    std::vector<ThreadId> prefix;
    for (;;) {
      const ThreadSet enabled = checker.After(prefix).enabled;
      if (enabled.empty()) break;
      checker.Check(prefix);
      prefix.push_back(enabled.Nth(random.Below(enabled.size())));
    }
    ASSERT_FALSE(HasFailure());
    pairs.independent += checker.pairs().independent;
    pairs.dependent += checker.pairs().dependent;
    pairs.with_a_third += checker.pairs().with_a_third;
  }
  EXPECT_GT(pairs.independent, kPrograms * 4);
  EXPECT_GT(pairs.dependent, kPrograms);
  EXPECT_GT(pairs.with_a_third, kPrograms / 20);
}

}  // namespace
}  // namespace sim
