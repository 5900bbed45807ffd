// Traces to test with: one made by hand that has a line of every kind, and a recorded one.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "traces/text.h"

namespace traces {

inline Trace HandMade() {
  Trace trace;
  trace.program = "XFER+wr";
  trace.litmus = "Zircon XFER+wr\n\n  indented | barred\n";
  trace.strategy = "random";
  trace.seed = 18446744073709551615u;
  trace.schedule = "w*2 h:timer h=1 w";
  trace.verdict = {"HD101", "order \"inverted\"", "it: is | broken"};
  trace.lines = {TraceNote{TraceNote::Kind::kCall, "w", "st", "zx_channel_write(a0, \"old | x\")"},
                 TraceNote{TraceNote::Kind::kCall, "h", "", "zx_handle_close(a0)"},
                 TraceEvent{"w", "acquire queue main.12", "w,h:timer", 0x0123456789abcdef},
                 TraceValue{"h", 1, 3},
                 TraceNote{TraceNote::Kind::kQueue, "a1.queue", "", "[\"old\", \"new\"]"},
                 TraceEvent{"h:timer", "fire wake-up h.0/0x7", "h:timer", 0},
                 TraceNote{TraceNote::Kind::kReturn, "w", "", "ZX_OK \"a  b\" handles=2"},
                 TraceNote{TraceNote::Kind::kRemark, "", "", "owner of a0: client -> heir"}};
  trace.finished = true;
  return trace;
}

inline std::string Recorded() {
  std::ifstream file(HEDDLE_SOURCE_DIR "/traces/corpus/two-readers.trace", std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << "traces/corpus/two-readers.trace is missing";
  return text.str();
}

inline std::vector<std::string> LinesOf(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

inline std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

inline Trace Parsed(std::string_view text) {
  auto result = ParseTrace(text);
  if (const auto* error = std::get_if<TraceError>(&result)) {
    ADD_FAILURE() << "line " << error->line << ": " << error->message << "\n"
                  << text.substr(0, 1000);
    return {};
  }
  return std::get<Trace>(std::move(result));
}

}  // namespace traces
