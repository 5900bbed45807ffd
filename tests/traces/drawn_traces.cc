#include "tests/traces/drawn_traces.h"

#include <algorithm>
#include <vector>

namespace traces {

namespace {

uint32_t Below(uint32_t bound) {
  return *rc::gen::inRange<uint32_t>(0, bound);
}

std::string Line() {
  std::string text = *rc::gen::arbitrary<std::string>();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::string LineWithSomething() {
  std::string text = Line();
  return text.empty() ? "x" : text;
}

// One word. Odd ones are likely: signs that begin the lines of the format, and numbers.
std::string Word() {
  const std::vector<std::string> odd = {"|",        ">",      "<",   "=", "!",   "?",
                                        "end",      "events", "1",   "é", "a:b", "w:timer",
                                        "a0.queue", "of",     "x*2", "--"};
  if (Below(2) == 0) return odd[Below(static_cast<uint32_t>(odd.size()))];
  std::string text = LineWithSomething();
  std::replace(text.begin(), text.end(), ' ', '_');
  return text == "-" ? "_" : text;  // A call without a result.
}

// Some words; none of them is the bar that separates the parts of an event.
std::string Operation() {
  std::string text;
  for (uint32_t i = 0; i <= Below(4); ++i) {
    const std::string word = Word();
    text += (text.empty() ? "" : " ") + (word == "|" ? "||" : word);
  }
  return text;
}

TraceLine AnyLine() {
  switch (Below(6)) {
    case 0:
      return TraceEvent{Word(), Operation(), Operation(), *rc::gen::arbitrary<uint64_t>()};
    case 1: {
      const uint32_t count = 1 + Below(0xFFFFFFFE);
      return TraceValue{Word(), Below(count), count};
    }
    case 2:
      return TraceNote{TraceNote::Kind::kCall, Word(), Below(2) == 0 ? "" : Word(),
                       LineWithSomething()};
    case 3:
      return TraceNote{TraceNote::Kind::kReturn, Word(), "", LineWithSomething()};
    case 4:
      return TraceNote{TraceNote::Kind::kQueue, Word(), "", LineWithSomething()};
    default:
      return TraceNote{TraceNote::Kind::kRemark, "", "", Line()};
  }
}

Trace AnyTrace() {
  Trace trace;
  trace.program = Line();
  for (uint32_t i = Below(5); i > 0; --i) trace.litmus += Line() + "\n";
  trace.generation = Line();
  trace.strategy = Line();
  trace.seed = *rc::gen::arbitrary<uint64_t>();
  trace.schedule = Line();
  trace.verdict = {Line(), Line(), Line()};
  for (uint32_t i = Below(12); i > 0; --i) trace.lines.push_back(AnyLine());
  trace.finished = Below(3) != 0;
  return trace;
}

}  // namespace

rc::Gen<Trace> DrawnTrace() {
  return rc::gen::exec(AnyTrace);
}

rc::Gen<std::string> DrawnLine() {
  return rc::gen::exec(Line);
}

}  // namespace traces
