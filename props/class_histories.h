// Every history that an execution stands for: the strictest ones of its class.
//
// The executions of one class differ only in the order of events that do not conflict, and so in
// which calls overlap, never in what they answer. A search that runs one of them has all of them
// judged this way (real_time_orders.h), without running any again.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "model/history.h"
#include "model/litmus.h"
#include "model/partition.h"
#include "props/real_time_orders.h"
#include "props/world.h"
#include "sim/engine/execution.h"
#include "sim/order/happens_before.h"

namespace props {

/// The first event has to come before the second.
using EventEdge = std::pair<sim::EventIndex, sim::EventIndex>;

class ClassHistories {
 public:
  /// `litmus` must outlive the object.
  explicit ClassHistories(const model::Litmus& litmus) : litmus_(litmus) {}

  /// Those of the last execution of `world`, which is of the program.
  void Find(const sim::Execution& execution, const World& world, const OrderLimits& limits = {});

  size_t size() const { return orders_.orders.size(); }
  /// False: there are more than anybody could judge, and these are some of them.
  bool complete() const { return orders_.complete; }
  /// A history stands in one way only for the order it is in: what returns before something begins
  /// returns as late, and what begins after something begins as early, as that order lets it.
  model::History At(size_t index, const sim::Execution& execution, const World& world) const;
  /// Besides what happens before what anyway: whichever execution of the class follows these edges
  /// has that history.
  std::vector<EventEdge> EdgesOf(size_t index) const;

 private:
  void FollowEvents(const sim::Execution& execution);
  void NumberPoints(const model::Program& program);
  Relation OrderOfPoints() const;

  const model::Litmus& litmus_;
  std::optional<model::Partition> partition_;
  sim::HappensBefore before_;
  std::vector<uint64_t> hashes_;  // Of the events in `before_`.

  // Of the execution.
  std::vector<size_t> first_marks_;      // Of calls that were over before anything happened.
  std::vector<size_t> last_marks_;       // Of calls that never had an event.
  std::vector<CallSpan> spans_;          // All others, thread by thread.
  std::vector<sim::EventIndex> points_;  // Events that begin or end a call, in order.
  std::vector<TimedCall> calls_;         // By span, on points.
  MaximalOrders orders_;
};

}  // namespace props
