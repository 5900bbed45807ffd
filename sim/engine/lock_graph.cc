#include "sim/engine/lock_graph.h"

#include <fmt/format.h>

#include <algorithm>

namespace sim {

void LockGraph::Clear() {
  for (std::vector<Lock>& held : held_) held.clear();
  locks_.clear();
  edges_.clear();
}

uint32_t LockGraph::IndexOf(const Lock& lock) {
  const auto known = std::find_if(locks_.begin(), locks_.end(),
                                  [&](const Lock& other) { return other.id == lock.id; });
  const auto index = static_cast<uint32_t>(known - locks_.begin());
  if (known == locks_.end()) locks_.push_back(lock);
  return index;
}

bool LockGraph::Has(const Edge& edge) const {
  return std::any_of(edges_.begin(), edges_.end(), [&](const Edge& other) {
    return other.held == edge.held && other.taken == edge.taken;
  });
}

std::vector<uint32_t> LockGraph::Path(uint32_t from, uint32_t to) const {
  std::vector<uint32_t> before(locks_.size(), UINT32_MAX);
  std::vector<uint32_t> queue = {from};
  before[from] = from;
  for (size_t i = 0; i < queue.size() && before[to] == UINT32_MAX; ++i) {
    for (const Edge& edge : edges_) {
      if (edge.held != queue[i] || before[edge.taken] != UINT32_MAX) continue;
      before[edge.taken] = edge.held;
      queue.push_back(edge.taken);
    }
  }
  std::vector<uint32_t> path;
  if (before[to] == UINT32_MAX) return path;
  for (uint32_t lock = to; lock != from; lock = before[lock]) path.push_back(lock);
  path.push_back(from);
  std::reverse(path.begin(), path.end());
  return path;
}

std::optional<std::string> LockGraph::Acquired(ThreadId thread, ObjectId lock, const char* role,
                                               bool waited) {
  const Lock taken{lock, role};
  std::optional<std::string> cycle;
  if (waited) {
    for (const Lock& held : held_[thread]) {
      const Edge edge{IndexOf(held), IndexOf(taken)};
      if (Has(edge)) continue;
      const std::vector<uint32_t> back = Path(edge.taken, edge.held);
      edges_.push_back(edge);
      if (back.empty()) continue;
      cycle = fmt::format("{} is taken while {} is held", role, held.role);
      for (size_t i = 1; i < back.size(); ++i) {
        *cycle += fmt::format(", and {} while {}", locks_[back[i]].role, locks_[back[i - 1]].role);
      }
    }
  }
  held_[thread].push_back(taken);
  return cycle;
}

void LockGraph::Released(ThreadId thread, ObjectId lock) {
  std::vector<Lock>& held = held_[thread];
  // The last one taken is the first to go, nearly always.
  for (size_t i = held.size(); i-- > 0;) {
    if (held[i].id != lock) continue;
    held.erase(held.begin() + static_cast<ptrdiff_t>(i));
    return;
  }
}

}  // namespace sim
