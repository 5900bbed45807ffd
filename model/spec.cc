// The reference model: the choice of the next step, and how calls begin and end.
//
// Map: decisions; whether a thread can step; one step; the ends of calls; steps as transitions. The
// start and the end of executions are in spec_ends.cc.
#include "model/spec.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "model/stepper.h"

namespace model {

using core::Status;

// --- Decisions ---

uint32_t Decisions::Choose(uint32_t count) {
  assert(count != 0);
  if (count == 1) return 0;
  if (next_ == decisions_.size()) decisions_.push_back({.chosen = 0, .count = count});
  assert(decisions_[next_].count == count);
  return decisions_[next_++].chosen;
}

bool Decisions::Advance() {
  next_ = 0;
  while (!decisions_.empty() && decisions_.back().chosen + 1 == decisions_.back().count) {
    decisions_.pop_back();
  }
  if (decisions_.empty()) return false;
  ++decisions_.back().chosen;
  return true;
}

/// A pointer that is bad fails always; a good one while the execution may still have such a fault.
bool Stepper::MemoryFails(Memory memory) {
  if (memory != Memory::kFine) return true;
  if (state_.faults.user_memory == 0 || decisions_.Choose(2) == 0) return false;
  --state_.faults.user_memory;
  return true;
}

/// As MemoryFails, for what is read before the table is locked: while somebody else holds that, a
/// fault is all that can come.
bool Stepper::FailsBeforeLock(Memory memory) {
  if (memory != Memory::kFine || !TableIsLocked(program_, state_, index_)) {
    return MemoryFails(memory);
  }
  assert(state_.faults.user_memory != 0);
  --state_.faults.user_memory;
  return true;
}

bool Stepper::AllocationFails() {
  if (state_.faults.allocation == 0 || decisions_.Choose(2) == 0) return false;
  --state_.faults.allocation;
  return true;
}

// --- Whether a thread can step ---

Stepper::Stepper(const Program& program, State* state, ThreadIndex index, Decisions* decisions)
    : program_(program),
      state_(*state),
      index_(index),
      thread_(index == program.threads.size() ? state->worker : state->threads[index]),
      rules_(RulesOf(state->generation)),
      decisions_(*decisions) {}

namespace {

/// Killed or suspended between two calls: that it stops there needs no lock, whatever the call
/// does.
bool MayStopFirst(const ThreadState& thread) {
  return thread.closing.idle() && thread.phase == Phase::kStart &&
         (thread.killed || thread.suspensions != 0);
}

/// One process is killed at a time.
bool WaitsForKill(const Program& program, const State& state, ThreadIndex thread) {
  const auto kills = [&](ThreadIndex i) {
    if (IsFinished(program, state, i)) return false;
    const Call& call = program.threads[i].calls[state.threads[i].next_call];
    return call.kind == CallKind::kProcessKill;
  };
  if (!kills(thread)) return false;
  for (ThreadIndex i = 0; i < state.threads.size(); ++i) {
    if (i != thread && kills(i) && state.threads[i].phase == Phase::kOperate) return true;
  }
  return false;
}

/// Whether what the call installs it has made itself.
bool MakesHandles(CallKind kind) {
  switch (kind) {
    case CallKind::kChannelCreate:
    case CallKind::kEventCreate:
    case CallKind::kEventPairCreate:
    case CallKind::kPortCreate:
    case CallKind::kHandleDuplicate:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool CanStep(const Program& program, const State& state, ThreadIndex index) {
  const bool is_worker = index == WorkerOf(program);
  const ThreadState& thread = is_worker ? state.worker : state.threads[index];
  if (!thread.delivery.idle()) return true;
  if (MayStopFirst(thread)) return IsRunning(program, state, index);
  if (WaitsForDelivery(program, state, index)) return false;
  if (!thread.closing.idle()) return true;
  if (is_worker) return false;
  if (!IsRunning(program, state, index)) return false;
  if (IsFinished(program, state, index)) return true;  // It goes.
  if (WaitsForTable(program, state, index)) return false;
  switch (thread.phase) {
    case Phase::kStart:
      return !WaitsForKill(program, state, index);
    case Phase::kStopped:
    case Phase::kCallParked:
    case Phase::kReturn:
      return thread.killed || thread.suspensions == 0;
    case Phase::kSleeping:
    case Phase::kCallSleeping:
    case Phase::kPortSleeping:
      return thread.killed || thread.suspensions != 0 || thread.sleep->over() ||
             IsAwake(state, thread) || DeadlineMayFire(thread);
    default:
      return true;
  }
}

bool IsAwake(const State& state, const ThreadState& thread) {
  switch (thread.phase) {
    case Phase::kSleeping:
      return std::any_of(thread.waits.begin(), thread.waits.end(),
                         [](const Wait& wait) { return wait.over(); });
    case Phase::kCallSleeping:
      return thread.call->end != PendingCall::End::kNone;
    case Phase::kPortSleeping: {
      const ObjectId port = thread.bound.front();
      return !state.FindObject(port)->packets.empty();
    }
    default:
      return true;
  }
}

bool MayBeInterrupted(const Program& program, ThreadIndex thread) {
  for (const ThreadProgram& other : program.threads) {
    for (const Call& call : other.calls) {
      const bool is_aimed_at_threads =
          call.kind == CallKind::kThreadKill || call.kind == CallKind::kThreadSuspend;
      if (is_aimed_at_threads && call.target_thread == thread) return true;
    }
  }
  return MayBeKilled(program, program.threads[thread].process);
}

bool IsRunning(const Program& program, const State& state, ThreadIndex thread) {
  if (state.threads[thread].ended) return false;
  // Whether the thread is still there matters to who closes the handles of its process.
  return !IsFinished(program, state, thread) ||
         MayBeKilled(program, program.threads[thread].process);
}

bool IsFinished(const Program& program, const State& state, ThreadIndex thread) {
  return state.threads[thread].next_call == program.threads[thread].calls.size();
}

// --- One step ---

void Stepper::Step() {
  if (!thread_.delivery.idle()) {
    Deliver();
  } else if (!thread_.closing.idle()) {
    StepClosing();
  } else if (index_ < program_.threads.size() && IsFinished(program_, state_, index_)) {
    EndThread();
  } else {
    StepPhase();
  }
  const bool goes_on =
      !thread_.delivery.idle() || !thread_.closing.idle() || !thread_.bound.empty();
  if (thread_.phase != Phase::kFinish || goes_on) return;
  thread_.phase = Phase::kReturn;
  if (!MayBeInterrupted(program_, index_)) ReturnToUser();
}

void Stepper::StepPhase() {
  switch (thread_.phase) {
    case Phase::kStart:
      return StepStart();
    case Phase::kStopped:
      return StepStopped();
    case Phase::kConsume:
      return call().kind == CallKind::kHandleCloseMany ? CloseChunk() : ConsumeHandles();
    case Phase::kTakeHandles:
      return HasDispositions(call()) ? TakeDispositions() : TakeHandles();
    case Phase::kPublish:
      return Publish();
    case Phase::kPutBack:
      return PutBack();
    case Phase::kCallSleeping:
    case Phase::kCallParked:
      return StepCallSleeping();
    case Phase::kTakeMessage:
      return TakeMessage();
    case Phase::kReceiveWaits:
      return ReceiveWaits();
    case Phase::kOwn:
      return Own();
    case Phase::kInstall:
      return MakesHandles(call().kind) ? InstallCreated() : Install();
    case Phase::kRegister:
      return call().kind == CallKind::kObjectWaitAsync ? RegisterAsync() : RegisterItem();
    case Phase::kSleeping:
    case Phase::kTakeDown:
      return StepSleeping();
    case Phase::kPortSleeping:
      return StepPortSleeping();
    case Phase::kOperate:
      return StepOperate();
    case Phase::kFinish:
      return ReleaseBound();
    case Phase::kReturn:
      return ReturnToUser();
  }
}

bool Stepper::StartIsHeldUp() const {
  return WaitsForDelivery(program_, state_, index_) || WaitsForTable(program_, state_, index_) ||
         WaitsForKill(program_, state_, index_);
}

void Stepper::StepStart() {
  // Killed or suspended between two calls: it may have entered this one by then.
  if (MayStopFirst(thread_) && (StartIsHeldUp() || decisions_.Choose(2) == 1)) {
    thread_.phase = Phase::kStopped;
    if (thread_.killed) EndThread();
    return;
  }
  if (!HasCall(rules(), call().kind)) return Finish(Status::kBadSyscall);
  switch (call().kind) {
    case CallKind::kChannelCreate:
      return Create(core::ObjectType::kChannel);
    case CallKind::kEventCreate:
      return Create(core::ObjectType::kEvent);
    case CallKind::kEventPairCreate:
      return Create(core::ObjectType::kEventPair);
    case CallKind::kPortCreate:
      return Create(core::ObjectType::kPort);
    case CallKind::kChannelWrite:
    case CallKind::kChannelWriteEtc:
    case CallKind::kChannelCall:
    case CallKind::kChannelCallEtc:
      return StartSend();
    case CallKind::kChannelRead:
    case CallKind::kChannelReadEtc:
      return StartRead();
    case CallKind::kHandleClose:
      return StartClose();
    case CallKind::kHandleCloseMany:
      return StartCloseMany();
    case CallKind::kHandleDuplicate:
      return StartDuplicate();
    case CallKind::kHandleReplace:
      return StartReplace();
    case CallKind::kHandleCheckValid:
    case CallKind::kObjectGetInfo:
      return StartGetInfo();
    case CallKind::kObjectWaitOne:
      return StartWaitOne();
    case CallKind::kObjectWaitMany:
      return StartWaitMany();
    case CallKind::kObjectWaitAsync:
      return StartWaitAsync();
    case CallKind::kObjectSignal:
    case CallKind::kObjectSignalPeer:
      return StartSignal();
    case CallKind::kPortQueue:
      return StartPort(core::kRightWrite);
    case CallKind::kPortWait:
      return StartPort(core::kRightRead);
    case CallKind::kPortCancel:
      return CancelAtPort();
    case CallKind::kThreadKill:
    case CallKind::kThreadSuspend:
    case CallKind::kThreadResume:
    case CallKind::kProcessKill:
      return StepTask();
    case CallKind::kChoose: {
      const auto blocks = static_cast<uint32_t>(call().blocks.size());
      const uint32_t block = decisions_.Choose(blocks);
      return SkipTo(ChosenCall(program_.threads[index_], thread_.next_call, block));
    }
    case CallKind::kNote:
      return SkipTo(NextCall(program_.threads[index_], thread_.next_call));
  }
}

void Stepper::StepStopped() {
  if (thread_.killed) return EndThread();
  thread_.phase = Phase::kStart;
}

void Stepper::StepOperate() {
  switch (call().kind) {
    case CallKind::kObjectSignal:
    case CallKind::kObjectSignalPeer:
      return Signal();
    case CallKind::kPortQueue:
      return QueuePacket();
    case CallKind::kPortCancel:
      return CancelPackets();
    case CallKind::kHandleReplace:
      return Replace();
    case CallKind::kProcessKill:
      return KillNextThread();
    default:
      assert(call().kind == CallKind::kObjectGetInfo);
      return CountHandles();
  }
}

// --- The ends of calls ---

void Stepper::Finish(Status status) {
  thread_.result.status = status;
  thread_.phase = Phase::kFinish;
}

/// Here a killed thread stops, and a call that was interrupted in its sleep begins anew (WT-9).
void Stepper::ReturnToUser() {
  assert(thread_.hands.empty());
  assert(thread_.waits.empty() && !thread_.sleep && !thread_.call);
  if (thread_.killed) return EndThread();
  if (thread_.result.status != Status::kInternalIntrRetry) return Answer();
  thread_.result = {};
  thread_.phase = Phase::kStart;
}

void Stepper::Answer() {
  thread_.result.handle_count = static_cast<uint32_t>(thread_.received.size());
  if (HasDispositions(call())) thread_.result.results.resize(call().dispositions.size());
  if (call().result) {
    VariableState& variable = thread_.variables[*call().result];
    variable.result = std::move(thread_.result);
    variable.handles = std::move(thread_.received);
  }
  SkipTo(NextCall(program_.threads[index_], thread_.next_call));
}

void Stepper::SkipTo(uint32_t next_call) {
  thread_.result = {};
  thread_.received.clear();
  thread_.values_lost = false;
  thread_.position = 0;
  thread_.phase = Phase::kStart;
  thread_.next_call = next_call;
}

// --- Transitions ---

bool TakeStep(const Program& program, State* state, ThreadIndex thread) {
  if (!CanStep(program, *state, thread)) return false;
  Decisions decisions;
  Stepper(program, state, thread, &decisions).Step();
  return true;
}

bool TakeStep(const Program& program, State* state, ThreadIndex thread, uint32_t choice) {
  if (choice == 0) return TakeStep(program, state, thread);
  std::vector<Transition> transitions = Steps(program, *state, thread);
  if (choice >= transitions.size()) return false;
  *state = std::move(transitions[choice].next);
  return true;
}

std::vector<Transition> Steps(const Program& program, const State& state, ThreadIndex thread) {
  std::vector<Transition> transitions;
  if (!CanStep(program, state, thread)) return transitions;
  Decisions decisions;
  do {
    Transition transition{state, static_cast<uint32_t>(transitions.size())};
    Stepper(program, &transition.next, thread, &decisions).Step();
    transitions.push_back(std::move(transition));
  } while (decisions.Advance());
  return transitions;
}

}  // namespace model
