// heddle fuzz: draws programs, tries every property on each, reports the first that is broken.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "model/names.h"
#include "props/properties.h"
#include "tools/commands.h"
#include "tools/exit_codes.h"
#include "tools/file_explorer.h"
#include "tools/files.h"
#include "tools/fuzz_workers.h"
#include "tools/outlook.h"
#include "tools/progress.h"

namespace tools {

namespace {

FuzzSetup SetupOf(const Options& options) {
  FuzzSetup setup;
  setup.seed = options.seed;
  setup.first = options.first;
  setup.count = options.runs;
  setup.workers = std::max(options.jobs, 1u);
  setup.budget = options.budget;
  setup.quiet = options.quiet;
  setup.trial.max_steps = options.max_steps;
  for (const std::string& name : options.properties) {
    setup.trial.properties.insert(props::PropertyNamed(name)->name);
  }
  return setup;
}

void PrintDistribution(const FuzzTally& tally) {
  fmt::print("Answers\n");
  model::CallKind last = model::CallKind::kNote;
  for (const auto& [answer, count] : tally.reached.answers()) {
    if (answer.first != last) {
      fmt::print("{}  {}\n", last == model::CallKind::kNote ? "" : "\n",
                 model::SyscallName(answer.first));
    }
    last = answer.first;
    fmt::print("    {:<26}{:>14}\n", model::StatusName(answer.second), Grouped(count));
  }
  const std::vector<std::string> never = tally.reached.NeverReached();
  fmt::print("Clauses reached: {} of {}; never: {}\n",
             tally.reached.clauses().size() - never.size(), tally.reached.clauses().size(),
             never.empty() ? "none" : model::Join(never, ", "));
}

void PrintEnd(const FuzzResult& result) {
  const FuzzTally& tally = result.tally;
  const char* end = result.failed                                         ? "first failure"
                    : !result.lost.empty()                                ? "worker lost"
                    : result.interruption == props::Interruption::kSignal ? "interrupted"
                    : result.interruption == props::Interruption::kBudget ? "budget"
                                                                          : "runs reached";
  fmt::print("{}: {} programs, {} executions in {:.1f} s\n", end, Grouped(tally.programs),
             Grouped(tally.executions), result.seconds);
  fmt::print("not all interleavings: {} programs; not all outcomes listed: {}; not judged: {}\n",
             tally.sampled, tally.outcomes_unknown, tally.unknown);
}

// The program as a file beside its traces, then what broke.
int ReportFailure(const Options& options, const FuzzSetup& setup, const FuzzResult& result) {
  const uint64_t index = *result.failed;
  const model::Litmus drawn = ProgramOf(setup, index);
  const std::string path =
      fmt::format("{}/drawn/{}.litmus", options.output_dir, drawn.program.name);
  // Before the core is entered once more: should it crash, the program is on disk already.
  if (!WriteFile(path, model::PrintLitmus(drawn))) return kExitIo;
  std::string again = fmt::format("heddle fuzz --seed {} --first {} --runs 1", setup.seed, index);
  // What is asked for by name is tried on every program, so these are part of what happened.
  for (const std::string& name : options.properties) again += " --property " + name;
  const props::Trial trial = props::Try(drawn, TrialOf(setup, index), nullptr);
  if (!trial.finding) {
    fmt::print("program {} failed in a worker, and not here: {}\n", index, again);
    return kExitNondeterminism;
  }
  if (!WriteFile(path, model::PrintLitmus(trial.litmus))) return kExitIo;
  const props::Property& property = props::PropertyOf(trial.litmus, *trial.finding);
  fmt::print("{}\n{} broken: {}\nprogram {} of seed {}, again: {}\n\n",
             model::PrintLitmus(trial.litmus), property.name, property.sentence, index, setup.seed,
             again);
  if (trial.finding->schedule) {
    const int code = MinimizeAndSave(options, trial.litmus, *trial.finding, setup.trial.max_steps);
    return Worse(code, kExitViolation);
  }
  props::CheckReport report;
  report.executions = trial.executions;
  report.findings = {*trial.finding};
  return FileExplorer(options, path, trial.litmus).Report(std::move(report));
}

}  // namespace

int Fuzz(const Options& options) {
  CatchInterrupts();
  const FuzzSetup setup = SetupOf(options);
  const FuzzResult result = RunFuzz(setup);
  PrintDistribution(result.tally);
  int code = kExitHolds;
  if (result.interruption == props::Interruption::kSignal) code = InterruptedCode();
  if (!result.lost.empty()) {
    fmt::print(stderr, "heddle: internal error: {}\n", result.lost);
    code = Worse(code, kExitInternal);
  }
  if (result.tally.unknown != 0) code = Worse(code, kExitUnknown);
  if (result.failed) code = Worse(code, ReportFailure(options, setup, result));
  PrintEnd(result);
  return code;
}

}  // namespace tools
