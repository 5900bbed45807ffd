// One program, run on the core one execution at a time, each judged.
#pragma once

#include <cstdint>
#include <optional>

#include "model/litmus.h"
#include "props/findings.h"
#include "props/world.h"
#include "sim/engine/execution.h"
#include "sim/engine/runtime.h"
#include "sim/engine/strategy.h"
#include "sim/strategies/guided.h"

namespace props {

class Runner {
 public:
  /// `litmus` must outlive the runner.
  Runner(const model::Litmus& litmus, const Judge::Options& options, uint32_t max_steps)
      : world_(litmus), judge_(litmus, options), runtime_(LimitsOf(litmus, max_steps)) {}

  /// The next execution of `strategy`, which has one. Nothing if it was stopped, or nothing is
  /// wrong.
  std::optional<Finding> Run(sim::Strategy& strategy);

  /// The last one.
  const sim::Execution& execution() const { return execution_; }
  /// It contradicts the model, whatever else is wrong with it.
  bool IsUnexplained() { return judge_.IsUnexplained(execution_, world_); }

  /// Which call each thread has come to: the places of guides for changed programs.
  sim::PlaceOf places() const {
    return [this](sim::ThreadId thread) { return world_.call_of(thread); };
  }

  /// All of them.
  uint64_t executions() const { return executions_; }

 private:
  World world_;
  Judge judge_;
  sim::Runtime runtime_;
  sim::Execution execution_;
  uint64_t executions_ = 0;
};

/// Whether the execution of `finding` contradicts the model, besides breaking a claim or being a
/// deadlock: then it must wherever it is found again, or it is another thing. A reader whose writer
/// was taken out of the program blocks as well, but for a good reason.
bool IsAgainstTheModel(Runner& runner, const Finding& finding);

/// What `schedule` does, as a guide whose places are calls.
sim::Guide GuideOf(Runner& runner, const sim::Schedule& schedule);

}  // namespace props
