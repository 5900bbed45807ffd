// What complete searches have in common: the choices of the last execution as a path through the
// tree of all executions, of which the last one that has an alternative left is made anew. So a
// search is depth-first, and its path is all that there is to know of what has been done.
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
    EventIndex step = 0;    // How many events had happened.
    uint32_t value = 0;     // Value nodes: the alternative, and
    uint32_t count = 0;     // how many there are; 0 for thread nodes.
    bool is_whole = false;  // All that is enabled is to be explored, here and above.
    bool operator==(const Node&) const = default;
  };
  using Path = std::vector<Node>;

  // Before the first execution, one of these may narrow the search down.

  /// To the part of it below `prefix`, which came from a search that was split.
  void StartBelow(Path prefix);
  /// To what was left of it after one of its executions: `path` is what path() was then. Its first
  /// `fixed` nodes are the prefix.
  void Continue(Path path, size_t fixed);
  /// To what ends above `depth` events. Other executions stop there and leave their paths in
  /// parts(). May come after StartBelow.
  void SplitAt(EventIndex depth) { split_depth_ = depth; }

  const std::vector<Path>& parts() const { return parts_; }
  /// The choices of the last execution, with all that is known of their alternatives.
  const Path& path() const { return path_; }

  bool BeginExecution() override;
  uint32_t PickValue(const ValuePoint& point) override;
  void EndExecution(const Execution&) override {}

 protected:
  bool is_split() const { return split_depth_.has_value(); }
  size_t fixed() const { return fixed_; }
  /// Whether the next choice has not been made before.
  bool is_new() const { return depth_ == path_.size(); }
  /// The execution stops here, and its path is a part.
  bool IsCut(const SchedulePoint& point);
  /// A new choice of `chosen`, with `backtrack` to come after it.
  void Add(const SchedulePoint& point, ThreadSet sleep, ThreadId chosen, ThreadSet backtrack);
  /// Makes the next choice of the path.
  ThreadId Follow([[maybe_unused]] const SchedulePoint& point) {
    assert(path_[depth_].enabled == point.enabled);  // The same prefix offers the same options.
    return path_[depth_++].chosen;
  }

  Path path_;
  size_t depth_ = 0;  // Choices of the execution in progress.

 private:
  size_t fixed_ = 0;  // Nodes of the path that belong to the prefix.
  std::optional<EventIndex> split_depth_;
  std::vector<Path> parts_;
  bool started_ = false;
};

}  // namespace sim
