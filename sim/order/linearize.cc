#include "sim/order/linearize.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>

#include "sim/order/happens_before.h"

namespace sim {

namespace {

// How many events of each thread and timer have happened.
using Counts = std::array<uint16_t, 2 * kMaxThreads>;

// What a thread can do after an ideal. No thread is run for the answer: every event recorded the
// state that it found.
class Guards {
 public:
  explicit Guards(const Execution& execution) : execution_(execution) {
    for (const Event& step : execution.events) order_.Append(step);
    for (EventIndex i = 0; i < execution.events.size(); ++i) {
      events_[execution.events[i].thread].push_back(i);
    }
  }

  const HappensBefore& order() const { return order_; }
  const std::vector<EventIndex>& EventsOf(ThreadId thread) const { return events_[thread]; }

  /// The past of the event is in the ideal.
  bool HasPast(const Counts& ideal, EventIndex event) const {
    const ThreadId self = execution_.events[event].thread;
    const VectorClock& clock = order_.clock(event);
    for (ThreadId thread = 0; thread < ideal.size(); ++thread) {
      if (thread != self && clock.of(thread) > ideal[thread]) return false;
    }
    return true;
  }

  /// The next operation of `thread` could be picked. A timer that has just fired cannot again
  /// before its owner has run.
  bool IsEnabled(const Counts& ideal, ThreadId thread) const {
    if (IsTimer(thread)) return false;
    const std::vector<EventIndex>& events = events_[thread];
    if (ideal[thread] < events.size()) return EventIsEnabled(ideal, events[ideal[thread]]);
    return PendingIsEnabled(ideal, thread);
  }

 private:
  bool Has(const Counts& ideal, EventIndex event) const {
    return order_.count(event) <= ideal[execution_.events[event].thread];
  }

  bool EventIsEnabled(const Counts& ideal, EventIndex event) const {
    const Event& step = execution_.events[event];
    switch (step.kind) {
      case OpKind::kAcquire:
        return LockIsFree(ideal, step.object, /*shared=*/false);
      case OpKind::kAcquireShared:
        return LockIsFree(ideal, step.object, /*shared=*/true);
      case OpKind::kEventWait: {
        const Event* next = NextOn(ideal, step.object);
        return next == nullptr || next->was_over;
      }
      case OpKind::kAtomicAwait: {
        const Event* next = NextOn(ideal, step.object);
        return next == nullptr || next->word == step.word;  // What it found is what it wanted.
      }
      case OpKind::kCondWait:
        return WasWoken(ideal, step.thread, event);
      case OpKind::kJoin:
        return HasPast(ideal, event);
      default:
        return true;
    }
  }

  // What a thread would have done had the execution not ended.
  bool PendingIsEnabled(const Counts& ideal, ThreadId thread) const {
    const Operation& operation = execution_.pending[thread];
    switch (operation.kind) {
      case OpKind::kNone:
        return false;
      case OpKind::kAcquire:
        return LockIsFree(ideal, operation.object, /*shared=*/false);
      case OpKind::kAcquireShared:
        return LockIsFree(ideal, operation.object, /*shared=*/true);
      case OpKind::kEventWait: {
        const Event* next = NextOn(ideal, operation.object);
        return next == nullptr ? operation.wait->over() : next->was_over;
      }
      case OpKind::kAtomicAwait: {
        const Event* next = NextOn(ideal, operation.object);
        return (next == nullptr ? *operation.word : next->word) == operation.wanted;
      }
      case OpKind::kCondWait:
        return WasWoken(ideal, thread, static_cast<EventIndex>(execution_.events.size()));
      case OpKind::kJoin: {
        const ThreadId joined = operation.object.creator;
        return execution_.pending[joined].kind == OpKind::kNone &&
               ideal[joined] == events_[joined].size();
      }
      default:
        return true;
    }
  }

  bool LockIsFree(const Counts& ideal, ObjectId lock, bool shared) const {
    int32_t writers = 0;
    int32_t readers = 0;
    for (const LockChange& change : execution_.lock_changes) {
      if (change.lock != lock || !Has(ideal, change.step)) continue;
      (change.exclusive ? writers : readers) += change.acquired ? 1 : -1;
    }
    return writers == 0 && (shared || readers == 0);
  }

  // The first event on the object that is not in the ideal: it found what the ideal leaves.
  const Event* NextOn(const Counts& ideal, ObjectId object) const {
    for (EventIndex i = 0; i < execution_.events.size(); ++i) {
      if (execution_.events[i].object == object && !Has(ideal, i)) return &execution_.events[i];
    }
    return nullptr;
  }

