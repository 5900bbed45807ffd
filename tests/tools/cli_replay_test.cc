// heddle replay and show: what was saved happens again, or the first difference is told.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/tools/command.h"

namespace tools {
namespace {

const std::string kTrace = "traces/corpus/two-readers.trace";

std::string Trace() {
  return ReadFile(Source(kTrace));
}

// The trace with `from` replaced, and the line at which that stands.
struct Edited {
  std::string text = Trace();
  std::string line;

  void Replace(const std::string& from, const std::string& to) {
    const size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    const size_t start = at + (from.starts_with('\n') ? 1 : 0);
    line = std::to_string(1 + std::count(text.begin(), text.begin() + Signed(start), '\n'));
    text.replace(at, from.size(), to);
  }
  static std::ptrdiff_t Signed(size_t at) { return static_cast<std::ptrdiff_t>(at); }
};

TEST(CliReplay, ASavedFailureHappensAgainWithOneWord) {
  const TempFolder folder;
  ASSERT_EQ(Heddle(folder, {"explore", Source("props/litmus/races/two-readers.litmus")}).code, 1);
  const Said said = Heddle(folder, {"replay"});
  EXPECT_EQ(said.code, 1) << said.All();
  EXPECT_EQ(said.LastLine(), "reproduced");
  EXPECT_TRUE(said.out.starts_with("HD102  who saw READABLE gets a message   ")) << said.out;
  EXPECT_EQ(said.err, "");
}

TEST(CliReplay, AnEditedEventIsADivergenceThatNamesItsLine) {
  const TempFolder folder;
  Edited edited;
  edited.Replace(" w acquire queue ", " w acquire lock ");
  folder.Write("x.trace", edited.text);
  const Said said = Heddle(folder, {"replay", "x.trace"});
  EXPECT_EQ(said.code, 3) << said.All();
  EXPECT_TRUE(
      said.err.starts_with("x.trace:" + edited.line + ": the trace and the program part at event "))
      << said.All();
  EXPECT_NE(said.err.find("\n  expected  w acquire lock main."), std::string::npos) << said.All();
  EXPECT_NE(said.err.find("\n  found     "), std::string::npos) << said.All();
  EXPECT_NE(said.err.find("w acquire queue main."), std::string::npos) << said.All();
  EXPECT_EQ(said.out, "");
}

TEST(CliReplay, EveryEditedPartOfATraceIsADivergence) {
  const TempFolder folder;
  const std::vector<std::pair<std::string, std::string>> edits = {
      {"\n< w ZX_OK", "\n< w ZX_ERR_PEER_CLOSED"},
      {"\n= a0.queue [\"job\"]", "\n= a0.queue [\"jab\"]"},
      {" | w,x,y | ", " | w,x | "},
      {"\nschedule ", "\nschedule w "},
      {"\nverdict HD102", "\nverdict HD101"},
      {"> w - zx_channel_write(a1, \"job\")", "> w - zx_channel_write(a1, \"jab\")"},
      {"|   zx_channel_write(a1, \"job\");", "|   zx_channel_write(a1, \"jab\");"},
      {"\nend\n", "\n! nobody said so\nend\n"},
  };
  for (const auto& [from, to] : edits) {
    Edited edited;
    edited.Replace(from, to);
    folder.Write("x.trace", edited.text);
    const Said said = Heddle(folder, {"replay", "x.trace"});
    EXPECT_EQ(said.code, 3) << from << "\n" << said.All();
    // An edited program shows where what it does first differs.
    const std::string line = from.starts_with("|") ? "" : edited.line + ": ";
    EXPECT_TRUE(said.err.starts_with("x.trace:" + line)) << said.err;
    EXPECT_NE(said.err.find("\n  expected  "), std::string::npos) << said.All();
    EXPECT_NE(said.err.find("\n  found     "), std::string::npos) << said.All();
  }
}

// The events happen as recorded, but the claim that they broke is gone.
TEST(CliReplay, AViolationThatDoesNotHappenAnyMoreAnswers5) {
  const TempFolder folder;
  Edited edited;
  edited.Replace("| forall ", "| exists ");
  folder.Write("x.trace", edited.text);
  const Said said = Heddle(folder, {"replay", "x.trace"});
  EXPECT_EQ(said.code, 5) << said.All();
  EXPECT_EQ(said.out, "not reproduced: the schedule ran to its end, and nothing is wrong\n");
  const Said minimized = Heddle(folder, {"minimize", "x.trace"});
  EXPECT_EQ(minimized.code, 5) << minimized.All();
}

const std::string kMended = "traces/corpus/planted/wait-checks-then-registers.trace";

// What was recorded on a core with a bug does not fit this one, which has it not.
TEST(CliReplay, AViolationOfACoreThatWasMendedAnswers5AndSaysWhereTheyPart) {
  const TempFolder folder;
  folder.Write("x.trace", ReadFile(Source(kMended)));
  const Said said = Heddle(folder, {"replay", "x.trace"});
  EXPECT_EQ(said.code, 5) << said.All();
  EXPECT_TRUE(
      said.out.starts_with("not reproduced: the violation did not happen; what runs is no "
                           "longer what was recorded, from event "))
      << said.out;
  EXPECT_NE(said.out.find(" (x.trace:"), std::string::npos) << said.out;
  EXPECT_EQ(said.err, "");
  EXPECT_EQ(Heddle(folder, {"minimize", "x.trace"}).code, 3);
}

// Nothing can be said of a violation whose trace cannot be followed at all.
TEST(CliReplay, ATraceOfOtherThreadsOrWithoutAScheduleOrAVerdictIsADivergence) {
  const TempFolder folder;
  const std::string trace = ReadFile(Source(kMended));
  const std::vector<std::pair<std::string, std::string>> edits = {
      {"\n3 w ", "\n3 z "},
      {"\nschedule w", "\nschedule z"},
      {"\nverdict HD201", "\nverdict none"},
      {"\nend\n", "\n"}};
  for (const auto& [from, to] : edits) {
    std::string text = trace;
    const size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    folder.Write("x.trace", text);
    const Said said = Heddle(folder, {"replay", "x.trace"});
    EXPECT_EQ(said.code, 3) << from << said.All();
  }
}

// The bug is there still, though the trace does not fit.
TEST(CliReplay, ADivergenceSaysWhetherSomethingIsStillWrong) {
  const TempFolder folder;
  Edited edited;
  edited.Replace(" w acquire queue ", " w acquire lock ");
  folder.Write("x.trace", edited.text);
  const Said said = Heddle(folder, {"replay", "x.trace"});
  EXPECT_EQ(said.code, 3) << said.All();
  EXPECT_NE(said.err.find("Something is still wrong, in an execution near the recorded one: HD102"),
            std::string::npos)
      << said.err;
}

TEST(CliReplay, AnInterruptedTraceRunsByItsSchedule) {
  const TempFolder folder;
  const std::string trace = Trace();
  folder.Write("x.trace", trace.substr(0, trace.find("\nevents\n") + 8));
  EXPECT_EQ(Heddle(folder, {"replay", "x.trace"}).code, 1);
  folder.Write("x.trace", trace.substr(0, trace.find("\n20 ") + 10));
  EXPECT_EQ(Heddle(folder, {"replay", "x.trace"}).code, 1);
  const Said said = Heddle(folder, {"show", "x.trace"});
  EXPECT_EQ(said.code, 0);
  EXPECT_NE(said.out.find("\n  unfinished: its writer was interrupted\n"), std::string::npos);
}

TEST(CliReplay, AScheduleGivenByHandRuns) {
  const TempFolder folder;
  const std::string race = Source("props/litmus/races/two-readers.litmus");
  const std::string trace = Trace();
  const size_t at = trace.find("\nschedule ") + 10;
  const std::string schedule = trace.substr(at, trace.find('\n', at) - at);
  for (const std::string& text : {schedule, "two-readers: " + schedule}) {
    const Said said = Heddle(folder, {"replay", "--schedule", text, race});
    EXPECT_EQ(said.code, 1) << said.All();
    EXPECT_EQ(said.LastLine(), "reproduced");
  }
}

TEST(CliReplay, AScheduleGivenByHandThatDoesNotFitIsADivergence) {
  const TempFolder folder;
  const Said said = Heddle(folder, {"replay", "--schedule", "w*2", Source(kHolds)});
  EXPECT_EQ(said.code, 3) << said.All();
  EXPECT_EQ(said.err, Source(kHolds) +
                          ": the schedule and the program part at event 3, decision 3 of the "
                          "schedule\n  expected  the end of the schedule\n  found     w,r\n");
}

TEST(CliReplay, AnEmptyScheduleIsThatOfAProgramWithNothingToDecide) {
  const TempFolder folder;
  folder.Write("x.litmus",
               "Zircon ALONE\n{ process p; channel a : p.a0 <-> p.a1; }\n"
               "thread p.t { zx_handle_close(a0); }\n");
  const Said said = Heddle(folder, {"replay", "--schedule", "", "x.litmus"});
  EXPECT_EQ(said.code, 5) << said.All();
}

TEST(CliShow, PrintsTheVerdictTheTableAndTheScheduleAndRunsNothing) {
  const TempFolder folder;
  const Said said = Heddle(folder, {"show", Source(kTrace)});
  EXPECT_EQ(said.code, 0) << said.All();
  EXPECT_EQ(said.err, "");
  for (const std::string part :
       {"  verdict   HD102 who saw READABLE gets a message\n", "  found by  minimize, seed 0; ",
        "   #  server.w ", "  ← here\n", "\n  schedule  "}) {
    EXPECT_NE(said.out.find(part), std::string::npos) << part << "\n" << said.out;
  }
  EXPECT_TRUE(folder.Files().empty());
}

}  // namespace
}  // namespace tools
