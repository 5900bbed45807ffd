#include "sim/order/linearize.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>

#include "sim/order/cut.h"
#include "sim/order/happens_before.h"

namespace sim {

namespace {

// How many events of each chain have happened.
using Counts = std::array<uint32_t, kMaxThreads>;

class Search {
 public:
  Search(const Execution& execution, const LinearizeOptions& options)
      : execution_(execution), options_(options) {
    for (const Event& event : execution.events) order_.Append(event);
    const EventIndex last = static_cast<EventIndex>(execution.events.size() - 1);
    for (ThreadId chain = 0; chain < order_.threads(); ++chain) {
      const size_t events = order_.chain(chain).size();
      if (events == 0) continue;
      chains_.push_back(chain);
      goal_[chain] =
          options.only_past_of_last ? order_.ClockAt(last, chain) : static_cast<uint32_t>(events);
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
    ThreadId last = kNoThread;  // A thread, or a timer.
    uint32_t cost = 0;
    uint32_t from = 0;
    bool done = false;
  };

  // The past of the event is in the ideal.
  bool HasPast(const Counts& ideal, EventIndex event) const {
    const ThreadId self = OwnerOf(order_.thread(event));
    return std::all_of(chains_.begin(), chains_.end(), [&](ThreadId chain) {
      return chain == self || order_.ClockAt(event, chain) <= ideal[chain];
    });
  }

  // Whether the thread that took the last event could go on. A timer that has just fired cannot
  // fire again before its owner has run.
  bool CouldGoOn(const Counts& ideal, ThreadId thread) const {
    if (thread == kNoThread || IsTimer(thread)) return false;
    const std::vector<EventIndex>& events = order_.chain(thread);
    // The next operation of the thread itself: its timer may come first.
    size_t next = ideal[thread];
    while (next < events.size() && IsTimer(order_.thread(events[next]))) ++next;
    const Operation& operation =
        next < events.size() ? static_cast<const Operation&>(execution_.events[events[next]])
                             : execution_.pending[thread];
    if (operation.kind == OpKind::kNone) return false;
    EventIndex first_out = static_cast<EventIndex>(execution_.events.size());
    for (ThreadId chain : chains_) {
      const std::vector<EventIndex>& of_chain = order_.chain(chain);
      if (ideal[chain] < of_chain.size()) first_out = std::min(first_out, of_chain[ideal[chain]]);
    }
    const Cut cut(execution_, order_.threads(), first_out,
                  static_cast<EventIndex>(execution_.events.size()), [&](EventIndex event) {
                    return order_.count(event) <= ideal[OwnerOf(order_.thread(event))];
                  });
    return cut.CanHappen(operation);
  }

  void Expand(uint32_t at) {
    const Counts ideal = nodes_[at].ideal;
    const ThreadId last = nodes_[at].last;
    const bool could_go_on = CouldGoOn(ideal, last);
    for (const ThreadId chain : chains_) {
      if (ideal[chain] == goal_[chain]) continue;
      const EventIndex event = order_.chain(chain)[ideal[chain]];
      if (!HasPast(ideal, event) || !FollowsEdges(ideal, event)) continue;
      const ThreadId thread = order_.thread(event);
      const bool preempts = could_go_on && thread != last;
      Counts next = ideal;
      ++next[chain];
      Reach(next, thread, nodes_[at].cost + (preempts ? 1 : 0), at, preempts);
    }
  }

  bool FollowsEdges(const Counts& ideal, EventIndex event) const {
    return std::all_of(options_.edges.begin(), options_.edges.end(), [&](const auto& edge) {
      const ThreadId chain = OwnerOf(order_.thread(edge.first));
      return edge.second != event || order_.count(edge.first) <= ideal[chain];
    });
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
    for (const ThreadId chain : chains_) {
      for (uint32_t shift = 0; shift < 32; shift += 8) {
        key.push_back(static_cast<char>(ideal[chain] >> shift & 0xFF));
      }
    }
    return key;
  }

  Linearization PathTo(uint32_t at) const {
    Linearization result;
    result.preemptions = nodes_[at].cost;
    for (; at != 0; at = nodes_[at].from) {
      const Node& node = nodes_[at];
      const ThreadId chain = OwnerOf(node.last);
      result.order.push_back(order_.chain(chain)[node.ideal[chain] - size_t{1}]);
    }
    std::reverse(result.order.begin(), result.order.end());
    return result;
  }

  const Execution& execution_;
  const LinearizeOptions& options_;
  HappensBefore order_;
  std::vector<ThreadId> chains_;  // That had events.
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
