#include "tools/file_explorer.h"

#include <fmt/format.h>

#include <algorithm>

#include "props/bounds.h"
#include "props/failure_text.h"
#include "props/minimize.h"
#include "props/record.h"
#include "tools/commands.h"
#include "tools/exit_codes.h"
#include "tools/files.h"
#include "tools/measure.h"
#include "tools/parts_search.h"
#include "tools/progress.h"
#include "traces/files.h"
#include "traces/schedule_text.h"
#include "traces/text.h"

namespace tools {

namespace {

constexpr size_t kQuantifierWidth = 8;  // "~exists ".

}  // namespace

int Worse(int a, int b) {
  constexpr int kOrder[] = {kExitTerminated,     kExitInterrupted, kExitInternal,  kExitIo,
                            kExitNondeterminism, kExitViolation,   kExitMalformed, kExitMissing,
                            kExitUnknown,        kExitHolds};
  const auto rank = [&](int code) { return std::find(std::begin(kOrder), std::end(kOrder), code); };
  return rank(a) <= rank(b) ? a : b;
}

int CodeOfEnd(const props::CheckReport& report, props::Search search) {
  switch (report.end) {
    case props::CheckEnd::kInterrupted:
      return kExitInterrupted;
    case props::CheckEnd::kBudget:
      return kExitUnknown;
    case props::CheckEnd::kRunsReached:
      return props::KindOf(search).is_complete ? kExitUnknown : kExitHolds;
    case props::CheckEnd::kComplete:
    case props::CheckEnd::kFirstFailure:
    case props::CheckEnd::kShardDone:
      break;
  }
  const bool model_unknown =
      !report.histories.unknown.empty() || (report.model && !report.model->complete);
  return model_unknown ? kExitUnknown : kExitHolds;
}

FileExplorer::FileExplorer(const Options& options, const std::string& file,
                           const model::Litmus& litmus)
    : options_(options), file_(file), litmus_(litmus), names_(model::ThreadNames(litmus.program)) {}

int FileExplorer::Run() {
  // Who asks for every violation, or for a part of the search, wants the search itself.
  if (!options_.keep_going && !options_.in_parts()) {
    if (const auto saved = FindSavedFailure(options_, litmus_)) return PresentSaved(*saved);
  }
  const std::optional<int> failed = Search();
  return failed ? *failed : PrintAll();
}

int FileExplorer::PresentSaved(const SavedFailure& saved) {
  const props::Finding& finding = *saved.recording.finding;
  report_.findings = {finding};
  fmt::print("Test {}   ({})   hash {:016x}\nNo\n\n{}  saved     {}\n", litmus_.program.name,
             litmus_.architecture, model::LitmusHash(litmus_),
             FailureReport(finding, saved.recording.trace, litmus_, file_,
                           "saved before, and it happens again"),
             saved.path);
  fmt::print("  Next:     heddle replay        heddle show\n\n");
  if (const auto error = traces::SetLatest(options_.output_dir, saved.path)) {
    fmt::print(stderr, "{}\n", *error);
    return kExitIo;
  }
  const int code = Expected(finding.id == "HD901" ? kExitNondeterminism : kExitViolation);
  fmt::print("first failure: 1 execution, a saved one; nothing was searched\n");
  return code;
}

int FileExplorer::Present(props::CheckReport report, double seconds) {
  report_ = std::move(report);
  seconds_ = seconds;
  return PrintAll();
}

int FileExplorer::Report(props::CheckReport report) {
  report_ = std::move(report);
  return ReportFindings();
}

int FileExplorer::PrintAll() const {
  PrintOutcomes();
  PrintConditions();
  int code = ReportFindings();
  fmt::print("Time {} {:.2f}\n", litmus_.program.name, seconds_);
  if (code == kExitHolds) code = CodeOfEnd();
  code = Expected(code);
  PrintEnd();
  return code;
}

int FileExplorer::CodeOfEnd() const {
  const int code = tools::CodeOfEnd(report_, options_.search);
  return code == kExitInterrupted ? InterruptedCode() : code;
}

std::optional<int> FileExplorer::Search() {
  props::CheckOptions check;
  check.search = options_.search;
  check.seed = options_.seed;
  check.runs = options_.runs;
  check.max_executions = options_.max_executions;
  check.max_steps = options_.max_steps;
  check.keep_going = options_.keep_going;
  ProgressLine::Setup setup;
  setup.name = litmus_.program.name;
  setup.strategy = props::KindOf(options_.search).name;
  setup.quiet = options_.quiet;
  setup.budget = options_.budget;
  setup.draws = random();
  const bool by_classes =
      options_.search == props::Search::kSourceSets && !props::IsBounded(litmus_, options_.search);
  Measurement measurement(litmus_, options_.max_steps, options_.seed);
  if (by_classes) setup.measure = [&](auto budget) { return measurement.Spend(budget); };
  ProgressLine progress(setup);
  if (options_.in_parts()) {
    Loaded<props::CheckReport> seen = SearchInParts(options_, file_, litmus_, check, progress);
    if (const int* code = std::get_if<int>(&seen)) return *code;
    report_ = std::get<props::CheckReport>(std::move(seen));
  } else {
    check.progress = [&](const props::Progress& seen) { return progress.Update(seen); };
    report_ = props::Check(litmus_, check);
  }
  seconds_ = progress.elapsed();
  return std::nullopt;
}

void FileExplorer::PrintOutcomes() const {
  fmt::print("Test {}   ({})   hash {:016x}\n", litmus_.program.name, litmus_.architecture,
             model::LitmusHash(litmus_));
  const bool complete = report_.end == props::CheckEnd::kComplete;
  const std::string bounds = props::BoundsText(litmus_, options_.search);
  const std::string within = complete && !bounds.empty() ? " within " + bounds : std::string();
  const char* extent = complete                                     ? "complete"
                       : report_.end == props::CheckEnd::kShardDone ? "one shard"
                                                                    : "bounded";
  fmt::print("Histogram ({}, {}, {}{})\n", props::CountOf(report_.outcomes.size(), "state"),
             props::CountOf(report_.executions, "run"), extent, within);
  size_t width = 0;
  for (const auto& [outcome, row] : report_.outcomes) {
    width = std::max(width, model::PrintOutcome(litmus_, outcome).size());
  }
  for (const auto& [outcome, row] : report_.outcomes) {
    fmt::print("{:>8} {} {:<{}}  e.g. {}{}\n", row.count, Mark(outcome),
               model::PrintOutcome(litmus_, outcome), width,
               traces::PrintSchedule(row.example, names_), row.blocked ? "  (blocked)" : "");
  }
  // Only a complete search of everything knows what the core never shows.
  if (!complete || !bounds.empty() || !report_.model || !report_.model->complete) return;
  for (const auto& [outcome, order] : report_.model->outcomes) {
    if (report_.outcomes.contains(outcome)) continue;
    fmt::print("{:>8}    {:<{}}  only the model shows this\n", 0,
               model::PrintOutcome(litmus_, outcome), width);
  }
}

// "*>" where the example of an outcome broke something that was found.
const char* FileExplorer::Mark(const model::Outcome& outcome) const {
  const std::string text = model::PrintOutcome(litmus_, outcome);
  for (const props::Finding& finding : report_.findings) {
    if (finding.message.ends_with(text)) return "*>";
  }
  return "  ";
}

std::string_view FileExplorer::Judgement(const model::Condition& condition,
                                         const props::ConditionTally& tally) const {
  switch (condition.quantifier) {
    case model::Condition::Quantifier::kNotExists:
      return tally.holds == 0 ? "ok" : "BROKEN";
    case model::Condition::Quantifier::kForall:
      return tally.fails == 0 ? "ok" : "BROKEN";
    case model::Condition::Quantifier::kExists:
      break;
  }
  if (tally.holds != 0) return "ok";
  return report_.end == props::CheckEnd::kComplete ? "BROKEN" : "unknown";
}

// Of the first column of PrintConditions.
size_t FileExplorer::ClaimWidth() const {
  size_t width = 8;
  for (const model::Condition& condition : litmus_.conditions) {
    width = std::max(width, model::PrintValue(condition.name).size());
  }
  return width + kQuantifierWidth;
}

const char* FileExplorer::Summary() const {
  if (!report_.findings.empty()) return "No";
  return CodeOfEnd() == kExitHolds ? "Ok" : "Unknown";
}

void FileExplorer::PrintConditions() const {
  fmt::print("{}\n", Summary());
  const size_t width = ClaimWidth();
  for (size_t i = 0; i < litmus_.conditions.size(); ++i) {
    const model::Condition& condition = litmus_.conditions[i];
    const props::ConditionTally& tally = report_.conditions[i];
    const char* frequency = tally.holds == 0 ? "Never" : tally.fails == 0 ? "Always" : "Sometimes";
    fmt::print("  {:<{}}{:<{}} {:<9} {:>7} {:<7} {}\n", props::QuantifierName(condition.quantifier),
               kQuantifierWidth, model::PrintValue(condition.name), width - kQuantifierWidth,
               frequency, tally.holds, tally.fails, Judgement(condition, tally));
  }
  if (litmus_.outcomes) {
    PrintComparison(litmus_.outcomes->exact ? "outcomes exact" : "outcomes",
                    litmus_.outcomes->outcomes);
  }
  if (report_.model) PrintModel();
  PrintHistories();
}

void FileExplorer::PrintModel() const {
  if (!report_.model->complete) {
    fmt::print("  {:<{}} unknown: too many states ({})\n", "model", ClaimWidth(),
               report_.model->states);
  } else {
    std::vector<model::Outcome> allowed;
    for (const auto& [outcome, order] : report_.model->outcomes) allowed.push_back(outcome);
    PrintComparison("model", allowed);
  }
}

void FileExplorer::PrintHistories() const {
  if (report_.histories.judged.empty()) return;
  const std::string unknown =
      report_.histories.unknown.empty()
          ? "all compared with the model"
          : fmt::format("{} unknown: the budget was too small", report_.histories.unknown.size());
  fmt::print("  {:<{}} {} distinct, {}\n", "histories", ClaimWidth(),
             report_.histories.judged.size(), unknown);
}

void FileExplorer::PrintComparison(const char* what,
                                   const std::vector<model::Outcome>& known) const {
  const auto seen = static_cast<size_t>(std::count_if(
      known.begin(), known.end(),
      [&](const model::Outcome& outcome) { return report_.outcomes.contains(outcome); }));
  const auto extra =
      std::count_if(report_.outcomes.begin(), report_.outcomes.end(), [&](const auto& row) {
        return std::find(known.begin(), known.end(), row.first) == known.end();
      });
  fmt::print("  {:<{}} {} of {} seen, {}\n", what, ClaimWidth(), seen, known.size(),
             extra == 0 ? "none extra" : fmt::format("{} extra", extra));
}

int FileExplorer::ReportFindings() const {
  int code = kExitHolds;
  for (const props::Finding& finding : report_.findings) {
    fmt::print("\n");
    const int found = finding.id == "HD901" ? kExitNondeterminism : kExitViolation;
    code = Worse(code, Worse(found, finding.schedule ? ReportWithTrace(finding)
                                                     : ReportWithoutTrace(finding)));
  }
  return code;
}

int FileExplorer::ReportWithoutTrace(const props::Finding& finding) const {
  fmt::print("{}\n", props::FailureReport(finding, {}, litmus_, file_, ""));
  return kExitHolds;
}

// Saves the failure as found and minimised, and prints the minimised one, saved or not.
int FileExplorer::ReportWithTrace(const props::Finding& finding) const {
  const model::AllowedOutcomes* allowed = report_.model ? &*report_.model : nullptr;
  const props::Provenance provenance{std::string(props::KindOf(options_.search).name),
                                     random() ? options_.seed : 0};
  const auto save = [&](const props::Finding& each, const props::Provenance& origin) {
    return props::SaveFailure(options_.output_dir, litmus_, allowed, each, origin,
                              options_.max_steps);
  };
  const props::SavedFailure found = save(finding, provenance);
  if (!options_.quiet) fmt::print(stderr, "minimizing {} ...\n", finding.id);
  const props::Minimized small =
      props::Minimize(litmus_, allowed, finding, options_.max_steps, kMinimizeExecutions);
  const props::SavedFailure saved = save(small.finding, props::MinimizedProvenance());
  const std::string summary =
      fmt::format("after {}; {}", props::CountOf(report_.executions, "execution"),
                  props::MinimizedSummary(finding.events, small.finding.events,
                                          small.finding.preemptions, small.is_minimum));
  fmt::print("{}",
             props::FailureReport(small.finding, saved.recording.trace, litmus_, file_, summary));
  if (found.error || saved.error) {
    fmt::print(stderr, "{}\n", found.error ? *found.error : *saved.error);
    return kExitIo;
  }
  fmt::print("  saved     {}\n  Next:     heddle replay        heddle show\n\n", saved.path);
  return kExitHolds;
}

void FileExplorer::PrintEnd() const {
  fmt::print("{}: {}, {} cut short as repetitions\n", props::EndName(report_.end),
             props::CountOf(report_.executions, "execution"), report_.cut_short);
}

// Turns the answer around for who expects a violation.
int FileExplorer::Expected(int code) const {
  if (options_.expect == "holds" || (code != kExitHolds && code != kExitViolation)) return code;
  const std::string id =
      options_.expect.size() > 9 ? options_.expect.substr(9) : std::string();  // "violated:"
  const bool met =
      std::any_of(report_.findings.begin(), report_.findings.end(),
                  [&](const props::Finding& finding) { return id.empty() || finding.id == id; });
  fmt::print("expected {}: {}\n", options_.expect, met ? "met" : "not met");
  return met ? kExitHolds : kExitViolation;
}

}  // namespace tools
