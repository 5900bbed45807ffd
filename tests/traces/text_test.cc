// Traces as text: what is written is read as it was, and damage is told with its place.
#include "traces/text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "sim/engine/random.h"
#include "tests/traces/samples.h"

namespace traces {
namespace {

// From 1.
constexpr uint32_t kFirstProgramLine = 10;
constexpr uint32_t kFirstEntryLine = 14;  // Of HandMade().

constexpr std::string_view kHandMadeText =
    R"(heddle-trace 1
program XFER+wr
generation current
strategy random
seed 18446744073709551615
schedule w*2 h:timer h=1 w
verdict HD101
name order "inverted"
message it: is | broken
| Zircon XFER+wr
|
|   indented | barred
events
> w st zx_channel_write(a0, "old | x")
> h - zx_handle_close(a0)
1 w acquire queue main.12 | w,h:timer | 0123456789abcdef
? h 1 of 3
= a1.queue ["old", "new"]
2 h:timer fire wake-up h.0/0x7 | h:timer | 0000000000000000
< w ZX_OK "a  b" handles=2
! owner of a0: client -> heir
end
)";

// Checks that the hand-made trace, with its line `number` replaced by `line`, is refused there.
void ExpectMistake(uint32_t number, std::string_view line, std::string_view message) {
  std::vector<std::string> lines = LinesOf(kHandMadeText);
  lines.at(number - 1) = line;
  const auto result = ParseTrace(Joined(lines));
  const auto* error = std::get_if<TraceError>(&result);
  ASSERT_NE(error, nullptr) << "'" << line << "' was read without a complaint";
  EXPECT_EQ(error->line, number) << line;
  EXPECT_EQ(error->message, message) << line;
}

TEST(TraceText, IsWrittenAsTheFormatSays) {
  EXPECT_EQ(PrintTrace(HandMade()), kHandMadeText);
}

TEST(TraceText, IsReadAsItWasWritten) {
  EXPECT_EQ(Parsed(kHandMadeText), HandMade());
}

TEST(TraceText, ATraceWithoutAnythingInItIsReadAsItWasWritten) {
  Trace trace;
  EXPECT_EQ(Parsed(PrintTrace(trace)), trace);
  trace.finished = true;
  EXPECT_EQ(Parsed(PrintTrace(trace)), trace);
}

TEST(TraceText, TextsThatLookLikeLinesOfTheFormatStayTexts) {
  for (const std::string text :
       {"end", "events", "| x", " leading", "trailing ", "> w - x", "é → \x01", "\r", "  "}) {
    Trace trace = HandMade();
    trace.program = text;
    trace.verdict.name = text;
    trace.verdict.message = text;
    trace.litmus = text + "\n\n" + text + "\n";
    trace.lines = {TraceNote{TraceNote::Kind::kRemark, "", "", text},
                   TraceNote{TraceNote::Kind::kReturn, "w", "", text},
                   TraceNote{TraceNote::Kind::kQueue, "q", "", text},
                   TraceNote{TraceNote::Kind::kCall, "w", "r", text}};
    EXPECT_EQ(Parsed(PrintTrace(trace)), trace) << text;
  }
}

TEST(TraceText, TheHeaderIsABeginningOfTheFileAndATraceByItself) {
  const Trace trace = HandMade();
  const std::string header = PrintHeader(trace);
  EXPECT_TRUE(PrintTrace(trace).starts_with(header));
  Trace unfinished = trace;
  unfinished.lines.clear();
  unfinished.finished = false;
  EXPECT_EQ(Parsed(header), unfinished);
}

TEST(TraceText, LinesAreNumberedAsInTheFile) {
  const Trace trace = HandMade();
  EXPECT_EQ(LineNumberOf(trace, 0), kFirstEntryLine);
  const std::vector<std::string> lines = LinesOf(kHandMadeText);
  EXPECT_EQ(lines[LineNumberOf(trace, 7) - 1], "! owner of a0: client -> heir");
  EXPECT_TRUE(lines[kScheduleLine - 1].starts_with("schedule "));
  EXPECT_TRUE(lines[kVerdictLine - 1].starts_with("verdict "));
}

TEST(TraceText, EveryMistakeInTheHeaderIsToldWithItsLine) {
  ExpectMistake(1, "heddle-trace 2", "not a trace: the first line should be 'heddle-trace 1'");
  const std::vector<std::string> keys = {"program",  "generation", "strategy", "seed",
                                         "schedule", "verdict",    "name",     "message"};
  for (uint32_t i = 0; i < keys.size(); ++i) {
    const std::string message = "expected a line '" + keys[i] + " ...'";
    ExpectMistake(i + 2, "", message);
    ExpectMistake(i + 2, "x" + keys[i] + " y", message);
    ExpectMistake(i + 2, keys[i] + "\ty", message);
  }
  for (std::string_view seed : {"", "x", "-1", "1.5", "1 ", "18446744073709551616", "0x1"}) {
    ExpectMistake(5, "seed " + std::string(seed), "the seed is not a number");
  }
}

TEST(TraceText, EveryMistakeInTheProgramIsToldWithItsLine) {
  const std::string_view message = "expected a line of the program, '| ...', or 'events'";
  ExpectMistake(kFirstProgramLine, "Zircon XFER+wr", message);
  ExpectMistake(kFirstProgramLine + 1, "", message);
  ExpectMistake(kFirstProgramLine + 3, "Events", message);
}

TEST(TraceText, EveryMistakeInAnEventIsToldWithItsLine) {
  const uint32_t line = kFirstEntryLine + 2;
  ExpectMistake(line, "", "expected event 1, a note, or 'end'");
  ExpectMistake(line, "end ", "expected event 1, a note, or 'end'");
  ExpectMistake(line, "x w acquire | w | 0", "expected event 1, a note, or 'end'");
  ExpectMistake(line, "-1 w acquire | w | 0", "expected event 1, a note, or 'end'");
  ExpectMistake(line, "2 w acquire | w | 0", "expected event 1, not 2");
  ExpectMistake(line, "0 w acquire | w | 0", "expected event 1, not 0");
  for (std::string_view event :
       {"1", "1 w", "1 w acquire queue", "1 w acquire queue | w", "1  acquire | w | ",
        "1 w  | w | 0123456789abcdef", "1 w acquire |  | 0123456789abcdef",
        "1 w acquire | w | 123456789abcdef", "1 w acquire | w | 0123456789abcdefa",
        "1 w acquire | w | 0123456789abcdeg", "1 w acquire | w | 0x23456789abcdef"}) {
    ExpectMistake(line, event, "expected 'NUMBER THREAD OPERATION | ENABLED | HASH'");
  }
  ExpectMistake(line + 3, "3 h fire | h | 0123456789abcdef", "expected event 2, not 3");
}

TEST(TraceText, EveryMistakeInAValueIsToldWithItsLine) {
  for (std::string_view value :
       {"?", "? h", "? h 1", "? h 1 of", "? h 1 of x", "? h x of 3", "? h 3 of 3", "? h -1 of 3",
        "?  1 of 3", "? h 1 of 3 ", "? h 1 of 4294967296", "? h 0 of 0"}) {
    ExpectMistake(kFirstEntryLine + 3, value, "expected '? THREAD VALUE of COUNT'");
  }
}

TEST(TraceText, EveryMistakeInANoteIsToldWithItsLine) {
  for (std::string_view call : {">", "> w", "> w st", "> w st ", ">  st x", "> w  x"}) {
    ExpectMistake(kFirstEntryLine, call, "expected '> THREAD RESULT CALL'");
  }
  for (std::string_view answer : {"<", "< w", "< w ", "<  ZX_OK"}) {
    ExpectMistake(kFirstEntryLine + 6, answer, "expected '< THREAD STATUS'");
  }
  for (std::string_view queue : {"=", "= a1.queue", "=  []"}) {
    ExpectMistake(kFirstEntryLine + 4, queue, "expected '= LOCATION PAYLOADS'");
  }
  ExpectMistake(kFirstEntryLine, "!x", "expected event 1, a note, or 'end'");
}

TEST(TraceText, NothingMayFollowTheEnd) {
  for (std::string_view rest : {"\n", "end\n", "x", "! remark\n"}) {
    const auto result = ParseTrace(std::string(kHandMadeText) + std::string(rest));
    const auto* error = std::get_if<TraceError>(&result);
    ASSERT_NE(error, nullptr) << rest;
    EXPECT_EQ(error->line, LinesOf(kHandMadeText).size() + 1);
    EXPECT_EQ(error->message, "nothing may follow the line 'end'");
  }
}

TEST(TraceText, AnEmptyFileIsNoTrace) {
  const auto result = ParseTrace("");
  ASSERT_TRUE(std::holds_alternative<TraceError>(result));
  EXPECT_EQ(std::get<TraceError>(result).line, 1u);
}

// Every beginning of a trace is a mistake as long as the header is not whole, and then a trace that
// holds exactly the lines that are whole.
void ExpectEveryBeginningIsRead(std::string_view text) {
  const Trace whole = Parsed(text);
  ASSERT_TRUE(whole.finished);
  const std::string header = PrintHeader(whole);
  for (size_t length = 0; length <= text.size(); ++length) {
    const std::string_view part = text.substr(0, length);
    const auto result = ParseTrace(part);
    if (length + 1 < header.size()) {
      const auto* error = std::get_if<TraceError>(&result);
      ASSERT_NE(error, nullptr) << "the first " << length << " bytes";
      EXPECT_LE(error->line, LinesOf(part).size() + 1);
      EXPECT_GE(error->line, 1u);
      EXPECT_FALSE(error->message.empty());
      continue;
    }
    const auto* trace = std::get_if<Trace>(&result);
    ASSERT_NE(trace, nullptr) << "the first " << length << " bytes";
    EXPECT_EQ(trace->finished, length + 1 >= text.size()) << length;
    const auto complete = static_cast<size_t>(std::count(part.begin(), part.end(), '\n'));
    const auto of_header = static_cast<size_t>(std::count(header.begin(), header.end(), '\n'));
    const size_t expected = length < header.size() ? 0 : complete - of_header;
    ASSERT_EQ(trace->lines.size(), std::min(expected, whole.lines.size())) << length;
    EXPECT_TRUE(std::equal(trace->lines.begin(), trace->lines.end(), whole.lines.begin()))
        << length;
  }
}

TEST(TraceText, EveryBeginningOfARecordedTraceIsReadAsFarAsItsLinesAreWhole) {
  ExpectEveryBeginningIsRead(Recorded());
}

TEST(TraceText, EveryBeginningOfAHandMadeTraceIsReadAsFarAsItsLinesAreWhole) {
  ExpectEveryBeginningIsRead(kHandMadeText);
}

TEST(TraceText, ARecordedTraceIsWrittenByteForByteAsItWasRead) {
  EXPECT_EQ(PrintTrace(Parsed(Recorded())), Recorded());
}

TEST(TraceText, AMegabyteOfGarbageIsRefusedWhereverItStands) {
  sim::Random random(1);
  std::string garbage;
  for (size_t i = 0; i < (size_t{1} << 20); ++i) garbage += static_cast<char>(random.Below(256));
  const std::string text(kHandMadeText);
  for (size_t place : {size_t{0}, text.find("seed"), text.find("| Zircon"), text.find("1 w"),
                       text.find("end\n"), text.size()}) {
    const auto result = ParseTrace(text.substr(0, place) + garbage + text.substr(place));
    EXPECT_TRUE(std::holds_alternative<TraceError>(result)) << place;
  }
  const std::string one_line(size_t{1} << 20, 'x');
  EXPECT_TRUE(std::holds_alternative<TraceError>(ParseTrace(one_line)));
  const std::string zeros(size_t{1} << 20, '\0');
  EXPECT_TRUE(std::holds_alternative<TraceError>(ParseTrace(zeros)));
}

}  // namespace
}  // namespace traces
