// Every file of the catalogue, a test each: its claims hold on every interleaving, the core shows
// exactly what the model allows, and no execution that the reduction skips shows anything else.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "props/check.h"
#include "props/generations.h"
#include "props/record.h"
#include "props/world.h"
#include "sim/order/happens_before.h"
#include "sim/strategies/brute_force.h"
#include "sim/strategies/dpor.h"
#include "sim/strategies/sleep_sets.h"
#include "tests/props/only_in_the_model.h"
#include "tests/props/programs.h"
#include "tests/props/smallest_failure.h"

namespace props {
namespace {

// Programs with more interleavings than this take too long, and are compared with what the first of
// them show.
constexpr uint64_t kBruteForceExecutions = 100'000;
constexpr uint64_t kBruteForceClasses = 10'000;  // The same for classes, which take memory.

std::string NameOf(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

class Catalogue : public testing::TestWithParam<std::string> {
 protected:
  const model::Litmus litmus_ = FromCatalogue(GetParam());
};

TEST_P(Catalogue, HoldsOnEveryInterleaving) {
  const CheckReport report = Check(litmus_, {});
  ASSERT_TRUE(report.findings.empty()) << SmallestFailure(litmus_, report.findings[0]);
  EXPECT_EQ(report.end, CheckEnd::kComplete);
  EXPECT_GT(report.executions, 0u);
}

TEST_P(Catalogue, TheCoreShowsWhatTheModelAllows) {
  const CheckReport report = Check(litmus_, Exhaustively());
  ASSERT_EQ(report.end, CheckEnd::kComplete) << Described(report);
  ASSERT_TRUE(report.model && report.model->complete);
  for (const auto& [outcome, row] : report.outcomes) {
    EXPECT_TRUE(report.model->outcomes.contains(outcome))
        << "not allowed: " << model::PrintOutcome(litmus_, outcome);
  }
  EXPECT_EQ(OnlyInTheModel(litmus_, report), ReportedOnlyInTheModel(litmus_))
      << "what only the model shows has changed; see props/litmus/MODEL_ONLY.md";
}

// Claims are about a file's own generation; under each other the core still does what the model
// allows.
TEST_P(Catalogue, HoldsInEveryGeneration) {
  for (model::Generation generation : model::kGenerations) {
    const model::Litmus litmus = UnderGeneration(litmus_, generation);
    CheckOptions options;
    options.keep_going = true;
    const CheckReport report = Check(litmus, options);
    EXPECT_EQ(report.end, CheckEnd::kComplete);
    EXPECT_TRUE(report.findings.empty())
        << model::GenerationName(generation) << ": " << Described(report);
    ASSERT_TRUE(report.model && report.model->complete);
    EXPECT_EQ(report.histories.unknown.size(), 0u);
    EXPECT_EQ(OnlyInTheModel(litmus, report), ReportedOnlyInTheModel(litmus))
        << "what only the model shows has changed; see props/litmus/MODEL_ONLY.md";
  }
}

struct Classes {
  std::set<uint64_t> seen;
  uint64_t executions = 0;
  bool all = false;
};

// The classes that `strategy` sees among its first executions.
Classes ClassesOf(const model::Litmus& litmus, sim::Strategy&& strategy,
                  uint64_t max_executions = 0) {
  World world(litmus);
  sim::ExploreOptions options;
  options.limits = LimitsOf(litmus, /*max_steps=*/20'000);
  options.max_executions = max_executions;
  options.determinism_every = 0;
  Classes classes;
  sim::TraceSignature signature;
  const sim::Exploration result =
      sim::Explore(world, strategy, options, [&](const sim::Execution& execution) {
        signature.Clear();
        signature.Update(execution);
        classes.seen.insert(signature.value());
        return true;
      });
  classes.executions = result.executions;
  classes.all = result.end == sim::ExploreEnd::kExhausted;
  return classes;
}

TEST_P(Catalogue, SourceSetsSeeEachClassOnce) {
  const Classes reduced = ClassesOf(litmus_, sim::Dpor());
  ASSERT_TRUE(reduced.all);
  EXPECT_EQ(reduced.seen.size(), reduced.executions);
  const Classes by_sleep_sets = ClassesOf(litmus_, sim::SleepSets());
  ASSERT_TRUE(by_sleep_sets.all);
  EXPECT_EQ(reduced.seen, by_sleep_sets.seen);
  const Classes every = ClassesOf(litmus_, sim::BruteForce(), kBruteForceClasses);
  if (every.all) {
    EXPECT_EQ(reduced.seen, every.seen);
  } else {
    EXPECT_TRUE(std::includes(reduced.seen.begin(), reduced.seen.end(), every.seen.begin(),
                              every.seen.end()));
  }
}

TEST_P(Catalogue, BruteForceShowsTheSameOutcomes) {
  const CheckReport reduced = Check(litmus_, Exhaustively());
  ASSERT_EQ(reduced.end, CheckEnd::kComplete) << Described(reduced);
  CheckOptions options = Exhaustively(Search::kBruteForce);
  options.max_executions = kBruteForceExecutions;
  options.compare_with_model = false;
  options.determinism_every = 1000;
  const CheckReport all = Check(litmus_, options);
  EXPECT_TRUE(all.findings.empty()) << Described(all);
  EXPECT_GE(all.executions, reduced.executions);
  for (const auto& [outcome, row] : all.outcomes) {
    EXPECT_TRUE(reduced.outcomes.contains(outcome))
        << "skipped: " << model::PrintOutcome(litmus_, outcome);
  }
  if (all.end == CheckEnd::kComplete) {
    EXPECT_EQ(all.outcomes.size(), reduced.outcomes.size());
  } else {
    std::cout << "more than " << kBruteForceExecutions << " interleavings: only the first seen\n";
  }
}

INSTANTIATE_TEST_SUITE_P(Litmus, Catalogue, testing::ValuesIn(CatalogueFiles()), NameOf);

class Races : public testing::TestWithParam<std::string> {};

// Programs that are wrong themselves: something must be found, and the core must not be at fault.
TEST_P(Races, AreFoundAndAreNoFaultOfTheCore) {
  const model::Litmus litmus = FromCatalogue(GetParam());
  for (Search search :
       {Search::kSourceSets, Search::kSleepSets, Search::kBruteForce, Search::kRandom}) {
    const CheckReport report = Check(litmus, Exhaustively(search));
    ASSERT_EQ(report.findings.size(), 1u);
    const Finding& finding = report.findings[0];
    EXPECT_TRUE(finding.id == "HD101" || finding.id == "HD102" || finding.id == "HD201")
        << Described(report);
    EXPECT_EQ(report.end, CheckEnd::kFirstFailure);
    const Recording recording = Record(litmus, nullptr, *finding.schedule, {"test", 0}, 20'000);
    ASSERT_TRUE(recording.finding.has_value());
    EXPECT_TRUE(recording.finding->SameAs(finding));
  }
}

INSTANTIATE_TEST_SUITE_P(Litmus, Races, testing::ValuesIn(CatalogueFiles("races")), NameOf);

TEST(CatalogueFiles, AreThere) {
  EXPECT_GE(CatalogueFiles().size(), 60u);
  EXPECT_GE(CatalogueFiles("races").size(), 1u);
}

}  // namespace
}  // namespace props
