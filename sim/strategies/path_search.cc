#include "sim/strategies/path_search.h"

#include <cassert>
#include <utility>

namespace sim {

void PathSearch::StartBelow(Path prefix) {
  assert(!started_);
  path_ = std::move(prefix);
  fixed_ = path_.size();
}

void PathSearch::Continue(Path path, size_t fixed) {
  assert(!started_ && fixed <= path.size());
  path_ = std::move(path);
  fixed_ = fixed;
  started_ = true;
}

bool PathSearch::BeginExecution() {
  depth_ = 0;
  if (!started_) {
    started_ = true;
    return true;
  }
  while (path_.size() > fixed_) {
    Node& node = path_.back();
    if (node.count != 0) {
      if (++node.value < node.count) return true;
    } else {
      node.sleep.Add(node.chosen);
      const ThreadSet candidates = node.backtrack.Without(node.sleep);
      if (!candidates.empty()) {
        node.chosen = candidates.First();
        return true;
      }
    }
    path_.pop_back();
  }
  return false;
}

bool PathSearch::IsCut(const SchedulePoint& point) {
  assert(is_new());
  if (point.step != split_depth_) return false;
  parts_.push_back(path_);
  return true;
}

void PathSearch::Add(const SchedulePoint& point, ThreadSet sleep, ThreadId chosen,
                     ThreadSet backtrack) {
  assert(is_new() && point.enabled.Has(chosen));
  Node node;
  node.enabled = point.enabled;
  node.sleep = sleep;
  node.backtrack = backtrack;
  node.chosen = chosen;
  node.step = point.step;
  path_.push_back(node);
}

uint32_t PathSearch::PickValue(const ValuePoint& point) {
  if (is_new()) {
    Node node;
    node.step = point.step;
    node.count = point.count;
    path_.push_back(node);
  }
  assert(path_[depth_].count == point.count);
  return path_[depth_++].value;
}

}  // namespace sim
