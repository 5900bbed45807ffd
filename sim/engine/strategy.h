// A strategy decides every choice of every execution; the four calls below are all there is to one.
#pragma once

#include <cstdint>
#include <span>

#include "sim/engine/execution.h"
#include "sim/object/ids.h"
#include "sim/object/operation.h"

namespace sim {

/// A moment at which a thread is to be picked. Valid during the call only.
struct SchedulePoint {
  EventIndex step = 0;                 // The event that is about to happen.
  ThreadSet enabled;                   // Not empty.
  ThreadId last = kNoThread;           // Who took the event before; none at the first.
  const Execution& execution;          // The events so far.
  std::span<const Operation> pending;  // By thread and timer: what each would do next.
};

/// A moment at which a value below `count` is to be picked; `count` is at least 2.
struct ValuePoint {
  uint32_t count = 0;
  ThreadId thread = kNoThread;  // Who asks.
  EventIndex step = 0;          // How many events have happened.
};

class Strategy {
 public:
  virtual ~Strategy() = default;

  /// False: nothing is left to explore.
  virtual bool BeginExecution() = 0;

  /// One of point.enabled, or kNoThread: every execution from here on is known already.
  /// Points with one enabled thread are asked too: a reduction must see every event to know what
  /// it may skip, and may have to stop at one. Strategies that draw draw nothing for them.
  virtual ThreadId PickThread(const SchedulePoint& point) = 0;

  /// Below point.count. 0 is the default: no fault, the first alternative.
  virtual uint32_t PickValue(const ValuePoint& point) = 0;

  virtual void EndExecution(const Execution& execution) = 0;
};

}  // namespace sim
