// heddle explore: answers, streams, lists, expectations, and the line that says why it ended.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/tools/command.h"

namespace tools {
namespace {

const std::string kLarge = "props/litmus/xfer+wr.litmus";

Said Explore(const TempFolder& folder, const Words& arguments) {
  Words all = {"explore"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return Heddle(folder, all);
}

TEST(CliExplore, AProgramThatHoldsAnswers0AndLeavesNoFiles) {
  const TempFolder folder;
  const Said said = Explore(folder, {Source(kHolds)});
  EXPECT_EQ(said.code, 0) << said.All();
  EXPECT_EQ(said.err, "");
  EXPECT_TRUE(Has(said.out, "\nHistogram (4 states, 6 runs, complete)\n")) << said.out;
  EXPECT_TRUE(Has(said.out, "\nOk\n")) << said.out;
  EXPECT_TRUE(said.LastLine().starts_with("complete: 6 executions, ")) << said.out;
  EXPECT_TRUE(folder.Files().empty());
}

TEST(CliExplore, EveryOutcomeIsShownWithAScheduleThatReplays) {
  const TempFolder folder;
  const Said said = Explore(folder, {Source(kHolds)});
  const std::string row = "r:m1=ZX_OK; r:m1.bytes=\"first\"; r:m2=ZX_OK; r:m2.bytes=\"second\"; ";
  const size_t at = said.out.find(row);
  ASSERT_NE(at, std::string::npos) << said.out;
  const size_t example = said.out.find("e.g. ", at) + 5;
  const std::string schedule = said.out.substr(example, said.out.find('\n', example) - example);
  const Said again = Heddle(folder, {"replay", "--schedule", "MP: " + schedule, Source(kHolds)});
  EXPECT_EQ(again.code, 5) << again.All();
}

TEST(CliExplore, ConditionsAreAlignedAndJudged) {
  const TempFolder folder;
  const Said said = Explore(folder, {Source(kHolds)});
  EXPECT_TRUE(Has(said.out,
                  "Ok\n"
                  "  ~exists \"second before first\" Never           0 6       ok\n"
                  "  ~exists \"first overtaken\"     Never           0 6       ok\n"
                  "  exists  \"both in time\"        Sometimes       2 4       ok\n"
                  "  exists  \"both too early\"      Sometimes       1 5       ok\n"
                  "  forall  \"writes never wait\"   Always          6 0       ok\n"
                  "  outcomes exact                4 of 4 seen, none extra\n"
                  "  model                         4 of 4 seen, none extra\n"
                  "  histories                     6 distinct, all compared with the model\n"))
      << said.out;
}

TEST(CliExplore, AViolationAnswers1AndTellsResultsOnStdoutOnly) {
  const TempFolder folder;
  const Said said = Explore(folder, {Source(kRace)});
  EXPECT_EQ(said.code, 1) << said.All();
  EXPECT_EQ(said.err, "minimizing HD102 ...\n");
  EXPECT_TRUE(Has(said.out, "\nNo\n")) << said.out;
  EXPECT_TRUE(Has(said.out, " BROKEN\n")) << said.out;
  EXPECT_TRUE(Has(said.out, "*> "));
  EXPECT_TRUE(Has(said.out, "\nHD102  who saw READABLE gets a message   ")) << said.out;
  EXPECT_TRUE(Has(said.out, "two-readers.litmus:31\n")) << said.out;
  EXPECT_TRUE(said.LastLine().starts_with("first failure: ")) << said.out;
}

TEST(CliExplore, QuietMeansNothingOnStderr) {
  const TempFolder folder;
  const Said said = Explore(folder, {"-q", Source(kRace)});
  EXPECT_EQ(said.code, 1);
  EXPECT_EQ(said.err, "");
}

// A bound that was reached is no success without a word.
TEST(CliExplore, ACompleteSearchThatWasCutAnswers2) {
  const TempFolder folder;
  Said said = Explore(folder, {"--strategy", "dfs", "--max-executions", "100", Source(kLarge)});
  EXPECT_EQ(said.code, 2) << said.All();
  EXPECT_EQ(said.LastLine(), "runs reached: 100 executions, 0 cut short as repetitions");
  EXPECT_TRUE(Has(said.out, ", 100 runs, bounded)\n")) << said.out;
  EXPECT_TRUE(Has(said.out, "\nUnknown\n")) << said.out;
  EXPECT_FALSE(Has(said.out, "\nOk\n")) << said.out;
  said = Explore(folder, {"--strategy", "dfs", "--budget", "100ms", Source(kLarge)});
  EXPECT_EQ(said.code, 2) << said.All();
  EXPECT_TRUE(said.LastLine().starts_with("budget: ")) << said.out;
}

TEST(CliExplore, AnExistsThatACutSearchHasNotMetIsUnknownNotBroken) {
  const TempFolder folder;
  const Said said = Explore(folder, {"--strategy", "dfs", "--max-executions", "1", Source(kHolds)});
  EXPECT_EQ(said.code, 2) << said.All();
  EXPECT_TRUE(Has(said.out, " unknown\n")) << said.out;
  EXPECT_FALSE(Has(said.out, "BROKEN")) << said.out;
}

TEST(CliExplore, ARandomSearchThatFindsNothingAnswers0) {
  const TempFolder folder;
  const Said said = Explore(folder, {"--strategy", "random", "--runs", "20", Source(kLarge)});
  EXPECT_EQ(said.code, 0) << said.All();
  EXPECT_EQ(said.LastLine(), "runs reached: 20 executions, 0 cut short as repetitions");
}

TEST(CliExplore, TheBudgetIsForEachFile) {
  const TempFolder folder;
  const Said said =
      Explore(folder, {"--strategy", "dfs", "--budget", "100ms", Source(kLarge), Source(kHolds)});
  EXPECT_EQ(said.code, 2) << said.All();
  EXPECT_TRUE(Has(said.out, "\nbudget: ")) << said.out;
  EXPECT_TRUE(Has(said.out, "Test MP ")) << said.out;
}

TEST(CliExplore, AnExpectedViolationAnswers0AndAnUnmetExpectation1) {
  const TempFolder folder;
  const auto expect = [&](const std::string& expectation, const std::string& file, int code,
                          const std::string& line) {
    const Said said = Explore(folder, {"-q", "--expect", expectation, Source(file)});
    EXPECT_EQ(said.code, code) << expectation << "\n" << said.All();
    EXPECT_EQ(Has(said.out, line), true) << said.out;
    const std::string last = said.LastLine();
    EXPECT_TRUE(last.starts_with("complete: ") || last.starts_with("first failure: ")) << last;
  };
  expect("violated", kRace, 0, "\nexpected violated: met\n");
  expect("violated:HD102", kRace, 0, "\nexpected violated:HD102: met\n");
  expect("violated:HD101", kRace, 1, "\nexpected violated:HD101: not met\n");
  expect("holds", kRace, 1, "\nHD102 ");
  expect("violated", kHolds, 1, "\nexpected violated: not met\n");
  expect("holds", kHolds, 0, "\nOk\n");
}

TEST(CliExplore, WhatIsUnknownMeetsNoExpectation) {
  const TempFolder folder;
  const Said said = Explore(folder, {"--expect", "violated", "--strategy", "dfs",
                                     "--max-executions", "10", Source(kLarge)});
  EXPECT_EQ(said.code, 2) << said.All();
}

TEST(CliExplore, KeepGoingReportsEveryDistinctViolation) {
  const TempFolder folder;
  std::string program = ReadFile(Source(kRace));
  program += "\n~exists \"y is first\" (y:m = ZX_OK)\nexists \"never\" (blocked(w))\n";
  folder.Write("x.litmus", program);
  Said said = Explore(folder, {"--keep-going", "x.litmus"});
  EXPECT_EQ(said.code, 1) << said.All();
  EXPECT_TRUE(Has(said.out, "\nHD102  who saw READABLE gets a message   x.litmus:31\n"));
  EXPECT_TRUE(Has(said.out, "\nHD101  y is first   x.litmus:33\n")) << said.out;
  EXPECT_TRUE(Has(said.out, "\nHD103  never   x.litmus:34\n")) << said.out;
  EXPECT_TRUE(said.LastLine().starts_with("complete: ")) << said.out;
  said = Explore(folder, {"x.litmus"});
  EXPECT_TRUE(Has(said.out, "HD10")) << said.out;
  EXPECT_EQ(said.out.find("\nHD10"), said.out.rfind("\nHD10")) << said.out;
}

TEST(CliExplore, AListNamesFilesWithCommentsAndEmptyLines) {
  const TempFolder folder;
  folder.Write("list", "# two programs\n\n" + Source(kHolds) + "\r\n" +
                           Source("props/litmus/wr+wr.litmus") + "\n");
  const Said said = Explore(folder, {"@list", Source("props/litmus/discard.litmus")});
  EXPECT_EQ(said.code, 0) << said.All();
  const size_t first = said.out.find("Test MP ");
  const size_t second = said.out.find("\n\nTest WR+wr ");
  const size_t third = said.out.find("\n\nTest DISCARD ");
  EXPECT_TRUE(first < second && second < third && third != std::string::npos) << said.out;
}

TEST(CliExplore, AListThatIsMissingOrEmptyIsNoSuccess) {
  const TempFolder folder;
  Said said = Explore(folder, {"@nowhere"});
  EXPECT_EQ(said.code, 66) << said.All();
  EXPECT_EQ(said.err, "nowhere: error: there is no such file\n");
  folder.Write("list", "# nothing\n");
  said = Explore(folder, {"@list"});
  EXPECT_EQ(said.code, 66) << said.All();
  EXPECT_EQ(said.err, "heddle: the list names no file, so there is nothing to explore\n");
}

TEST(CliExplore, TheWorstAnswerOfSeveralFilesIsTheAnswer) {
  const TempFolder folder;
  folder.Write("bad.litmus", "Zirkon\n");
  const Words cut = {"--strategy", "dfs", "--max-executions", "2000", "-q"};
  const auto code = [&](Words files) {
    files.insert(files.begin(), cut.begin(), cut.end());
    return Explore(folder, files).code;
  };
  EXPECT_EQ(code({Source("props/litmus/discard.litmus"), Source(kLarge)}), 2);
  EXPECT_EQ(code({Source(kLarge), "bad.litmus"}), 65);
  EXPECT_EQ(code({Source(kRace), "bad.litmus", Source(kLarge)}), 1);
}

TEST(CliExplore, ThreadsThatWaitForEverAreTold) {
  const TempFolder folder;
  const std::string program =
      "{ process p; event e : p.e0; }\n"
      "thread p.t { wt = zx_object_wait_one(e0, SIGNALED, deadline: never); }\n"
      "locations [ t:wt; ]\n";
  folder.Write("deadlock.litmus", "Zircon DEADLOCK\n" + program);
  Said said = Explore(folder, {"deadlock.litmus"});
  EXPECT_EQ(said.code, 1) << said.All();
  EXPECT_TRUE(Has(said.out, "\nHD201  ")) << said.out;
  EXPECT_TRUE(Has(said.out, "blocked for ever: t")) << said.out;
  EXPECT_TRUE(Has(said.out, "never returns")) << said.out;
  folder.Write("allowed.litmus", "Zircon ALLOWED\nAllow = \"blocked\"\n" + program);
  said = Explore(folder, {"allowed.litmus"});
  EXPECT_EQ(said.code, 0) << said.All();
  EXPECT_TRUE(Has(said.out, "  (blocked)\n")) << said.out;
}

TEST(CliExplore, TheSameSearchSaysTheSameTwice) {
  const TempFolder folder;
  const Words arguments = {"-q", "--strategy", "random", "--seed",
                           "3",  "--runs",     "50",     Source(kLarge)};
  const auto without_time = [](std::string text) {
    const size_t at = text.find("\nTime ");
    return text.erase(at, text.find('\n', at + 1) - at);
  };
  EXPECT_EQ(without_time(Explore(folder, arguments).out),
            without_time(Explore(folder, arguments).out));
}

constexpr std::string_view kInTime = R"(Zircon in-time
{ process client, server; channel a : client.a0 <-> server.a1; }
thread client.c { w = zx_object_wait_one(a0, READABLE, deadline: @1ms); }
thread server.s { st = zx_channel_write(a1, "x"); }
locations [ c:w; ]
~exists "late" (c:w = ZX_ERR_TIMED_OUT)
)";

TEST(CliExplore, EarlyDeadlinesAreBoundedOnRequestAndTheirTracesReplay) {
  const TempFolder folder;
  folder.Write("x.litmus", kInTime);
  const auto explore = [&](const std::string& early) {
    return Heddle(folder, {"explore", "-q", "--faults", "early=" + early, "x.litmus"});
  };
  const Said never = explore("0");
  EXPECT_EQ(never.code, 0) << never.All();
  EXPECT_TRUE(Has(never.out, ", complete within 0 early deadlines)\n")) << never.out;
  EXPECT_EQ(Heddle(folder, {"explore", "-q", "x.litmus"}).code, 1);
  const Said once = explore("1");
  EXPECT_EQ(once.code, 1) << once.All();
  EXPECT_TRUE(Has(once.out, "HD101  late")) << once.out;
  EXPECT_EQ(Heddle(folder, {"replay"}).code, 1);
  EXPECT_EQ(Heddle(folder, {"minimize", "-q"}).code, 0);
  folder.Write("bad.litmus", "Zircon T\nEarly = \"soon\"\n{ process p; }\nthread p.t { }\n");
  const Said bad = Heddle(folder, {"explore", "bad.litmus"});
  EXPECT_EQ(bad.code, 65);
  EXPECT_EQ(bad.FirstError(),
            "bad.litmus: error: Early = \"soon\" is no bound; say how many, as in Early = \"1\"");
}

TEST(CliExplore, DelaysBoundASearchInsteadOfPreemptions) {
  const TempFolder folder;
  const std::string file = Source("props/litmus/mp.litmus");
  const Said none = Heddle(folder, {"explore", "-q", "--delays", "0", file});
  EXPECT_TRUE(Has(none.out, "1 run, complete within 0 delays)\n")) << none.out;
  const Said many = Heddle(folder, {"explore", "-q", "--delays", "9", file});
  EXPECT_EQ(many.code, 0) << many.All();
  EXPECT_TRUE(Has(many.out, ", complete within 9 delays)\n")) << many.out;
  EXPECT_EQ(Heddle(folder, {"explore", "-q", "-j", "2", file}, {"HEDDLE_DELAYS=9"}).code, 0);
  const Said both = Heddle(folder, {"explore", "--delays", "1", "--preemptions", "1", file});
  EXPECT_EQ(both.code, 64) << both.All();
}

// A search has one bound of switches: preemptions or delays.
TEST(CliExplore, ABoundOnTheCommandLineReplacesTheFilesOfEitherKind) {
  const TempFolder folder;
  folder.Write("d.litmus", "Zircon d\nDelays = \"3\"\n" + std::string(kInTime.substr(15)));
  folder.Write("p.litmus", std::string(kInTime) + "within { preemptions: 3; }\n");
  const auto with = [&](const Words& more) {
    Words words = {"-q", "--faults", "early=0"};
    words.insert(words.end(), more.begin(), more.end());
    const std::string out = Explore(folder, words).out;
    const size_t begin = out.find("complete within ");
    return begin == std::string::npos ? out : out.substr(begin, out.find(')', begin) - begin);
  };
  EXPECT_EQ(with({"d.litmus"}), "complete within 3 delays and 0 early deadlines");
  EXPECT_EQ(with({"p.litmus"}), "complete within 3 preemptions and 0 early deadlines");
  EXPECT_EQ(with({"--preemptions", "2", "d.litmus"}),
            "complete within 2 preemptions and 0 early deadlines");
  EXPECT_EQ(with({"--delays", "2", "p.litmus"}), "complete within 2 delays and 0 early deadlines");
}

}  // namespace
}  // namespace tools
