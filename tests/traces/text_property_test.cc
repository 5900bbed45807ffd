// Two properties of traces as text: every trace survives being written, and no text breaks the
// reader. Round n always draws the same, so a failure is found again.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

#include "sim/engine/random.h"
#include "tests/traces/drawn_traces.h"
#include "tests/traces/samples.h"

namespace traces {
namespace {

constexpr int kFullSize = 60;

TEST(TraceTextProperty, EveryDrawnTraceIsReadAsItWasWritten) {
  const rc::Gen<Trace> traces = DrawnTrace();
  for (uint64_t round = 0; round < 3000; ++round) {
    const Trace trace = traces(rc::Random(round), kFullSize).value();
    const std::string text = PrintTrace(trace);
    ASSERT_EQ(Parsed(text), trace) << "round " << round << "\n" << text;
    ASSERT_EQ(PrintTrace(Parsed(text)), text) << "round " << round;
  }
}

TEST(TraceTextProperty, EveryLineOfADrawnTraceIsWhereItsNumberSays) {
  const rc::Gen<Trace> traces = DrawnTrace();
  for (uint64_t round = 0; round < 300; ++round) {
    const Trace trace = traces(rc::Random(round), kFullSize).value();
    Trace shorter = trace;
    for (size_t i = trace.lines.size(); i > 0; --i) {
      shorter.lines.resize(i);
      shorter.finished = false;
      ASSERT_EQ(LinesOf(PrintTrace(shorter)).size(), LineNumberOf(trace, i - 1)) << round;
    }
  }
}

// Lines replaced, dropped, doubled and swapped; whatever comes out is a trace that survives being
// written, or a mistake with a place in the text.
TEST(TraceTextProperty, DamagedTracesAreReadOrRefusedWithAPlace) {
  const std::vector<std::string> recorded = LinesOf(Recorded());
  const rc::Gen<std::string> drawn = DrawnLine();
  uint32_t refused = 0;
  for (uint64_t round = 0; round < 3000; ++round) {
    sim::Random random(round);
    std::vector<std::string> lines = recorded;
    const auto place = [&] { return random.Below(static_cast<uint32_t>(lines.size())); };
    switch (random.Below(4)) {
      case 0:
        lines[place()] = drawn(rc::Random(round), kFullSize).value();
        break;
      case 1:
        lines.erase(lines.begin() + place());
        break;
      case 2:
        lines.insert(lines.begin() + place(), lines[place()]);
        break;
      default:
        std::swap(lines[place()], lines[place()]);
    }
    std::string text = Joined(lines);
    if (random.Below(3) == 0) text[random.Below(static_cast<uint32_t>(text.size()))] ^= 0x41;
    const auto result = ParseTrace(text);
    if (const auto* error = std::get_if<TraceError>(&result)) {
      ++refused;
      ASSERT_GE(error->line, 1u) << round;
      ASSERT_LE(error->line, LinesOf(text).size() + 1) << round;
      ASSERT_FALSE(error->message.empty()) << round;
      continue;
    }
    const Trace& trace = std::get<Trace>(result);
    ASSERT_EQ(Parsed(PrintTrace(trace)), trace) << "round " << round << "\n" << text;
  }
  EXPECT_GT(refused, 1000u);
}

}  // namespace
}  // namespace traces
