#include "sim/engine/explorer.h"

#include <algorithm>

namespace sim {

namespace {

// The first event in which two records of one schedule differ; the length of the shorter if one is
// a prefix of the other.
EventIndex FirstDifference(const Execution& a, const Execution& b) {
  const size_t length = std::min(a.events.size(), b.events.size());
  for (size_t i = 0; i < length; ++i) {
    const Event& x = a.events[i];
    const Event& y = b.events[i];
    if (x.thread != y.thread || x.kind != y.kind || x.object != y.object || x.key != y.key ||
        x.enabled != y.enabled) {
      return static_cast<EventIndex>(i);
    }
  }
  return static_cast<EventIndex>(length);
}

bool SameBehaviour(const Execution& a, const Execution& b) {
  if (a.hash != b.hash || a.end != b.end) return false;
  if (!a.failure || !b.failure) return a.failure.has_value() == b.failure.has_value();
  return a.failure->kind == b.failure->kind && a.failure->message == b.failure->message;
}

}  // namespace

Exploration Explore(Scenario& scenario, Strategy& strategy, const ExploreOptions& options,
                    const Visitor& visitor) {
  Runtime runtime(options.limits);
  Execution execution;
  Execution again;
  Exploration result;
  while (strategy.BeginExecution()) {
    runtime.Execute(scenario, strategy, execution);
    strategy.EndExecution(execution);
    if (execution.end == ExecutionEnd::kStopped) {
      ++result.stopped;
    } else {
      ++result.executions;
      // The visitor first: the scenario still holds what this execution showed.
      if (!visitor(execution)) {
        result.end = ExploreEnd::kVisitor;
        return result;
      }
      const bool check = options.determinism_every != 0 &&
                         (result.executions - 1) % options.determinism_every == 0;
      if (check) {
        const Schedule schedule = ScheduleOf(execution);
        Replay replay(schedule);
        replay.BeginExecution();
        runtime.Execute(scenario, replay, again);
        if (!SameBehaviour(execution, again)) {
          result.end = ExploreEnd::kNondeterministic;
          result.divergent_step = FirstDifference(execution, again);
          return result;
        }
      }
    }
    if (options.max_executions != 0 &&
        result.executions + result.stopped == options.max_executions) {
      result.end = ExploreEnd::kLimit;
      return result;
    }
  }
  return result;
}

}  // namespace sim
