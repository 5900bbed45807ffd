// heddle show: a trace as a table. Nothing runs: the trace is complete in itself.
#include <fmt/format.h>

#include <algorithm>

#include "props/failure_text.h"
#include "tools/commands.h"
#include "tools/exit_codes.h"
#include "tools/files.h"
#include "traces/table.h"
#include "traces/text.h"

namespace tools {

namespace {

// The thread that a line is about; empty if it is about none.
std::string_view ThreadOf(const traces::TraceLine& line) {
  using Kind = traces::TraceNote::Kind;
  if (const auto* event = std::get_if<traces::TraceEvent>(&line)) {
    return std::string_view(event->thread).substr(0, event->thread.find(':'));
  }
  if (const auto* value = std::get_if<traces::TraceValue>(&line)) return value->thread;
  const auto& note = std::get<traces::TraceNote>(line);
  const bool of_thread = note.kind == Kind::kCall || note.kind == Kind::kReturn;
  return of_thread ? std::string_view(note.subject) : std::string_view();
}

// Reports a line about a thread that the program does not have.
bool KnowsAllThreads(const std::string& name, const traces::Trace& trace,
                     const model::Program& program) {
  for (size_t i = 0; i < trace.lines.size(); ++i) {
    const std::string_view thread = ThreadOf(trace.lines[i]);
    const bool known = std::any_of(
        program.threads.begin(), program.threads.end(),
        [&](const model::ThreadProgram& candidate) { return candidate.name == thread; });
    if (known || thread.empty()) continue;
    fmt::print(stderr, "{}:{}:1: error: the program has no thread '{}'\n", name,
               traces::LineNumberOf(trace, i), thread);
    return false;
  }
  return true;
}

}  // namespace

int Show(const Options& options) {
  Loaded<std::string> path = TracePath(options.output_dir, options.inputs);
  if (const int* code = std::get_if<int>(&path)) return *code;
  const std::string& name = std::get<std::string>(path);
  Loaded<traces::Trace> loaded = LoadTrace(name);
  if (const int* code = std::get_if<int>(&loaded)) return *code;
  const traces::Trace& trace = std::get<traces::Trace>(loaded);
  Loaded<model::Litmus> program = ParseProgram(trace.litmus, name + " (program)");
  if (const int* code = std::get_if<int>(&program)) return *code;
  const model::Litmus& litmus = std::get<model::Litmus>(program);
  if (!KnowsAllThreads(name, trace, litmus.program)) return kExitMalformed;
  fmt::print("{}  {}\n", trace.program, litmus.title);
  fmt::print("  verdict   {} {}\n", trace.verdict.id, trace.verdict.name);
  if (!trace.verdict.message.empty()) fmt::print("            {}\n", trace.verdict.message);
  fmt::print("  found by  {}, seed {}; generation {}; {}\n", trace.strategy, trace.seed,
             trace.generation, props::CountOf(traces::EventsOf(trace).size(), "event"));
  if (!trace.finished) fmt::print("  unfinished: its writer was interrupted\n");
  fmt::print("\n{}\n  schedule  {}\n", traces::RenderTable(trace, litmus), trace.schedule);
  return kExitHolds;
}

}  // namespace tools
