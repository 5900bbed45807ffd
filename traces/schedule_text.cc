#include "traces/schedule_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "traces/trace.h"

namespace traces {

namespace {

// Far more than any execution of ours decides; a few bytes of text must not fill the memory.
constexpr size_t kMaxDecisions = 10'000'000;

std::optional<uint32_t> ParseNumber(std::string_view text) {
  uint32_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::optional<sim::ThreadId> FindThread(std::string_view name, std::span<const std::string> names) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<sim::ThreadId>(i);
  }
  return std::nullopt;
}

std::string UnknownThread(std::string_view name, std::span<const std::string> names) {
  std::string known;
  for (const std::string& candidate : names) known += (known.empty() ? "" : ", ") + candidate;
  return fmt::format("unknown thread '{}' in the schedule; the program has {}", name, known);
}

// A word without its repetition; the mistake is left in `error`.
std::optional<sim::Decision> ParseDecision(std::string_view word,
                                           std::span<const std::string> names, std::string* error) {
  constexpr std::string_view kTimer = ":timer";
  sim::Decision decision;
  std::string_view name = word;
  bool is_timer = false;
  if (const size_t equals = word.find('='); equals != std::string_view::npos) {
    const auto value = ParseNumber(word.substr(equals + 1));
    if (!value) {
      *error = fmt::format("'{}' in the schedule has no number after '='", word);
      return std::nullopt;
    }
    decision.is_value = true;
    decision.value = *value;
    name = word.substr(0, equals);
  } else if (word.ends_with(kTimer)) {
    is_timer = true;
    name = word.substr(0, word.size() - kTimer.size());
  }
  const auto thread = FindThread(name, names);
  if (!thread) {
    *error = UnknownThread(name, names);
    return std::nullopt;
  }
  decision.thread = is_timer ? sim::TimerOf(*thread) : *thread;
  return decision;
}

}  // namespace

std::string PrintDecision(const sim::Decision& decision, std::span<const std::string> names) {
  std::string text = ThreadLabel(decision.thread, names);
  if (decision.is_value) text += fmt::format("={}", decision.value);
  return text;
}

std::string PrintSchedule(const sim::Schedule& schedule, std::span<const std::string> names) {
  std::string text;
  for (size_t i = 0; i < schedule.size();) {
    size_t end = i + 1;
    while (end < schedule.size() && schedule[end] == schedule[i]) ++end;
    if (!text.empty()) text += ' ';
    text += PrintDecision(schedule[i], names);
    if (end - i > 1) text += fmt::format("*{}", end - i);
    i = end;
  }
  return text;
}

std::variant<sim::Schedule, std::string> ParseSchedule(std::string_view text,
                                                       std::span<const std::string> names) {
  sim::Schedule schedule;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    uint32_t count = 1;
    if (const size_t star = word.find('*'); star != std::string_view::npos) {
      const auto number = ParseNumber(word.substr(star + 1));
      if (!number || *number == 0) {
        return fmt::format("'{}' in the schedule has no count from 1 after '*'", word);
      }
      count = *number;
      word = word.substr(0, star);
    }
    std::string error;
    const auto decision = ParseDecision(word, names, &error);
    if (!decision) return error;
    if (count > kMaxDecisions - schedule.size()) {
      return fmt::format("the schedule has more than {} decisions", kMaxDecisions);
    }
    schedule.insert(schedule.end(), count, *decision);
  }
  return schedule;
}

}  // namespace traces
