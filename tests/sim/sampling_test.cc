// What every way of sampling promises, and the distribution that each is known for.
#include "sim/strategies/sampling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/api/atomic.h"
#include "sim/api/clock.h"
#include "sim/api/mutex.h"
#include "sim/api/thread.h"
#include "sim/strategies/pct.h"
#include "sim/strategies/portfolio.h"
#include "sim/strategies/pos.h"
#include "sim/strategies/random_walk.h"
#include "sim/strategies/surw.h"
#include "sim/strategies/urw.h"
#include "tests/sim/lambda_scenario.h"

namespace sim {
namespace {

struct NamedSampler {
  const char* name;
  std::function<std::unique_ptr<Sampler>()> make;
  bool is_complete = true;  // Everything has a chance.
};

class EverySampler : public testing::TestWithParam<NamedSampler> {
 protected:
  Sampling Make(const Samples& samples) const { return {GetParam().make(), samples}; }
};

INSTANTIATE_TEST_SUITE_P(
    Sampling, EverySampler,
    testing::Values(NamedSampler{"Uniform", [] { return std::make_unique<UniformSampler>(); }},
                    NamedSampler{"Pct1", [] { return std::make_unique<Pct>(1); }, false},
                    NamedSampler{"Pct3", [] { return std::make_unique<Pct>(3); }, false},
                    NamedSampler{"Pct10", [] { return std::make_unique<Pct>(10); }, false},
                    NamedSampler{"Pos", [] { return std::make_unique<Pos>(); }},
                    NamedSampler{"Urw", [] { return std::make_unique<Urw>(); }},
                    NamedSampler{"Surw", [] { return std::make_unique<Surw>(); }},
                    NamedSampler{"Portfolio", [] { return std::make_unique<Portfolio>(); }}),
    [](const auto& test) { return std::string(test.param.name); });

// Threads that add to words: thread i does operations on words_of[i], in this order.
LambdaScenario::Factory Adders(const std::vector<std::vector<size_t>>& words_of) {
  return [=] {
    struct Words {
      std::array<Atomic<int>, 8> at{Atomic<int>(0, "word"), Atomic<int>(0, "word"),
                                    Atomic<int>(0, "word"), Atomic<int>(0, "word"),
                                    Atomic<int>(0, "word"), Atomic<int>(0, "word"),
                                    Atomic<int>(0, "word"), Atomic<int>(0, "word")};
    };
    LambdaProgram program;
    auto words = std::make_shared<Words>();
    for (const std::vector<size_t>& mine : words_of) {
      program.threads.push_back([=] {
        for (size_t word : mine) words->at.at(word).FetchAdd(1, kSc);
      });
    }
    return program;
  };
}

LambdaScenario::Factory ThreeLockers(int sections) {
  return [=] {
    LambdaProgram program;
    auto mutex = std::make_shared<Mutex>("mutex");
    for (int i = 0; i < 3; ++i) {
      program.threads.push_back([=] {
        for (int k = 0; k < sections; ++k) {
          mutex->Acquire();
          mutex->Release();
        }
      });
    }
    return program;
  };
}

// Three threads of two events on one word, with a choice in between.
LambdaScenario::Factory ThreeChoosers(uint32_t options) {
  return [options] {
    LambdaProgram program;
    auto word = std::make_shared<Atomic<int>>(0, "word");
    for (int i = 0; i < 3; ++i) {
      program.threads.push_back([=] {
        word->FetchAdd(1, kSc);
        static_cast<void>(Choose(options));
        word->FetchAdd(1, kSc);
      });
    }
    return program;
  };
}

// What each execution did, its values included.
std::vector<uint64_t> HashesOf(const LambdaScenario::Factory& factory, Strategy& strategy) {
  LambdaScenario scenario(factory);
  std::vector<uint64_t> hashes;
  Explore(scenario, strategy, {}, [&](const Execution& execution) {
    hashes.push_back(execution.hash);
    return true;
  });
  return hashes;
}

// The threads of each execution, in order of its events.
using Threads = std::vector<uint32_t>;
std::vector<Threads> ThreadsOf(const LambdaScenario::Factory& factory, Strategy& strategy) {
  LambdaScenario scenario(factory);
  std::vector<Threads> all;
  ExploreOptions options;
  options.limits.arena_bytes = size_t{1} << 20;
  Explore(scenario, strategy, options, [&](const Execution& execution) {
    Threads& threads = all.emplace_back();
    for (const Event& step : execution.events) threads.push_back(step.thread);
    return true;
  });
  return all;
}

TEST_P(EverySampler, TheSameSeedGivesTheSameExecutionsAndAnotherSeedOthers) {
  auto run = [&](uint64_t seed) {
    Sampling strategy = Make({seed, 100});
    return ThreadsOf(Adders({{0, 0, 0}, {0, 0, 0}, {0, 0}}), strategy);
  };
  EXPECT_EQ(run(7), run(7));
  EXPECT_NE(run(7), run(8));
}

TEST_P(EverySampler, AnExecutionDependsOnTheSeedAndItsIndexAlone) {
  const auto factory = ThreeChoosers(1000);
  Sampling all = Make({7, 40, 0});
  const std::vector<uint64_t> whole = HashesOf(factory, all);
  const size_t profiled = GetParam().make()->needs_profile() ? Sampling::kProfiles : 0;
  ASSERT_EQ(whole.size(), 40 + profiled);
  for (uint64_t first : {1, 13, 39}) {
    Sampling part = Make({7, 1, first});
    const std::vector<uint64_t> one = HashesOf(factory, part);
    ASSERT_EQ(one.size(), profiled + 1);
    for (size_t i = 0; i < profiled; ++i) EXPECT_EQ(one[i], whole[i]);
    EXPECT_EQ(one.back(), whole[first + profiled]);
  }
}

TEST_P(EverySampler, ValuesMoveNoThread) {
  Sampling without = Make({7, 50});
  Sampling with = Make({7, 50});
  EXPECT_EQ(ThreadsOf(ThreeChoosers(1), without), ThreadsOf(ThreeChoosers(5), with));
}

TEST_P(EverySampler, ReachesEveryTraceOfASmallProgramUnlessItsDepthForbids) {
  Sampling strategy = Make({1, 5'000});
  const size_t traces = Take(ThreeLockers(2), strategy, /*visible_releases=*/false).traces.size();
  if (GetParam().is_complete) {
    EXPECT_EQ(traces, 90u);
  } else {
    EXPECT_LT(traces, 90u);
  }
}

// Notes where it is asked, and picks the first.
class Witness final : public Sampler {
 public:
  explicit Witness(std::vector<ThreadSet>& asked) : asked_(asked) {}
  void Begin(const Profile&, uint64_t, Random) override {}
  void Observe(const Event& event, const SchedulePoint& point) override {
    EXPECT_EQ(event.thread, point.last);
    ++observed;
  }
  ThreadId Pick(const SchedulePoint& point) override {
    asked_.push_back(point.enabled);
    return point.enabled.First();
  }
  uint32_t observed = 0;

 private:
  std::vector<ThreadSet>& asked_;
};

TEST(Sampling, IsAskedOnlyWhereThereIsSomethingToPickAndSeesEveryEvent) {
  std::vector<ThreadSet> asked;
  auto witness = std::make_unique<Witness>(asked);
  Witness& witnessed = *witness;
  Sampling strategy(std::move(witness), {1, 1});
  ThreadsOf(Adders({{0, 0}, {0, 0, 0}}), strategy);
  EXPECT_EQ(asked, (std::vector<ThreadSet>(2, ThreadSet::Of(0).Union(ThreadSet::Of(1)))));
  EXPECT_EQ(witnessed.observed, 4u);  // Not the last: nothing is picked after it.
}

TEST(Sampling, TheProfileCountsWhatWasDone) {
  auto factory = [] {
    struct Shared {
      Atomic<int> x{0, "x"};
      Atomic<int> only_read{0, "only read"};
      std::function<void()> child;
    };
    LambdaProgram program;
    auto shared = std::make_shared<Shared>();
    shared->child = [s = shared.get()] {
      s->x.FetchAdd(1, kSc);
      s->only_read.Load(kSc);
    };
    program.threads.push_back([=] {
      Atomic<int> own(0, "own");
      own.Store(1, kSc);
      static_cast<void>(Thread::Spawn("child", shared->child));
      shared->only_read.Load(kSc);
      shared->x.Load(kSc);
    });
    return program;
  };
  LambdaScenario scenario(factory);
  Runtime runtime;
  BruteForce strategy;
  Execution execution;
  ASSERT_TRUE(strategy.BeginExecution());
  runtime.Execute(scenario, strategy, execution);
  Profile profile;
  profile.Add(execution);
  EXPECT_EQ(profile.events[0], 4u);
  EXPECT_EQ(profile.events[1], 2u);
  EXPECT_EQ(profile.contested_points, 2u);  // The spawner first, then the child is alone.
  EXPECT_EQ(profile.spawner[0], kNoThread);
  EXPECT_EQ(profile.spawner[1], 0);
  ASSERT_EQ(profile.shared.size(), 1u);
  const Profile::Object& x = profile.objects[profile.shared[0]];
  EXPECT_EQ(x.events[0], 1u);
  EXPECT_EQ(x.events[1], 1u);
  // Another execution adds what it has more of, and nothing else.
  Profile twice = profile;
  twice.Add(execution);
  EXPECT_EQ(twice.events, profile.events);
  EXPECT_EQ(twice.contested_points, profile.contested_points);
  twice.Add(Execution());
  EXPECT_EQ(twice.events, profile.events);
  EXPECT_EQ(twice.shared, profile.shared);
  execution.events.push_back(execution.events.back());
  twice.Add(execution);
  EXPECT_EQ(twice.events[0] + twice.events[1], 7u);
}

TEST(ThreadWeights, ASpawnerBearsTheWeightOfItsFamilyUntilItSpawns) {
  Profile profile;
  profile.spawner[1] = 0;
  profile.spawner[2] = 1;
  ThreadCounts events{};
  events[0] = 3;
  events[1] = 5;
  events[2] = 7;
  events[3] = 1;
  ThreadWeights weights;
  weights.Start(events, profile);
  EXPECT_EQ(weights.of(0), 15u);
  EXPECT_EQ(weights.of(1), 0u);
  EXPECT_EQ(weights.of(3), 1u);
  weights.Executed(0);
  weights.Spawned(0, 1);
  EXPECT_EQ(weights.of(0), 2u);
  EXPECT_EQ(weights.of(1), 12u);
  weights.Spawned(1, 2);
  EXPECT_EQ(weights.of(1), 5u);
  EXPECT_EQ(weights.of(2), 7u);
  Random random(1);
  EXPECT_EQ(weights.Draw(random, ThreadSet::Of(9), ThreadSet()), kNoThread);
  EXPECT_EQ(weights.Draw(random, ThreadSet::Of(9), ThreadSet::Of(9)), 9);
}

double Deviation(double count, double expected) {
  return (count - expected) * (count - expected) / expected;
}

// Pearson's statistic exceeds its degrees of freedom by four standard deviations once in thousands
// of seeds; ours are fixed.
void ExpectPlausible(double statistic, size_t degrees_of_freedom) {
  const double freedom = static_cast<double>(degrees_of_freedom);
  EXPECT_LT(statistic, freedom + 4 * std::sqrt(2 * freedom));
}

void ExpectUniform(const std::map<Threads, uint32_t>& counts, size_t categories) {
  ASSERT_EQ(counts.size(), categories);
  double total = 0;
  for (const auto& [what, count] : counts) total += count;
  double statistic = 0;
  for (const auto& [what, count] : counts) {
    statistic += Deviation(count, total / static_cast<double>(categories));
  }
  ExpectPlausible(statistic, categories - 1);
}

std::map<Threads, uint32_t> CountInterleavings(const LambdaScenario::Factory& factory,
                                               std::unique_ptr<Sampler> sampler,
                                               uint64_t executions) {
  Sampling strategy(std::move(sampler), {3, executions});
  std::map<Threads, uint32_t> counts;
  for (const Threads& threads : ThreadsOf(factory, strategy)) ++counts[threads];
  return counts;
}

TEST(Urw, InterleavingsWithoutBlockingAreEquallyLikely) {
  auto urw = [](const auto& factory) {
    return CountInterleavings(factory, std::make_unique<Urw>(), 20'000);
  };
  ExpectUniform(urw(Adders({{0, 0, 0}, {0, 0, 0}})), 20);
  ExpectUniform(urw(Adders({{0}, {0, 0, 0, 0, 0, 0, 0}})), 8);
  ExpectUniform(urw(Adders({{0, 0}, {0, 1}, {1, 0}})), 90);
  ExpectUniform(urw(Adders({{0}, {1, 0}, {0, 0, 1, 0}})), 105);
}

// The first thread spawns two children one after the other and ends with an event on the word;
// child i has i + 2 such events, after `idle` on a word of its own.
LambdaScenario::Factory Family(int idle) {
  return [=] {
    struct Shared {
      Atomic<int> x{0, "x"};
      Atomic<int> other{0, "other"};
      std::array<std::function<void()>, 2> children;
    };
    LambdaProgram program;
    auto shared = std::make_shared<Shared>();
    for (int i = 0; i < 2; ++i) {
      shared->children.at(static_cast<size_t>(i)) = [=, s = shared.get()] {
        for (int k = 0; k < idle && i == 0; ++k) s->other.Load(kSc);
        for (int k = 0; k < 2 + i; ++k) s->x.FetchAdd(1, kSc);
      };
    }
    program.threads.push_back([=] {
      static_cast<void>(Thread::Spawn("child", shared->children[0]));
      static_cast<void>(Thread::Spawn("child", shared->children[1]));
      shared->x.FetchAdd(1, kSc);
    });
    return program;
  };
}

TEST(Urw, InterleavingsOfSpawnedThreadsAreEquallyLikely) {
  // The orders of a tree: 8! over the product of the sizes of all its subtrees.
  BruteForce strategy;
  const size_t interleavings = ThreadsOf(Family(0), strategy).size();
  EXPECT_EQ(interleavings, 40'320u / (8 * 5 * 1 * (2 * 1) * (3 * 2 * 1)));
  ExpectUniform(CountInterleavings(Family(0), std::make_unique<Urw>(), 20'000), interleavings);
}

// The order of the threads on word 0 in each execution.
std::map<Threads, uint32_t> CountOrders(const std::vector<std::vector<size_t>>& words_of,
                                        std::unique_ptr<Sampler> sampler) {
  Sampling strategy(std::move(sampler), {3, 10'000});
  std::map<Threads, uint32_t> counts;
  for (const Threads& threads : ThreadsOf(Adders(words_of), strategy)) {
    Threads order;
    std::vector<size_t> done(words_of.size());
    for (uint32_t thread : threads) {
      if (words_of[thread][done[thread]++] == 0) order.push_back(thread);
    }
    ++counts[order];
  }
  return counts;
}

TEST(Surw, OrdersOfTheSharedObjectAreEquallyLikelyWhateverElseIsDone) {
  // Word 0 is the only one that two threads use.
  const std::vector<std::vector<size_t>> lopsided = {
      {0, 0}, {1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0}, {2, 2, 2, 0, 0, 2}};
  ExpectUniform(CountOrders(lopsided, std::make_unique<Surw>()), 90);
  // What it is better than: a random walk nearly always lets the first thread go first.
  const auto walk = CountOrders(lopsided, std::make_unique<UniformSampler>());
  EXPECT_GT(walk.at({0, 0, 2, 2, 1, 1}), 10'000u / 3);
}

TEST(Surw, OrdersAreEquallyLikelyAlsoOfThreadsThatAreSpawned) {
  // 6! / (1! 2! 3!): until it is spawned, a child may still be intended to be the next.
  LambdaScenario scenario(Family(6));
  Sampling strategy(std::make_unique<Surw>(), {3, 10'000});
  std::map<Threads, uint32_t> counts;
  Explore(scenario, strategy, {}, [&](const Execution& execution) {
    Threads order;
    for (const Event& step : execution.events) {
      if (step.kind == OpKind::kWordUpdate) order.push_back(step.thread);
    }
    ++counts[order];
    return true;
  });
  ExpectUniform(counts, 60);
}

TEST(Surw, EveryObjectThatIsSharedHasItsTurn) {
  // Each order of either word by itself, though neither thread ever waits.
  const std::vector<std::vector<size_t>> two = {{1, 2, 0, 2, 1}, {0, 2, 2, 2, 1}};
  const auto counts = CountOrders(two, std::make_unique<Surw>());
  EXPECT_EQ(counts.size(), 2u);
  for (const auto& [order, count] : counts) EXPECT_GT(count, 2'000u);
}

TEST(Pos, AnOperationThatNobodyRacesWithKeepsItsPriority) {
  // The one operation of the first thread comes after j of the second's if its priority is below
  // their j draws and above the next: 1 / ((j + 1) (j + 2)). For a random walk the last place has a
  // chance of 2^-7, here of 1/8.
  const auto factory = Adders({{0}, {1, 2, 1, 2, 1, 2, 1}});
  constexpr uint64_t kExecutions = 10'000;
  const auto counts = CountInterleavings(factory, std::make_unique<Pos>(), kExecutions);
  ASSERT_EQ(counts.size(), 8u);
  double statistic = 0;
  for (size_t j = 0; j <= 7; ++j) {
    Threads order(8, 1);
    order[j] = 0;
    const double chance = j == 7 ? 1.0 / 8 : 1.0 / static_cast<double>((j + 1) * (j + 2));
    statistic += Deviation(counts.at(order), chance * kExecutions);
  }
  ExpectPlausible(statistic, 7);
}

TEST(Pos, AnOperationThatRacedDrawsAgain) {
  // The same on one word: the first thread wins or loses each race anew.
  const auto counts =
      CountInterleavings(Adders({{0}, {0, 0, 0, 0, 0, 0, 0}}), std::make_unique<Pos>(), 10'000);
  EXPECT_LT(counts.at({1, 1, 1, 1, 1, 1, 1, 0}), 10'000u / 64);
}

TEST(Pct, LeavesAThreadAsOftenAsItsDepthAllows) {
  const auto factory = Adders({{0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}});
  for (uint32_t depth : {1u, 2u, 3u, 5u}) {
    LambdaScenario scenario(factory);
    Sampling strategy(std::make_unique<Pct>(depth), {1, 2'000});
    uint32_t most = 0;
    uint32_t profiles = Sampling::kProfiles;
    Explore(scenario, strategy, {}, [&](const Execution& execution) {
      if (profiles == 0) most = std::max(most, CountPreemptions(execution));
      if (profiles != 0) --profiles;
      return true;
    });
    EXPECT_EQ(most, depth - 1);
  }
}

TEST(Pct, KeepsItsPromise) {
  // A bug of depth 2: the first thread is left between its two steps, at one of k points, for the
  // second. The promise is 3/4 / (n k); both must also be the right way round.
  const auto factory = Adders({{0, 0, 0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0, 0, 0}});
  const auto counts = CountInterleavings(factory, std::make_unique<Pct>(2), 40'000);
  const Threads wanted = {0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0};
  EXPECT_GT(counts.at(wanted), 40'000u * 3 / 4 / (2 * 15));
}

TEST(Portfolio, EveryMemberHasItsShare) {
  const Portfolio portfolio;
  std::map<std::string, uint32_t> shares;
  for (uint64_t i = 0; i < 100; ++i) ++shares[portfolio.NameOf(i)];
  const std::map<std::string, uint32_t> expected = {{"surw", 35}, {"pos", 25},        {"pct 2", 5},
                                                    {"pct 3", 5}, {"pct 5", 5},       {"pct 10", 5},
                                                    {"urw", 10},  {"random walk", 10}};
  EXPECT_EQ(shares, expected);
}

TEST(Portfolio, AnExecutionIsTheOneThatItsMemberWouldDraw) {
  const auto factory = Adders({{0, 1, 0}, {1, 0, 1}, {0, 1}});
  Sampling together(std::make_unique<Portfolio>(), {7, 20});
  Sampling alone(std::make_unique<Surw>(), {7, 20});
  const std::vector<Threads> portfolio = ThreadsOf(factory, together);
  const std::vector<Threads> surw = ThreadsOf(factory, alone);
  const Portfolio names;
  for (uint64_t i = 0; i < 20; ++i) {
    if (std::string(names.NameOf(i)) != "surw") continue;
    EXPECT_EQ(portfolio[i + Sampling::kProfiles], surw[i + Sampling::kProfiles]);
  }
}

}  // namespace
}  // namespace sim
