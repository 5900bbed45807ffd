// The reference model: which steps take the lock of the handle table of a process.
//
// Nearly always a step is short enough for that lock to be its own business. A wait for many keeps
// it from its first registration to its last (WT-12), a wait of a port and its cancel to their ends
// (WT-20, WT-22): meanwhile others there look handles up, but nobody takes one out or puts one in.
// A send with dispositions keeps it while it makes handles, and then nobody looks one up either.
#include <algorithm>

#include "model/spec.h"
#include "model/stepper.h"

namespace model {

namespace {

enum class Hold : uint8_t { kNone, kShared, kExclusive };  // In order of strength.

Hold HoldOf(const Program& program, const State& state, ThreadIndex index) {
  const ThreadState& thread = state.threads[index];
  if (IsFinished(program, state, index)) return Hold::kNone;
  const Call& call = program.threads[index].calls[thread.next_call];
  switch (call.kind) {
    case CallKind::kObjectWaitMany:
      return thread.phase == Phase::kRegister && thread.position != 0 ? Hold::kShared : Hold::kNone;
    case CallKind::kObjectWaitAsync: {
      const bool goes_on = thread.phase == Phase::kRegister || !thread.delivery.idle();
      return goes_on ? Hold::kShared : Hold::kNone;
    }
    case CallKind::kPortCancel:
      return thread.phase == Phase::kOperate ? Hold::kShared : Hold::kNone;
    case CallKind::kChannelWriteEtc:
    case CallKind::kChannelCallEtc: {
      const bool is_between = thread.phase == Phase::kTakeHandles && thread.position != 0;
      return is_between ? Hold::kExclusive : Hold::kNone;
    }
    default:
      return Hold::kNone;
  }
}

/// What others have of the table of the thread's process.
Hold HoldOfOthers(const Program& program, const State& state, ThreadIndex index) {
  Hold strongest = Hold::kNone;
  for (ThreadIndex i = 0; i < state.threads.size(); ++i) {
    if (i == index || program.threads[i].process != program.threads[index].process) continue;
    strongest = std::max(strongest, HoldOf(program, state, i));
  }
  return strongest;
}

bool ConsumesNothing(const Call& call) {
  return HasDispositions(call) &&
         std::ranges::all_of(call.dispositions, [](const Disposition& disposition) {
           return disposition.operation == Disposition::Operation::kDuplicate;
         });
}

/// Whether something is wrong with the call that is found before anything is looked up.
bool FailsBeforeLookUp(const Rules& rules, const Call& call) {
  switch (call.kind) {
    case CallKind::kChannelWrite:
    case CallKind::kChannelWriteEtc:
      return HasUnknownOptions(rules, call);
    case CallKind::kChannelCall:
    case CallKind::kChannelCallEtc:
      return HasUnknownOptions(rules, call) || call.buffers.args != Memory::kFine;
    case CallKind::kObjectGetInfo:
      return !IsKnownTopic(call.topic);
    default:
      return !HasCall(rules, call.kind);
  }
}

Hold StartNeeds(const State& state, const ThreadState& thread, const Call& call) {
  if (FailsBeforeLookUp(RulesOf(state.generation), call)) return Hold::kNone;
  switch (call.kind) {
    case CallKind::kHandleClose:
      return IsZero(thread, call.handle) ? Hold::kNone : Hold::kExclusive;
    case CallKind::kChannelCreate:
    case CallKind::kEventCreate:
    case CallKind::kEventPairCreate:
    case CallKind::kPortCreate:
    case CallKind::kHandleCloseMany:
    case CallKind::kObjectWaitMany:
    case CallKind::kThreadKill:
    case CallKind::kThreadSuspend:
    case CallKind::kThreadResume:
    case CallKind::kProcessKill:
    case CallKind::kChoose:
    case CallKind::kNote:
      return Hold::kNone;
    default:
      return Hold::kShared;
  }
}

/// What the thread's next step has to have of its table.
Hold NextStepNeeds(const Program& program, const State& state, ThreadIndex index) {
  const ThreadState& thread = state.threads[index];
  const bool is_elsewhere = !thread.delivery.idle() || !thread.closing.idle();
  if (is_elsewhere || IsFinished(program, state, index)) return Hold::kNone;
  const Call& call = program.threads[index].calls[thread.next_call];
  switch (thread.phase) {
    case Phase::kStart:
      return StartNeeds(state, thread, call);
    case Phase::kConsume:
      return ConsumesNothing(call) ? Hold::kNone : Hold::kExclusive;
    case Phase::kTakeHandles:
    case Phase::kPutBack:
    case Phase::kInstall:
      return Hold::kExclusive;
    case Phase::kOperate:
      return call.kind == CallKind::kHandleReplace ? Hold::kExclusive : Hold::kNone;
    case Phase::kRegister:
      return Hold::kShared;
    default:
      return Hold::kNone;
  }
}

}  // namespace

bool TableIsLocked(const Program& program, const State& state, ThreadIndex index) {
  const Hold needs = NextStepNeeds(program, state, index);
  if (needs == Hold::kNone) return false;
  const Hold has = HoldOfOthers(program, state, index);
  return needs == Hold::kExclusive ? has != Hold::kNone : has == Hold::kExclusive;
}

bool WaitsForTable(const Program& program, const State& state, ThreadIndex index) {
  if (!TableIsLocked(program, state, index)) return false;
  const ThreadState& thread = state.threads[index];
  const Call& call = program.threads[index].calls[thread.next_call];
  // What is read first may fail.
  switch (thread.phase) {
    case Phase::kConsume:
      return call.buffers.handles == Memory::kFine && state.faults.user_memory == 0;
    case Phase::kStart:
      return !IsChannelCall(call) || state.faults.user_memory == 0;
    default:
      return true;
  }
}

}  // namespace model
