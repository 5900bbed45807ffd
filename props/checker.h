// Runs strategies over a program, and gathers what their executions show.
#pragma once

#include "model/litmus.h"
#include "model/outcomes.h"
#include "props/check.h"
#include "props/findings.h"
#include "props/world.h"
#include "sim/engine/explorer.h"

namespace props {

class Checker {
 public:
  /// All must outlive the checker. Outcomes are compared with `allowed` unless it is null.
  Checker(const model::Litmus& litmus, const CheckOptions& options,
          const model::AllowedOutcomes* allowed);

  /// Explores until the strategy has nothing left, or something else ends it. `before` is what
  /// earlier runs of the same search saw. What only a whole search can tell is not in the answer.
  CheckReport Run(sim::Strategy& strategy, CheckReport before = {});

  /// From options.progress: what has been seen up to now.
  CheckReport Snapshot() const;

 private:
  class Watched;

  bool Visit(const sim::Execution& execution);
  void Count(const sim::Execution& execution, const model::Observation& observation);
  void Ask();
  CheckEnd EndOf(const sim::Exploration& result) const;
  void AddNondeterminism(const sim::Exploration& result);

  const model::Litmus& litmus_;
  const CheckOptions& options_;
  World world_;
  Judge judge_;
  CheckReport report_;
  uint64_t singletons_ = 0;
  Interruption interruption_ = Interruption::kNone;
};

}  // namespace props
