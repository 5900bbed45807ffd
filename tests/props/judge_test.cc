// Where the core and the model disagree. They are made to: the judge is given the model of another
// generation than the one that the core ran under.
#include <gtest/gtest.h>

#include <string>

#include "props/findings.h"
#include "sim/strategies/random_walk.h"
#include "tests/props/programs.h"

namespace props {
namespace {

model::Litmus Under(model::Generation generation, model::Litmus litmus) {
  litmus.generation = generation;
  return litmus;
}

// Runs a program once under `current`, and judges that by the model of `judged`.
class Judged {
 public:
  Judged(const model::Litmus& litmus, model::Generation judged, Judge::Options options = {})
      : litmus_(litmus),
        other_(Under(judged, litmus)),
        allowed_(model::EnumerateOutcomes(other_)),
        world_(litmus_),
        judge_(other_, WithAllowed(options)) {}

  /// Judges the outcomes too; before the first run.
  std::optional<Finding> Run(uint64_t seed = 0) {
    sim::RandomWalk strategy(seed, 1);
    strategy.BeginExecution();
    sim::Execution execution;
    sim::Runtime().Execute(world_, strategy, execution);
    return judge_.Examine(execution, world_);
  }
  const Judge& judge() const { return judge_; }

 private:
  Judge::Options WithAllowed(Judge::Options options) const {
    if (options.allowed != nullptr) options.allowed = &allowed_;
    return options;
  }

  const model::Litmus litmus_;
  const model::Litmus other_;
  const model::AllowedOutcomes allowed_;
  World world_;
  Judge judge_;
};

// Says to compare outcomes; replaced by those of the judging generation.
const model::AllowedOutcomes kCompareOutcomes;

constexpr auto kMagenta = model::Generation::kMagenta2017;
constexpr auto kCurrent = model::Generation::kCurrent;

// Twice the same handle: another answer in each generation, and the handle is kept in the old one.
model::Litmus SendsTwice(std::string_view locations) {
  return Parsed(fmt::format(R"(Zircon T
{{ process p; channel a : p.a0 <-> p.a1; event e : p.e0; }}
thread p.t {{ st = zx_channel_write(a0, "x", handles: [e0, e0]); }}
locations [ {} ]
)",
                            locations));
}

// The same answer in each generation; only what is left differs.
model::Litmus LosesAHandle(std::string_view rest) {
  return Parsed(fmt::format(R"(Zircon T
Allow = "blocked"
{{ process p; channel a : p.a0 <-> p.a1; channel b : p.b0 <-> p.b1; }}
thread p.t {{
  st = zx_channel_write(a0, "x", handles: [b0], options: 8);
  {}
}}
locations [ t:st; ]
)",
                            rest));
}

TEST(Judge, AnOutcomeThatTheModelDoesNotAllowIsHD401) {  // W-6
  Judged judged(SendsTwice("t:st;"), kMagenta, {.allowed = &kCompareOutcomes});
  const auto finding = judged.Run();
  ASSERT_TRUE(finding.has_value());
  EXPECT_EQ(finding->id, "HD401");
  EXPECT_EQ(finding->message, "t:st=ZX_ERR_BAD_HANDLE;");
}

TEST(Judge, ThreadsThatWaitForEverAndShouldNotAreHD402) {  // W-3
  // Under `current` b0 is closed, so its peer hears of it; nobody writes to it.
  Judged judged(LosesAHandle("zx_object_wait_one(b1, WRITABLE, deadline: never);"), kMagenta,
                {.allowed = &kCompareOutcomes, .explain = false});
  const auto finding = judged.Run();
  ASSERT_TRUE(finding.has_value());
  EXPECT_EQ(finding->id, "HD402");
  EXPECT_EQ(finding->message, "blocked at the end: t");
}

TEST(Judge, AnAnswerThatNoOrderExplainsIsHD403) {  // W-6
  Judged judged(SendsTwice("a1.queue;"), kMagenta, {.allowed = &kCompareOutcomes});
  const auto finding = judged.Run();
  ASSERT_TRUE(finding.has_value());
  EXPECT_EQ(finding->id, kUnexplainedId);
  EXPECT_EQ(finding->message,
            "no order of steps explains the answer of t: "
            "zx_channel_write(a0, \"x\", handles: [e0, e0]) -> ZX_ERR_BAD_HANDLE");
  ASSERT_TRUE(finding->schedule.has_value());
}

// No location of the program tells what became of the handle; the history's end does.
TEST(Judge, AnEndThatNoOrderExplainsIsHD403) {  // W-3
  Judged judged(LosesAHandle(""), kMagenta, {.allowed = &kCompareOutcomes});
  const auto finding = judged.Run();
  ASSERT_TRUE(finding.has_value());
  EXPECT_EQ(finding->id, kUnexplainedId);
  EXPECT_EQ(finding->message,
            "every answer is explained, but not together with what was left at the end");
}

TEST(Judge, TheSameExecutionIsRightUnderItsOwnGeneration) {
  for (const model::Litmus& litmus : {SendsTwice("t:st;"), LosesAHandle("")}) {
    Judged judged(litmus, kCurrent, {.allowed = &kCompareOutcomes});
    EXPECT_FALSE(judged.Run().has_value());
    EXPECT_EQ(judged.judge().seen().unknown.size(), 0u);
  }
}

TEST(Judge, HistoriesAreComparedOnlyWhenTold) {
  Judged judged(LosesAHandle(""), kMagenta, {.explain = false});
  EXPECT_FALSE(judged.Run().has_value());
  EXPECT_EQ(judged.judge().seen().judged.size(), 0u);
}

// Out of budget is never "explained", and no violation either.
TEST(Judge, AHistoryWhoseBudgetIsTooSmallIsUnknown) {
  Judged judged(WriteAndRead(""), kCurrent, {.max_states = 1});
  EXPECT_FALSE(judged.Run().has_value());
  EXPECT_EQ(judged.judge().seen().unknown.size(), 1u);
  EXPECT_EQ(judged.judge().seen().judged.size(), 1u);
  EXPECT_FALSE(judged.Run().has_value());
  EXPECT_EQ(judged.judge().seen().unknown.size(), 1u)
      << "it is one history, however often it comes";
}

TEST(Judge, EachDistinctHistoryIsJudgedOnce) {
  Judged judged(WriteAndRead(""), kCurrent);
  for (uint64_t seed = 0; seed < 200; ++seed) ASSERT_FALSE(judged.Run(seed).has_value());
  const uint64_t distinct = judged.judge().seen().judged.size();
  EXPECT_GT(distinct, 1u);
  // Six orders of the four marks, and for some of them two answers of the read.
  EXPECT_LE(distinct, 12u);
}

}  // namespace
}  // namespace props
