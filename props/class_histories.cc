#include "props/class_histories.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace props {

void ClassHistories::Find(const sim::Execution& execution, const World& world,
                          const OrderLimits& limits) {
  FollowEvents(execution);
  // What bodies call is known only now.
  const model::Litmus& litmus = world.is_scenario() ? world.litmus() : litmus_;
  if (world.is_scenario() || !partition_) partition_ = model::PartitionOf(litmus);
  first_marks_.clear();
  last_marks_.clear();
  spans_.clear();
  std::vector<CallSpan> spans = world.SpansOf(execution);
  // So that it does not matter which execution stands for the class.
  std::ranges::stable_sort(spans, {}, &CallSpan::thread);
  for (const CallSpan& span : spans) {
    if (span.first) {
      spans_.push_back(span);
    } else if (span.returned) {
      first_marks_.insert(first_marks_.end(), {span.invoked, *span.returned});
    } else {
      last_marks_.push_back(span.invoked);
    }
  }
  NumberPoints(litmus.program);
  orders_ = FindMaximalOrders(calls_, OrderOfPoints(), limits);
}

// Searches go from one execution to the next with much in common. The code after the last common
// event may have gone another way already, and what it released is part of that event.
void ClassHistories::FollowEvents(const sim::Execution& execution) {
  const auto [known, seen] = std::ranges::mismatch(
      hashes_, execution.events, {}, {}, [](const sim::Event& event) { return event.hash; });
  auto common = static_cast<size_t>(known - hashes_.begin());
  if (common != 0) --common;
  before_.Truncate(common);
  hashes_.resize(common);
  for (size_t i = common; i < execution.events.size(); ++i) {
    before_.Append(execution.events[i]);
    hashes_.push_back(execution.events[i].hash);
  }
}

void ClassHistories::NumberPoints(const model::Program& program) {
  points_.clear();
  for (const CallSpan& span : spans_) {
    points_.push_back(*span.first);
    if (span.last) points_.push_back(*span.last);
  }
  std::ranges::sort(points_);
  points_.erase(std::unique(points_.begin(), points_.end()), points_.end());
  const auto number = [&](sim::EventIndex event) {
    return static_cast<uint32_t>(std::ranges::lower_bound(points_, event) - points_.begin());
  };
  calls_.clear();
  uint32_t next_part = partition_->count;
  for (const CallSpan& span : spans_) {
    const bool is_apart = model::IsNobodysBusiness(program, span.thread, span.call);
    calls_.push_back(
        {.thread = span.thread,
         .part = is_apart ? next_part++ : partition_->part_of_call[span.thread][span.call],
         .first = number(*span.first),
         .last = span.last ? number(*span.last) : TimedCall::kNever});
  }
}

Relation ClassHistories::OrderOfPoints() const {
  const auto count = static_cast<uint32_t>(points_.size());
  Relation order(count);
  for (uint32_t a = 0; a < count; ++a) {
    for (uint32_t b = a + 1; b < count; ++b) {
      if (before_.Before(points_[a], points_[b])) order.Add(a, b);
    }
  }
  return order;
}

// The calls that ended before a call began are among those that ended before the next one began:
// the order of a linear extension is an interval order, and so given by how many they are.
model::History ClassHistories::At(size_t index, const sim::Execution& execution,
                                  const World& world) const {
  const Relation& ended_before = orders_.orders[index];
  const auto count = static_cast<uint32_t>(spans_.size());
  std::vector<uint32_t> predecessors(count);
  for (uint32_t a = 0; a < count; ++a) {
    for (uint32_t b = 0; b < count; ++b) predecessors[b] += ended_before.Has(a, b) ? 1 : 0;
  }
  std::vector<uint32_t> calls(count);
  std::iota(calls.begin(), calls.end(), 0);
  std::ranges::stable_sort(calls, {}, [&](uint32_t call) { return predecessors[call]; });
  std::vector<size_t> marks = first_marks_;
  std::vector<bool> is_over(count);
  const auto end = [&](uint32_t call) {
    if (is_over[call] || !spans_[call].returned) return;
    is_over[call] = true;
    marks.push_back(*spans_[call].returned);
  };
  for (const uint32_t call : calls) {
    for (uint32_t other = 0; other < count; ++other) {
      if (ended_before.Has(other, call)) end(other);
    }
    marks.push_back(spans_[call].invoked);
  }
  for (uint32_t call = 0; call < count; ++call) end(call);
  marks.insert(marks.end(), last_marks_.begin(), last_marks_.end());
  return world.HistoryIn(marks, execution);
}

std::vector<EventEdge> ClassHistories::EdgesOf(size_t index) const {
  std::vector<EventEdge> edges;
  for (uint32_t a = 0; a < spans_.size(); ++a) {
    for (uint32_t b = 0; b < spans_.size(); ++b) {
      if (spans_[a].thread == spans_[b].thread || !orders_.orders[index].Has(a, b)) continue;
      const EventEdge edge{*spans_[a].last, *spans_[b].first};
      const bool is_known = edge.first < edge.second && before_.Before(edge.first, edge.second);
      if (!is_known) edges.push_back(edge);
    }
  }
  return edges;
}

}  // namespace props
