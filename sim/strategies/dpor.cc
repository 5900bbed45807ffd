#include "sim/strategies/dpor.h"

#include <algorithm>
#include <cassert>

#include "sim/object/rules.h"

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
  if (path_.nodes.empty()) return true;
  // The last choice of the path is another one now. If it is a value, so is the event that asked.
  // Of a search that is taken up again, no event is known: they are analysed once more as they are
  // repeated, which adds nothing, since the backtrack sets hold an initial of every race already.
  const Node& changed = path_.nodes.back();
  const bool is_value = changed.count != 0 && changed.step != 0;
  order_.Truncate(is_value ? changed.step - 1 : changed.step);
  for (ThreadId thread : waiters_) {
    std::vector<Taken>& taken = taken_[thread];
    while (!taken.empty() && taken.back().taker >= order_.size()) taken.pop_back();
    if (taken.empty()) waiters_.Remove(thread);
  }
  return true;
}

ThreadId Dpor::PickThread(const SchedulePoint& point) {
  Analyse(point.execution);
  if (is_new()) {
    const ThreadSet sleep = StillAsleep(point);
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
  // Where it was stopped, its races were taken.
  if (execution.end != ExecutionEnd::kStopped) {
    Analyse(execution);
    if (execution.end != ExecutionEnd::kFinished) AnalysePending(execution, execution.pending);
    if (execution.end == ExecutionEnd::kFailed) AnalyseFailure(execution);
  }
  PathSearch::EndExecution(execution);
}

// Events are complete, with the releases folded into them, when the next choice comes.
void Dpor::Analyse(const Execution& execution) {
  while (order_.size() < execution.events.size()) {
    const auto step = static_cast<EventIndex>(order_.size());
    const Event& event = execution.events[step];
    const VectorClock past = order_.PastOf(event.thread);
    direct_.clear();
    order_.Append(event, &direct_);
    if (!direct_.empty()) AddRaces(execution, {event, step}, past, order_.clock(step));
    ReconsiderTaken(execution, step);
    if (event.kind != OpKind::kCountDrop) continue;
    Races(execution, order_, earlier_).ForEachSaving(step, [&](EventIndex addition) {
      AddBacktrack(addition, {event, step}, order_.clock(step));
    });
  }
}

// Of a wait and its timer, whichever is picked takes the other one with it. That the other could
// have come first is a race of its own: with what made the wait go on, or with whoever took what it
// was for.
void Dpor::AnalyseTaken(const SchedulePoint& point, ThreadId chosen) {
  const ThreadId thread = OwnerOf(chosen);
  const Operation& wait = point.pending[thread];
  const Operation& timer = point.pending[TimerOf(thread)];
  if (timer.kind == OpKind::kNone) return;
  const State& state = (*point.execution.states)[TimerSlot(thread)].state;
  if (TimerRules::HasFired(state)) return;
  const Operation& other = IsTimer(chosen) ? wait : timer;
  AddRacesOf(point.execution, other, point.step);
  taken_[thread].push_back({point.step, other});
  waiters_.Add(thread);
}

// What was taken away before may also have come after `later`, where this does not follow from what
// took it away: then other races of it could have gone the other way.
void Dpor::ReconsiderTaken(const Execution& execution, EventIndex later) {
  for (ThreadId thread : waiters_) {
    for (size_t i = taken_[thread].size(); i-- > 0;) {
      const Taken& taken = taken_[thread][i];
      if (order_.Before(taken.taker, later)) break;  // Nor are those before it.
      if (!execution.events[later].footprint.ConflictsWith(taken.operation.footprint)) continue;
      const RaceTarget second = {taken.operation, later + 1, taken.taker};
      VectorClock clock = order_.PastOf(taken.taker);
      Races(execution, order_, earlier_)
          .ForEachReversibleOfTaken(second, clock,
                                    [&](EventIndex first) { AddBacktrack(first, second, clock); });
    }
  }
}

void Dpor::AnalysePending(const Execution& execution, std::span<const Operation> pending) {
  const auto length = static_cast<EventIndex>(execution.events.size());
  for (const Operation& operation : pending) {
    if (operation.kind != OpKind::kNone) AddRacesOf(execution, operation, length);
  }
}

void Dpor::AnalyseFailure(const Execution& execution) {
  const bool was_cut_off = execution.blocked.empty() && !execution.events.empty();
  if (!was_cut_off) return;
  if (execution.failure->kind != FailureKind::kStepLimit) {
    Node& node = NodeOf(static_cast<EventIndex>(execution.events.size() - 1));
    node.backtrack = node.enabled;
    return;
  }
  for (size_t i = path_.nodes.size(); i-- > fixed();) {
    Node& node = path_.nodes[i];
    if (node.count != 0) continue;
    if (node.is_whole) break;  // So are those above.
    node.backtrack = node.enabled;
    node.is_whole = true;
  }
}

void Dpor::AddRacesOf(const Execution& execution, const Operation& pending, EventIndex position) {
  direct_.clear();
  const VectorClock clock = order_.ClockOf(pending.thread, pending.footprint, &direct_);
  if (direct_.empty()) return;
  AddRaces(execution, {pending, position}, order_.PastOf(pending.thread), clock);
}

// `past` and `clock` are those of `second`, without and with its operation, and direct_ holds the
// events that it follows immediately.
void Dpor::AddRaces(const Execution& execution, const RaceTarget& second, const VectorClock& past,
                    const VectorClock& clock) {
  Races races(execution, order_, earlier_);
  races.ForEachReversible(second, direct_, past,
                          [&](EventIndex first) { AddBacktrack(first, second, clock); });
}

// Of each chain, the first event between `first` and the operation that `first` does not happen
// before: no other of it can start the reversed order.
void Dpor::FindStarts(EventIndex first, const RaceTarget& second) {
  starts_.clear();
  const auto add = [&](EventIndex event) {
    const bool is_in = !order_.Before(first, event) && !Races::IsOut(order_, event, second);
    if (is_in) starts_.push_back(event);
  };
  const bool are_few = second.position - first <= order_.threads();
  if (are_few) {
    ThreadSet chains;
    for (EventIndex event = first + 1; event < second.position; ++event) {
      const ThreadId chain = OwnerOf(order_.thread(event));
      if (!chains.Has(chain)) add(event);
      chains.Add(chain);
    }
    return;
  }
  for (ThreadId chain = 0; chain < order_.threads(); ++chain) {
    const std::vector<EventIndex>& events = order_.chain(chain);
    const auto next = std::upper_bound(events.begin(), events.end(), first);
    if (next != events.end()) add(*next);
  }
  std::sort(starts_.begin(), starts_.end());
}

// Event `first` races with the operation, whose clock that is. The events between that `first` does
// not happen before, and then the operation, are the reversed order; any thread that can start it,
// an initial, will do, unless the node has one already.
void Dpor::AddBacktrack(EventIndex first, const RaceTarget& second, const VectorClock& clock) {
  const ThreadId thread = second.operation.thread;
  Node& node = NodeOf(first);
  FindStarts(first, second);
  ThreadId initial = kNoThread;
  for (size_t i = 0; i < starts_.size(); ++i) {
    const bool is_initial =
        std::none_of(starts_.begin(), starts_.begin() + static_cast<ptrdiff_t>(i),
                     [&](EventIndex earlier) { return order_.Before(earlier, starts_[i]); });
    if (!is_initial) continue;
    const ThreadId candidate = order_.thread(starts_[i]);
    if (node.backtrack.Has(candidate)) return;
    if (initial == kNoThread) initial = candidate;
  }
  const bool starts = std::none_of(starts_.begin(), starts_.end(), [&](EventIndex event) {
    return OwnerOf(order_.thread(event)) == OwnerOf(thread) || order_.IsIn(clock, event);
  });
  if (starts) {
    if (node.backtrack.Has(thread)) return;
    initial = thread;
  }
  assert(node.enabled.Has(initial));
  node.backtrack.Add(initial);
}

}  // namespace sim
