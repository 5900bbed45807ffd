// The partial order of an execution, and the hash that names its class.
//
// Two executions that differ only in the order of independent events are the same Mazurkiewicz
// trace: they have the same happens-before order, reach the same states, and get the same signature
// here. Happens-before is the transitive closure of "same thread, or conflicting footprints".
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/execution.h"

namespace sim {

class HappensBefore {
 public:
  HappensBefore() { Clear(); }

  void Clear();
  /// Takes in the events that `execution` has and this object has not seen yet.
  void Update(const Execution& execution);
  void Append(const Step& step);

  /// Of all events so far: a sum over the threads of the chain of their events, each with its
  /// operation and the vector clock of what happened before it.
  uint64_t signature() const { return signature_; }
  size_t size() const { return steps_.size(); }

 private:
  // Events are counted per thread; a step limit keeps the counts within 16 bits.
  using Clock = std::array<uint16_t, 2 * kMaxThreads>;

  void AppendValue(const ValueChoice& choice);

  std::vector<Step> steps_;
  std::vector<Clock> clocks_;  // By event; counts itself.
  std::array<int32_t, 2 * kMaxThreads> last_event_{};
  std::array<uint64_t, 2 * kMaxThreads> chain_{};
  size_t values_seen_ = 0;
  uint64_t signature_ = 0;
};

}  // namespace sim
