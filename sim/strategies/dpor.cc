#include "sim/strategies/dpor.h"

#include <cassert>

#include "sim/strategies/sleep_sets.h"

namespace sim {

Dpor::Dpor(Path prefix) {
  StartBelow(std::move(prefix));
}

Dpor Dpor::Split(EventIndex depth, Path prefix) {
  Dpor dpor(std::move(prefix));
  dpor.SplitAt(depth);
  return dpor;
}

Dpor Dpor::Resume(Path path, size_t fixed) {
  Dpor dpor;
  dpor.Continue(std::move(path), fixed);
  return dpor;
}

bool Dpor::BeginExecution() {
  if (!PathSearch::BeginExecution()) return false;
  if (path_.empty()) return true;
  // The last choice of the path is another one now. If it is a value, so is the event that asked.
  // Of a search that is taken up again, no event is known: they are analysed once more as they are
  // repeated, which adds nothing, since the backtrack sets hold an initial of every race already.
  const Node& changed = path_.back();
  const bool is_value = changed.count != 0 && changed.step != 0;
  order_.Truncate(is_value ? changed.step - 1 : changed.step);
  return true;
}

double Dpor::Share() const {
  double share = 0;
  double weight = 1;
  for (size_t i = fixed(); i < path_.size(); ++i) {
    const Node& node = path_[i];
    // Who sleeps and is in the backtrack set was explored from here, or never will be.
    const uint32_t before = node.count != 0
                                ? node.value
                                : node.backtrack.size() - node.backtrack.Without(node.sleep).size();
    const uint32_t branches = node.count != 0 ? node.count : node.backtrack.size();
    share += weight * before / branches;
    weight /= branches;
  }
  return share + weight;  // The last execution is done.
}

ThreadId Dpor::PickThread(const SchedulePoint& point) {
  Analyse(point.execution);
  if (is_new()) {
    ThreadSet sleep;
    if (point.step != 0) {
      const Node& before = NodeOf(point.step - 1);
      sleep = StillAsleep(before.sleep, before.chosen, point);
    }
    const ThreadSet candidates = point.enabled.Without(sleep);
    if (candidates.empty()) {
      AnalysePending(point.execution, point.pending);
      return kNoThread;
    }
    if (IsCut(point)) return kNoThread;
    const ThreadId chosen = candidates.FirstOr(point.last);
    Add(point, sleep, chosen, is_split() ? point.enabled : ThreadSet::Of(chosen));
  }
  node_of_step_.resize(point.step);
  node_of_step_.push_back(static_cast<uint32_t>(depth_));
  const ThreadId chosen = Follow(point);
  const bool is_first = order_.size() == point.step;
  if (is_first) AnalyseTaken(point, chosen);
  return chosen;
}

void Dpor::EndExecution(const Execution& execution) {
  if (execution.end == ExecutionEnd::kStopped) return;  // Its races were taken where it stopped.
  Analyse(execution);
  if (execution.end != ExecutionEnd::kFinished) AnalysePending(execution, execution.pending);
}

// Events are complete, with the releases folded into them, when the next choice comes.
void Dpor::Analyse(const Execution& execution) {
  while (order_.size() < execution.events.size()) {
    const auto step = static_cast<EventIndex>(order_.size());
    const VectorClock past = order_.PastOf(execution.events[step].thread);
    direct_.clear();
    order_.Append(execution.events[step], &direct_);
    if (direct_.empty()) continue;
    AddRaces(Reversal(execution, order_), RaceTarget::OfEvent(execution, step), past,
             order_.clock(step));
  }
}

// The end of a wait takes its timer away. If the timer has not fired, that was one way to go.
void Dpor::AnalyseTaken(const SchedulePoint& point, ThreadId chosen) {
  const Operation& operation = point.pending[chosen];
  if (operation.kind != OpKind::kEventWait && operation.kind != OpKind::kCondWait) return;
  const Operation& timer = point.pending[TimerOf(chosen)];
  if (timer.kind == OpKind::kNone || operation.wait->timed_out) return;
  AddRacesOf(Reversal(point.execution, order_),
             RaceTarget::OfPending(timer, TimerOf(chosen), point.step));
}

void Dpor::AnalysePending(const Execution& execution, std::span<const Operation> pending) {
  const Reversal reversal(execution, order_);
  const auto length = static_cast<EventIndex>(execution.events.size());
  // The operation of the thread that failed was performed: it is no longer pending.
  const bool failed = execution.end == ExecutionEnd::kFailed && length != 0;
  const ThreadId failing = failed ? execution.events.back().thread : kNoThread;
  for (ThreadId thread = 0; thread < pending.size(); ++thread) {
    const Operation& operation = pending[thread];
    if (operation.kind == OpKind::kNone || thread == failing) continue;
    AddRacesOf(reversal, RaceTarget::OfPending(operation, thread, length));
  }
}

void Dpor::AddRacesOf(const Reversal& reversal, const RaceTarget& pending) {
  direct_.clear();
  const VectorClock clock = order_.ClockOf(pending.thread, pending.footprint, &direct_);
  if (!direct_.empty()) AddRaces(reversal, pending, order_.PastOf(pending.thread), clock);
}

// `past` and `clock` are those of `second`, without and with its operation, and direct_ holds the
// events that it follows immediately, latest first. Those are its races, as long as each can be
// reversed; the past of one that cannot is searched again, since it hides nothing.
void Dpor::AddRaces(const Reversal& reversal, const RaceTarget& second, VectorClock past,
                    const VectorClock& clock) {
  size_t known = 0;
  for (; known < direct_.size(); ++known) {
    if (!reversal.IsPossible(direct_[known], second)) break;
    AddBacktrack(direct_[known], second.thread, clock, second.position);
  }
  if (known == direct_.size()) return;
  for (size_t i = 0; i < known; ++i) order_.Join(past, direct_[i]);
  for (EventIndex k = direct_[known]; k-- > 0;) {
    if (order_.count(k) <= past.of(order_.thread(k))) continue;
    if (!order_.footprint(k).ConflictsWith(second.footprint)) continue;
    if (!reversal.IsPossible(k, second)) continue;
    AddBacktrack(k, second.thread, clock, second.position);
    order_.Join(past, k);
  }
}

// Event `first` races with an operation of `thread` after `length` events. The events between that
// `first` does not happen before, and then the operation, are the reversed order; any thread that
// can start it, an initial, will do, unless the node has one already.
void Dpor::AddBacktrack(EventIndex first, ThreadId thread, const VectorClock& clock,
                        EventIndex length) {
  Node& node = NodeOf(first);
  ThreadSet seen;
  std::array<uint32_t, 2 * kMaxThreads> first_count;  // Of the threads seen.
  ThreadId initial = kNoThread;
  const auto starts = [&](const VectorClock& candidate) {
    for (ThreadId other : seen) {
      if (candidate.of(other) >= first_count[other]) return false;
    }
    return true;
  };
  for (EventIndex i = first + 1; i < length; ++i) {
    const ThreadId other = order_.thread(i);
    if (seen.Has(other) || order_.Before(first, i)) continue;
    if (starts(order_.clock(i))) {
      if (node.backtrack.Has(other)) return;
      if (initial == kNoThread) initial = other;
    }
    seen.Add(other);
    first_count[other] = order_.count(i);
  }
  if (!seen.Has(thread) && starts(clock)) {
    if (node.backtrack.Has(thread)) return;
    initial = thread;
  }
  assert(node.enabled.Has(initial));
  node.backtrack.Add(initial);
}

}  // namespace sim
