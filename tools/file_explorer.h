// One litmus file under one generation: searched, printed, its failures saved.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/litmus.h"
#include "props/check.h"
#include "props/record.h"
#include "tools/options.h"
#include "tools/saved_failures.h"

namespace tools {

/// Exit codes by how much they matter: what comes first hides what comes later.
int Worse(int a, int b);

/// The exit code of a search that found nothing.
int CodeOfEnd(const props::CheckReport& report, props::Search search);

class FileExplorer {
 public:
  /// All must outlive the explorer; `file` is the name that the program was read from.
  FileExplorer(const Options& options, const std::string& file, const model::Litmus& litmus);

  /// A saved failure that happens again; if there is none, everything that follows, in this order.
  /// Answers the exit code.
  int Run();

  /// An exit code if nothing can be searched; the mistake was reported.
  std::optional<int> Search();
  /// Prints what a search has seen, in the form of Run; answers the exit code.
  int Present(props::CheckReport report, double seconds);
  /// Prints and saves what is wrong, and nothing else; answers the exit code.
  int Report(props::CheckReport report);
  const props::CheckReport& report() const { return report_; }
  void PrintOutcomes() const;
  void PrintConditions() const;
  /// Prints and saves the failures; answers their exit code.
  int ReportFindings() const;
  int CodeOfEnd() const;
  /// Turns the answer around for who expects a violation.
  int Expected(int code) const;
  void PrintEnd() const;

 private:
  int PrintAll() const;
  int PresentSaved(const SavedFailure& saved);
  bool random() const { return !props::KindOf(options_.search).is_complete; }
  const char* Mark(const model::Outcome& outcome) const;
  std::string_view Judgement(const model::Condition& condition,
                             const props::ConditionTally& tally) const;
  size_t ClaimWidth() const;
  const char* Summary() const;
  void PrintComparison(const char* what, const std::vector<model::Outcome>& known) const;
  void PrintModel() const;
  void PrintHistories() const;
  int ReportWithoutTrace(const props::Finding& finding) const;
  int ReportWithTrace(const props::Finding& finding) const;

  const Options& options_;
  const std::string& file_;
  const model::Litmus& litmus_;
  const std::vector<std::string> names_;  // Of the threads.
  props::CheckReport report_;
  double seconds_ = 0;
};

}  // namespace tools
