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
  if (state.worker.closing.RefersTo(id)) return true;
  for (ThreadIndex i = 0; i < state.threads.size(); ++i) {
    if (i == thread) continue;
    const ThreadState& other = state.threads[i];
    if (other.closing.RefersTo(id) || std::ranges::count(other.bound, id) != 0) return true;
  }
  return false;
}

bool IsWatching(const State& state, ObjectId port) {
  const auto is_there = [port](const auto& wait) { return wait.port == port; };
  const auto delivers = [&](const ThreadState& thread) {
    return std::ranges::any_of(thread.delivery.items, is_there);
  };
  return std::ranges::any_of(state.threads, delivers) || delivers(state.worker) ||
         std::ranges::any_of(state.objects, [&](const Object& object) {
           return std::ranges::any_of(object.async_waits, is_there);
         });
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

bool Removes(CallKind kind) {
  return kind == CallKind::kHandleClose || kind == CallKind::kHandleReplace;
}

}  // namespace

Independence::Independence(const Program& program) : program_(program) {
  for (const ThreadProgram& thread : program.threads) {
    std::vector<CallList>& naming = naming_.emplace_back(program.handles.size());
    std::vector<CallList>& removing = removing_.emplace_back(program.handles.size());
    CallList& sending = sending_.emplace_back();
    may_be_interrupted_.push_back(
        MayBeInterrupted(program, static_cast<ThreadIndex>(may_be_interrupted_.size())));
    for (uint32_t i = 0; i < thread.calls.size(); ++i) {
      const Call& call = thread.calls[i];
      const auto note = [&](const HandleArgument& argument, bool removes) {
        const auto* named = std::get_if<NamedHandle>(&argument);
        if (named == nullptr) return;
        naming[named->handle].push_back(i);
        if (removes) removing[named->handle].push_back(i);
      };
      note(call.handle, Removes(call.kind));
      note(call.port, /*removes=*/false);
      // To be sent or closed, all of them.
      for (const HandleArgument& argument : call.handles) note(argument, /*removes=*/true);
      for (const Disposition& disposition : call.dispositions) note(disposition.handle, true);
      for (const WaitItem& item : call.items) note(item.handle, /*removes=*/false);
      if (!call.handles.empty() || !call.dispositions.empty()) sending.push_back(i);
      counts_handles_ = counts_handles_ || CountsHandles(call);
    }
    everything_.push_back(static_cast<uint32_t>(thread.calls.size()));
  }
  for (ProcessIndex i = 0; i < program.processes.size(); ++i) {
    may_be_killed_.push_back(MayBeKilled(program, i));
  }
}

/// Whether one step is local.
class Independence::Question {
 public:
  Question(const Independence& all, const State& state, ThreadIndex thread, const Horizon& horizon)
      : all_(all),
        program_(all.program_),
        state_(state),
        self_(state.threads[thread]),
        thread_(thread),
        process_(program_.threads[thread].process),
        horizon_(horizon) {}

  bool IsLocal() const;

 private:
  bool StartIsLocal() const;
  bool SleepIsLocal() const;
  bool TakeDownIsLocal() const;
  bool CallEndIsLocal() const;
  bool ClosingIsLocal() const;
  bool DropIsLocal(const Object& object) const;
  bool OwnIsLocal() const;
  bool PutBackIsLocal() const;
  bool ReleaseIsLocal() const;
  bool LookUpFails(const HandleArgument& argument) const;
  bool LookUpIsLocal(const HandleArgument& argument) const;
  bool RemovalIsLocal(const HandleArgument& argument) const;
  bool RemovalsAreLocal() const;
  bool MakesCountedHandles() const;
  bool OthersMake(const std::vector<std::vector<CallList>>& calls, HandleId id) const;
  bool Makes(ThreadIndex thread, const CallList& calls) const;
  bool IsPrivate(HandleId id) const;
  bool Stays(const HandleRecord& handle) const;
  bool HoldsHandle(ObjectId id) const;
  bool MayGainHandles(const Object& endpoint) const;
  const Call& call() const { return program_.threads[thread_].calls[self_.next_call]; }

  const Independence& all_;
  const Program& program_;
  const State& state_;
  const ThreadState& self_;
  const ThreadIndex thread_;
  const ProcessIndex process_;
  const Horizon& horizon_;
};

bool Independence::IsLocal(const State& state, ThreadIndex thread) const {
  return IsLocal(state, thread, everything_);
}

bool Independence::IsLocal(const State& state, ThreadIndex thread, const Horizon& horizon) const {
  return CanStep(program_, state, thread) && Question(*this, state, thread, horizon).IsLocal();
}

// --- Who can name a handle ---

/// Whether another thread makes one of its calls in the list before this thread moves. A call in
/// progress counts.
bool Independence::Question::OthersMake(const std::vector<std::vector<CallList>>& calls,
                                        HandleId id) const {
  for (ThreadIndex i = 0; i < state_.threads.size(); ++i) {
    if (i != thread_ && Makes(i, calls[i][id.number])) return true;
  }
  return false;
}

