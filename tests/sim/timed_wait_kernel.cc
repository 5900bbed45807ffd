#include "tests/sim/timed_wait_kernel.h"

#include <cassert>

#include "sim/engine/runtime.h"

namespace sim {

LevelSignal::LevelSignal(const char* role) : id_(Runtime::Current()->NewObject()), role_(role) {}

Operation LevelSignal::OperationOf(OpKind kind) const {
  Operation operation;
  operation.kind = kind;
  operation.object = id_;
  operation.role = role_;
  return operation;
}

WaitAnswer LevelSignal::Wait(Time deadline) {
  Runtime& runtime = *Runtime::Current();
  const ThreadId self = runtime.current();
  const Access word{id_, WordOf(self), /*write=*/true};
  Operation enter = OperationOf(OpKind::kCondEnter);
  // The same whether or not it finds the bit set.
  enter.footprint = Footprint::Writes(id_, kLevel);
  enter.footprint.Add(word);
  if (deadline != kForever) enter.footprint.Add({kClock, kWholeObject, /*write=*/false});
  runtime.Announce(enter);
  if (bit_) return {WaitEnd::kAtOnce, true};
  WaitState state;
  state.waiter = self;
  state.deadline = deadline;
  observers_[self] = &state;
  if (deadline != kForever) {
    runtime.ArmTimer(state, id_, WordOf(self), role_, Footprint::Writes(id_, WordOf(self)));
  }
  Operation resume = OperationOf(OpKind::kCondWait);
  resume.key = WordOf(self);
  resume.wait = &state;
  // Who ends the wait is not known yet: one that timed out takes itself off the list.
  resume.footprint = Footprint::Writes(id_, kLevel);
  resume.footprint.Add(word);
  runtime.Announce(resume);
  assert(state.signaled != state.timed_out);
  runtime.DisarmTimer();
  observers_[self] = nullptr;
  return {state.timed_out ? WaitEnd::kTimedOut : WaitEnd::kSignaled, bit_};
}

void LevelSignal::Set() {
  Runtime& runtime = *Runtime::Current();
  Operation set = OperationOf(OpKind::kNotifyAll);
  // The words of all: who will observe when it happens is not known yet, and it looks at each. It
  // may take the earliest deadline off the clock, and so let a later one pass.
  set.footprint = Footprint::Writes(id_);
  set.footprint.Add({kClock, kWholeObject, /*write=*/false});
  runtime.Announce(set);
  bit_ = true;
  for (WaitState* observer : observers_) {
    if (observer == nullptr || observer->over()) continue;
    observer->signaled = true;
    runtime.NoteWoken(observer->waiter);
    // It stays on the list, and only looks at the bit again.
    Footprint resumed = Footprint::Reads(id_, kLevel);
    resumed.Add({id_, WordOf(observer->waiter), /*write=*/true});
    runtime.NarrowAnnounced(observer->waiter, resumed);
  }
}

void LevelSignal::Clear() {
  Operation clear = OperationOf(OpKind::kAtomicStore);
  clear.footprint = Footprint::Writes(id_, kLevel);
  Runtime::Current()->Announce(clear);
  bit_ = false;
}

}  // namespace sim
