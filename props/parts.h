// A search in parts that need nothing from each other. How it is cut depends on the program and the
// search alone, so wherever the parts run, and in which order, together they see the same.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "model/litmus.h"
#include "props/check.h"
#include "props/checker.h"
#include "sim/strategies/path_search.h"
#include "sim/strategies/sampling.h"

namespace props {

/// A search is cut deeper until it has so many parts, as long as there is something to cut.
inline constexpr uint32_t kFewestParts = 256;

/// What was seen of one part.
struct PartReport {
  CheckReport report;
  // Where a search that is cut by events was left; empty if it is to start anew.
  sim::PathSearch::Path path;

  /// Nothing is left of it, or it ended with a failure.
  bool is_done() const {
    return report.end != CheckEnd::kInterrupted && report.end != CheckEnd::kBudget;
  }
};

class Parts {
 public:
  /// A search within a bound of its own is one part; it has to know all that it has seen. Both must
  /// outlive this.
  Parts(const model::Litmus& litmus, const CheckOptions& options);

  uint32_t count() const { return count_; }
  /// Names the cut: of the same program, search and build.
  uint64_t hash() const;

 private:
  friend class PartSearch;

  bool is_cut_by_events() const;
  void CutByEvents();
  bool is_sample() const { return !KindOf(options_.search).is_complete; }
  void MeasureProfile();
  /// Of a sample, the executions of a part that are left after so many.
  sim::Samples SamplesOf(uint32_t part, uint64_t done) const;

  const model::Litmus& litmus_;
  const CheckOptions& options_;
  uint32_t count_ = 1;
  sim::EventIndex depth_ = 0;
  // By part, from 1; part 0 is what ends above the cut.
  std::vector<sim::PathSearch::Path> prefixes_;
  sim::Profile profile_;  // Of a sample.
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
  CheckReport before_;
  std::unique_ptr<sim::Strategy> strategy_;
  const sim::PathSearch* top_ = nullptr;        // The strategy, if it is the part above the cut,
  const sim::PathSearch* resumable_ = nullptr;  // or one below.
};

}  // namespace props
