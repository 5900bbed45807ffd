// Whatever ends an execution, its trace is read back and runs again to the same end: drawn walks
// over the catalogue and over programs that deadlock, violate their claims, or are cut by a step
// limit. Round n always draws the same, so a failure is found again.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <string>
#include <vector>

#include "props/record.h"
#include "props/world.h"
#include "sim/strategies/random_walk.h"
#include "tests/props/programs.h"
#include "traces/text.h"

namespace props {
namespace {

struct Walk {
  size_t program = 0;
  uint64_t seed = 0;
  uint32_t max_steps = 20'000;
};

// The catalogue; the same with claims that most ends break; and programs that wait for ever.
std::vector<model::Litmus> Programs() {
  std::vector<model::Litmus> programs;
  for (const std::string& file : CatalogueFiles()) {
    programs.push_back(FromCatalogue(file));
    using Quantifier = model::Condition::Quantifier;
    for (Quantifier quantifier : {Quantifier::kForall, Quantifier::kNotExists}) {
      model::Litmus refuted = FromCatalogue(file);
      for (model::Condition& condition : refuted.conditions) condition.quantifier = quantifier;
      programs.push_back(refuted);
    }
  }
  for (const std::string& file : CatalogueFiles("races")) programs.push_back(FromCatalogue(file));
  programs.push_back(WaitsForEver("Allow = \"blocked\""));
  programs.push_back(WaitsForEver());
  return programs;
}

rc::Gen<Walk> DrawnWalk(size_t programs) {
  return rc::gen::build<Walk>(
      // The last one now and then, however many there are: of the others hardly any ends in a
      // deadlock.
      rc::gen::set(&Walk::program,
                   rc::gen::weightedOneOf<size_t>({{50, rc::gen::inRange<size_t>(0, programs)},
                                                   {1, rc::gen::just(programs - 1)}})),
      rc::gen::set(&Walk::seed, rc::gen::arbitrary<uint64_t>()),
      rc::gen::set(&Walk::max_steps,
                   rc::gen::weightedOneOf<uint32_t>(
                       {{3, rc::gen::just<uint32_t>(20'000)}, {1, rc::gen::inRange(1u, 40u)}})));
}

sim::Schedule ScheduleOf(const model::Litmus& litmus, const Walk& walk) {
  World world(litmus);
  sim::RandomWalk strategy(walk.seed, 1);
  strategy.BeginExecution();
  sim::Execution execution;
  sim::Runtime(LimitsOf(litmus, walk.max_steps)).Execute(world, strategy, execution);
  return sim::ScheduleOf(execution);
}

TEST(RecordProperty, EveryDrawnExecutionRunsAgainFromTheTextOfItsTrace) {
  const std::vector<model::Litmus> programs = Programs();
  std::vector<model::AllowedOutcomes> allowed;
  for (const model::Litmus& litmus : programs) allowed.push_back(model::EnumerateOutcomes(litmus));
  const rc::Gen<Walk> walks = DrawnWalk(programs.size());
  std::map<std::string, uint32_t> ends;
  for (uint64_t round = 0; round < 3000; ++round) {
    const Walk walk = walks(rc::Random(round), 100).value();
    const model::Litmus& litmus = programs[walk.program];
    const model::AllowedOutcomes* model = &allowed[walk.program];
    const Recording recorded =
        Record(litmus, model, ScheduleOf(litmus, walk), {"random", walk.seed}, walk.max_steps);
    ASSERT_FALSE(recorded.mismatch.has_value()) << "round " << round;
    ++ends[recorded.trace.verdict.id];

    const std::string text = traces::PrintTrace(recorded.trace);
    const auto parsed = traces::ParseTrace(text);
    ASSERT_TRUE(std::holds_alternative<traces::Trace>(parsed)) << "round " << round;
    const traces::Trace& trace = std::get<traces::Trace>(parsed);
    ASSERT_EQ(trace, recorded.trace) << "round " << round;
    const model::Litmus program = Parsed(trace.litmus);  // The trace is complete in itself.
    // With the default limit: what cut the execution is known from the trace.
    const Recording again = Rerun(program, model, trace, 20'000);
    ASSERT_FALSE(again.mismatch.has_value())
        << "round " << round << ": " << again.mismatch->where << "\n  expected "
        << again.mismatch->expected << "\n  found " << again.mismatch->found;
    ASSERT_EQ(again.trace, recorded.trace) << "round " << round;
    ASSERT_EQ(again.finding.has_value(), recorded.finding.has_value()) << "round " << round;
    if (!again.finding) continue;
    ASSERT_TRUE(again.finding->SameAs(*recorded.finding)) << "round " << round;
  }
  for (const std::string id : {"none", "HD101", "HD102", "HD201", "HD202"}) {
    EXPECT_GT(ends[id], 5u) << id << " was hardly drawn";
  }
}

}  // namespace
}  // namespace props
