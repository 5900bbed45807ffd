#include "traces/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

namespace traces {

namespace {

constexpr std::string_view kMagic = "heddle-trace 1";
constexpr std::string_view kBegin = "events";
constexpr std::string_view kEnd = "end";
constexpr size_t kHashDigits = 16;

// The header's keys, in their order. "litmus" lines follow, then the events.
constexpr std::string_view kKeys[] = {"program",  "generation", "strategy", "seed",
                                      "schedule", "verdict",    "name",     "message"};

std::string_view ValueOf(const Trace& trace, size_t key, const std::string& seed) {
  const std::string_view values[] = {
      trace.program,  trace.generation, trace.strategy,     seed,
      trace.schedule, trace.verdict.id, trace.verdict.name, trace.verdict.message};
  return values[key];
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::variant<Trace, TraceError> Read() {
    if (!ReadHeader() || !ReadLitmus() || !ReadEvents()) return error_;
    return std::move(trace_);
  }

 private:
  bool Next() {
    if (text_.empty()) return false;
    const size_t end = std::min(text_.find('\n'), text_.size());
    line_ = text_.substr(0, end);
    line_complete_ = end < text_.size();
    text_.remove_prefix(std::min(end + 1, text_.size()));
    ++number_;
    return true;
  }

  bool Fail(std::string message) {
    error_ = {std::max(number_, 1u), std::move(message)};
    return false;
  }

  // The next word; the rest of the line when `separator` does not occur.
  static std::string_view Take(std::string_view& rest, std::string_view separator) {
    const size_t end = rest.find(separator);
    const std::string_view word = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + separator.size());
    return word;
  }

  template <typename Number>
  static bool ParseNumber(std::string_view text, Number* out, int base = 10) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, *out, base);
    return error == std::errc() && stop == end && !text.empty();
  }

  bool ReadHeader() {
    if (!Next() || line_ != kMagic) {
      return Fail(fmt::format("not a trace: the first line should be '{}'", kMagic));
    }
    std::string* targets[] = {
        &trace_.program,  &trace_.generation, &trace_.strategy,     nullptr,
        &trace_.schedule, &trace_.verdict.id, &trace_.verdict.name, &trace_.verdict.message};
    for (size_t i = 0; i < std::size(kKeys); ++i) {
      if (!Next()) return Fail(fmt::format("the trace ends before its '{}' line", kKeys[i]));
      std::string_view rest = line_;
      if (Take(rest, " ") != kKeys[i]) {
        return Fail(fmt::format("expected a line '{} ...'", kKeys[i]));
      }
      if (targets[i] != nullptr) {
        targets[i]->assign(rest);
      } else if (!ParseNumber(rest, &trace_.seed)) {
        return Fail("the seed is not a number");
      }
    }
    return true;
  }

  bool ReadLitmus() {
    while (Next()) {
      if (line_ == kBegin) return true;
      if (!line_.starts_with('|')) {
        return Fail(fmt::format("expected a line of the program, '| ...', or '{}'", kBegin));
      }
      std::string_view content = line_.substr(1);
      if (content.starts_with(' ')) content.remove_prefix(1);
      trace_.litmus.append(content).push_back('\n');
    }
    return Fail(fmt::format("the trace ends before its '{}' line", kBegin));
  }

  bool ReadEvents() {
    while (Next()) {
      if (line_ == kEnd) {
        trace_.finished = true;
        return !Next() || Fail(fmt::format("nothing may follow the line '{}'", kEnd));
      }
      // Its writer was interrupted in the middle of the line: what is there may be part of a word.
      if (!line_complete_) return true;
      if (!ReadEntry()) return false;
    }
    return true;
  }

  bool ReadEntry() {
    std::string_view rest = line_;
    const std::string_view mark = Take(rest, " ");
    if (mark == ">") return ReadCall(rest);
    if (mark == "<") return AddNote(TraceNote::Kind::kReturn, rest, "< THREAD STATUS");
    if (mark == "=") return AddNote(TraceNote::Kind::kQueue, rest, "= LOCATION PAYLOADS");
    if (mark == "!") {
      trace_.lines.push_back(TraceNote{TraceNote::Kind::kRemark, "", "", std::string(rest)});
      return true;
    }
    if (mark == "?") return ReadValue(rest);
    return ReadEvent(mark, rest);
  }

  bool AddNote(TraceNote::Kind kind, std::string_view rest, std::string_view form) {
    const std::string_view subject = Take(rest, " ");
    if (subject.empty() || rest.empty()) return Fail(fmt::format("expected '{}'", form));
    trace_.lines.push_back(TraceNote{kind, std::string(subject), "", std::string(rest)});
    return true;
  }

  bool ReadCall(std::string_view rest) {
    const std::string_view thread = Take(rest, " ");
    const std::string_view result = Take(rest, " ");
    if (thread.empty() || result.empty() || rest.empty()) {
      return Fail("expected '> THREAD RESULT CALL'");
    }
    trace_.lines.push_back(TraceNote{TraceNote::Kind::kCall, std::string(thread),
                                     result == "-" ? "" : std::string(result), std::string(rest)});
    return true;
  }

  bool ReadValue(std::string_view rest) {
    TraceValue value;
    value.thread = Take(rest, " ");
    const bool fine = !value.thread.empty() && ParseNumber(Take(rest, " of "), &value.value) &&
                      ParseNumber(rest, &value.count) && value.value < value.count;
    if (!fine) return Fail("expected '? THREAD VALUE of COUNT'");
    trace_.lines.push_back(std::move(value));
    return true;
  }

  bool ReadEvent(std::string_view number, std::string_view rest) {
    uint32_t n = 0;
    ++events_;
    if (!ParseNumber(number, &n)) {
      return Fail(fmt::format("expected event {}, a note, or '{}'", events_, kEnd));
    }
    if (n != events_) return Fail(fmt::format("expected event {}, not {}", events_, n));
    TraceEvent event;
    event.thread = Take(rest, " ");
    event.operation = Take(rest, " | ");
    event.enabled = Take(rest, " | ");
    if (event.thread.empty() || event.operation.empty() || event.enabled.empty() ||
        rest.size() != kHashDigits || !ParseNumber(rest, &event.hash, 16)) {
      return Fail("expected 'NUMBER THREAD OPERATION | ENABLED | HASH'");
    }
    trace_.lines.push_back(std::move(event));
    return true;
  }

  std::string_view text_;
  std::string_view line_;
  bool line_complete_ = false;  // A newline follows it.
  uint32_t number_ = 0;
  uint32_t events_ = 0;
  Trace trace_;
  TraceError error_;
};