bool Independence::Question::Makes(ThreadIndex thread, const CallList& calls) const {
  const auto next = std::ranges::lower_bound(calls, state_.threads[thread].next_call);
  return next != calls.end() && *next < horizon_[thread];
}

/// Whether only this thread can use the value. A thread that waits through the handle is inside a
/// call that names it, and counts.
bool Independence::Question::IsPrivate(HandleId id) const {
  if (id.creator != kDeclared) return id.creator == CreatorOf(thread_);
  return !OthersMake(all_.naming_, id);
}

/// Whether the handle, which is in a table, stays there until this thread takes it out.
bool Independence::Question::Stays(const HandleRecord& handle) const {
  if (handle.process != process_ && all_.may_be_killed_[handle.process]) return false;
  if (handle.id.creator != kDeclared) return handle.id.creator == CreatorOf(thread_);
  return !OthersMake(all_.removing_, handle.id);
}

/// Whether a handle to the object exists that stays until this thread does something to it.
bool Independence::Question::HoldsHandle(ObjectId id) const {
  return std::ranges::any_of(state_.handles, [&](const HandleRecord& handle) {
    if (handle.object != id) return false;
    if (std::ranges::count(self_.hands, handle.id) != 0) return true;
    return handle.place == HandleRecord::Place::kTable && Stays(handle);
  });
}

/// Whether the handle is not in the table and never will be. One that is in somebody's hands may
/// be put back under its value.
bool Independence::Question::LookUpFails(const HandleArgument& argument) const {
  const std::optional<HandleId> id = Resolve(self_, argument);
  if (LookUp(state_, process_, id) != nullptr) return false;
  if (!id || !RulesOf(state_.generation).failed_send_keeps_handles) return true;
  const HandleRecord* handle = state_.FindHandle(*id);
  return handle == nullptr || handle->place != HandleRecord::Place::kHands;
}

bool Independence::Question::LookUpIsLocal(const HandleArgument& argument) const {
  if (LookUpFails(argument)) return true;
  const HandleRecord* handle = LookUp(state_, process_, Resolve(self_, argument));
  return handle != nullptr && Stays(*handle);
}

/// To take a handle out of the table is nobody's business if nobody else can name it.
bool Independence::Question::RemovalIsLocal(const HandleArgument& argument) const {
  return LookUpFails(argument) || IsPrivate(*Resolve(self_, argument));
}

bool Independence::Question::RemovalsAreLocal() const {
  const auto is_local = [&](const HandleArgument& argument) { return RemovalIsLocal(argument); };
  return std::ranges::all_of(call().handles, is_local) &&
         std::ranges::all_of(call().dispositions, is_local, &Disposition::handle);
}

/// Whether entries of the call may make handles, and others count them.
bool Independence::Question::MakesCountedHandles() const {
  return all_.counts_handles_ && !call().dispositions.empty();
}

// --- Steps ---

bool Independence::Question::IsLocal() const {
  if (!self_.delivery.idle()) return false;  // Whoever waits, at the port or here, sees it.
  if (!self_.closing.idle()) return ClosingIsLocal();
  switch (self_.phase) {
    case Phase::kStart:
      return !all_.may_be_interrupted_[thread_] && StartIsLocal();
    case Phase::kConsume:
      return !HasFaultsLeft(state_) && RemovalsAreLocal();
    case Phase::kTakeHandles:
      return !HasFaultsLeft(state_) && RemovalsAreLocal() && !MakesCountedHandles();
    case Phase::kPutBack:
      return PutBackIsLocal();
    case Phase::kReceiveWaits:
      return !HasRegisteredWait(state_, self_.hands.front());
    case Phase::kOwn:
      return OwnIsLocal();
    case Phase::kInstall:
      return !all_.may_be_killed_[process_];
    case Phase::kSleeping:
      return SleepIsLocal();
    case Phase::kCallSleeping:
      return CallEndIsLocal();
    case Phase::kTakeDown:
      return TakeDownIsLocal();
    case Phase::kOperate:
      return call().kind == CallKind::kHandleReplace && !all_.counts_handles_ &&
             RemovalIsLocal(call().handle);
    case Phase::kFinish:
      return ReleaseIsLocal();
    case Phase::kStopped:
    case Phase::kPublish:
    case Phase::kCallParked:
    case Phase::kTakeMessage:
    case Phase::kRegister:
    case Phase::kPortSleeping:
    case Phase::kReturn:
      break;
  }
  return false;
}

