#include "tests/sim/expect_counts.h"

#include <gtest/gtest.h>

namespace sim {

namespace {

template <typename Reduction>
Census TakeReduced(const LambdaScenario::Factory& factory, bool visible_releases) {
  Reduction strategy;
  return Take(factory, strategy, visible_releases);
}

}  // namespace

void ExpectCounts(const LambdaScenario::Factory& factory, const KnownCounts& known,
                  bool visible_releases) {
  size_t threads = 0;
  const LambdaScenario::Factory counting = [&] {
    LambdaProgram program = factory();
    threads = program.threads.size();
    return program;
  };
  BruteForce every_interleaving;
  const Census brute = Take(counting, every_interleaving, visible_releases);
  EXPECT_EQ(brute.executions, known.interleavings);
  EXPECT_EQ(brute.traces.size(), known.traces);
  EXPECT_EQ(brute.outcomes, known.outcomes);
  EXPECT_EQ(TakeReduced<SleepSets>(factory, visible_releases).traces, brute.traces);
  EXPECT_EQ(TakeReduced<Dpor>(factory, visible_releases).traces, brute.traces);
  for (const std::vector<size_t>& order : Orders(threads)) {
    const LambdaScenario::Factory permuted = Permuted(factory, order);
    for (const Census& reduced : {TakeReduced<SleepSets>(permuted, visible_releases),
                                  TakeReduced<Dpor>(permuted, visible_releases)}) {
      EXPECT_EQ(reduced.executions, known.traces);
      EXPECT_EQ(reduced.repeated_traces, 0u);
      EXPECT_EQ(reduced.outcomes, known.outcomes);
    }
  }
}

}  // namespace sim
