#include "props/runner.h"

#include "sim/engine/replay.h"

namespace props {

std::optional<Finding> Runner::Run(sim::Strategy& strategy) {
  ++executions_;
  runtime_.Execute(world_, strategy, execution_);
  strategy.EndExecution(execution_);
  if (execution_.end == sim::ExecutionEnd::kStopped) return std::nullopt;
  return judge_.Examine(execution_, world_);
}

bool IsAgainstTheModel(Runner& runner, const Finding& finding) {
  // What a correct core may do as well if the program or the claim is wrong.
  const bool may_be_innocent = finding.id.starts_with("HD1") || finding.id == kDeadlockId;
  if (!may_be_innocent) return false;
  sim::Replay replay(*finding.schedule);
  replay.BeginExecution();
  return runner.Run(replay) && runner.IsUnexplained();
}

sim::Guide GuideOf(Runner& runner, const sim::Schedule& schedule) {
  sim::Replay replay(schedule);
  sim::Guiding guiding(replay, runner.places());
  guiding.BeginExecution();
  runner.Run(guiding);
  return guiding.guide();
}

}  // namespace props
