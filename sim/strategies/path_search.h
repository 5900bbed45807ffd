// What complete searches have in common: the choices of an execution as a path through the tree of
// all executions. When it is over, the last choice that has an alternative left is made anew, and
// the path is that of the next execution, as far as it is known. So a search is depth-first, and
// its path is all that there is to know of what has been done.
//
// Who was explored from a node sleeps below its other alternatives until something happens that is
// in conflict with what he did: with the operation that he has announced, and with what his code
// did then, which is written down where he fell asleep.
//
// The tree can be cut into parts, which need nothing from each other.
#pragma once

#include <cassert>
#include <optional>
#include <vector>

#include "sim/engine/strategy.h"

namespace sim {

class PathSearch : public Strategy {
 public:
  /// One choice on a path through the tree, and what is known of its alternatives.
  struct Node {
    ThreadSet enabled;
    ThreadSet sleep;      // On arrival, and every thread that was explored from here since.
    ThreadSet backtrack;  // To be explored from here, unless asleep.
    ThreadId chosen = kNoThread;
    EventIndex step = 0;         // How many events had happened.
    uint32_t value = 0;          // Value nodes: the alternative, and
    uint32_t count = 0;          // how many there are; 0 for thread nodes.
    uint32_t first_sleeper = 0;  // Of the path's: to the first of the next node.
    bool is_whole = false;       // All that is enabled is to be explored, here and above.
    bool operator==(const Node&) const = default;
  };
  /// What somebody who sleeps has touched besides his operation.
  struct Sleeper {
    ThreadId thread = kNoThread;
    Access access;
    bool operator==(const Sleeper&) const = default;
  };
  struct Path {
    std::vector<Node> nodes;
    std::vector<Sleeper> sleepers;  // By node.
    bool operator==(const Path&) const = default;
  };

  // Before the first execution, one of these may narrow the search down.

  /// To the part of it below `prefix`, which came from a search that was split.
  void StartBelow(Path prefix);
  /// To what was left of it after one of its executions: `path` is what path() was then. Its first
  /// `fixed` nodes are the prefix; if it has no more, nothing is left.
  void Continue(Path path, size_t fixed);
  /// To what ends above `depth` events. Other executions stop there and leave their paths in
  /// parts(). May come after StartBelow.
  void SplitAt(EventIndex depth) { split_depth_ = depth; }

  const std::vector<Path>& parts() const { return parts_; }
  /// Between two executions: the choices of the next one that are known, with all that is known of
  /// their alternatives.
  const Path& path() const { return path_; }

  bool BeginExecution() override;
  uint32_t PickValue(const ValuePoint& point) override;
  /// To be called last by who overrides it.
  void EndExecution(const Execution& execution) override;

 protected:
  bool is_split() const { return split_depth_.has_value(); }
  size_t fixed() const { return fixed_; }
  /// Whether the next choice has not been made before.
  bool is_new() const { return depth_ == path_.nodes.size(); }
  /// The execution stops here, and its path is a part.
  bool IsCut(const SchedulePoint& point);
  /// Who of those that slept before the last event sleeps at `point` still.
  ThreadSet StillAsleep(const SchedulePoint& point) const;
  /// A new choice of `chosen`, with `backtrack` to come after it.
  void Add(const SchedulePoint& point, ThreadSet sleep, ThreadId chosen, ThreadSet backtrack);
  /// Makes the next choice of the path.
  ThreadId Follow([[maybe_unused]] const SchedulePoint& point) {
    assert(path_.nodes[depth_].enabled == point.enabled);  // The same prefix offers the same.
    last_thread_node_ = depth_;
    return path_.nodes[depth_++].chosen;
  }

  Path path_;
  size_t depth_ = 0;  // Choices of the execution in progress.

 private:
  size_t EndOfSleepers(size_t node) const;
  void FallAsleep(Node& node, const Execution& execution);

  size_t last_thread_node_ = 0;  // Of the event before this point.
  size_t fixed_ = 0;             // Nodes of the path that belong to the prefix.
  std::optional<EventIndex> split_depth_;
  std::vector<Path> parts_;
  bool started_ = false;
};

}  // namespace sim
