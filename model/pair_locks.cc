// The reference model: which steps take the lock of an object or of a pair.
//
// Nearly always a step is short enough for that lock to be its own business. Only a thread that has
// something to deliver keeps it from one step to the next, and meanwhile others may read, which
// takes the lock of a queue alone, and fetch packets, but not begin or end waits, send, signal or
// close.
#include <algorithm>

#include "model/stepper.h"

namespace model {

bool IsLocked(const State& state, ObjectId id) {
  const auto locks = [id](const ThreadState& thread) {
    return std::ranges::count(thread.delivery.locked, id) != 0;
  };
  return std::ranges::any_of(state.threads, locks) || locks(state.worker);
}

bool IsClosingLate(const State& state, ObjectId id) {
  const auto closes = [id](const ThreadState& thread) { return thread.delivery.closed == id; };
  return std::ranges::any_of(state.threads, closes) || closes(state.worker);
}

namespace {

bool SomethingIsDelivered(const State& state) {
  const auto delivers = [](const ThreadState& thread) { return !thread.delivery.idle(); };
  return std::ranges::any_of(state.threads, delivers) || delivers(state.worker);
}

// Whether the next step of a close is held up.
bool ClosingWaits(const Program& program, const State& state, const Closing& closing) {
  if (closing.idle() || !closing.left_behind.empty()) return false;
  if (closing.ends_port()) {
    const PortEnd& end = closing.port_ends.back();
    return end.step == PortEnd::Step::kTakeOff && IsLocked(state, *end.watched);
  }
  if (closing.step == Closing::Step::kDropReference) return false;
  const ObjectId object = state.FindHandle(closing.current())->object;
  const bool ends = closing.step == Closing::Step::kCancelWaits || state.HandleCount(object) == 1;
  return ends && !EndsLifeApart(program, state, closing) && IsLocked(state, object);
}

// Whether the call begins with a registration, or with its end, that is held up.
bool StartWaits(const State& state, ProcessIndex process, const ThreadState& thread,
                const Call& call) {
  const auto waits = [&](const HandleArgument& argument) {
    const std::optional<HandleId> id = Resolve(thread, argument);
    if (CheckWait(state, process, id) != core::Status::kOk) return false;
    return IsLocked(state, LookUp(state, process, id)->object);
  };
  const auto finds_port = [&] {
    const HandleRecord* port = LookUp(state, process, Resolve(thread, call.port));
    return port != nullptr && (port->rights & core::kRightWrite) != 0 &&
           state.FindObject(port->object)->type == core::ObjectType::kPort;
  };
  // What is wrong with the call is found before the lock is taken.
  switch (call.kind) {
    case CallKind::kObjectWaitOne:
      return waits(call.handle);
    case CallKind::kPortCancel:
      return finds_port() && waits(call.handle);
    default:
      return false;
  }
}

// Whether a thread that is awake cannot go on: a wait ends under the lock of its object, even one
// that a change has ended.
bool TakeDownWaits(const State& state, const ThreadState& thread) {
  if (ReleasesBeforeTakeDown(thread) || thread.waits.empty()) return false;
  return IsLocked(state, thread.waits[thread.position].object);
}

bool IsSignal(const Call& call) {
  return call.kind == CallKind::kObjectSignal || call.kind == CallKind::kObjectSignalPeer;
}

bool IsOver(const State& state, const ThreadState& thread) {
  return thread.killed || thread.sleep->over() || IsAwake(state, thread);
}

}  // namespace

bool WaitsForDelivery(const Program& program, const State& state, ThreadIndex index) {
  if (!SomethingIsDelivered(state)) return false;
  if (index == program.threads.size()) return ClosingWaits(program, state, state.worker.closing);
  const ThreadState& thread = state.threads[index];
  if (!thread.closing.idle()) return ClosingWaits(program, state, thread.closing);
  const std::vector<Call>& calls = program.threads[index].calls;
  if (thread.next_call == calls.size()) return false;
  const Call& call = calls[thread.next_call];
  const ProcessIndex process = program.threads[index].process;
  switch (thread.phase) {
    case Phase::kStart:
      return StartWaits(state, process, thread, call);
    case Phase::kPublish:
      return IsLocked(state, thread.bound.front());
    case Phase::kOperate:
      return IsSignal(call) && IsLocked(state, thread.bound.front());
    case Phase::kReceiveWaits:
      return IsLocked(state, state.FindHandle(thread.hands.front())->object);
    case Phase::kOwn:
      return IsLocked(state, state.FindHandle(thread.hands.front())->object);
    case Phase::kRegister: {
      const std::optional<HandleId> item = Resolve(thread, ItemAt(call, thread.position).handle);
      if (CheckWait(state, process, item) != core::Status::kOk) return false;
      return IsLocked(state, LookUp(state, process, item)->object);
    }
    case Phase::kSleeping:
      return IsOver(state, thread) && TakeDownWaits(state, thread);
    case Phase::kTakeDown:
      return TakeDownWaits(state, thread);
    case Phase::kCallSleeping:
      return IsOver(state, thread) && IsLocked(state, thread.bound.front());
    case Phase::kCallParked:
      return thread.killed && IsLocked(state, thread.bound.front());
    default:
      return false;
  }
}

}  // namespace model
