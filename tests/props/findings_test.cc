// What is wrong with one execution, and the names of what is wrong.
#include "props/findings.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "props/record.h"
#include "tests/props/programs.h"

namespace props {
namespace {

TEST(Judge, WhatTheModelDoesNotAllowIsFound) {
  const model::Litmus litmus = WriteAndRead("");
  model::AllowedOutcomes allowed = model::EnumerateOutcomes(litmus);
  EXPECT_FALSE(Record(litmus, &allowed, {{false, 0, 0}}, {}, 20'000).finding.has_value());
  const CheckReport report = Check(litmus, Exhaustively());
  const sim::Schedule schedule = report.outcomes.begin()->second.example;
  allowed.outcomes.erase(report.outcomes.begin()->first);
  Recording recording = Record(litmus, &allowed, schedule, {}, 20'000);
  ASSERT_TRUE(recording.finding.has_value());
  EXPECT_EQ(recording.finding->id, "HD401");
  allowed.complete = false;  // Then the model has no opinion.
  EXPECT_FALSE(Record(litmus, &allowed, schedule, {}, 20'000).finding.has_value());
  EXPECT_FALSE(Record(litmus, nullptr, schedule, {}, 20'000).finding.has_value());
}

TEST(Judge, BlockedThreadsThatTheModelDoesNotAllowAreFound) {
  const model::Litmus litmus = WaitsForEver("Allow = \"blocked\"");
  model::AllowedOutcomes allowed = model::EnumerateOutcomes(litmus);
  ASSERT_EQ(allowed.blocked_sets.size(), 1u);
  ASSERT_EQ(allowed.blocked_sets.begin()->first, 2u);
  allowed.blocked_sets.clear();
  const sim::Schedule schedule = Check(litmus, Exhaustively()).outcomes.begin()->second.example;
  const Recording recording = Record(litmus, &allowed, schedule, {}, 20'000);
  ASSERT_TRUE(recording.finding.has_value());
  EXPECT_EQ(recording.finding->id, "HD402");
  EXPECT_EQ(recording.finding->message, "blocked at the end: r");
}

TEST(Judge, ConditionsComeBeforeListedOutcomesInTheOrderOfTheFile) {
  const std::string claims =
      "~exists \"second\" (w:st = ZX_OK)\n"
      "forall \"first in the file is told first\" (w:st != ZX_OK)\n"
      "outcomes exact { w:st=ZX_ERR_PEER_CLOSED; r:m=ZX_OK; }\n";
  const CheckReport report = Check(WriteAndRead(claims), Exhaustively());
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].id, "HD101");
}

TEST(Fingerprint, NamesTheViolationWithinItsProgramAndNotTheSchedule) {
  const model::Litmus litmus = WriteAndRead("");
  Finding finding;
  finding.id = "HD101";
  finding.name = "lost";
  const std::string fingerprint = Fingerprint(litmus, finding);
  EXPECT_EQ(fingerprint.size(), 6u);
  EXPECT_EQ(fingerprint.find_first_not_of("0123456789abcdef"), std::string::npos);
  Finding other = finding;
  other.schedule = sim::Schedule{{false, 0, 0}};
  other.message = "in other words";
  other.events = 12;
  EXPECT_EQ(Fingerprint(litmus, other), fingerprint);
  std::set<std::string> all = {fingerprint};
  other.id = "HD102";
  all.insert(Fingerprint(litmus, other));
  other = finding;
  other.name = "lost again";
  all.insert(Fingerprint(litmus, other));
  all.insert(Fingerprint(WriteAndRead("exists (w:st = ZX_OK)\n"), finding));
  EXPECT_EQ(all.size(), 4u);
}

}  // namespace
}  // namespace props
