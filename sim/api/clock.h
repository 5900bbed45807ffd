// The virtual clock, and choices among values.
#pragma once

#include "sim/engine/runtime.h"

namespace sim {

/// Reading the clock is a visible operation: the order of a reading and a passing deadline shows.
inline Time Now() {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return 0;
  Operation operation;
  operation.kind = OpKind::kClockRead;
  operation.thread = runtime->self();
  operation.object = kClock;
  operation.role = "clock";
  runtime->Announce(operation);
  return runtime->now();
}

/// A value below `count` that the strategy picks; a step of its own.
inline uint32_t Choose(uint32_t count) {
  Runtime* runtime = Runtime::InThread();
  if (runtime == nullptr) return 0;
  Operation operation;
  operation.kind = OpKind::kChoice;
  operation.thread = runtime->self();
  operation.object = kValue;
  operation.role = "value";
  runtime->Announce(operation);
  return runtime->PickValue(count);
}

}  // namespace sim
