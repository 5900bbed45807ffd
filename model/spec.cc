// The reference model: the start, the choice of the next step, creating calls, and the end.
#include "model/spec.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "model/stepper.h"

namespace model {

// --- The start ---

namespace {

ObjectId DeclaredObjectId(const Program& program, EndpointIndex handle) {
  const DeclaredObject& object = program.objects[program.handles[handle].object];
  if (object.type == core::ObjectType::kChannel) return {kDeclared, handle};
  return {kDeclared, object.handles.front()};
}

Object EventObject(ObjectId id) {
  Object event;
  event.id = id;
  event.type = core::ObjectType::kEvent;
  return event;
}

void AddDeclaredEndpoint(const Program& program, EndpointIndex handle, State* state) {
  const DeclaredHandle& declared = program.handles[handle];
  const DeclaredObject& channel = program.objects[declared.object];
  assert(channel.handles.size() == 2);
  Object endpoint;
  endpoint.id = {kDeclared, handle};
  endpoint.signals = core::kSignalWritable;
  endpoint.peer = ObjectId{kDeclared, channel.handles[1 - declared.side]};
  endpoint.owner = declared.process;
  state->AddObject(std::move(endpoint));
}

}  // namespace

State InitialState(const Program& program) {
  State state;
  for (EndpointIndex i = 0; i < program.handles.size(); ++i) {
    const DeclaredHandle& declared = program.handles[i];
    const ObjectId object = DeclaredObjectId(program, i);
    if (program.objects[declared.object].type == core::ObjectType::kChannel) {
      AddDeclaredEndpoint(program, i, &state);
    } else if (state.FindObject(object) == nullptr) {
      state.AddObject(EventObject(object));
    }
    state.AddHandle({.id = {kDeclared, i},
                     .object = object,
                     .rights = declared.rights,
                     .place = HandleRecord::Place::kTable,
                     .process = declared.process});
  }
  for (const InitialQueue& queue : program.queues) {
    Object* endpoint = state.FindObject({kDeclared, queue.endpoint});
    assert(endpoint != nullptr);
    for (const std::string& payload : queue.payloads) {
      endpoint->queue.push_back({.data = TxidBytes(0) + payload, .handles = {}});
      endpoint->signals |= core::kSignalReadable;
    }
  }
  for (const ThreadProgram& thread : program.threads) {
    state.threads.emplace_back().variables.resize(thread.variables.size());
  }
  return state;
}

// --- Arguments ---

std::optional<HandleId> Resolve(const ThreadState& thread, const HandleArgument& argument) {
  if (const auto* named = std::get_if<NamedHandle>(&argument)) {
    return HandleId{kDeclared, named->handle};
  }
  if (const auto* from_result = std::get_if<ResultHandle>(&argument)) {
    const std::vector<HandleId>& handles = thread.variables[from_result->variable].handles;
    if (from_result->index < handles.size()) return handles[from_result->index];
  }
  return std::nullopt;
}

bool IsZero(const ThreadState& thread, const HandleArgument& argument) {
  if (const auto* raw = std::get_if<RawHandle>(&argument)) {
    return raw->value == core::kInvalidHandle;
  }
  return !Resolve(thread, argument).has_value();
}

const HandleRecord* LookUp(const State& state, ProcessIndex process, std::optional<HandleId> id) {
  if (!id) return nullptr;
  const HandleRecord* handle = state.FindHandle(*id);
  if (handle == nullptr || handle->place != HandleRecord::Place::kTable) return nullptr;
  return handle->process == process ? handle : nullptr;
}

// --- One step ---

Stepper::Stepper(const Program& program, State* state, ThreadIndex index)
    : program_(program), state_(*state), index_(index), thread_(state->threads[index]) {}

bool Stepper::CanStep() const {
  if (thread_.next_call == program_.threads[index_].calls.size()) return false;
  if (!thread_.closing.idle() || thread_.phase != Phase::kWaiting) return true;
  const Wait& wait = *thread_.wait;
  return !wait.registered() || wait.fired || DeadlineMayFire(state_, wait);
}

void Stepper::Step() {
  assert(CanStep());
  if (!thread_.closing.idle()) {
    StepClosing();
  } else {
    switch (thread_.phase) {
      case Phase::kStart:
        StepStart();
        break;
      case Phase::kConsume:
        ConsumeHandles();
        break;
      case Phase::kTakeHandles:
        TakeHandles();
        break;
      case Phase::kPublish:
        Publish();
        break;
      case Phase::kTakeMessage:
        TakeMessage();
        break;
      case Phase::kReceiveWaits:
        CancelWaits(thread_.hands.front());
        thread_.phase = Phase::kInstall;
        break;
      case Phase::kInstall:
        Install();
        break;
      case Phase::kWaiting:
        StepWaiting();
        break;
      case Phase::kFinish:
        ReleaseBound();
        break;
    }
  }
  if (thread_.phase == Phase::kFinish && thread_.closing.idle() && !thread_.bound) Answer();
}

void Stepper::StepStart() {
  switch (call().kind) {
    case CallKind::kChannelCreate:
      return CreateChannel();
    case CallKind::kEventCreate:
      return CreateEvent();
    case CallKind::kChannelWrite:
      return StartWrite();
    case CallKind::kChannelRead:
      return StartRead();
    case CallKind::kHandleClose:
      return StartClose();
    case CallKind::kObjectWaitOne:
      return StartWait();
  }
}

void Stepper::CreateChannel() {
  const ObjectId ids[] = {NewObjectId(), NewObjectId()};
  for (size_t side = 0; side < 2; ++side) {
    Object endpoint;
    endpoint.id = ids[side];
    endpoint.signals = core::kSignalWritable;  // A fresh endpoint shows nothing else (S-1).
    endpoint.peer = ids[1 - side];
    endpoint.owner = process();
    state_.AddObject(std::move(endpoint));
    thread_.received.push_back(NewHandle(ids[side], core::kRightsChannelDefault));
  }
  Finish(core::Status::kOk);
}

void Stepper::CreateEvent() {
  const ObjectId id = NewObjectId();
  state_.AddObject(EventObject(id));
  thread_.received.push_back(NewHandle(id, core::kRightsEventDefault));
  Finish(core::Status::kOk);
}

HandleId Stepper::NewHandle(ObjectId object, core::Rights rights) {
  const HandleId id{CreatorOf(index_), thread_.handles_made++};
  state_.AddHandle({.id = id,
                    .object = object,
                    .rights = rights,
                    .place = HandleRecord::Place::kTable,
                    .process = process()});
  return id;
}

ObjectId Stepper::NewObjectId() {
  return {CreatorOf(index_), thread_.objects_made++};
}

void Stepper::Finish(core::Status status) {
  thread_.result.status = status;
  thread_.phase = Phase::kFinish;
}

void Stepper::Answer() {
  assert(thread_.hands.empty());
  assert(!thread_.wait.has_value());
  thread_.result.handle_count = static_cast<uint32_t>(thread_.received.size());
  if (call().result) {
    VariableState& variable = thread_.variables[*call().result];
    variable.result = std::move(thread_.result);
    variable.handles = std::move(thread_.received);
  }
  thread_.result = {};
  thread_.received.clear();
  thread_.consumed = 0;
  thread_.phase = Phase::kStart;
  ++thread_.next_call;
}

bool TakeStep(const Program& program, State* state, ThreadIndex thread) {
  Stepper stepper(program, state, thread);
  if (!stepper.CanStep()) return false;
  stepper.Step();
  return true;
}

std::vector<Transition> Steps(const Program& program, const State& state, ThreadIndex thread) {
  Transition transition{state};
  if (!TakeStep(program, &transition.next, thread)) return {};
  return {std::move(transition)};
}

// --- The end ---

bool IsFinished(const Program& program, const State& state, ThreadIndex thread) {
  return state.threads[thread].next_call == program.threads[thread].calls.size();
}

namespace {

EndpointObservation ObserveEndpoint(const State& state, ObjectId id) {
  EndpointObservation observation;
  const auto handle =
      std::find_if(state.handles.begin(), state.handles.end(),
                   [id](const HandleRecord& record) { return record.object == id; });
  if (handle == state.handles.end()) return observation;  // Gone: shows nothing more.
  observation.place = EndpointObservation::Place::kTransit;
  if (handle->place == HandleRecord::Place::kTable) {
    observation.place = EndpointObservation::Place::kTable;
    observation.owner = handle->process;
  }
  const Object* endpoint = state.FindObject(id);
  assert(endpoint != nullptr);
  observation.signals = endpoint->signals;
  for (const Message& message : endpoint->queue) observation.queue.push_back(PayloadOf(message));
  return observation;
}

}  // namespace

Observation Observe(const Program& program, const State& state) {
  Observation observation;
  for (ThreadIndex i = 0; i < program.threads.size(); ++i) {
    std::vector<std::optional<CallResult>>& results = observation.results.emplace_back();
    for (const VariableState& variable : state.threads[i].variables) {
      results.push_back(variable.result);
    }
    observation.blocked.push_back(!IsFinished(program, state, i));
  }
  for (EndpointIndex i = 0; i < program.handles.size(); ++i) {
    const DeclaredObject& object = program.objects[program.handles[i].object];
    const bool is_channel = object.type == core::ObjectType::kChannel;
    observation.endpoints.push_back(is_channel ? ObserveEndpoint(state, {kDeclared, i})
                                               : EndpointObservation{});
  }
  return observation;
}

}  // namespace model
