// Failures as tests show and keep them.
#include "props/failure_text.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "props/check.h"
#include "props/minimize.h"
#include "tests/props/programs.h"
#include "traces/text.h"

namespace props {
namespace {

namespace fs = std::filesystem;

// A folder of this test alone, empty.
std::string Folder() {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  fs::path folder = fs::path(testing::TempDir()) / "failure_text_test" / test->name();
  fs::remove_all(folder);
  return folder.string();
}

std::string Content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

model::Litmus NeverInTime() {
  return WriteAndRead("forall \"late\" (r:m = ZX_ERR_SHOULD_WAIT)");
}

MinimizedFailure Failure(const model::Litmus& litmus) {
  const CheckReport report = Check(litmus, Exhaustively());
  return MinimizeFailure(litmus, report.findings.at(0), {});
}

TEST(FailureText, HasTheProgramTheReasonTheTableTheScheduleAndTheReplayLine) {
  const MinimizedFailure failure = Failure(NeverInTime());
  const SavedFailure saved = SaveFailure(Folder(), failure, 20'000);
  const Recording& recording = saved.recording;
  ASSERT_TRUE(recording.finding.has_value());
  EXPECT_EQ(FailureText(*recording.finding, recording.trace, failure.litmus, "DIR/x.min.trace"),
            R"(Zircon T
{
  process client, server;
  channel a : client.a0 <-> server.a1;
}

thread client.w {
  st = zx_channel_write(a0, "");
}

thread server.r {
  m = zx_channel_read(a1);
}

locations [ w:st; r:m; ]

forall "late" (r:m = ZX_ERR_SHOULD_WAIT)

HD102  late   program:17
       this was claimed of every end, but is false of one: w:st=ZX_OK; r:m=ZX_OK;

   #  client.w                               server.r
   1  st = zx_channel_write(a0, "") → ZX_OK
   2                                         m = zx_channel_read(a1) → ZX_OK ""  ← here

  schedule  w*5
  replay    heddle replay DIR/x.min.trace
)");
}

TEST(FailureText, ASavedFailureIsATraceThatRunsAgain) {
  const std::string folder = Folder();
  const MinimizedFailure failure = Failure(NeverInTime());
  const SavedFailure saved = SaveFailure(folder, failure, 20'000);
  EXPECT_EQ(saved.error, std::nullopt);
  EXPECT_TRUE(saved.path.starts_with(folder + "/failures/T/")) << saved.path;
  EXPECT_TRUE(saved.path.ends_with(".min.trace")) << saved.path;
  EXPECT_EQ(Content(folder + "/latest"), Content(saved.path));
  const auto parsed = traces::ParseTrace(Content(saved.path));
  ASSERT_TRUE(std::holds_alternative<traces::Trace>(parsed));
  const traces::Trace& trace = std::get<traces::Trace>(parsed);
  EXPECT_TRUE(trace.finished);
  const model::Litmus litmus = Parsed(trace.litmus);
  const model::AllowedOutcomes allowed = model::EnumerateOutcomes(litmus);
  const Recording again = Rerun(litmus, &allowed, trace, 20'000);
  EXPECT_FALSE(again.mismatch.has_value());
  ASSERT_TRUE(again.finding.has_value());
  EXPECT_TRUE(again.finding->SameAs(failure.finding));
}

TEST(FailureText, WhatCannotBeSavedIsRecordedAllTheSame) {
  const std::string folder = Folder();
  fs::create_directories(folder);
  std::ofstream(folder + "/failures") << "a file";
  const SavedFailure saved = SaveFailure(folder, Failure(NeverInTime()), 20'000);
  ASSERT_TRUE(saved.error.has_value());
  EXPECT_NE(saved.error->find("cannot be written"), std::string::npos) << *saved.error;
  EXPECT_TRUE(saved.recording.finding.has_value());
}

}  // namespace
}  // namespace props
