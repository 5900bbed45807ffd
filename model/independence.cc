// Steps that need not be tried in every order.
//
// Map: who can still name a handle; then one criterion per kind of step. Two facts carry most of
// it: a handle value is known only to the threads whose calls name it, and a value that has left
// its table never comes back to one, unless a send puts it back from its hands.
//
// A step that could go several ways is never local, nor is one that a kill or a suspension can
// come before: beginning a call, sleeping, returning to user code.
#include "model/independence.h"

#include <algorithm>

#include "model/spec.h"
#include "model/stepper.h"

namespace model {

namespace {

const Call& CurrentCall(const Program& program, const State& state, ThreadIndex thread) {
  return program.threads[thread].calls[state.threads[thread].next_call];
}

bool HasRegisteredWait(const State& state, HandleId id) {
  const auto waits = [id](const Wait& wait) { return wait.listed && wait.handle == id; };
  const auto is_async = [id](const AsyncWait& wait) { return wait.handle == id; };
  const Object& object = *state.FindObject(state.FindHandle(id)->object);
  return std::ranges::any_of(object.async_waits, is_async) ||
         std::ranges::any_of(state.threads, [&](const ThreadState& thread) {
           return std::ranges::any_of(thread.waits, waits);
         });
}

/// Whether anybody else's reference keeps the object, or may be the last to go.
bool OthersAreBound(const State& state, ThreadIndex thread, ObjectId id) {
  if (state.worker.closing.dropping == id) return true;
  for (ThreadIndex i = 0; i < state.threads.size(); ++i) {
    if (i == thread) continue;
    const ThreadState& other = state.threads[i];
    if (other.closing.dropping == id || std::ranges::count(other.bound, id) != 0) return true;
  }
  return false;
}

bool QueueHasHandles(const Object& endpoint) {
  return std::any_of(endpoint.queue.begin(), endpoint.queue.end(),
                     [](const Message& message) { return !message.handles.empty(); });
}

bool HasFaultsLeft(const State& state) {
  return state.faults.allocation != 0 || state.faults.user_memory != 0;
}

bool ClosesLater(const State& state) {
  return RulesOf(state.generation).destroyed_messages_close_later;
}

}  // namespace

Independence::Independence(const Program& program) : program_(program) {
  for (const ThreadProgram& thread : program.threads) {
    std::vector<uint32_t>& naming = calls_naming_.emplace_back(program.handles.size(), 0);
    uint32_t& sending = calls_sending_.emplace_back(0);
    may_be_interrupted_.push_back(
        MayBeInterrupted(program, static_cast<ThreadIndex>(may_be_interrupted_.size())));
    for (uint32_t i = 0; i < thread.calls.size(); ++i) {
      const Call& call = thread.calls[i];
      const auto note = [&](const HandleArgument& argument) {
        if (const auto* named = std::get_if<NamedHandle>(&argument)) naming[named->handle] = i + 1;
      };
      note(call.handle);
      note(call.port);
      for (const HandleArgument& argument : call.handles) note(argument);
      for (const Disposition& disposition : call.dispositions) note(disposition.handle);
      for (const WaitItem& item : call.items) note(item.handle);
      if (!call.handles.empty() || !call.dispositions.empty()) sending = i + 1;
      const bool is_info = call.kind == CallKind::kObjectGetInfo;
      if (is_info && call.topic == core::kInfoHandleCount) counts_handles_ = true;
    }
  }
  for (ProcessIndex i = 0; i < program.processes.size(); ++i) {
    may_be_killed_.push_back(MayBeKilled(program, i));
  }
}

// --- Who can name a handle ---

/// Whether only this thread can use the value, now and later. A thread that waits through the
/// handle is inside a call that names it, and counts.
bool Independence::IsPrivate(const State& state, ThreadIndex thread, HandleId id) const {
  if (id.creator != kDeclared) return id.creator == CreatorOf(thread);
  for (ThreadIndex i = 0; i < state.threads.size(); ++i) {
    if (i != thread && state.threads[i].next_call < calls_naming_[i][id.number]) return false;
  }
  return true;
}

/// Whether a handle to the object exists that stays until this thread does something to it.
bool Independence::HoldsHandle(const State& state, ThreadIndex thread, ObjectId id) const {
  const ProcessIndex process = program_.threads[thread].process;
  return std::ranges::any_of(state.handles, [&](const HandleRecord& handle) {
    if (handle.object != id) return false;
    if (std::ranges::count(state.threads[thread].hands, handle.id) != 0) return true;
    return LookUp(state, process, handle.id) != nullptr && IsPrivate(state, thread, handle.id);
  });
}

/// Whether the handle is not in the table and never will be. One that is in somebody's hands may
/// be put back under its value.
bool Independence::LookUpFails(const State& state, ThreadIndex thread,
                               const HandleArgument& argument) const {
  const std::optional<HandleId> id = Resolve(state.threads[thread], argument);
  if (LookUp(state, program_.threads[thread].process, id) != nullptr) return false;
  if (!id || !RulesOf(state.generation).failed_send_keeps_handles) return true;
  const HandleRecord* handle = state.FindHandle(*id);
  return handle == nullptr || handle->place != HandleRecord::Place::kHands;
}

/// A value that only this thread can name stays where it is.
bool Independence::LookUpIsLocal(const State& state, ThreadIndex thread,
                                 const HandleArgument& argument) const {
  if (LookUpFails(state, thread, argument)) return true;
  return IsPrivate(state, thread, *Resolve(state.threads[thread], argument));
}

bool Independence::LookUpsAreLocal(const State& state, ThreadIndex thread) const {
  const Call& call = CurrentCall(program_, state, thread);
  const auto is_local = [&](const HandleArgument& argument) {
    return LookUpIsLocal(state, thread, argument);
  };
  return std::ranges::all_of(call.handles, is_local) &&
         std::ranges::all_of(call.dispositions, is_local, &Disposition::handle);
}

// --- Steps ---

bool Independence::IsLocal(const State& state, ThreadIndex thread) const {
  if (!CanStep(program_, state, thread)) return false;
  const ThreadState& self = state.threads[thread];
  if (!self.closing.idle()) return ClosingIsLocal(state, thread);
  switch (self.phase) {
    case Phase::kStart:
      return !may_be_interrupted_[thread] && StartIsLocal(state, thread);
    case Phase::kConsume:
    case Phase::kTakeHandles:
      return !HasFaultsLeft(state) && LookUpsAreLocal(state, thread);
    case Phase::kPutBack:
      return PutBackIsLocal(state, thread);
    case Phase::kReceiveWaits:
      return !HasRegisteredWait(state, self.hands.front());
    case Phase::kInstall:
      return InstallIsLocal(state, thread);
    case Phase::kSleeping:
      return SleepIsLocal(state, thread);
    case Phase::kCallSleeping:
      return CallEndIsLocal(state, thread);
    case Phase::kFinish:
      return ReleaseIsLocal(state, thread);
    case Phase::kStopped:
    case Phase::kPublish:
    case Phase::kCallParked:
    case Phase::kTakeMessage:
    case Phase::kRegister:
    case Phase::kTakeDown:
    case Phase::kPortSleeping:
    case Phase::kOperate:
    case Phase::kReturn:
      break;
  }
  return false;
}

bool Independence::StartIsLocal(const State& state, ThreadIndex thread) const {
  const Call& call = CurrentCall(program_, state, thread);
  if (call.kind == CallKind::kNote) return true;
  if (HasFaultsLeft(state)) return false;
  switch (call.kind) {
    case CallKind::kChannelCreate:
    case CallKind::kEventCreate:
    case CallKind::kEventPairCreate:
    case CallKind::kPortCreate:
      return true;  // Nobody else can name what is new.
    case CallKind::kChannelWrite:
    case CallKind::kChannelWriteEtc:
    case CallKind::kChannelCall:
    case CallKind::kChannelCallEtc:
    case CallKind::kChannelRead:
    case CallKind::kChannelReadEtc:
    case CallKind::kHandleClose:
    case CallKind::kHandleCheckValid:
    case CallKind::kObjectGetInfo:
    case CallKind::kObjectSignal:
    case CallKind::kObjectSignalPeer:
    case CallKind::kPortQueue:
      return LookUpIsLocal(state, thread, call.handle);
    case CallKind::kHandleCloseMany:
      return LookUpsAreLocal(state, thread);
    // The object keeps a handle that only this thread can touch; others can only count.
    case CallKind::kHandleDuplicate:
    case CallKind::kHandleReplace:
      return !counts_handles_ && LookUpIsLocal(state, thread, call.handle);
    // A registration looks at signals, which others change, and a sleep at the deadlines of others;
    // without a handle there is neither.
    case CallKind::kObjectWaitOne:
    case CallKind::kPortWait:
      return LookUpFails(state, thread, call.handle);
    default:
      return false;
  }
}

/// Once all waits have left their lists, nothing changes what the call will answer.
bool Independence::SleepIsLocal(const State& state, ThreadIndex thread) const {
  const ThreadState& self = state.threads[thread];
  if (may_be_interrupted_[thread] || HasFaultsLeft(state) || self.waits.empty()) return false;
  if (std::ranges::any_of(self.waits, [](const Wait& wait) { return wait.listed; })) return false;
  return self.bound.size() != 1 || ReleaseIsLocal(state, thread);
}

/// The same for a call that something has taken off its list.
bool Independence::CallEndIsLocal(const State& state, ThreadIndex thread) const {
  const PendingCall& pending = *state.threads[thread].call;
  if (may_be_interrupted_[thread] || HasFaultsLeft(state)) return false;
  if (pending.end == PendingCall::End::kNone) return false;
  return pending.reply.handles.empty() || !ClosesLater(state);
}

// --- Closing and references ---

/// The handle is in this thread's hands: nobody can begin to use it.
bool Independence::ClosingIsLocal(const State& state, ThreadIndex thread) const {
  const Closing& closing = state.threads[thread].closing;
  if (closing.step == Closing::Step::kCancelWaits) {
    return !HasRegisteredWait(state, closing.current());
  }
  if (closing.step == Closing::Step::kDropReference) {
    return DropIsLocal(state, thread, *state.FindObject(*closing.dropping));
  }
  if (counts_handles_) return false;
  const Object& object = *state.FindObject(state.FindHandle(closing.current())->object);
  if (HoldsHandle(state, thread, object.id)) return true;
  // Others notice only the end of a port, or the cut of a link, which is never made again.
  return object.type != core::ObjectType::kPort && !object.peer;
}

/// Whether this is the last reference is up to calls that are under way, and matters only if there
/// are handles in the queue. Without a peer no more can arrive.
bool Independence::DropIsLocal(const State& state, ThreadIndex thread, const Object& object) const {
  if (object.type != core::ObjectType::kChannel) return true;
  if (HoldsHandle(state, thread, object.id)) return true;
  if (object.peer) return false;
  if (!QueueHasHandles(object)) return true;
  return !OthersAreBound(state, thread, object.id) && !ClosesLater(state);
}

/// The owner matters to calls that looked the endpoint up before it was sent, and their waiting to
/// those who end it.
bool Independence::InstallIsLocal(const State& state, ThreadIndex thread) const {
  if (may_be_killed_[program_.threads[thread].process]) return false;
  const HandleId id = state.threads[thread].hands.front();
  const Object& object = *state.FindObject(state.FindHandle(id)->object);
  return object.type != core::ObjectType::kChannel || !OthersAreBound(state, thread, object.id);
}

bool Independence::PutBackIsLocal(const State& state, ThreadIndex thread) const {
  if (may_be_killed_[program_.threads[thread].process]) return false;
  return std::ranges::all_of(state.threads[thread].hands,
                             [&](HandleId id) { return IsPrivate(state, thread, id); });
}

/// Which thread drops the last reference decides when the handles in the queue close. That is
/// settled when a handle exists that only this thread could close, or when there are and will be
/// no handles in the queue.
bool Independence::ReleaseIsLocal(const State& state, ThreadIndex thread) const {
  const ObjectId id = state.threads[thread].bound.front();
  const Object& object = *state.FindObject(id);
  if (object.type != core::ObjectType::kChannel) return true;
  if (HoldsHandle(state, thread, id)) return true;
  return !QueueHasHandles(object) && !MayGainHandles(state, thread, object);
}

bool Independence::MayGainHandles(const State& state, ThreadIndex thread,
                                  const Object& endpoint) const {
  if (!endpoint.peer) return false;
  for (ThreadIndex i = 0; i < state.threads.size(); ++i) {
    if (i != thread && state.threads[i].next_call < calls_sending_[i]) return true;
  }
  return false;
}

}  // namespace model
