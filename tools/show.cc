// heddle show: a trace as a table. Nothing runs: the trace is complete in itself.
#include <fmt/format.h>

#include "tools/commands.h"
#include "tools/exit_codes.h"
#include "tools/files.h"
#include "tools/table.h"

namespace tools {

int Show(const Options& options) {
  Loaded<std::string> path = TracePath(options.output_dir, options.inputs);
  if (const int* code = std::get_if<int>(&path)) return *code;
  const std::string& name = std::get<std::string>(path);
  Loaded<traces::Trace> loaded = LoadTrace(name);
  if (const int* code = std::get_if<int>(&loaded)) return *code;
  const traces::Trace& trace = std::get<traces::Trace>(loaded);
  Loaded<model::Litmus> program = ParseProgram(trace.litmus, name + " (program)");
  if (const int* code = std::get_if<int>(&program)) return *code;
  fmt::print("{}  {}\n", trace.program, std::get<model::Litmus>(program).title);
  fmt::print("  verdict   {} {}\n", trace.verdict.id, trace.verdict.name);
  if (!trace.verdict.message.empty()) fmt::print("            {}\n", trace.verdict.message);
  fmt::print("  found by  {}, seed {}; generation {}; {}\n", trace.strategy, trace.seed,
             trace.generation, CountOf(traces::EventsOf(trace).size(), "event"));
  if (!trace.finished) fmt::print("  unfinished: its writer was interrupted\n");
  fmt::print("\n{}\n  schedule  {}\n", RenderTable(trace, std::get<model::Litmus>(program)),
             trace.schedule);
  return kExitHolds;
}

}  // namespace tools
