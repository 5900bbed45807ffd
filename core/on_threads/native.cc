// native.h: checks what the host asks for, then calls in.
#include "heddle/native.h"

#include <array>
#include <new>
#include <system_error>
#include <utility>

#include "core/on_threads/bound_thread.h"

namespace heddle {

namespace {

constexpr std::array<const core::AbiProfile*, 4> kProfiles = {
    &core::kMagenta2017, &core::kZircon2018_04, &core::kZircon2018_10, &core::kCurrent};

const core::AbiProfile* FindProfile(std::string_view name) {
  for (const core::AbiProfile* profile : kProfiles) {
    if (profile->name == name) return profile;
  }
  return nullptr;
}

// What `function` answers, or ZX_ERR_NO_MEMORY if the standard library runs out of it.
template <typename Function>
zx_status_t WithMemory(Function function) {
  try {
    return function();
  } catch (const std::bad_alloc&) {
    return ZX_ERR_NO_MEMORY;
  }
}

void RunBound(BoundThread& bound, std::function<void()> body) {
  bound.Enter();
  try {
    // Gone before the thread is unbound: what it holds may close handles.
    const std::function<void()> run = std::move(body);
    run();
  } catch (const ThreadKilled&) {
  }
  bound.Leave();
  bound.process()->EndThread(bound);
}

}  // namespace

zx_status_t Kernel::Create(const KernelOptions& options, Kernel* out) {
  const core::AbiProfile* profile = FindProfile(options.generation);
  if (profile == nullptr) return ZX_ERR_NOT_FOUND;
  if (options.user_memory == UserMemory::kChecked && !platform::CanCheckUserMemory()) {
    return ZX_ERR_NOT_SUPPORTED;
  }
  return WithMemory([&] {
    try {
      out->state_ = std::make_shared<KernelState>(*profile, options);
    } catch (const std::system_error&) {
      return ZX_ERR_NO_RESOURCES;
    }
    return ZX_OK;
  });
}

std::vector<std::string_view> Kernel::Generations() {
  std::vector<std::string_view> names;
  for (const core::AbiProfile* profile : kProfiles) names.push_back(profile->name);
  return names;
}

std::string_view Kernel::generation() const {
  return state_ == nullptr ? std::string_view() : state_->kernel().profile().name;
}

zx_status_t Kernel::CreateProcess(Process* out) const {
  if (state_ == nullptr) return ZX_ERR_BAD_STATE;
  return WithMemory([&] {
    core::Process* process = state_->kernel().CreateProcess();
    if (process == nullptr) return ZX_ERR_NO_MEMORY;
    *out = Process(std::make_shared<ProcessState>(state_, *process));
    return ZX_OK;
  });
}

zx_status_t Thread::Kill() const {
  return state_ == nullptr ? ZX_ERR_BAD_STATE : state_->Kill();
}

zx_status_t Thread::Suspend() const {
  return state_ == nullptr ? ZX_ERR_BAD_STATE : state_->Suspend();
}

zx_status_t Thread::Resume() const {
  return state_ == nullptr ? ZX_ERR_BAD_STATE : state_->Resume();
}

zx_status_t Process::StartThread(std::function<void()> body, std::thread* out,
                                 Thread* control) const {
  if (state_ == nullptr) return ZX_ERR_BAD_STATE;
  return WithMemory([&] {
    std::shared_ptr<BoundThread> bound;
    const zx_status_t created = state_->NewThread(OnKill::kThrow, &bound);
    if (created != ZX_OK) return created;
    if (control != nullptr) *control = Thread(bound);  // Before `body` can ask for it.
    try {
      *out = std::thread(
          [bound, run = std::move(body)]() mutable { RunBound(*bound, std::move(run)); });
    } catch (const std::system_error&) {
      state_->EndThread(*bound);
      return ZX_ERR_NO_RESOURCES;
    } catch (const std::bad_alloc&) {
      state_->EndThread(*bound);
      return ZX_ERR_NO_MEMORY;
    }
    return ZX_OK;
  });
}

zx_status_t Process::Kill(int64_t exit_code) const {
  return state_ == nullptr ? ZX_ERR_BAD_STATE : state_->Kill(exit_code);
}

int64_t Process::exit_code() const {
  if (state_ == nullptr) return 0;
  return state_->kernel().kernel().ExitCode(state_->process());
}

zx_status_t Process::MoveHandle(zx_handle_t handle, const Process& to, zx_handle_t* out) const {
  if (state_ == nullptr || to.state_ == nullptr) return ZX_ERR_BAD_STATE;
  if (&state_->kernel() != &to.state_->kernel()) return ZX_ERR_INVALID_ARGS;
  return WithMemory([&] { return to.state_->Receive(state_->process().handles(), handle, out); });
}

ThreadBinding::ThreadBinding(const Process& process, OnKill on_kill) : status_(ZX_ERR_BAD_STATE) {
  if (process.state_ == nullptr) return;
  status_ = WithMemory([&] { return process.state_->NewThread(on_kill, &state_); });
  if (status_ == ZX_OK) state_->Enter();
}

ThreadBinding::~ThreadBinding() {
  if (status_ != ZX_OK) return;
  state_->Leave();
  state_->process()->EndThread(*state_);
}

}  // namespace heddle
