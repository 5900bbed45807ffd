#include "sim/strategies/class_share.h"

#include <algorithm>
#include <cmath>

namespace sim {

namespace {

// With so many choices left, this one included, the chance that it is the one that is no default.
double RareChance(uint32_t left) {
  return 1.0 / (left + 1);
}

uint32_t OneLess(uint32_t left) {
  return std::max(left, 2u) - 1;
}

// The logarithm of the mean of two chances, of which the logarithms are given.
double LogMean(double a, double b) {
  const double most = std::max(a, b);
  return most + std::log((std::exp(a - most) + std::exp(b - most)) / 2);
}

// Of the value choices of an execution.
double LogChanceOfValues(const Execution& execution, uint32_t values) {
  double uniform = 0;
  double rare = 0;
  uint32_t left = std::max(values, 1u);
  for (const ValueChoice& choice : execution.values) {
    const double struck = RareChance(left);
    uniform -= std::log(choice.count);
    rare += std::log(choice.value == 0 ? 1 - struck : struck / (choice.count - 1));
    left = OneLess(left);
  }
  return LogMean(uniform, rare);
}

void Observe(const Event& event, const Contention::Rest& rest, ThreadWeights& weights) {
  if (!rest.IsQuiet(event.object)) weights.Executed(event.thread);
  if (event.kind == OpKind::kSpawn) weights.Spawned(event.thread, event.child);
}

}  // namespace

size_t Contention::IndexOf(ObjectId object) const {
  for (size_t i = 0; i < known_.size(); ++i) {
    if (known_[i].object == object) return i;
  }
  return kUnknown;
}

bool Contention::FightsElsewhere(size_t thread) const {
  return std::any_of(known_.begin(), known_.end(),
                     [=](const Known& known) { return !known.elsewhere[thread].empty(); });
}

bool Contention::Learn(const Execution& execution) {
  bool changed = false;
  std::vector<size_t> index;  // Of the objects, by event.
  order_.Clear();
  for (const Event& event : execution.events) {
    index.push_back(IndexOf(event.object));
    if (index.back() == kUnknown) {
      index.back() = known_.size();
      known_.emplace_back().object = event.object;
    }
    direct_.clear();
    order_.Append(event, &direct_);
    for (EventIndex before : direct_) {
      const size_t other = index[before];
      const ThreadId thread = execution.events[before].thread;
      const auto fought = [&](size_t with, ThreadId whose, ThreadId rival) {
        Known& known = known_[with];
        ThreadSet& rivals = other == index.back() ? known.here[whose] : known.elsewhere[whose];
        changed = changed || !rivals.Has(rival);
        rivals.Add(rival);
        known.quiet = false;
      };
      fought(other, thread, event.thread);
      fought(index.back(), event.thread, thread);
    }
  }
  std::vector<ThreadCounts> counts(known_.size());
  ThreadCounts all{};
  ThreadCounts loud{};
  for (size_t i = 0; i < execution.events.size(); ++i) {
    const ThreadId thread = execution.events[i].thread;
    ++counts[index[i]][thread];
    ++all[thread];
    if (!known_[index[i]].quiet) ++loud[thread];
  }
  for (size_t i = 0; i < known_.size(); ++i) {
    for (size_t t = 0; t < all.size(); ++t) {
      if (counts[i][t] <= known_[i].most[t]) continue;
      known_[i].most[t] = counts[i][t];
      changed = changed || !known_[i].here[t].empty();
    }
  }
  for (size_t t = 0; t < all.size(); ++t) {
    changed = changed || (all[t] > most_in_all_[t] && FightsElsewhere(t));
    most_in_all_[t] = std::max(most_in_all_[t], all[t]);
    events_[t] = std::max(events_[t], loud[t]);
  }
  return changed;
}

void Contention::Rest::Observe(const Event& event) {
  ++done_in_all_[event.thread];
  const size_t index = all_.IndexOf(event.object);
  if (index != kUnknown) ++done_[index][event.thread];
}

bool Contention::Rest::IsQuiet(ObjectId object) const {
  const size_t index = all_.IndexOf(object);
  return index != kUnknown && all_.known_[index].quiet;
}

std::optional<ThreadSet> Contention::Rest::Closure(
    const SchedulePoint& point, ThreadId first,
    const std::array<ThreadId, kMaxThreads>& spawner) const {
  ThreadSet closure = ThreadSet::Of(first);
  ThreadSet open = closure;
  while (!open.empty()) {
    const ThreadId thread = open.First();
    open.Remove(thread);
    ThreadSet more;
    const Operation& operation = point.pending[thread];
    // The end of a wait takes its timer away, so no execution shows both where that comes first.
    if (IsTimer(thread)) {
      more.Add(OwnerOf(thread));
    } else if (point.pending[TimerOf(thread)].kind != OpKind::kNone) {
      more.Add(TimerOf(thread));
    }
    if (operation.kind == OpKind::kNone) {
      if (!IsTimer(thread) && spawner[thread] != kNoThread) more.Add(spawner[thread]);
    } else {
      const size_t index = all_.IndexOf(operation.object);
      if (index == kUnknown) return std::nullopt;
      const Known& known = all_.known_[index];
      for (ThreadId rival : known.here[thread]) {
        if (done_[index][rival] < known.most[rival]) more.Add(rival);
      }
      for (ThreadId rival : known.elsewhere[thread]) {
        if (done_in_all_[rival] < all_.most_in_all_[rival]) more.Add(rival);
      }
    }
    more = more.Without(closure);
    closure = closure.Union(more);
    open = open.Union(more);
  }
  return closure;
}

ThreadSet Contention::Rest::Persistent(const SchedulePoint& point,
                                       const std::array<ThreadId, kMaxThreads>& spawner) const {
  ThreadSet best = point.enabled;
  for (ThreadId thread : point.enabled) {
    if (best.size() == 1) break;
    const std::optional<ThreadSet> closure = Closure(point, thread, spawner);
    if (!closure) continue;
    const ThreadSet set = point.enabled.Without(point.enabled.Without(*closure));
    if (set.size() < best.size()) best = set;
  }
  return best;
}

WeighedWalk::WeighedWalk(const DrawPlan& plan, Random random)
    : plan_(plan),
      random_(random),
      by_weight_(random_.Below(2) != 0),
      rare_values_(random_.Below(2) != 0),
      rest_(plan.contention),
      values_left_(std::max(plan.values, 1u)) {
  weights_.Start(plan.contention.events(), plan.profile);
}

ThreadId WeighedWalk::PickThread(const SchedulePoint& point) {
  if (point.step != 0) {
    const Event& last = point.execution.events.back();
    rest_.Observe(last);
    Observe(last, rest_, weights_);
  }
  const ThreadSet set = rest_.Persistent(point, plan_.profile.spawner);
  candidates_.push_back(set);
  if (set.size() == 1) return set.First();
  if (by_weight_) return weights_.Draw(random_, set, /*go_on=*/set);
  return set.Nth(random_.Below(set.size()));
}

uint32_t WeighedWalk::PickValue(const ValuePoint& point) {
  const uint32_t left = values_left_;
  values_left_ = OneLess(left);
  if (!rare_values_) return random_.Below(point.count);
  return random_.Below(left + 1) != 0 ? 0 : 1 + random_.Below(point.count - 1);
}

void ClassShare::Order(const Execution& execution) {
  done_.fill(0);
  order_.Clear();
  for (const Event& event : execution.events) order_.Append(event);
}

// Its next event comes next in its chain, and all that happens before it has happened.
bool ClassShare::MayComeNext(ThreadId thread) const {
  const ThreadId self = OwnerOf(thread);
  const std::vector<EventIndex>& events = order_.chain(self);
  if (done_[self] == events.size()) return false;  // It goes no further in this class.
  const EventIndex next = events[done_[self]];
  if (order_.thread(next) != thread) return false;
  for (ThreadId chain = 0; chain < order_.threads(); ++chain) {
    if (chain != self && order_.ClockAt(next, chain) > done_[chain]) return false;
  }
  return true;
}

double ClassShare::LogOf(const Execution& execution, const DrawPlan& plan,
                         const std::vector<ThreadSet>& candidates) {
  Order(execution);
  const Contention::Rest rest(plan.contention);
  ThreadWeights weights;
  weights.Start(plan.contention.events(), plan.profile);
  // By the way to draw; of the walk through the program, and of one through the class alone.
  double uniform = 0;
  double uniform_in_class = 0;
  double weighed = 0;
  double weighed_in_class = 0;
  for (size_t i = 0; i < execution.events.size(); ++i) {
    const Event& event = execution.events[i];
    const ThreadSet set = candidates[i];
    if (set.size() > 1) {
      double all = 0;
      double in_class = 0;
      uint32_t ways = 0;
      for (ThreadId thread : set) {
        const double weight = weights.Of(thread, /*go_on=*/set);
        all += weight;
        if (!MayComeNext(thread)) continue;
        in_class += weight;
        ++ways;
      }
      const double weight = weights.Of(event.thread, /*go_on=*/set);
      uniform -= std::log(set.size());
      uniform_in_class -= std::log(ways);
      weighed += std::log(weight / all);
      weighed_in_class += std::log(weight / in_class);
    }
    Take(event.thread);
    Observe(event, rest, weights);
  }
  return LogMean(uniform_in_class, weighed_in_class) - LogMean(uniform, weighed) -
         LogChanceOfValues(execution, plan.values);
}

}  // namespace sim