bool Independence::Question::StartIsLocal() const {
  if (call().kind == CallKind::kNote) return true;
  if (HasFaultsLeft(state_)) return false;
  switch (call().kind) {
    case CallKind::kChannelCreate:
    case CallKind::kEventCreate:
    case CallKind::kEventPairCreate:
    case CallKind::kPortCreate:
    case CallKind::kHandleCloseMany:
    case CallKind::kObjectWaitMany:
      return true;  // Nothing has been looked up yet.
    case CallKind::kChannelWrite:
    case CallKind::kChannelWriteEtc:
    case CallKind::kChannelCall:
    case CallKind::kChannelCallEtc:
    case CallKind::kChannelRead:
    case CallKind::kChannelReadEtc:
    case CallKind::kHandleCheckValid:
    case CallKind::kObjectGetInfo:
    case CallKind::kObjectSignal:
    case CallKind::kObjectSignalPeer:
    case CallKind::kPortQueue:
      return LookUpIsLocal(call().handle);
    case CallKind::kHandleClose:
      return RemovalIsLocal(call().handle);
    // The object keeps a handle that only this thread can touch; others can only count.
    case CallKind::kHandleDuplicate:
      return !all_.counts_handles_ && LookUpIsLocal(call().handle);
    case CallKind::kHandleReplace:
      return LookUpIsLocal(call().handle);
    // A registration looks at signals, which others change, and a sleep at the deadlines of others;
    // without a handle there is neither.
    case CallKind::kObjectWaitOne:
    case CallKind::kPortWait:
      return LookUpFails(call().handle);
    default:
      return false;
  }
}

/// Once all waits have left their lists, nothing changes what the call will answer, if it sleeps no
/// more: one that is yet to be told may be told before its deadline passes, or after.
bool Independence::Question::SleepIsLocal() const {
  if (all_.may_be_interrupted_[thread_] || HasFaultsLeft(state_) || self_.waits.empty())
    return false;
  const auto is_settled = [&](const Wait& wait) {
    return !wait.listed && (self_.phase != Phase::kSleeping || wait.over());
  };
  return std::ranges::all_of(self_.waits, is_settled);
}

bool Independence::Question::TakeDownIsLocal() const {
  return ReleasesBeforeTakeDown(self_) ? ReleaseIsLocal() : SleepIsLocal();
}

/// The same for a call that something has taken off its list.
bool Independence::Question::CallEndIsLocal() const {
  const PendingCall& pending = *self_.call;
  if (all_.may_be_interrupted_[thread_] || HasFaultsLeft(state_)) return false;
  if (pending.end == PendingCall::End::kNone) return false;
  return pending.reply.handles.empty() || !ClosesLater(state_);
}

// --- Closing and references ---

/// The handle is in this thread's hands: nobody can begin to use it.
bool Independence::Question::ClosingIsLocal() const {
  const Closing& closing = self_.closing;
  if (!closing.left_behind.empty()) return false;
  if (closing.ends_port()) {
    const PortEnd& end = closing.port_ends.back();
    return end.step == PortEnd::Step::kTake && !IsWatching(state_, end.port);
  }
  if (closing.step == Closing::Step::kCancelWaits) {
    return !HasRegisteredWait(state_, closing.current());
  }
  if (closing.step == Closing::Step::kDropReference) {
    return DropIsLocal(*state_.FindObject(*closing.dropping));
  }
  if (all_.counts_handles_) return false;
  const Object& object = *state_.FindObject(state_.FindHandle(closing.current())->object);
  if (HoldsHandle(object.id)) return true;
  // Others notice only the end of a port, or the cut of a link, which is never made again.
  return object.type != core::ObjectType::kPort && !object.peer;
}

/// Whether this is the last reference is up to calls that are under way, and matters only if there
/// are handles in the queue. Without a peer no more can arrive.
bool Independence::Question::DropIsLocal(const Object& object) const {
  if (object.type != core::ObjectType::kChannel) return true;
  if (HoldsHandle(object.id)) return true;
  if (object.peer) return false;
  if (!QueueHasHandles(object)) return true;
  return !OthersAreBound(state_, thread_, object.id) && !ClosesLater(state_);
}

/// The owner matters to calls that looked the endpoint up before it was sent, and their waiting to
/// those who end it.
bool Independence::Question::OwnIsLocal() const {
  const HandleId id = self_.hands.front();
  return !OthersAreBound(state_, thread_, state_.FindHandle(id)->object);
}

bool Independence::Question::PutBackIsLocal() const {
  if (all_.may_be_killed_[process_]) return false;
  return std::ranges::all_of(self_.hands, [&](HandleId id) { return IsPrivate(id); });
}

/// Which thread drops the last reference decides when the handles in the queue close. That is
/// settled when a handle exists that only this thread could close, or when there are and will be
/// no handles in the queue.
bool Independence::Question::ReleaseIsLocal() const {
  const ObjectId id = self_.bound.front();
  const Object& object = *state_.FindObject(id);
  if (object.type != core::ObjectType::kChannel) return true;
  if (HoldsHandle(id)) return true;
  return !QueueHasHandles(object) && !MayGainHandles(object);
}

bool Independence::Question::MayGainHandles(const Object& endpoint) const {
  if (!endpoint.peer) return false;
  for (ThreadIndex i = 0; i < state_.threads.size(); ++i) {
    if (i != thread_ && Makes(i, all_.sending_[i])) return true;
  }
  return false;
}

}  // namespace model
