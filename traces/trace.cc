#include "traces/trace.h"

#include <fmt/format.h>

#include <algorithm>

namespace traces {

std::string ThreadLabel(sim::ThreadId thread, std::span<const std::string> names) {
  if (thread == sim::kNoThread) return "main";
  const std::string& name = names[sim::OwnerOf(thread)];
  return sim::IsTimer(thread) ? name + ":timer" : name;
}

std::string EnabledLabel(sim::ThreadSet enabled, std::span<const std::string> names) {
  std::string text;
  for (sim::ThreadId thread : enabled) {
    if (!text.empty()) text += ',';
    text += ThreadLabel(thread, names);
  }
  return text;
}

std::string OperationLabel(sim::OpKind kind, const char* role, sim::ObjectId object, uint32_t key,
                           std::span<const std::string> names) {
  std::string what(role);
  std::replace(what.begin(), what.end(), ' ', '-');
  std::string text = fmt::format("{} {}", sim::OpName(kind), what);
  if (kind != sim::OpKind::kChoice && kind != sim::OpKind::kClockRead) {
    text += fmt::format(" {}.{}", ThreadLabel(object.creator, names), object.index);
  }
  if (key != sim::kWholeObject) text += fmt::format("/{:#x}", key);
  return text;
}

TraceEvent EventOf(const sim::Event& step, std::span<const std::string> names) {
  return {ThreadLabel(step.thread, names),
          OperationLabel(step.kind, step.role, step.object, step.key, names),
          EnabledLabel(step.enabled, names), step.hash};
}

std::vector<const TraceEvent*> EventsOf(const Trace& trace) {
  std::vector<const TraceEvent*> events;
  for (const TraceLine& line : trace.lines) {
    if (const auto* event = std::get_if<TraceEvent>(&line)) events.push_back(event);
  }
  return events;
}

}  // namespace traces
