// Runs one given schedule, and stops where the program offers something else.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/engine/strategy.h"

namespace sim {

/// The decisions of an execution: the thread at every point with more than one enabled, and the
/// value at every choice of values, in the order in which they were asked.
struct Decision {
  bool is_value = false;
  ThreadId thread = kNoThread;  // Of a value: who asked.
  uint32_t value = 0;
  bool operator==(const Decision&) const = default;
};
using Schedule = std::vector<Decision>;

/// What `execution` decided.
Schedule ScheduleOf(const Execution& execution);

class Replay final : public Strategy {
 public:
  /// `schedule` must outlive the strategy.
  explicit Replay(const Schedule& schedule) : schedule_(schedule) {}

  bool BeginExecution() override;
  ThreadId PickThread(const SchedulePoint& point) override;
  uint32_t PickValue(const ValuePoint& point) override;
  void EndExecution(const Execution& execution) override;

  /// Where the execution asked for something that the schedule does not have, or was over with
  /// decisions left.
  struct Divergence {
    EventIndex step = 0;
    size_t decision = 0;               // Index into the schedule.
    std::optional<Decision> expected;  // None: the schedule was used up.
    ThreadSet enabled;                 // What the program offered; empty at its end.
    bool wanted_value = false;         // The program asked for a value.
  };
  const std::optional<Divergence>& divergence() const { return divergence_; }

 private:
  const Schedule& schedule_;
  size_t next_ = 0;
  bool started_ = false;
  std::optional<Divergence> divergence_;
};

}  // namespace sim
