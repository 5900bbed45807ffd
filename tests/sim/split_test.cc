// A search that is cut into parts sees what the whole search sees, wherever the cut is.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "sim/strategies/portfolio.h"
#include "tests/sim/counted_programs.h"
#include "tests/sim/random_program.h"

namespace sim {
namespace {

// What the part above the cut and the parts below it see together.
Census TakeInParts(const RandomProgram& program, EventIndex depth) {
  Dpor top = Dpor::Split(depth);
  Census sum = Take(FactoryOf(program), top, program.visible_releases);
  for (const Dpor::Path& prefix : top.parts()) {
    Dpor part(prefix);
    sum.Add(Take(FactoryOf(program), part, program.visible_releases));
  }
  return sum;
}

TEST(Split, PartsSeeEveryTraceOnceWhereverTheCutIs) {
  Random random(21);
  size_t parts = 0;
  for (int i = 0; i < 200; ++i) {
    const RandomProgram program = DrawProgram(random, i % 2 == 0);
    Dpor strategy;
    const Census whole = Take(FactoryOf(program), strategy, program.visible_releases);
    for (EventIndex depth : {1u, 2u, 4u, 7u}) {
      const Census sum = TakeInParts(program, depth);
      ASSERT_EQ(sum.executions, whole.executions)
          << "cut at " << depth << " in " << program.Print();
      ASSERT_EQ(sum.repeated_traces, 0u) << program.Print();
      ASSERT_EQ(sum.traces, whole.traces) << program.Print();
      ASSERT_EQ(sum.outcomes, whole.outcomes) << program.Print();
      ASSERT_EQ(sum.deadlocks, whole.deadlocks) << program.Print();
      Dpor top = Dpor::Split(depth);
      Take(FactoryOf(program), top, program.visible_releases);
      parts += top.parts().size();
    }
  }
  EXPECT_GT(parts, 2000u);  // There was something to cut.
}

// Runs `whole`, whose prefix has `fixed` nodes, and starts it anew after every `count` executions
// from what it left.
Census TakeInPieces(const RandomProgram& program, Dpor whole, size_t fixed, uint64_t count) {
  Census sum;
  while (true) {
    const Census piece = Take(FactoryOf(program), whole, program.visible_releases, count);
    sum.Add(piece);
    if (piece.end == ExploreEnd::kExhausted) return sum;
    whole = Dpor::Resume(whole.path(), fixed);
  }
}

TEST(Split, ASearchThatIsTakenUpFromItsPathGoesOnExactlyWhereItWas) {
  Random random(22);
  for (int i = 0; i < 40; ++i) {
    const RandomProgram program = DrawProgram(random, i % 2 == 0);
    Dpor strategy;
    const Census whole = Take(FactoryOf(program), strategy, program.visible_releases);
    for (uint64_t count : {1u, 3u}) {
      const Census sum = TakeInPieces(program, Dpor(), 0, count);
      ASSERT_EQ(sum.executions, whole.executions) << program.Print();
      ASSERT_EQ(sum.stopped, whole.stopped) << program.Print();
      ASSERT_EQ(sum.repeated_traces, 0u) << program.Print();
      ASSERT_EQ(sum.traces, whole.traces) << program.Print();
    }
    Dpor top = Dpor::Split(3);
    Take(FactoryOf(program), top, program.visible_releases);
    for (const Dpor::Path& prefix : top.parts()) {
      Dpor part(prefix);
      const Census at_once = Take(FactoryOf(program), part, program.visible_releases);
      const Census sum = TakeInPieces(program, Dpor(prefix), prefix.nodes.size(), 2);
      ASSERT_EQ(sum.executions, at_once.executions) << program.Print();
      ASSERT_EQ(sum.stopped, at_once.stopped) << program.Print();
      ASSERT_EQ(sum.traces, at_once.traces) << program.Print();
    }
  }
}

// The other searches take every alternative anyway, so their parts repeat the whole to the last
// execution that is cut short.
template <typename Search>
void ExpectPartsLikeTheWhole(const LambdaScenario::Factory& factory) {
  Search search;
  const Census whole = Take(factory, search);
  for (EventIndex depth = 1; depth < 9; ++depth) {
    Search top;
    top.SplitAt(depth);
    Census sum = Take(factory, top);
    sum.stopped -= top.parts().size();
    for (const PathSearch::Path& prefix : top.parts()) {
      Search part;
      part.StartBelow(prefix);
      while (true) {  // Left after every third execution.
        const Census piece = Take(factory, part, /*visible_releases=*/true, 3);
        sum.Add(piece);
        if (piece.end == ExploreEnd::kExhausted) break;
        const PathSearch::Path path = part.path();
        part = Search();
        part.Continue(path, prefix.nodes.size());
      }
    }
    EXPECT_EQ(sum.executions, whole.executions) << "cut at " << depth;
    EXPECT_EQ(sum.stopped, whole.stopped) << "cut at " << depth;
    EXPECT_EQ(sum.repeated_traces, whole.repeated_traces) << "cut at " << depth;
    EXPECT_EQ(sum.traces, whole.traces) << "cut at " << depth;
    EXPECT_EQ(sum.outcomes, whole.outcomes) << "cut at " << depth;
  }
}

TEST(Split, PartsOfBruteForceAndSleepSetsRunWhatTheWholeRuns) {
  for (const LambdaScenario::Factory& factory :
       {LambdaScenario::Factory([] { return Philosophers(3); }),
        LambdaScenario::Factory([] { return Reorder(2); }), LambdaScenario::Factory(Choosers),
        LambdaScenario::Factory([] { return LastZero(2); })}) {
    ExpectPartsLikeTheWhole<BruteForce>(factory);
    ExpectPartsLikeTheWhole<SleepSets>(factory);
  }
}

std::vector<uint64_t> HashesOf(Sampling& sampling) {
  LambdaScenario scenario([] { return Reorder(3); });
  std::vector<uint64_t> hashes;
  Explore(scenario, sampling, {}, [&](const Execution& execution) {
    hashes.push_back(execution.hash);
    return true;
  });
  return hashes;
}

// Wherever it is cut, also among the executions that are profiled.
TEST(Split, RangesOfASampleThatKnowTheProfileRunWhatTheWholeRuns) {
  Sampling sample(std::make_unique<Portfolio>(), {.seed = 3, .executions = 40});
  const std::vector<uint64_t> whole = HashesOf(sample);
  ASSERT_EQ(whole.size(), 40 + Samples::kProfiles);
  for (uint32_t cut = 0; cut < whole.size(); ++cut) {
    const uint32_t profiled = std::min(cut, Samples::kProfiles);
    Samples rest{.seed = 3, .executions = 40, .first = cut - profiled, .first_profile = profiled};
    rest.executions -= rest.first;
    Sampling range(std::make_unique<Portfolio>(), rest, sample.profile());
    EXPECT_EQ(HashesOf(range), std::vector<uint64_t>(whole.begin() + cut, whole.end()));
  }
}

}  // namespace
}  // namespace sim
