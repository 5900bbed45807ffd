#include "core/kernel.h"

#include "core/channel_dispatcher.h"

namespace core {
inline namespace CORE_PLATFORM {

Process::Process(Kernel& kernel, Koid koid) : kernel_(kernel), koid_(koid) {}

Process::~Process() {
  CloseHandles();
  idle_names_.clear_and_dispose([](ThreadNames* names) { delete names; });
}

void Process::CloseHandles() {
  while (HandleOwner handle = handles_.RemoveNewest()) handle.reset();
}

Kernel::Kernel(const AbiProfile& profile, NameReuse name_reuse)
    : profile_(profile), name_reuse_(name_reuse), lock_("kernel") {
  ASSERT(name_reuse == NameReuse::kNever || profile.failed_write == OnFailure::kConsume);
  if (profile.nested_close == NestedClose::kDeferred) reaper_.emplace();
}

Kernel::~Kernel() {
  // Nobody else uses a kernel that is being destroyed, so the lock is only for the analysis;
  // closing handles runs without it.
  for (;;) {
    Thread* thread = nullptr;
    {
      const MutexLock guard(lock_);
      if (!threads_.empty()) thread = &threads_.back();
    }
    if (thread == nullptr) break;
    ExitThread(*thread);
  }
  for (;;) {
    Process* newest = nullptr;
    {
      const MutexLock guard(lock_);
      if (processes_.empty()) break;
      newest = &processes_.back();
      processes_.pop_back();
    }
    delete newest;
  }
  ReapHandles();
  const MutexLock guard(lock_);
  idle_names_.clear_and_dispose([](ThreadNames* names) { delete names; });
}

void Kernel::set_reaper_worker(HandleReaper::Worker worker) {
  if (reaper_) reaper_->set_worker(worker);
}

Process* Kernel::CreateProcess() {
  const MutexLock guard(lock_);
  // Thread numbers start at 1, so koids without one are the processes'.
  Process* process = TryNew<Process>("process", *this, Koid{last_process_ + 1});
  if (process == nullptr) return nullptr;
  if (!process->handles_.Init()) {
    delete process;
    return nullptr;
  }
  ++last_process_;
  processes_.push_back(*process);
  return process;
}

Thread* Kernel::CreateThread(Process& process) {
  const MutexLock guard(lock_);
  if (process.dying_) return nullptr;
  ThreadNamesPtr names = TakeNamesLocked(process);
  if (names == nullptr) return nullptr;
  Thread* thread = TryNew<Thread>("thread", process, std::move(names));
  if (thread == nullptr) {
    KeepNamesLocked(process, std::move(names));
    return nullptr;
  }
  ++process.threads_;
  threads_.push_back(*thread);
  return thread;
}

ThreadNamesPtr Kernel::TakeNamesLocked(Process& process) {
  // The oldest first, so that all take turns.
  for (NamesList* idle : {&process.idle_names_, &idle_names_}) {
    if (idle->empty()) continue;
    ThreadNamesPtr names(&idle->front());
    idle->pop_front();
    return names;
  }
  if (last_thread_number_ == kMaxThreadNumber) return nullptr;
  ThreadNamesPtr names(TryNew<ThreadNames>("thread names", last_thread_number_ + 1, name_reuse_));
  if (names != nullptr) ++last_thread_number_;
  return names;
}

void Kernel::KeepNamesLocked(Process& process, ThreadNamesPtr names) {
  // They know which values still name something there, and in no other process.
  process.idle_names_.push_back(*names.release());
}

void Kernel::LeaveNamesLocked(Process& process) {
  // It makes no handle any more. No value of these names anything in another process: there they
  // have never been used.
  idle_names_.splice(idle_names_.end(), process.idle_names_);
}

void Kernel::ExitThread(Thread& thread) {
  ChannelDispatcher::AbandonCall(thread);
  Process& process = thread.process();
  bool last_of_dying = false;
  {
    const MutexLock guard(lock_);
    threads_.erase(threads_.iterator_to(thread));
    if (name_reuse_ == NameReuse::kLater) KeepNamesLocked(process, std::move(thread.names_));
    last_of_dying = --process.threads_ == 0 && process.dying_;
    if (last_of_dying) LeaveNamesLocked(process);
  }
  delete &thread;
  if (last_of_dying) process.CloseHandles();
}

void Kernel::KillProcess(Process& process, int64_t exit_code) {
  bool no_threads = false;
  {
    const MutexLock guard(lock_);
    if (process.dying_) return;
    process.dying_ = true;
    process.exit_code_ = exit_code;
    no_threads = process.threads_ == 0;
    if (no_threads) LeaveNamesLocked(process);
    for (Thread& thread : threads_) {
      if (&thread.process() == &process) thread.Kill();
    }
  }
  if (no_threads) process.CloseHandles();
}

int64_t Kernel::ExitCode(const Process& process) const {
  const MutexLock guard(lock_);
  return process.exit_code_;
}

}  // namespace CORE_PLATFORM
}  // namespace core
