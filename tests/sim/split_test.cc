// A search that is cut into parts sees what the whole search sees, wherever the cut is.
#include <gtest/gtest.h>

#include "tests/sim/random_program.h"

namespace sim {
namespace {

// What the part above the cut and the parts below it see together.
Census TakeInParts(const RandomProgram& program, StepIndex depth) {
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
    for (StepIndex depth : {1u, 2u, 4u, 7u}) {
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
      const Census sum = TakeInPieces(program, Dpor(prefix), prefix.size(), 2);
      ASSERT_EQ(sum.executions, at_once.executions) << program.Print();
      ASSERT_EQ(sum.stopped, at_once.stopped) << program.Print();
      ASSERT_EQ(sum.traces, at_once.traces) << program.Print();
    }
  }
}

}  // namespace
}  // namespace sim
