// The searches against the states of a program: no rule of the engine has a part in what is right.
#include "tests/sim/state_enumeration.h"

#include <gtest/gtest.h>

#include "tests/sim/lambda_scenario.h"

namespace sim {
namespace {

// Programs that have more are too much for one of many.
constexpr size_t kMaxStates = 40'000;
constexpr uint64_t kMaxExecutions = 5'000;

template <typename Draw>
void CompareWithStates(uint64_t seed, uint32_t programs, Draw draw) {
  Random random(seed);
  uint32_t skipped = 0;
  uint64_t ends = 0;
  for (uint32_t done = 0; done < programs;) {
    const RandomProgram program = draw(random);
    TakeLimits limits;
    limits.visible_releases = program.visible_releases;
    limits.idle_wakes = program.idle_wakes;
    limits.max_executions = kMaxExecutions;
    Dpor dpor;
    const Census census = TakeWithin(limits, FactoryOf(program), dpor);
    const auto expected = EndsOf(program, kMaxStates);
    if (census.end != ExploreEnd::kExhausted || !expected) {
      ++skipped;
      continue;
    }
    ASSERT_EQ(census.outcomes, *expected) << program.Print();
    ends += expected->size();
    ++done;
  }
  EXPECT_LT(skipped, programs / 4);
  EXPECT_GT(ends, 2 * programs);
}

TEST(StateEnumeration, SourceSetsSeeExactlyTheEndsOfProgramsOverEveryPrimitive) {
  CompareWithStates(71, ProgramsToDraw(1500), [](Random& random) {
    return DrawProgram(random, /*visible_releases=*/random.Below(2) == 0);
  });
}

TEST(StateEnumeration, SourceSetsSeeExactlyTheEndsOfBoundedWaits) {
  CompareWithStates(72, ProgramsToDraw(1500),
                    [](Random& random) { return DrawWaitingProgram(random); });
}

}  // namespace
}  // namespace sim
