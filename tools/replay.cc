// heddle replay: runs a saved schedule again, exactly, or says where program and trace part, and
// whether the violation is gone.
#include <fmt/format.h>

#include "props/failure_text.h"
#include "props/record.h"
#include "tools/commands.h"
#include "tools/exit_codes.h"
#include "tools/files.h"
#include "tools/replayed.h"
#include "traces/schedule_text.h"
#include "traces/text.h"

namespace tools {

namespace {

int ReportMismatch(const std::string& path, const props::Mismatch& mismatch) {
  const bool by_hand = mismatch.line == 0;
  const std::string where = by_hand ? path : fmt::format("{}:{}", path, mismatch.line);
  fmt::print(stderr, "{}: the {} and the program part at {}\n  expected  {}\n  found     {}\n",
             where, by_hand ? "schedule" : "trace", mismatch.where, mismatch.expected,
             mismatch.found);
  if (!by_hand) {
    fmt::print(stderr, "The program, the core or the trace has changed since it was recorded.\n");
  }
  return kExitDiverged;
}

int Report(const std::string& path, const model::Litmus& litmus, const std::string& file,
           const props::Recording& recording) {
  if (recording.mismatch) return ReportMismatch(path, *recording.mismatch);
  if (!recording.finding) {
    fmt::print("not reproduced: the schedule ran to its end, and nothing is wrong\n");
    return kExitNotReproduced;
  }
  fmt::print("{}", props::FailureReport(*recording.finding, recording.trace, litmus, file, ""));
  fmt::print("reproduced\n");
  return kExitViolation;
}

// The core was mended, or the program: what it does has changed, and nothing is wrong any more.
void ReportGone(const std::string& path, const Replayed& replayed) {
  const props::Mismatch& mismatch = *replayed.recording.mismatch;
  fmt::print(
      "not reproduced: the violation did not happen; what runs is no longer what was recorded, "
      "from "
      "{} on ({}:{})\n  nothing is wrong in {} as close to the trace as the program allows, with "
      "{} "
      "or fewer\n",
      mismatch.where, path, mismatch.line,
      props::CountOf(replayed.persistence->executions, "execution"),
      props::CountOf(replayed.persistence->preemptions, "preemption"));
}

// A schedule given by hand, for a litmus file. "NAME: w m*2" may repeat the program's name.
int ReplaySchedule(const Options& options) {
  const std::string& file = options.inputs.front();
  Loaded<model::Litmus> loaded = LoadLitmus(file);
  if (const int* code = std::get_if<int>(&loaded)) return *code;
  const model::Litmus& litmus = std::get<model::Litmus>(loaded);
  std::string text = *options.schedule;
  const std::string prefix = litmus.program.name + ":";
  if (text.starts_with(prefix)) text.erase(0, prefix.size());
  std::vector<std::string> names;
  for (const model::ThreadProgram& thread : litmus.program.threads) names.push_back(thread.name);
  auto parsed = traces::ParseSchedule(text, names);
  if (const auto* error = std::get_if<std::string>(&parsed)) {
    fmt::print(stderr, "heddle: {}\n", *error);
    return kExitUsage;
  }
  const model::AllowedOutcomes allowed = model::EnumerateOutcomes(litmus);
  const props::Recording recording = props::Record(
      litmus, &allowed, std::get<sim::Schedule>(parsed), {"replay", 0}, options.max_steps);
  return Report(file, litmus, SourceOf(litmus, file), recording);
}

}  // namespace

int Replay(const Options& options) {
  if (options.schedule) return ReplaySchedule(options);
  Loaded<std::string> path = TracePath(options.output_dir, options.inputs);
  if (const int* code = std::get_if<int>(&path)) return *code;
  const std::string& name = std::get<std::string>(path);
  Loaded<Replayed> loaded = ReplayTrace(name, options.max_steps);
  if (const int* code = std::get_if<int>(&loaded)) return *code;
  const Replayed& replayed = std::get<Replayed>(loaded);
  if (replayed.code == kExitNotReproduced && replayed.persistence) {
    ReportGone(name, replayed);
    return replayed.code;
  }
  const int code = Report(name, replayed.litmus, SourceOf(replayed.litmus, name + " (program)"),
                          replayed.recording);
  if (replayed.persistence && replayed.persistence->finding) {
    const props::Finding& finding = *replayed.persistence->finding;
    fmt::print(stderr, "Something is still wrong, in an execution near the recorded one: {} {}\n",
               finding.id, finding.name);
  }
  return code;
}

}  // namespace tools
