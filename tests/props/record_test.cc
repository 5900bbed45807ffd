// Executions as traces: what is recorded runs again, and the first difference is told exactly.
#include "props/record.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "props/generations.h"
#include "tests/props/programs.h"
#include "traces/schedule_text.h"
#include "traces/text.h"

namespace props {
namespace {

using traces::TraceEvent;
using traces::TraceLine;
using traces::TraceNote;

constexpr uint32_t kMaxSteps = 20'000;

// An execution of XFER+wr in which the order of the threads changes often.
class RecordTest : public testing::Test {
 protected:
  Recording Again(const traces::Trace& trace) const {
    return Rerun(litmus_, &allowed_, trace, kMaxSteps);
  }

  // Checks that the edited trace is refused at entry `entry` of the original.
  Mismatch ExpectMismatch(const traces::Trace& edited, size_t entry) const {
    const Recording again = Again(edited);
    if (!again.mismatch) {
      ADD_FAILURE() << "edited at entry " << entry << ", and nobody noticed";
      return {};
    }
    EXPECT_EQ(again.mismatch->line, traces::LineNumberOf(trace_, entry));
    EXPECT_FALSE(again.mismatch->expected.empty());
    EXPECT_FALSE(again.mismatch->found.empty());
    EXPECT_NE(again.mismatch->expected, again.mismatch->found);
    return *again.mismatch;
  }

  // The number of the event at or after an entry.
  std::string EventAt(size_t entry) const {
    size_t events = 0;
    for (size_t i = 0; i < entry; ++i) events += std::holds_alternative<TraceEvent>(Line(i));
    return fmt::format("event {}", events + 1);
  }

  const TraceLine& Line(size_t entry) const { return trace_.lines[entry]; }

  template <typename Edit>
  void ForEachEvent(Edit edit) const {
    for (size_t i = 0; i < trace_.lines.size(); ++i) {
      if (const auto* event = std::get_if<TraceEvent>(&Line(i))) edit(i, *event);
    }
  }

