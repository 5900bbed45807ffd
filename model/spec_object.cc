// The reference model: making objects and handles, and the calls that ask or change one object.
//
// Map: handles and tables; looking up; creating calls; object_signal; object_get_info.
#include <algorithm>
#include <cassert>
#include <utility>

#include "model/spec.h"
#include "model/stepper.h"

namespace model {

using core::ObjectType;
using core::Status;

// --- Handles and tables ---

HandleId Stepper::NewHandle(ObjectId object, core::Rights rights, HandleRecord::Place place) {
  const HandleId id{CreatorOf(index_), thread_.handles_made++};
  state_.AddHandle({.id = id,
                    .object = object,
                    .rights = rights,
                    .place = HandleRecord::Place::kHands,
                    .process = 0});
  if (place == HandleRecord::Place::kTable) PutIntoTable(id);
  return id;
}

void Stepper::PutIntoTable(HandleId id) {
  HandleRecord* handle = state_.FindHandle(id);
  assert(handle->place == HandleRecord::Place::kHands);
  handle->place = HandleRecord::Place::kTable;
  handle->process = process();
  if (MayBeKilled(program_, process())) state_.processes[process()].installed.push_back(id);
}

/// From its table into somebody's hands.
void Stepper::TakeFromTable(HandleId id) {
  HandleRecord* handle = state_.FindHandle(id);
  assert(handle->place == HandleRecord::Place::kTable);
  std::erase(state_.processes[handle->process].installed, id);
  handle->place = HandleRecord::Place::kHands;
  handle->process = 0;
}

// --- Looking up ---

Status Stepper::CheckHandle(ObjectType type, core::Rights wanted,
                            const HandleRecord* handle) const {
  if (handle == nullptr) return Status::kBadHandle;
  const bool permits = (handle->rights & wanted) == wanted;
  if (!permits && rules().right_before_type) return Status::kAccessDenied;
  if (state_.FindObject(handle->object)->type != type) return Status::kWrongType;
  return permits ? Status::kOk : Status::kAccessDenied;
}

/// Looks the call's main handle up: from here on the call runs against the object, whatever
/// happens to the handle (H-6).
Status Stepper::Bind(ObjectType type, core::Rights wanted) {
  const HandleRecord* handle = LookUp(state_, process(), Resolve(thread_, call().handle));
  const Status status = CheckHandle(type, wanted, handle);
  if (status == Status::kOk) thread_.bound.push_back(handle->object);
  return status;
}

// --- Creating ---

/// On any failure no handle remains (CR-1, CR-2).
void Stepper::Create(ObjectType type) {
  const bool is_paired = IsPaired(type);
  if (call().options != 0) {
    const bool is_pair = type == ObjectType::kEventPair;
    return Finish(is_pair ? Status::kNotSupported : Status::kInvalidArgs);
  }
  if (AllocationFails()) return Finish(Status::kNoMemory);
  if (MemoryFails(call().buffers.out)) return Finish(Status::kInvalidArgs);
  if (is_paired && MemoryFails(call().buffers.second_out)) return Finish(Status::kInvalidArgs);
  std::vector<Object> objects = {NewObject(type)};
  if (is_paired) {
    objects.push_back(NewObject(type));
    objects[0].peer = objects[0].other_side = objects[1].id;
    objects[1].peer = objects[1].other_side = objects[0].id;
  }
  for (Object& object : objects) {
    const ObjectId id = object.id;
    state_.AddObject(std::move(object));
    const core::Rights rights = DefaultRights(type, state_.generation);
    thread_.hands.push_back(NewHandle(id, rights, HandleRecord::Place::kHands));
  }
  thread_.phase = Phase::kInstall;
}

/// What the call made, one handle after the other. Nobody can name them yet, so that both ends of
/// a pair are one step unless their places among others in the table will be seen (D-8). But the
/// objects of duplicates have had more handles for a moment.
void Stepper::InstallCreated() {
  const size_t count = MayBeKilled(program_, process()) ? 1 : thread_.hands.size();
  for (size_t i = 0; i < count; ++i) {
    PutIntoTable(thread_.hands.front());
    thread_.received.push_back(thread_.hands.front());
    thread_.hands.erase(thread_.hands.begin());
  }
  if (thread_.hands.empty()) Finish(Status::kOk);
}

Object Stepper::NewObject(ObjectType type) {
  Object object;
  object.id = {CreatorOf(index_), thread_.objects_made++};
  object.type = type;
  if (type == ObjectType::kChannel) {
    object.signals = core::kSignalWritable;  // A fresh endpoint shows nothing else (S-1).
    object.owner = process();
  }
  return object;
}

// --- object_signal, object_signal_peer ---

void Stepper::StartSignal() {
  const bool is_for_peer = call().kind == CallKind::kObjectSignalPeer;
  const HandleRecord* handle = LookUp(state_, process(), Resolve(thread_, call().handle));
  if (handle == nullptr) return Finish(Status::kBadHandle);
  const core::Rights wanted = is_for_peer ? core::kRightSignalPeer : core::kRightSignal;
  if ((handle->rights & wanted) == 0) return Finish(Status::kAccessDenied);
  thread_.bound.push_back(handle->object);
  const ObjectType type = state_.FindObject(handle->object)->type;
  const bool has_peer = type == ObjectType::kChannel || type == ObjectType::kEventPair;
  if (type == ObjectType::kPort || (is_for_peer && !has_peer)) {
    return Finish(Status::kNotSupported);
  }
  core::Signals allowed = core::kSignalUserMask;
  if (type != ObjectType::kChannel) allowed |= core::kSignalSignaled;
  if (((call().signals | call().clear) & ~allowed) != 0) return Finish(Status::kInvalidArgs);
  thread_.phase = Phase::kOperate;
}

void Stepper::Signal() {
  Object* object = &bound();
  if (call().kind == CallKind::kObjectSignalPeer) {
    if (!object->peer) return Finish(Status::kPeerClosed);
    object = state_.FindObject(*object->peer);
  }
  UpdateSignals(object, call().clear, call().signals);
  Finish(Status::kOk);
}

// --- object_get_info, handle_check_valid ---

bool IsKnownTopic(uint32_t topic) {
  return topic == core::kInfoHandleValid || topic == core::kInfoHandleBasic ||
         topic == core::kInfoHandleCount;
}

void Stepper::StartGetInfo() {
  const uint32_t topic =
      call().kind == CallKind::kHandleCheckValid ? core::kInfoHandleValid : call().topic;
  const HandleRecord* handle = LookUp(state_, process(), Resolve(thread_, call().handle));
  switch (topic) {
    case core::kInfoHandleValid:
      return Finish(handle == nullptr ? Status::kBadHandle : Status::kOk);
    case core::kInfoHandleBasic:
      if (handle == nullptr) return Finish(Status::kBadHandle);
      thread_.bound.push_back(handle->object);
      if (MemoryFails(call().buffers.out)) return Finish(Status::kInvalidArgs);
      thread_.result.info = {state_.FindObject(handle->object)->type, handle->rights};
      return Finish(Status::kOk);
    case core::kInfoHandleCount:
      if (handle == nullptr) return Finish(Status::kBadHandle);
      if ((handle->rights & core::kRightInspect) == 0) return Finish(Status::kAccessDenied);
      thread_.bound.push_back(handle->object);
      thread_.phase = Phase::kOperate;
      return;
    default:
      return Finish(Status::kNotSupported);
  }
}

/// Handles in messages and in the hands of other calls count, but not one whose end is decided, a
/// moment before that has any other effect (D-1).
void Stepper::CountHandles() {
  if (MemoryFails(call().buffers.out)) return Finish(Status::kInvalidArgs);
  const auto has_ended = [&](const ThreadState& thread) {
    const Closing& closing = thread.closing;
    return closing.step == Closing::Step::kEndLife &&
           state_.FindHandle(closing.current())->object == bound().id;
  };
  const bool is_over = std::ranges::any_of(state_.threads, has_ended) || has_ended(state_.worker);
  thread_.result.info_count = is_over ? 0 : state_.HandleCount(bound().id);
  Finish(Status::kOk);
}

}  // namespace model
