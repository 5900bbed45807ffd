// Steps that need not be tried in every order.
//
// Map: who can still name a handle; then one criterion per kind of step. Two facts carry all of it:
// a handle value is known only to the threads whose calls name it, and a value that has left its
// table never comes back to one.
#include "model/independence.h"

#include <algorithm>

#include "model/stepper.h"

namespace model {

namespace {

const Call& CurrentCall(const Program& program, const State& state, ThreadIndex thread) {
  return program.threads[thread].calls[state.threads[thread].next_call];
}

bool HasRegisteredWait(const State& state, HandleId id) {
  return std::any_of(state.threads.begin(), state.threads.end(), [id](const ThreadState& thread) {
    return thread.wait && thread.wait->registered() && thread.wait->handle == id;
  });
}

bool OthersAreBound(const State& state, ThreadIndex thread, ObjectId id) {
  for (ThreadIndex i = 0; i < state.threads.size(); ++i) {
    if (i != thread && state.threads[i].bound == id) return true;
  }
  return false;
}

bool QueueHasHandles(const Object& endpoint) {
  return std::any_of(endpoint.queue.begin(), endpoint.queue.end(),
                     [](const Message& message) { return !message.handles.empty(); });
}

}  // namespace

Independence::Independence(const Program& program) : program_(program) {
  for (const ThreadProgram& thread : program.threads) {
    std::vector<uint32_t>& naming = calls_naming_.emplace_back(program.handles.size(), 0);
    uint32_t& sending = calls_sending_.emplace_back(0);
    for (uint32_t i = 0; i < thread.calls.size(); ++i) {
      const auto note = [&](const HandleArgument& argument) {
        if (const auto* named = std::get_if<NamedHandle>(&argument)) naming[named->handle] = i + 1;
      };
      note(thread.calls[i].handle);
      for (const HandleArgument& argument : thread.calls[i].handles) note(argument);
      if (!thread.calls[i].handles.empty()) sending = i + 1;
    }
  }
}

/// Whether only this thread can use the value, now and later. A thread that waits through the
/// handle is inside a call that names it, and counts.
bool Independence::IsPrivate(const State& state, ThreadIndex thread, HandleId id) const {
  if (id.creator != kDeclared) return id.creator == CreatorOf(thread);
  for (ThreadIndex i = 0; i < state.threads.size(); ++i) {
    if (i != thread && state.threads[i].next_call < calls_naming_[i][id.number]) return false;
  }
  return true;
}

/// A value that is not in the table now never will be; one that only this thread can name stays.
bool Independence::LookUpIsLocal(const State& state, ThreadIndex thread,
                                 const HandleArgument& argument) const {
  const std::optional<HandleId> id = Resolve(state.threads[thread], argument);
  if (LookUp(state, program_.threads[thread].process, id) == nullptr) return true;
  return IsPrivate(state, thread, *id);
}

bool Independence::LookUpsAreLocal(const State& state, ThreadIndex thread) const {
  const std::vector<HandleArgument>& handles = CurrentCall(program_, state, thread).handles;
  return std::all_of(handles.begin(), handles.end(), [&](const HandleArgument& argument) {
    return LookUpIsLocal(state, thread, argument);
  });
}

bool Independence::IsLocal(const State& state, ThreadIndex thread) const {
  const ThreadState& self = state.threads[thread];
  if (self.next_call == program_.threads[thread].calls.size()) return false;
  if (!self.closing.idle()) return ClosingIsLocal(state, thread);
  switch (self.phase) {
    case Phase::kStart:
      return StartIsLocal(state, thread);
    case Phase::kConsume:
    case Phase::kTakeHandles:
      return LookUpsAreLocal(state, thread);
    case Phase::kPublish:
    case Phase::kTakeMessage:
      return false;
    case Phase::kReceiveWaits:
      return !HasRegisteredWait(state, self.hands.front());
    case Phase::kInstall:
      return InstallIsLocal(state, thread);
    // Once a wait has ended, nothing changes what it will answer.
    case Phase::kWaiting:
      return !self.wait->registered() && ReleaseIsLocal(state, thread);
    case Phase::kFinish:
      return ReleaseIsLocal(state, thread);
  }
  return false;
}

bool Independence::StartIsLocal(const State& state, ThreadIndex thread) const {
  const Call& call = CurrentCall(program_, state, thread);
  switch (call.kind) {
    case CallKind::kChannelCreate:
    case CallKind::kEventCreate:
      return true;  // Nobody else can name what is new.
    case CallKind::kChannelWrite:
    case CallKind::kChannelRead:
    case CallKind::kHandleClose:
      return LookUpIsLocal(state, thread, call.handle);
    // A registration looks at signals, which others change; without a handle there is none.
    case CallKind::kObjectWaitOne:
      return LookUp(state, program_.threads[thread].process,
                    Resolve(state.threads[thread], call.handle)) == nullptr;
  }
  return false;
}

/// The handle is in this thread's hands: nobody can begin to use it.
bool Independence::ClosingIsLocal(const State& state, ThreadIndex thread) const {
  const Closing& closing = state.threads[thread].closing;
  switch (closing.step) {
    case Closing::Step::kCancelWaits:
      return !HasRegisteredWait(state, closing.current());
    case Closing::Step::kZeroHandles:
      // Others notice only through the link to the peer, which is never made again.
      return !state.FindObject(state.FindHandle(closing.current())->object)->peer;
    case Closing::Step::kDropReference:
      break;
  }
  const Object& object = *state.FindObject(*closing.dropping);
  if (object.type != core::ObjectType::kChannel) return true;
  // Nobody can look the endpoint up again; whether this is the last reference is up to calls that
  // are under way, and matters only if there are handles in the queue. No more can arrive.
  return !QueueHasHandles(object) || !OthersAreBound(state, thread, object.id);
}

/// The owner matters to calls that looked the endpoint up before it was sent.
bool Independence::InstallIsLocal(const State& state, ThreadIndex thread) const {
  const HandleId id = state.threads[thread].hands.front();
  const Object& object = *state.FindObject(state.FindHandle(id)->object);
  if (object.type != core::ObjectType::kChannel) return true;
  if (object.owner == program_.threads[thread].process) return true;
  return !OthersAreBound(state, thread, object.id);
}

/// Which thread drops the last reference decides when the handles in the queue close. That is
/// settled when a handle exists that only this thread could close, or when there are and will be
/// no handles in the queue.
bool Independence::ReleaseIsLocal(const State& state, ThreadIndex thread) const {
  const ObjectId id = *state.threads[thread].bound;
  const Object& object = *state.FindObject(id);
  if (object.type != core::ObjectType::kChannel) return true;
  const ProcessIndex process = program_.threads[thread].process;
  for (const HandleRecord& handle : state.handles) {
    if (handle.object == id && LookUp(state, process, handle.id) != nullptr &&
        IsPrivate(state, thread, handle.id)) {
      return true;
    }
  }
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
