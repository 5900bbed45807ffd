#include "props/setting.h"

#include <cassert>
#include <cstring>
#include <utility>

#include "core/event_dispatcher.h"
#include "core/eventpair_dispatcher.h"
#include "core/port_dispatcher.h"
#include "model/spec.h"

namespace props {

const core::AbiProfile& ProfileOf(model::Generation generation) {
  for (const core::AbiProfile* profile :
       {&core::kMagenta2017, &core::kZircon2018_04, &core::kZircon2018_10}) {
    if (profile->name == model::GenerationName(generation)) return *profile;
  }
  return core::kCurrent;
}

Setting::Setting(const model::Program& program, model::Generation generation)
    : program_(program),
      generation_(generation),
      values_(program.handles.size()),
      objects_(program.handles.size()) {}

void Setting::Make(core::Kernel& kernel) {
  processes_.clear();
  creators_.clear();
  for (size_t i = 0; i < program_.processes.size(); ++i) {
    processes_.push_back(kernel.CreateProcess());
    const bool may_be_killed = model::MayBeKilled(program_, static_cast<model::ProcessIndex>(i));
    if (may_be_killed) processes_.back()->handles().set_order_matters();
    creators_.push_back(kernel.CreateThread(*processes_.back()));
  }
  for (const model::DeclaredObject& object : program_.objects) MakeObject(object);
  for (const model::InitialQueue& queue : program_.queues) FillQueue(queue);
  // A process lives on the threads of the program alone.
  if (!model::HasInterruptions(program_)) return;
  for (core::Thread* creator : creators_) kernel.ExitThread(*creator);
}

model::ProcessIndex Setting::IndexOf(core::Koid process) const {
  model::ProcessIndex index = 0;
  while (index < processes_.size() && processes_[index]->koid() != process) ++index;
  return index;
}

void Setting::MakeObject(const model::DeclaredObject& object) {
  core::Thread& creator = *creators_[program_.handles[object.handles[0]].process];
  core::HandleOwner made[2];
  core::Status status = core::Status::kInternal;
  switch (object.type) {
    case core::ObjectType::kChannel:
      status = core::ChannelDispatcher::Create(creator, core::kRightNone, &made[0], &made[1]);
      break;
    case core::ObjectType::kEventPair:
      status = core::EventPairDispatcher::Create(creator, core::kRightNone, &made[0], &made[1]);
      break;
    case core::ObjectType::kPort:
      status = core::PortDispatcher::Create(creator, core::kRightNone, &made[0]);
      break;
    default:
      status = core::EventDispatcher::Create(creator, core::kRightNone, &made[0]);
      break;
  }
  assert(status == core::Status::kOk);
  static_cast<void>(status);
  // The handles of the creation die at the end of this function; by then the declared ones exist.
  for (model::EndpointIndex index : object.handles) {
    const bool paired = model::IsPaired(object.type);
    core::Dispatcher& target = made[paired ? program_.handles[index].side : 0]->object();
    Place(core::RefPtr<core::Dispatcher>(&target), index);
  }
}

void Setting::Place(core::RefPtr<core::Dispatcher> object, model::EndpointIndex index) {
  const model::ProcessIndex process = program_.handles[index].process;
  objects_[index] = object->koid();
  const bool fine = creators_[process]->NextHandleValues(1, &values_[index]);
  assert(fine);
  static_cast<void>(fine);
  object->OnReceived(*processes_[process]);
  const core::Rights rights = model::StartRights(program_, index, generation_);
  processes_[process]->handles().Add(core::MakeHandle(std::move(object), rights), values_[index]);
}

void Setting::FillQueue(const model::InitialQueue& queue) {
  const model::DeclaredHandle& endpoint = program_.handles[queue.endpoint];
  const model::DeclaredObject& channel = program_.objects[endpoint.object];
  const model::EndpointIndex peer = channel.handles[1 - endpoint.side];
  core::Process& writer = *processes_[program_.handles[peer].process];
  core::RefPtr<core::Dispatcher> object;
  core::Status status = writer.handles().Lookup(values_[peer], core::ObjectType::kChannel,
                                                core::kRightNone, ProfileOf(generation_), &object);
  assert(status == core::Status::kOk);
  for (const model::InitialMessage& message : queue.messages) {
    core::HandleOwner nested;
    for (uint32_t level = 0; level < message.nested; ++level) {
      nested = Nest(*creators_[program_.handles[peer].process], std::move(nested));
    }
    Send(static_cast<core::ChannelDispatcher&>(*object), writer, message.payload,
         std::move(nested));
  }
  static_cast<void>(status);
}

// An end of a new channel that has an empty message with the handle in it, if there is one, and
// whose other end is closed.
core::HandleOwner Setting::Nest(core::Thread& creator, core::HandleOwner inner) {
  const core::Rights rights = model::DefaultRights(core::ObjectType::kChannel, generation_);
  core::HandleOwner near;
  core::HandleOwner far;
  const core::Status status = core::ChannelDispatcher::Create(creator, rights, &near, &far);
  assert(status == core::Status::kOk);
  static_cast<void>(status);
  far->object().OnReceived(creator.process());
  Send(static_cast<core::ChannelDispatcher&>(far->object()), creator.process(), "",
       std::move(inner));
  return near;
}

void Setting::Send(core::ChannelDispatcher& from, core::Process& writer, std::string_view payload,
                   core::HandleOwner handle) {
  const auto size = static_cast<uint32_t>(core::kTxidBytes + payload.size());
  core::MessagePacketPtr packet = core::MessagePacket::Create(size, handle == nullptr ? 0 : 1);
  std::memset(packet->bytes().data(), 0, core::kTxidBytes);
  std::memcpy(packet->bytes().data() + core::kTxidBytes, payload.data(), payload.size());
  if (handle != nullptr) packet->handles()[0] = std::move(handle);
  core::PendingMessages pending;
  const core::Status status = from.Write(writer, packet, &pending);
  assert(status == core::Status::kOk);
  static_cast<void>(status);
}

}  // namespace props
