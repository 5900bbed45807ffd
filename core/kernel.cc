#include "core/kernel.h"

#include "core/channel_dispatcher.h"

namespace core {
inline namespace CORE_PLATFORM {

Process::Process(Kernel& kernel, Koid koid) : kernel_(kernel), koid_(koid) {}

Process::~Process() {
  CloseHandles();
}

void Process::CloseHandles() {
  while (HandleOwner handle = handles_.RemoveNewest()) handle.reset();
}

Kernel::Kernel(const AbiProfile& profile) : profile_(profile), lock_("kernel") {}

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
  if (process.dying_ || last_thread_number_ == kMaxThreadNumber) return nullptr;
  Thread* thread = TryNew<Thread>("thread", process, last_thread_number_ + 1);
  if (thread == nullptr) return nullptr;
  ++last_thread_number_;
  ++process.threads_;
  threads_.push_back(*thread);
  return thread;
}

void Kernel::ExitThread(Thread& thread) {
  ChannelDispatcher::AbandonCall(thread);
  Process& process = thread.process();
  bool last_of_dying = false;
  {
    const MutexLock guard(lock_);
    threads_.erase(threads_.iterator_to(thread));
    last_of_dying = --process.threads_ == 0 && process.dying_;
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
