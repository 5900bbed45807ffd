// The reference model: the state before an execution, and what one shows at its end.
#include <algorithm>
#include <cassert>
#include <utility>

#include "model/rules.h"
#include "model/spec.h"
#include "model/stepper.h"

namespace model {

// --- The start ---

core::Rights DefaultRights(core::ObjectType type, Generation generation) {
  const Rules& rules = RulesOf(generation);
  switch (type) {
    case core::ObjectType::kEvent:
      return rules.event_rights;
    case core::ObjectType::kEventPair:
      return rules.eventpair_rights;
    case core::ObjectType::kPort:
      return rules.port_rights;
    case core::ObjectType::kNone:
    case core::ObjectType::kChannel:
      break;
  }
  return rules.channel_rights;
}

core::Rights StartRights(const Program& program, EndpointIndex handle, Generation generation) {
  const DeclaredHandle& declared = program.handles[handle];
  const core::Rights rights = declared.rights.rights;
  const core::Rights defaults = DefaultRights(program.objects[declared.object].type, generation);
  switch (declared.rights.kind) {
    case RightsArgument::Kind::kDefault:
      return defaults;
    case RightsArgument::Kind::kExactly:
      return rights;
    case RightsArgument::Kind::kWithout:
      break;
  }
  return defaults & ~rights;
}

namespace {

ObjectId DeclaredObjectId(const Program& program, EndpointIndex handle) {
  const DeclaredObject& object = program.objects[program.handles[handle].object];
  return {kDeclared, IsPaired(object.type) ? handle : object.handles.front()};
}

void AddDeclaredObject(const Program& program, EndpointIndex handle, State* state) {
  const ObjectId id = DeclaredObjectId(program, handle);
  if (state->FindObject(id) != nullptr) return;
  const DeclaredHandle& declared = program.handles[handle];
  const DeclaredObject& declaration = program.objects[declared.object];
  Object object;
  object.id = id;
  object.type = declaration.type;
  if (IsPaired(object.type)) {
    assert(declaration.handles.size() == 2);
    object.peer = ObjectId{kDeclared, declaration.handles[1 - declared.side]};
    object.other_side = object.peer;
  }
  if (object.type == core::ObjectType::kChannel) {
    object.signals = core::kSignalWritable;  // A fresh endpoint shows nothing else (S-1).
    object.owner = declared.process;
  }
  state->AddObject(std::move(object));
}

}  // namespace

State InitialState(const Program& program, Generation generation, Faults faults) {
  State state;
  state.generation = generation;
  state.faults = faults;
  state.processes.resize(program.processes.size());
  for (EndpointIndex i = 0; i < program.handles.size(); ++i) {
    const ProcessIndex process = program.handles[i].process;
    AddDeclaredObject(program, i, &state);
    state.AddHandle({.id = {kDeclared, i},
                     .object = DeclaredObjectId(program, i),
                     .rights = StartRights(program, i, generation),
                     .place = HandleRecord::Place::kTable,
                     .process = process});
    if (MayBeKilled(program, process)) {
      state.processes[process].installed.push_back({kDeclared, i});
    }
  }
  for (const InitialQueue& queue : program.queues) {
    Object* endpoint = state.FindObject({kDeclared, queue.endpoint});
    assert(endpoint != nullptr);
    for (const InitialMessage& message : queue.messages) {
      endpoint->queue.push_back(
          {.data = TxidBytes(0) + message.payload, .handles = {}, .nested = message.nested});
      endpoint->signals |= core::kSignalReadable;
    }
  }
  for (const ThreadProgram& thread : program.threads) {
    state.threads.emplace_back().variables.resize(thread.variables.size());
  }
  return state;
}

State InitialState(const Litmus& litmus) {
  return InitialState(litmus.program, litmus.generation, FaultsWithin(litmus));
}

// --- The end ---

namespace {

/// Events and pairs can have handles in several tables, so that only endpoints have an owner.
EndpointObservation ObserveObject(const State& state, ObjectId id) {
  EndpointObservation observation;
  const auto handle =
      std::find_if(state.handles.begin(), state.handles.end(),
                   [id](const HandleRecord& record) { return record.object == id; });
  if (handle == state.handles.end()) return observation;  // Gone: shows nothing more.
  const Object* object = state.FindObject(id);
  assert(object != nullptr);
  observation.place = EndpointObservation::Place::kTable;
  observation.signals = object->signals;
  if (object->type != core::ObjectType::kChannel) return observation;
  if (handle->place == HandleRecord::Place::kTable) {
    observation.owner = handle->process;
  } else {
    observation.place = EndpointObservation::Place::kTransit;
  }
  for (const Message& message : object->queue) observation.queue.push_back(PayloadOf(message));
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
    observation.blocked.push_back(!state.threads[i].ended && !IsFinished(program, state, i));
  }
  for (EndpointIndex i = 0; i < program.handles.size(); ++i) {
    observation.endpoints.push_back(ObserveObject(state, DeclaredObjectId(program, i)));
  }
  return observation;
}

}  // namespace model
