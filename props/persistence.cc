#include "props/persistence.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "props/record.h"
#include "props/world.h"
#include "sim/engine/explorer.h"
#include "sim/strategies/bounded.h"
#include "traces/schedule_text.h"

namespace props {

namespace {

// Follows the order of a trace's events. An operation that was not recorded is taken by the thread
// whose turn it is; one that does not come any more, or cannot come now, is passed over.
class LooseFollower final : public sim::Strategy {
 public:
  LooseFollower(const traces::Trace& trace, const std::vector<std::string>& names)
      : names_(names), events_(traces::EventsOf(trace)) {
    for (const traces::TraceLine& line : trace.lines) {
      const auto* value = std::get_if<traces::TraceValue>(&line);
      if (value != nullptr) values_[value->thread].push_back(value->value);
    }
  }

  bool BeginExecution() override { return !std::exchange(started_, true); }

  sim::ThreadId PickThread(const sim::SchedulePoint& point) override {
    for (; next_ < events_.size(); ++next_) {
      const std::string& thread = events_[next_]->thread;
      for (const sim::ThreadId candidate : point.enabled) {
        if (traces::ThreadLabel(candidate, names_) != thread) continue;
        const std::string operation = LabelOf(point.pending[candidate]);
        if (operation == events_[next_]->operation) {
          ++next_;
          return candidate;
        }
        if (!ComesLater(thread, operation)) return candidate;
      }
    }
    const bool goes_on = point.last != sim::kNoThread && point.enabled.Has(point.last);
    return goes_on ? point.last : *point.enabled.begin();
  }

  uint32_t PickValue(const sim::ValuePoint& point) override {
    const std::string thread = traces::ThreadLabel(point.thread, names_);
    const std::vector<uint32_t>& values = values_[thread];
    const size_t index = used_[thread]++;
    return index < values.size() && values[index] < point.count ? values[index] : 0;
  }

  void EndExecution(const sim::Execution&) override {}

 private:
  std::string LabelOf(const sim::Operation& operation) const {
    return traces::OperationLabel(operation.kind, operation.role, operation.object, operation.key,
                                  names_);
  }

  bool ComesLater(const std::string& thread, const std::string& operation) const {
    return std::any_of(events_.begin() + static_cast<std::ptrdiff_t>(next_), events_.end(),
                       [&](const traces::TraceEvent* event) {
                         return event->thread == thread && event->operation == operation;
                       });
  }

  const std::vector<std::string>& names_;
  std::vector<const traces::TraceEvent*> events_;
  std::map<std::string, std::vector<uint32_t>> values_;  // By thread.
  std::map<std::string, size_t> used_;                   // How many of them.
  size_t next_ = 0;
  bool started_ = false;
};

// "w" of "w:timer".
std::string OwnerOf(const std::string& thread) {
  return thread.substr(0, thread.find(':'));
}

// Its threads are those of the program, and its schedule is one of them.
bool Fits(const traces::Trace& trace, const std::vector<std::string>& names) {
  for (const traces::TraceEvent* event : traces::EventsOf(trace)) {
    if (std::find(names.begin(), names.end(), OwnerOf(event->thread)) == names.end()) return false;
  }
  return std::holds_alternative<sim::Schedule>(traces::ParseSchedule(trace.schedule, names));
}

uint32_t PreemptionsOf(const traces::Trace& trace) {
  uint32_t count = 0;
  const traces::TraceEvent* last = nullptr;
  for (const traces::TraceEvent* event : traces::EventsOf(trace)) {
    const bool could_go_on =
        last != nullptr &&
        ("," + event->enabled + ",").find("," + last->thread + ",") != std::string::npos;
    if (could_go_on && event->thread != last->thread) ++count;
    last = event;
  }
  return count;
}

}  // namespace

Persistence LookForViolation(const model::Litmus& litmus, const model::AllowedOutcomes* allowed,
                             const traces::Trace& trace, uint32_t max_steps,
                             uint64_t max_executions) {
  Persistence result;
  const std::vector<std::string> names = model::ThreadNames(litmus.program);
  result.fits = Fits(trace, names);
  if (!result.fits) return result;
  result.preemptions = PreemptionsOf(trace);
  World world(litmus);
  Judge judge(litmus, {.allowed = allowed});
  sim::ExploreOptions options;
  options.limits = LimitsOf(litmus, MaxStepsOf(trace, max_steps));
  options.determinism_every = 0;
  const auto visit = [&](const sim::Execution& execution) {
    result.finding = judge.Examine(execution, world);
    return !result.finding;
  };
  LooseFollower follower(trace, names);
  result.executions = sim::Explore(world, follower, options, visit).executions;
  if (result.finding) return result;
  sim::Bounded nearby(result.preemptions);
  options.max_executions = max_executions;
  result.executions += sim::Explore(world, nearby, options, visit).executions;
  return result;
}

}  // namespace props