uint32_t CountLines(std::string_view text) {
  return static_cast<uint32_t>(std::count(text.begin(), text.end(), '\n'));
}

// Entries as text; events are numbered by the caller.
std::string PrintEntry(const TraceLine& line, uint32_t event_number) {
  if (const auto* event = std::get_if<TraceEvent>(&line)) {
    return fmt::format("{} {} {} | {} | {:016x}\n", event_number, event->thread, event->operation,
                       event->enabled, event->hash);
  }
  if (const auto* value = std::get_if<TraceValue>(&line)) {
    return fmt::format("? {} {} of {}\n", value->thread, value->value, value->count);
  }
  const auto& note = std::get<TraceNote>(line);
  switch (note.kind) {
    case TraceNote::Kind::kCall:
      return fmt::format("> {} {} {}\n", note.subject, note.result.empty() ? "-" : note.result,
                         note.text);
    case TraceNote::Kind::kReturn:
      return fmt::format("< {} {}\n", note.subject, note.text);
    case TraceNote::Kind::kQueue:
      return fmt::format("= {} {}\n", note.subject, note.text);
    case TraceNote::Kind::kRemark:
      break;
  }
  return fmt::format("! {}\n", note.text);
}

}  // namespace

std::string PrintHeader(const Trace& trace) {
  const std::string seed = std::to_string(trace.seed);
  std::string text = fmt::format("{}\n", kMagic);
  for (size_t i = 0; i < std::size(kKeys); ++i) {
    const std::string_view value = ValueOf(trace, i, seed);
    text += value.empty() ? fmt::format("{}\n", kKeys[i]) : fmt::format("{} {}\n", kKeys[i], value);
  }
  for (std::string_view rest = trace.litmus; !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    text += line.empty() ? "|\n" : fmt::format("| {}\n", line);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  text += fmt::format("{}\n", kBegin);
  return text;
}

std::string PrintTrace(const Trace& trace) {
  std::string text = PrintHeader(trace);
  uint32_t events = 0;
  for (const TraceLine& line : trace.lines) {
    if (std::holds_alternative<TraceEvent>(line)) ++events;
    text += PrintEntry(line, events);
  }
  if (trace.finished) text += fmt::format("{}\n", kEnd);
  return text;
}

std::variant<Trace, TraceError> ParseTrace(std::string_view text) {
  return Reader(text).Read();
}

uint32_t LineNumberOf(const Trace& trace, size_t n) {
  return CountLines(PrintHeader(trace)) + static_cast<uint32_t>(n) + 1;
}

}  // namespace traces