  // What ended the wait that `thread` is in before event `position` is in the ideal.
  bool WasWoken(const Counts& ideal, ThreadId thread, EventIndex position) const {
    for (EventIndex i = position; i-- > 0;) {
      const Event& step = execution_.events[i];
      if (step.woken.Has(thread)) return Has(ideal, i);
      if (step.thread == thread) break;  // Here it began to wait.
    }
    return false;
  }

  const Execution& execution_;
  HappensBefore order_;
  std::array<std::vector<EventIndex>, 2 * kMaxThreads> events_;
};

class Search {
 public:
  Search(const Execution& execution, const LinearizeOptions& options)
      : options_(options), guards_(execution) {
    const EventIndex last = static_cast<EventIndex>(execution.events.size() - 1);
    for (ThreadId thread = 0; thread < goal_.size(); ++thread) {
      const size_t events = guards_.EventsOf(thread).size();
      if (events == 0) continue;
      threads_.push_back(thread);
      goal_[thread] = static_cast<uint16_t>(
          options.only_past_of_last ? guards_.order().clock(last).of(thread) : events);
    }
  }

  std::optional<Linearization> Run() {
    nodes_.push_back({Counts{}, kNoThread, 0, 0});
    queue_.push_back(0);
    while (!queue_.empty()) {
      const uint32_t at = queue_.front();
      queue_.pop_front();
      if (std::exchange(nodes_[at].done, true)) continue;
      if (nodes_[at].ideal == goal_) return PathTo(at);
      if (nodes_.size() > options_.max_states) return std::nullopt;
      Expand(at);
    }
    assert(false);  // The execution itself is a path.
    return std::nullopt;
  }

 private:
  struct Node {
    Counts ideal;
    ThreadId last = kNoThread;
    uint32_t cost = 0;
    uint32_t from = 0;
    bool done = false;
  };

  void Expand(uint32_t at) {
    const Counts ideal = nodes_[at].ideal;
    const ThreadId last = nodes_[at].last;
    const bool could_go_on = last != kNoThread && guards_.IsEnabled(ideal, last);
    for (const ThreadId thread : threads_) {
      if (ideal[thread] == goal_[thread]) continue;
      const EventIndex event = guards_.EventsOf(thread)[ideal[thread]];
      if (!guards_.HasPast(ideal, event)) continue;
      const bool preempts = could_go_on && thread != last;
      Counts next = ideal;
      ++next[thread];
      Reach(next, thread, nodes_[at].cost + (preempts ? 1 : 0), at, preempts);
    }
  }

  void Reach(const Counts& ideal, ThreadId last, uint32_t cost, uint32_t from, bool preempts) {
    const auto [known, is_new] = index_.try_emplace(KeyOf(ideal, last), nodes_.size());
    if (is_new) {
      nodes_.push_back({ideal, last, cost, from});
    } else {
      Node& node = nodes_[known->second];
      if (node.done || node.cost <= cost) return;
      node.cost = cost;
      node.from = from;
    }
    const auto node = static_cast<uint32_t>(known->second);
    if (preempts) {
      queue_.push_back(node);
    } else {
      queue_.push_front(node);
    }
  }

  std::string KeyOf(const Counts& ideal, ThreadId last) const {
    std::string key(1, static_cast<char>(last));
    for (const ThreadId thread : threads_) {
      key.push_back(static_cast<char>(ideal[thread] & 0xFF));
      key.push_back(static_cast<char>(ideal[thread] >> 8));
    }
    return key;
  }

  Linearization PathTo(uint32_t at) const {
    Linearization result;
    result.preemptions = nodes_[at].cost;
    for (; at != 0; at = nodes_[at].from) {
      const Node& node = nodes_[at];
      result.order.push_back(guards_.EventsOf(node.last)[node.ideal[node.last] - size_t{1}]);
    }
    std::reverse(result.order.begin(), result.order.end());
    return result;
  }

  const LinearizeOptions& options_;
  const Guards guards_;
  std::vector<ThreadId> threads_;  // And timers, that had events.
  Counts goal_{};
  std::vector<Node> nodes_;
  std::deque<uint32_t> queue_;
  std::unordered_map<std::string, size_t> index_;  // Looked up only.
};

}  // namespace

std::optional<Linearization> FewestPreemptions(const Execution& execution,
                                               const LinearizeOptions& options) {
  if (execution.events.empty()) return Linearization{};
  return Search(execution, options).Run();
}

}  // namespace sim
