#include "props/syscalls.h"

#include <fmt/format.h>

#include "props/bodies.h"

namespace props {

namespace {

model::Call CallOf(model::CallKind kind) {
  model::Call call;
  call.kind = kind;
  return call;
}

model::RightsArgument RightsOf(core::Rights rights) {
  if (rights == core::kRightSameRights) return {};
  return {model::RightsArgument::Kind::kExactly, rights};
}

}  // namespace

model::HandleArgument Syscalls::Use(const Handle& handle) {
  if (handle.thread && *handle.thread != thread_) {
    bodies_.Fail(thread_, {false, "",
                           "a thread used a handle that a call of another thread brought; send it "
                           "in a message, or declare it",
                           0});
  }
  return handle.argument;
}

std::vector<model::HandleArgument> Syscalls::Use(const std::vector<Handle>& handles) {
  std::vector<model::HandleArgument> arguments;
  for (const Handle& handle : handles) arguments.push_back(Use(handle));
  return arguments;
}

Answer Syscalls::Make(model::Call call) {
  switch (call.kind) {
    case model::CallKind::kThreadKill:
    case model::CallKind::kThreadSuspend:
    case model::CallKind::kThreadResume:
    case model::CallKind::kProcessKill:
      bodies_.Fail(thread_, {false, "",
                             "a body kills and suspends nobody: whether anybody does has to be "
                             "known before it runs; see --faults",
                             0});
    default:
      break;
  }
  return bodies_.Ask(thread_, std::move(call));
}

Answer Syscalls::MakeOn(model::CallKind kind, const Handle& handle) {
  model::Call call = CallOf(kind);
  call.handle = Use(handle);
  return Make(std::move(call));
}

// --- Messages ---

core::Status Syscalls::Write(const Handle& channel, std::string bytes,
                             const std::vector<Handle>& handles, uint32_t txid) {
  model::Call call = CallOf(model::CallKind::kChannelWrite);
  call.handle = Use(channel);
  if (!bytes.empty()) call.bytes = {std::move(bytes)};
  call.txid = txid;
  call.handles = Use(handles);
  return Make(std::move(call)).status;
}

Answer Syscalls::Read(const Handle& channel) {
  return MakeOn(model::CallKind::kChannelRead, channel);
}

Answer Syscalls::Call(const Handle& channel, std::string bytes, const std::vector<Handle>& handles,
                      model::Deadline deadline) {
  model::Call call = CallOf(model::CallKind::kChannelCall);
  call.handle = Use(channel);
  if (!bytes.empty()) call.bytes = {std::move(bytes)};
  call.handles = Use(handles);
  call.deadline = deadline;
  return Make(std::move(call));
}

core::Status Syscalls::Reply(const Handle& channel, const Answer& request, std::string bytes,
                             const std::vector<Handle>& handles) {
  return Write(channel, std::move(bytes), handles, request.txid);
}

// --- Handles ---

Answer Syscalls::CreateChannel() {
  return Make(CallOf(model::CallKind::kChannelCreate));
}
Answer Syscalls::CreateEventPair() {
  return Make(CallOf(model::CallKind::kEventPairCreate));
}
Answer Syscalls::CreateEvent() {
  return Make(CallOf(model::CallKind::kEventCreate));
}
Answer Syscalls::CreatePort() {
  return Make(CallOf(model::CallKind::kPortCreate));
}

Answer Syscalls::Duplicate(const Handle& handle, core::Rights rights) {
  model::Call call = CallOf(model::CallKind::kHandleDuplicate);
  call.handle = Use(handle);
  call.rights = RightsOf(rights);
  return Make(std::move(call));
}

Answer Syscalls::Replace(const Handle& handle, core::Rights rights) {
  model::Call call = CallOf(model::CallKind::kHandleReplace);
  call.handle = Use(handle);
  call.rights = RightsOf(rights);
  return Make(std::move(call));
}

core::Status Syscalls::Close(const Handle& handle) {
  return MakeOn(model::CallKind::kHandleClose, handle).status;
}

// --- Waits and ports ---

Answer Syscalls::WaitOne(const Handle& handle, core::Signals signals, model::Deadline deadline) {
  model::Call call = CallOf(model::CallKind::kObjectWaitOne);
  call.handle = Use(handle);
  call.signals = signals;
  call.deadline = deadline;
  return Make(std::move(call));
}

Answer Syscalls::WaitMany(const std::vector<WaitFor>& items, model::Deadline deadline) {
  model::Call call = CallOf(model::CallKind::kObjectWaitMany);
  for (const WaitFor& item : items) call.items.push_back({Use(item.handle), item.signals});
  call.deadline = deadline;
  return Make(std::move(call));
}

core::Status Syscalls::Signal(const Handle& handle, core::Signals clear, core::Signals set) {
  model::Call call = CallOf(model::CallKind::kObjectSignal);
  call.handle = Use(handle);
  call.clear = clear;
  call.signals = set;
  return Make(std::move(call)).status;
}

core::Status Syscalls::SignalPeer(const Handle& handle, core::Signals clear, core::Signals set) {
  model::Call call = CallOf(model::CallKind::kObjectSignalPeer);
  call.handle = Use(handle);
  call.clear = clear;
  call.signals = set;
  return Make(std::move(call)).status;
}

core::Status Syscalls::WaitAsync(const Handle& handle, const Handle& port, uint64_t key,
                                 core::Signals signals, uint32_t options) {
  model::Call call = CallOf(model::CallKind::kObjectWaitAsync);
  call.handle = Use(handle);
  call.port = Use(port);
  call.key = key;
  call.signals = signals;
  call.options = options;
  return Make(std::move(call)).status;
}

Answer Syscalls::PortWait(const Handle& port, model::Deadline deadline) {
  model::Call call = CallOf(model::CallKind::kPortWait);
  call.handle = Use(port);
  call.deadline = deadline;
  return Make(std::move(call));
}

core::Status Syscalls::PortQueue(const Handle& port, uint64_t key) {
  model::Call call = CallOf(model::CallKind::kPortQueue);
  call.handle = Use(port);
  call.key = key;
  return Make(std::move(call)).status;
}

core::Status Syscalls::PortCancel(const Handle& port, const Handle& handle, uint64_t key) {
  model::Call call = CallOf(model::CallKind::kPortCancel);
  call.port = Use(port);
  call.handle = Use(handle);
  call.key = key;
  return Make(std::move(call)).status;
}

// --- What is no system call ---

uint32_t Syscalls::Choose(uint32_t count) {
  model::Call call = CallOf(model::CallKind::kChoose);
  call.blocks.assign(count, 0);
  Make(std::move(call));
  return bodies_.runs_[thread_]->block;
}

void Syscalls::Check(bool holds, std::string_view claim, const char* file, uint32_t line) {
  if (holds) return;
  bodies_.Fail(thread_, {true, std::string(claim),
                         fmt::format("{}:{}: thread {} found this claim false", file, line,
                                     bodies_.program_.threads[thread_].name),
                         line});
}

}  // namespace props
