#include <fmt/format.h>

#include "tools/commands.h"
#include "tools/table.h"

namespace tools {

props::Provenance MinimizedProvenance() {
  return {"minimize", 0};
}

std::string CountOf(uint64_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string MinimizedSummary(uint32_t events_before, uint32_t events_after, uint32_t preemptions,
                             bool is_minimum) {
  return fmt::format("schedule of {} minimized to {}, {}{}", CountOf(events_before, "event"),
                     CountOf(events_after, "event"), CountOf(preemptions, "preemption"),
                     is_minimum ? "" : " (not proven to be the fewest: the search was cut)");
}

std::string FailureReport(const props::Finding& finding, const traces::Trace& trace,
                          const model::Litmus& litmus, const std::string& file,
                          const std::string& summary) {
  const std::string where =
      finding.position.line == 0 ? file : fmt::format("{}:{}", file, finding.position.line);
  std::string text =
      fmt::format("{}  {}   {}\n       {}\n", finding.id, finding.name, where, finding.message);
  if (!summary.empty()) text += fmt::format("       {}\n", summary);
  if (!trace.lines.empty()) {
    text += fmt::format("\n{}\n  schedule  {}\n", RenderTable(trace, litmus), trace.schedule);
  }
  return text;
}

}  // namespace tools
