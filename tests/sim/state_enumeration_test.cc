// The searches against the states of a program: no rule of the engine has a part in what is right.
#include "tests/sim/state_enumeration.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "tests/sim/lambda_scenario.h"

namespace sim {
namespace {

// Programs that have more are too much for one of many.
constexpr size_t kMaxStates = 6'000;
constexpr uint64_t kMaxExecutions = 1'500;

// What the programs were worth.
struct StatesTally {
  uint32_t skipped = 0;
  uint64_t ends = 0;
  uint64_t blocked = 0;
};

// False: the program is too large to compare.
bool CompareWithStates(const RandomProgram& program, StatesTally& tally) {
  const auto expected = EndsOf(program, kMaxStates);
  if (!expected) return false;
  TakeLimits limits;
  limits.visible_releases = program.visible_releases;
  limits.idle_wakes = program.idle_wakes;
  limits.max_executions = kMaxExecutions;
  Dpor dpor;
  const Census census = TakeWithin(limits, FactoryOf(program), dpor);
  if (census.end != ExploreEnd::kExhausted) return false;
  EXPECT_EQ(census.outcomes, *expected) << program.Print();
  tally.ends += expected->size();
  for (const std::string& end : *expected) tally.blocked += end.ends_with("blocked") ? 1 : 0;
  return true;
}

template <typename Draw>
void CompareDrawn(uint64_t seed, uint32_t programs, Draw draw) {
  Random random(seed);
  StatesTally tally;
  for (uint32_t done = 0; done < programs && !testing::Test::HasFailure();) {
    if (CompareWithStates(draw(random), tally)) {
      ++done;
    } else {
      ++tally.skipped;
    }
  }
  testing::Test::RecordProperty("skipped", std::to_string(tally.skipped));
  EXPECT_LT(tally.skipped, programs / 8);
  EXPECT_GT(tally.ends, 2 * programs);
  EXPECT_GT(tally.blocked, programs / 4);
}

TEST(StateEnumeration, SourceSetsSeeExactlyTheEndsOfProgramsWithVisibleReleases) {
  CompareDrawn(71, ProgramsToDraw(1000),
               [](Random& random) { return DrawProgram(random, /*visible_releases=*/true); });
}

TEST(StateEnumeration, SourceSetsSeeExactlyTheEndsOfProgramsWithFoldedReleases) {
  CompareDrawn(73, ProgramsToDraw(1000),
               [](Random& random) { return DrawProgram(random, /*visible_releases=*/false); });
}

TEST(StateEnumeration, SourceSetsSeeExactlyTheEndsOfBoundedWaits) {
  CompareDrawn(72, ProgramsToDraw(2000), [](Random& random) { return DrawWaitingProgram(random); });
}

TEST(StateEnumeration, SourceSetsSeeExactlyTheEndsWhereItShowsWhoCameFirstAndWhen) {
  CompareDrawn(74, ProgramsToDraw(2000), [](Random& random) { return DrawMixedProgram(random); });
}

}  // namespace
}  // namespace sim
