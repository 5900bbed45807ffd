#include "props/world.h"

#include <fmt/format.h>

#include <cassert>
#include <cstring>

#include "core/event_dispatcher.h"
#include "core/syscalls.h"
#include "props/caller.h"

namespace props {

World::World(const model::Litmus& litmus)
    : litmus_(litmus),
      program_(litmus.program),
      handle_values_(program_.handles.size()),
      handle_objects_(program_.handles.size()),
      shown_(program_.handles.size()) {
  for (model::ThreadIndex i = 0; i < program_.threads.size(); ++i) {
    callers_.push_back(std::make_unique<Caller>(*this, i));
  }
  observation_.results.resize(program_.threads.size());
  observation_.endpoints.resize(program_.handles.size());
  observation_.blocked.resize(program_.threads.size());
}

World::~World() = default;

void World::Start(sim::Runtime& runtime) {
  runtime_ = &runtime;
  notes_.clear();
  shown_.assign(program_.handles.size(), ShownEndpoint{});
  // In the arena, like everything of the kernel: an execution that is cut short leaves nothing.
  kernel_ = new (core::AllocateBytes(sizeof(core::Kernel), "kernel")) core::Kernel();
  MakeProcesses();
  for (const model::DeclaredObject& object : program_.objects) MakeObject(object);
  for (const model::InitialQueue& queue : program_.queues) FillQueue(queue);
  for (model::ThreadIndex i = 0; i < program_.threads.size(); ++i) {
    const model::ThreadProgram& thread = program_.threads[i];
    callers_[i]->Reset(*kernel_->CreateThread(*processes_[thread.process]));
    runtime.Spawn(thread.name, *callers_[i]);
  }
  if (recording_) NoteChanges();
}

void World::MakeProcesses() {
  processes_.clear();
  setup_threads_.clear();
  for (size_t i = 0; i < program_.processes.size(); ++i) {
    processes_.push_back(kernel_->CreateProcess());
    setup_threads_.push_back(kernel_->CreateThread(*processes_.back()));
  }
}

core::HandleValue World::NextValue(model::ProcessIndex process) {
  core::HandleValue value = core::kInvalidHandle;
  const bool fine = setup_threads_[process]->NextHandleValues(1, &value);
  assert(fine);
  static_cast<void>(fine);
  return value;
}

void World::Place(const model::DeclaredHandle& declared, core::RefPtr<core::Dispatcher> object,
                  model::EndpointIndex index) {
  handle_objects_[index] = object->koid();
  handle_values_[index] = NextValue(declared.process);
  core::Process& process = *processes_[declared.process];
  object->OnReceived(process);
  process.handles().Add(core::MakeHandle(std::move(object), declared.rights),
                        handle_values_[index]);
}

void World::MakeObject(const model::DeclaredObject& object) {
  core::Thread& creator = *setup_threads_[program_.handles[object.handles[0]].process];
  core::HandleOwner made[2];
  const core::Status status =
      object.type == core::ObjectType::kChannel
          ? core::ChannelDispatcher::Create(creator, core::kRightNone, &made[0], &made[1])
          : core::EventDispatcher::Create(creator, core::kRightNone, &made[0]);
  assert(status == core::Status::kOk);
  static_cast<void>(status);
  // The handles of the creation die at the end of this function; by then the declared ones exist.
  for (model::EndpointIndex index : object.handles) {
    const model::DeclaredHandle& declared = program_.handles[index];
    const bool is_channel = object.type == core::ObjectType::kChannel;
    core::Dispatcher& target = made[is_channel ? declared.side : 0]->object();
    Place(declared, core::RefPtr<core::Dispatcher>(&target), index);
  }
}

void World::FillQueue(const model::InitialQueue& queue) {
  const model::DeclaredHandle& endpoint = program_.handles[queue.endpoint];
  const model::DeclaredObject& channel = program_.objects[endpoint.object];
  const model::EndpointIndex peer = channel.handles[1 - endpoint.side];
  core::Process& writer = *processes_[program_.handles[peer].process];
  core::RefPtr<core::Dispatcher> object;
  core::Status status = writer.handles().Lookup(handle_values_[peer], core::ObjectType::kChannel,
                                                core::kRightNone, kernel_->profile(), &object);
  assert(status == core::Status::kOk);
  for (const std::string& payload : queue.payloads) {
    const auto size = static_cast<uint32_t>(core::kTxidBytes + payload.size());
    core::MessagePacketPtr packet = core::MessagePacket::Create(size, 0);
    std::memset(packet->bytes().data(), 0, core::kTxidBytes);
    std::memcpy(packet->bytes().data() + core::kTxidBytes, payload.data(), payload.size());
    core::PendingMessages pending;
    status = static_cast<core::ChannelDispatcher&>(*object).Write(writer, packet, &pending);
    assert(status == core::Status::kOk);
  }
  static_cast<void>(status);
}

void World::AtBoundary(sim::Runtime& runtime) {
  view_.Take(*kernel_);
  bool quiescent = true;
  for (const auto& caller : callers_) quiescent = quiescent && !caller->in_call();
  std::string broken = view_.FindBrokenInvariant(quiescent);
  if (recording_) NoteChanges();
  if (!broken.empty()) runtime.Fail(sim::FailureKind::kInvariant, std::move(broken));
}

void World::AddNote(Note::Kind kind, model::ThreadIndex thread, std::string subject,
                    std::string text) {
  notes_.push_back({kind, runtime_->events(), thread, std::move(subject), std::move(text)});
}

const std::string& World::NameOfProcess(core::Koid koid) const {
  static const std::string unknown = "?";
  for (size_t i = 0; i < processes_.size(); ++i) {
    if (processes_[i]->koid() == koid) return program_.processes[i];
  }
  return unknown;
}

void World::NoteChanges() {
  view_.Take(*kernel_);
  for (model::EndpointIndex i = 0; i < program_.handles.size(); ++i) {
    const ObjectView* object = view_.FindObject(handle_objects_[i]);
    if (object == nullptr || object->channel == nullptr) continue;
    const std::string& name = program_.handles[i].name;
    ShownEndpoint& shown = shown_[i];
    const core::Koid owner = object->channel->PeekOwner();
    if (shown.owner != 0 && shown.owner != owner) {
      AddNote(Note::Kind::kRemark, 0, "",
              fmt::format("owner of {}: {} -> {}", name, NameOfProcess(shown.owner),
                          NameOfProcess(owner)));
    }
    shown.owner = owner;
    std::vector<std::string> queue = QueueOf(*object->channel);
    if (queue == shown.queue) continue;
    AddNote(Note::Kind::kQueue, 0, name + ".queue", model::PrintValue(queue));
    shown.queue = std::move(queue);
  }
}

void World::Observe() {
  view_.Take(*kernel_);
  for (model::EndpointIndex i = 0; i < program_.handles.size(); ++i) {
    model::EndpointObservation& seen = observation_.endpoints[i];
    seen = model::EndpointObservation{};
    const ObjectView* object = view_.FindObject(handle_objects_[i]);
    const bool alive =
        object != nullptr && object->channel != nullptr && object->channel->PeekHandleCount() != 0;
    if (!alive) continue;
    seen.queue = QueueOf(*object->channel);
    seen.signals = object->channel->PeekSignals();
    const HandleView* handle = view_.FindHandleTo(handle_objects_[i]);
    const bool in_table = handle != nullptr && handle->process != nullptr;
    seen.place = in_table ? model::EndpointObservation::Place::kTable
                          : model::EndpointObservation::Place::kTransit;
    for (model::ProcessIndex p = 0; in_table && p < processes_.size(); ++p) {
      if (processes_[p] == handle->process) seen.owner = p;
    }
  }
  for (model::ThreadIndex i = 0; i < callers_.size(); ++i) {
    observation_.results[i] = callers_[i]->results();
    observation_.blocked[i] = callers_[i]->in_call();
  }
}

// Every message written was read, is queued, or died with an endpoint. Only the first two can be
// counted from outside, so the sum must fit exactly when every endpoint ever made is still there.
void World::CheckConservation(sim::Runtime& runtime) const {
  uint32_t written = 0;
  uint32_t taken = 0;
  uint32_t endpoints = 0;
  for (const auto& caller : callers_) {
    written += caller->written();
    taken += caller->taken();
    endpoints += 2 * caller->channels_made();
  }
  for (const model::InitialQueue& queue : program_.queues) {
    written += static_cast<uint32_t>(queue.payloads.size());
  }
  for (const model::DeclaredObject& object : program_.objects) {
    if (object.type == core::ObjectType::kChannel) endpoints += 2;
  }
  uint32_t queued = 0;
  for (const ObjectView& object : view_.objects()) {
    if (object.channel == nullptr || object.channel->PeekHandleCount() == 0) continue;
    --endpoints;
    object.channel->PeekEach([&](const core::MessagePacket&) { ++queued; });
  }
  if (endpoints == 0 ? written == taken + queued : written >= taken + queued) return;
  runtime.Fail(sim::FailureKind::kInvariant,
               fmt::format("a message was lost or doubled: {} written, {} read, {} queued", written,
                           taken, queued));
}

void World::Finish(sim::Runtime& runtime) {
  Observe();
  if (recording_) NoteChanges();
  bool all_returned = true;
  for (bool blocked : observation_.blocked) all_returned = all_returned && !blocked;
  if (!all_returned) return;  // Threads in a call still use the kernel.
  CheckConservation(runtime);
  kernel_->~Kernel();
  platform::Free(kernel_);
}

}  // namespace props
