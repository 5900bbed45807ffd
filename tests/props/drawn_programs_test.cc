// The properties, each over programs that are drawn at random. A failure says how to find it again.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/outcomes.h"
#include "props/properties.h"
#include "props/reached.h"
#include "tests/props/programs.h"
#include "tests/props/property_check.h"
#include "tests/props/smallest_failure.h"

namespace props {
namespace {

constexpr int kRaces = 150;  // Programs of several threads, of which each costs many executions.
constexpr int kRows = 1000;  // Programs of one thread.

// The property's name is that of the table, and nothing else counts.
PropertyRun RunOf(std::string_view property, rc::Gen<model::Litmus> programs, int count) {
  const KeptBy kept_by = [property](const model::Litmus& litmus) -> std::optional<std::string> {
    TrialOptions options;
    options.properties = {property};
    const Trial trial = Try(litmus, options, nullptr);
    if (!trial.finding) return std::nullopt;
    return SmallestFailure(trial.litmus, *trial.finding);
  };
  return {std::string(property), std::move(programs), count, kMaxDrawSize, kept_by};
}

PropertyRun OverRaces(std::string_view property, int count = kRaces) {
  return RunOf(property, DrawnPrograms(DrawConcurrent), count);
}

// O1, O2, O3, O4, H1, H4, C1, C2, C6, C7, S1, S2: O12, O13 too, where an endpoint changes hands.
TEST(DrawnPrograms, AreExplainedByTheModel) {
  CheckProperty(OverRaces("explained"));
}

// What the last call of the only thread answers, if it answers one thing only.
std::string LastStatusOf(const model::Litmus& litmus) {
  const auto& calls = litmus.program.threads[0].variables;
  std::set<model::Value> last;
  for (const auto& [outcome, example] : model::EnumerateOutcomes(litmus).outcomes) {
    last.insert(outcome[calls.size() - 1]);
  }
  const auto* status = last.size() == 1 ? std::get_if<core::Status>(&*last.begin()) : nullptr;
  return status == nullptr ? "one of several" : std::string(model::StatusName(*status));
}

// W1 to W12, K1, K3, K4, C16, C17
TEST(DrawnPrograms, OfOneThreadAnswerCallByCallAsTheModelDoes) {
  PropertyRun run = RunOf("sequential", DrawnPrograms(DrawSequential), kRows);
  run.kept_by = [kept_by = run.kept_by](const model::Litmus& litmus) {
    RC_TAG(LastStatusOf(litmus));
    return kept_by(litmus);
  };
  CheckProperty(run);
}

// O5, O6, O7, H2, H3, H8, H9
TEST(DrawnPrograms, EndOnlyAsTheModelAllows) {
  CheckProperty(OverRaces("outcomes"));
}

// O9, H1, H4, C7, S1, S3
TEST(DrawnPrograms, KeepEachHandleAndEachMessageInOnePlace) {
  CheckProperty(OverRaces("conserved"));
}

// O2, O3, O4, O11
TEST(DrawnPrograms, KeepTheOrderOfEachWriter) {
  CheckProperty(OverRaces("writer-order"));
}

// O10, O11, O12, O13
TEST(DrawnPrograms, NeverMixTheMessagesOfTwoOwners) {
  CheckProperty(OverRaces("epochs"));
}

// O8, K2, S2, S4, C13, C14, C15
TEST(DrawnPrograms, LeaveNobodyWaitingForWhatHasHappened) {
  CheckProperty(OverRaces("wake-up"));
}

// O5, O6, O15
TEST(DrawnPrograms, LeaveNothingBehindThatCanBeClosed) {
  CheckProperty(OverRaces("no-leak"));
}

// O6, D-7: no lock is taken out of order either.
TEST(DrawnPrograms, FailNoAssertion) {
  CheckProperty(OverRaces("no-crash"));
}

TEST(DrawnPrograms, DoTheSameUnderTheSameSchedule) {
  CheckProperty(OverRaces("deterministic"));
}

TEST(DrawnPrograms, RunAgainFromTheTextOfATrace) {
  CheckProperty(OverRaces("replays"));
}

TEST(DrawnPrograms, LoseNoEndToTheReduction) {
  CheckProperty(OverRaces("reduction"));
}

// C3, C4, C5, C12, H2, H3, W8
TEST(DrawnPrograms, DifferBetweenGenerationsOnlyWhereTheRulesOfTheModelDo) {
  CheckProperty(OverRaces("generations"));
}

// --- What is drawn ---

TEST(DrawnPrograms, ReadFromTheirTextAsTheSamePrograms) {
  for (uint64_t i = 0; i < 5'000; ++i) {
    const model::Litmus litmus = DrawProgram(/*seed=*/5, i);
    ASSERT_EQ(Parsed(model::PrintLitmus(litmus)), litmus) << model::PrintLitmus(litmus);
  }
}

// Whatever the compiler: no draw depends on the order in which it evaluates arguments.
TEST(DrawnPrograms, AreTheSameEverywhere) {
  uint64_t hash = 0;
  for (uint64_t i = 0; i < 2'000; ++i) {
    hash = hash * 31 + model::LitmusHash(DrawProgram(/*seed=*/1, i));
  }
  EXPECT_EQ(hash, 9015083157415230399u);
}

TEST(DrawnPrograms, OfOneThreadAreSequential) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    EXPECT_EQ(DrawSequential(seed, 50).program.threads.size(), 1u);
    EXPECT_GE(DrawConcurrent(seed, 50).program.threads.size(), 2u);
  }
}

// What the core can answer and did not.
std::vector<std::string_view> NeverAnswered(const Reached& reached) {
  using core::Status;
  std::set<Status> answered;
  for (const auto& [answer, count] : reached.answers()) answered.insert(answer.second);
  std::vector<std::string_view> never;
  for (const Status status :
       {Status::kOk, Status::kNotSupported, Status::kNoMemory, Status::kCallFailed,
        Status::kInvalidArgs, Status::kBadHandle, Status::kWrongType, Status::kBadSyscall,
        Status::kOutOfRange, Status::kBufferTooSmall, Status::kTimedOut, Status::kShouldWait,
        Status::kCanceled, Status::kPeerClosed, Status::kNotFound, Status::kAccessDenied}) {
    if (!answered.contains(status)) never.push_back(model::StatusName(status));
  }
  return never;
}

// What the core can answer, it does. No more programs are drawn than that takes.
TEST(DrawnPrograms, ReachEveryStatusOfTheCore) {
  Reached reached;
  TrialOptions options;
  options.max_executions = 40;
  options.samples = 10;
  options.compares = false;
  const auto is_all_reached = [&] {
    return NeverAnswered(reached).empty() && reached.NeverReached().empty();
  };
  uint64_t programs = 0;
  for (; programs < 4'000 && !is_all_reached(); ++programs) {
    Try(DrawProgram(/*seed=*/2, programs), options, &reached);
  }
  std::cout << programs << " programs\n";
  for (const std::string_view status : NeverAnswered(reached)) ADD_FAILURE() << status;
  const std::vector<std::string> never = reached.NeverReached();
  for (const std::string& clause : never) std::cout << "never reached: " << clause << "\n";
  EXPECT_LE(never.size(), 1u);
}

}  // namespace
}  // namespace props
