// A search in parts that need nothing from each other. How it is cut depends on the program and the
// search alone, so wherever the parts run, and in which order, together they see the same.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "model/litmus.h"
#include "props/check.h"
#include "props/checker.h"
#include "sim/strategies/dpor.h"

namespace props {

/// A search is cut deeper until it has so many parts, as long as there is something to cut.
inline constexpr uint32_t kFewestParts = 256;

/// What was seen of one part.
struct PartReport {
  CheckReport report;
  sim::Dpor::Path path;  // Where a search by source sets was left; empty if it is to start anew.

  /// Nothing is left of it, or it ended with a failure.
  bool is_done() const {
    return report.end != CheckEnd::kInterrupted && report.end != CheckEnd::kBudget;
  }
};

class Parts {
 public:
  /// A search by source sets is cut, and a sample that IsDrawnInRanges; any other is one part. Both
  /// must outlive this.
  Parts(const model::Litmus& litmus, const CheckOptions& options);

  uint32_t count() const { return count_; }
  /// Names the cut: of the same program, search and build.
  uint64_t hash() const;

 private:
  friend class PartSearch;

  bool is_cut_by_events() const;
  void CutByEvents();

  const model::Litmus& litmus_;
  const CheckOptions& options_;
  uint32_t count_ = 1;
  sim::StepIndex depth_ = 0;
  std::vector<sim::Dpor::Path> prefixes_;  // By part, from 1; part 0 is what ends above the cut.
};

class PartSearch {
 public:
  /// The part, or what `before` left of it.
  PartSearch(const Parts& parts, uint32_t part, PartReport before = {});

  /// What was seen of it earlier.
  Progress before() const;
  PartReport Run(Checker& checker);
  /// From options.progress, while it runs.
  PartReport Snapshot(const Checker& checker) const;

 private:
  sim::Dpor* MakeDpor(sim::Dpor dpor);

  CheckReport before_;
  std::unique_ptr<sim::Strategy> strategy_;
  const sim::Dpor* top_ = nullptr;        // The strategy, if it is the part above the cut,
  const sim::Dpor* resumable_ = nullptr;  // or one below.
};

}  // namespace props
