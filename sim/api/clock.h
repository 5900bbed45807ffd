// The virtual clock, and choices among values.
#pragma once

#include "sim/engine/runtime.h"

namespace sim {

namespace internal {

/// An operation on something that nobody made.
inline void AnnounceOf(Runtime& runtime, OpKind kind, ObjectId object, const char* role) {
  Operation operation;
  operation.kind = kind;
  operation.thread = runtime.self();
  operation.object = object;
  operation.role = role;
  runtime.Announce(operation);
}

}  // namespace internal

/// Reading the clock is a visible operation: the order of a reading and a passing deadline shows.
inline Time Now() {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return 0;
  internal::AnnounceOf(*runtime, OpKind::kClockRead, kClock, "clock");
  return runtime->now();
}

/// A value below `count` that the strategy picks; a step of its own.
inline uint32_t Choose(uint32_t count) {
  Runtime* runtime = Runtime::InThread();
  if (runtime == nullptr) return 0;
  internal::AnnounceOf(*runtime, OpKind::kChoice, kValue, "value");
  return runtime->PickValue(count);
}

}  // namespace sim