  const model::Litmus litmus_ = FromCatalogue("xfer+wr.litmus");
  const model::AllowedOutcomes allowed_ = model::EnumerateOutcomes(litmus_);
  const traces::Trace trace_ = [&] {
    CheckOptions options = Exhaustively(Search::kRandom);
    options.runs = 1;
    options.seed = 4;
    const CheckReport report = Check(litmus_, options);
    return Record(litmus_, &allowed_, report.outcomes.begin()->second.example, {"random", 4},
                  kMaxSteps)
        .trace;
  }();
};

TEST_F(RecordTest, ARecordedExecutionRunsAgainAndIsRecordedAsTheSameTrace) {
  ASSERT_TRUE(trace_.finished);
  ASSERT_GT(trace_.lines.size(), 40u);
  EXPECT_EQ(trace_.program, "XFER+wr");
  EXPECT_EQ(trace_.litmus, model::PrintLitmus(litmus_));
  EXPECT_EQ(trace_.verdict.id, "none");
  const Recording again = Again(trace_);
  EXPECT_FALSE(again.mismatch.has_value());
  EXPECT_FALSE(again.finding.has_value());
  EXPECT_EQ(again.trace, trace_);
}

TEST(Record, ATraceNamesTheGenerationItWasRecordedUnderAndReplays) {
  for (const model::Generation generation : model::kGenerations) {
    const model::Litmus litmus = UnderGeneration(FromCatalogue("send+send.litmus"), generation);
    const CheckReport report = Check(litmus, Exhaustively());
    const sim::Schedule& schedule = report.outcomes.begin()->second.example;
    const Recording recording = Record(litmus, nullptr, schedule, {"sleep", 0}, kMaxSteps);
    ASSERT_FALSE(recording.mismatch.has_value());
    const std::string text = traces::PrintTrace(recording.trace);
    const std::string line =
        "\ngeneration " + std::string(model::GenerationName(generation)) + "\n";
    EXPECT_NE(text.find(line), std::string::npos) << line;
    const auto parsed = traces::ParseTrace(text);
    ASSERT_TRUE(std::holds_alternative<traces::Trace>(parsed)) << line;
    const traces::Trace& trace = std::get<traces::Trace>(parsed);
    const Recording again = Rerun(Parsed(trace.litmus), nullptr, trace, kMaxSteps);
    EXPECT_FALSE(again.mismatch.has_value()) << line;
    EXPECT_EQ(again.trace, trace) << line;
  }
}

TEST_F(RecordTest, AnotherThreadInAnyEventIsFoundThere) {
  ForEachEvent([&](size_t i, const TraceEvent& event) {
    for (const std::string name : {"w", "m", "h", "w:timer", "nobody"}) {
      if (name == event.thread) continue;
      traces::Trace edited = trace_;
      std::get<TraceEvent>(edited.lines[i]).thread = name;
      const Mismatch mismatch = ExpectMismatch(edited, i);
      EXPECT_EQ(mismatch.where, EventAt(i));
      EXPECT_TRUE(mismatch.expected.starts_with(name + " ")) << mismatch.expected;
      EXPECT_NE(mismatch.found.find(event.operation), std::string::npos);
    }
  });
}

TEST_F(RecordTest, AnotherOperationInAnyEventIsFoundThere) {
  ForEachEvent([&](size_t i, const TraceEvent& event) {
    traces::Trace edited = trace_;
    std::get<TraceEvent>(edited.lines[i]).operation += "0";
    const Mismatch mismatch = ExpectMismatch(edited, i);
    EXPECT_EQ(mismatch.where, EventAt(i));
    EXPECT_NE(mismatch.expected.find(event.operation + "0"), std::string::npos);
    EXPECT_NE(mismatch.found.find(event.operation), std::string::npos);
  });
}

TEST_F(RecordTest, OtherEnabledThreadsInAnyEventAreFoundThere) {
  ForEachEvent([&](size_t i, const TraceEvent& event) {
    for (const std::string& enabled : {event.enabled + ",h:timer", std::string("nobody")}) {
      traces::Trace edited = trace_;
      std::get<TraceEvent>(edited.lines[i]).enabled = enabled;
      const Mismatch mismatch = ExpectMismatch(edited, i);
      EXPECT_NE(mismatch.expected.find("enabled: " + enabled + ";"), std::string::npos);
    }
  });
}

TEST_F(RecordTest, AnotherHashInAnyEventIsFoundThere) {
  ForEachEvent([&](size_t i, const TraceEvent& event) {
    traces::Trace edited = trace_;
    std::get<TraceEvent>(edited.lines[i]).hash ^= 1;
    const Mismatch mismatch = ExpectMismatch(edited, i);
    EXPECT_NE(mismatch.expected.find(fmt::format("hash {:016x}", event.hash ^ 1)),
              std::string::npos);
    EXPECT_NE(mismatch.found.find(fmt::format("hash {:016x}", event.hash)), std::string::npos);
  });
}

TEST_F(RecordTest, AnyDroppedLineIsFoundWhereItWas) {
  for (size_t i = 0; i < trace_.lines.size(); ++i) {
    traces::Trace edited = trace_;
    edited.lines.erase(edited.lines.begin() + static_cast<std::ptrdiff_t>(i));
    ExpectMismatch(edited, i);
  }
}

TEST_F(RecordTest, AnyInsertedLineIsFoundWhereItIs) {
  for (size_t i = 0; i < trace_.lines.size(); ++i) {
    traces::Trace edited = trace_;
    const auto place = edited.lines.begin() + static_cast<std::ptrdiff_t>(i + 1);
    edited.lines.insert(place, trace_.lines[i]);
    ExpectMismatch(edited, i + 1);
    edited = trace_;
    edited.lines.insert(edited.lines.begin() + static_cast<std::ptrdiff_t>(i),
                        TraceNote{TraceNote::Kind::kRemark, "", "", "nobody said so"});
    EXPECT_EQ(ExpectMismatch(edited, i).expected, "nobody said so");
  }
}

TEST_F(RecordTest, AnyChangedCallAnswerQueueOrRemarkIsFoundThere) {
  size_t notes = 0;
  for (size_t i = 0; i < trace_.lines.size(); ++i) {
    if (!std::holds_alternative<TraceNote>(Line(i))) continue;
    ++notes;
    traces::Trace edited = trace_;
    auto& note = std::get<TraceNote>(edited.lines[i]);
    note.text += "!";
    const Mismatch mismatch = ExpectMismatch(edited, i);
    EXPECT_EQ(mismatch.expected, mismatch.found + "!");
    if (note.kind == TraceNote::Kind::kRemark) continue;  // It has no subject.
    note.text.pop_back();
    note.subject += "x";
    ExpectMismatch(edited, i);
  }
  EXPECT_GT(notes, 10u);
}

TEST_F(RecordTest, AChangedAnswerIsToldInWords) {
  for (size_t i = 0; i < trace_.lines.size(); ++i) {
    const auto* note = std::get_if<TraceNote>(&Line(i));
    if (note == nullptr || note->kind != TraceNote::Kind::kReturn) continue;
    traces::Trace edited = trace_;
    std::get<TraceNote>(edited.lines[i]).text = "ZX_ERR_CANCELED";
    const Mismatch mismatch = ExpectMismatch(edited, i);
    EXPECT_TRUE(mismatch.where.starts_with("after event ")) << mismatch.where;
    EXPECT_EQ(mismatch.expected, "the call of " + note->subject + " returns ZX_ERR_CANCELED");
    EXPECT_EQ(mismatch.found, "the call of " + note->subject + " returns " + note->text);
  }
}

TEST_F(RecordTest, AnAddedValueIsFoundThere) {
  traces::Trace edited = trace_;
  edited.lines.insert(edited.lines.begin() + 5, traces::TraceValue{"w", 1, 2});
  EXPECT_EQ(ExpectMismatch(edited, 5).expected, "w picks 1 of 2");
}

TEST_F(RecordTest, ATraceCutAnywhereIsFoundWhereItEnds) {
  for (size_t length = 0; length < trace_.lines.size(); ++length) {
    traces::Trace edited = trace_;
    edited.lines.resize(length);
    EXPECT_EQ(ExpectMismatch(edited, length).expected, "the end of the trace");
  }
}

TEST_F(RecordTest, AnotherScheduleInTheHeaderIsFound) {
  traces::Trace edited = trace_;
  edited.schedule += " w";
  const Recording again = Again(edited);
  ASSERT_TRUE(again.mismatch.has_value());
  EXPECT_EQ(again.mismatch->line, traces::kScheduleLine);
  EXPECT_EQ(again.mismatch->expected, edited.schedule);
  EXPECT_EQ(again.mismatch->found, trace_.schedule);
}

TEST_F(RecordTest, AnUnfinishedTraceRunsByTheScheduleInItsHeader) {
  traces::Trace unfinished = trace_;
  unfinished.finished = false;
  for (size_t length : {size_t{0}, size_t{7}, trace_.lines.size()}) {
    unfinished.lines = trace_.lines;
    unfinished.lines.resize(length);
    const Recording again = Again(unfinished);
    EXPECT_FALSE(again.mismatch.has_value()) << length;
    EXPECT_EQ(again.trace, trace_) << length;
  }
}

TEST_F(RecordTest, WhatAnUnfinishedTraceHasOfItsEventsMustFit) {
  traces::Trace unfinished = trace_;
  unfinished.finished = false;
  unfinished.lines.resize(20);
  for (size_t i = 0; i < 20; ++i) {
    traces::Trace edited = unfinished;
    edited.lines[i] = TraceNote{TraceNote::Kind::kRemark, "", "", "nobody said so"};
    ExpectMismatch(edited, i);
  }
}

TEST_F(RecordTest, AScheduleThatDoesNotFitAnUnfinishedTraceIsFoundInItsHeader) {
  traces::Trace unfinished = trace_;
  unfinished.finished = false;
  unfinished.lines.clear();
  for (const std::string& schedule :
       {std::string(), std::string("x*2"), trace_.schedule + " w", std::string("h:timer")}) {
    unfinished.schedule = schedule;
    const Recording again = Again(unfinished);
    ASSERT_TRUE(again.mismatch.has_value()) << schedule;
    EXPECT_EQ(again.mismatch->line, traces::kScheduleLine) << schedule;
  }
}

TEST_F(RecordTest, AScheduleByHandThatDoesNotFitIsToldWithTheDecision) {
  const std::vector<std::string> names = {"w", "m", "h"};
  const auto schedule = [&](std::string_view text) {
    return std::get<sim::Schedule>(traces::ParseSchedule(text, names));
  };
  Recording recording = Record(litmus_, nullptr, schedule("w*2 h:timer"), {}, kMaxSteps);
  ASSERT_TRUE(recording.mismatch.has_value());
  EXPECT_EQ(recording.mismatch->where, "event 3, decision 3 of the schedule");
  EXPECT_EQ(recording.mismatch->expected, "h:timer");
  EXPECT_EQ(recording.mismatch->found, "w,m,h");
  EXPECT_EQ(recording.mismatch->line, 0u);
  recording = Record(litmus_, nullptr, schedule("w=1"), {}, kMaxSteps);
  EXPECT_EQ(recording.mismatch->expected, "w=1");
  recording = Record(litmus_, nullptr, schedule(trace_.schedule + " w"), {}, kMaxSteps);
  EXPECT_EQ(recording.mismatch->expected, "w");
  EXPECT_EQ(recording.mismatch->found, "the end of the execution");
}

TEST(Record, AnotherVerdictThanTheRecordedOneIsADifferenceAndNoneIsNot) {
  model::Litmus litmus = WriteAndRead("\n~exists \"too early\" (r:m = ZX_ERR_SHOULD_WAIT)\n");
  const Finding finding = Check(litmus, Exhaustively()).findings.at(0);
  const traces::Trace trace =
      Record(litmus, nullptr, *finding.schedule, {"sleep", 0}, kMaxSteps).trace;
  EXPECT_EQ(trace.verdict.id, "HD101");
  const Recording same = Rerun(litmus, nullptr, trace, kMaxSteps);
  EXPECT_FALSE(same.mismatch.has_value());
  ASSERT_TRUE(same.finding.has_value());
  litmus.conditions[0].name = "in other words";
  const Recording other = Rerun(litmus, nullptr, trace, kMaxSteps);
  ASSERT_TRUE(other.mismatch.has_value());
  EXPECT_EQ(other.mismatch->line, traces::kVerdictLine);
  EXPECT_EQ(other.mismatch->expected, "HD101 too early");
  EXPECT_EQ(other.mismatch->found, "HD101 in other words");
  litmus.conditions.clear();
  const Recording fixed = Rerun(litmus, nullptr, trace, kMaxSteps);
  EXPECT_FALSE(fixed.mismatch.has_value());
  EXPECT_FALSE(fixed.finding.has_value());
}

TEST(Record, NamesOfConditionsStayOnTheirLine) {
  const std::string name = "two\\nlines";
  const model::Litmus litmus = WriteAndRead("forall \"" + name + "\" (r:m != ZX_OK)\n");
  const Finding finding = Check(litmus, Exhaustively()).findings.at(0);
  const Recording recording = Record(litmus, nullptr, *finding.schedule, {"sleep", 0}, kMaxSteps);
  const auto parsed = traces::ParseTrace(traces::PrintTrace(recording.trace));
  ASSERT_TRUE(std::holds_alternative<traces::Trace>(parsed));
  EXPECT_EQ(std::get<traces::Trace>(parsed), recording.trace);
  EXPECT_EQ(recording.trace.verdict.name.find('\n'), std::string::npos);
  EXPECT_FALSE(Rerun(litmus, nullptr, recording.trace, kMaxSteps).mismatch.has_value());
}

}  // namespace
}  // namespace props
