#include "core/kernel.h"

#include "core/channel_dispatcher.h"

namespace core {
inline namespace CORE_PLATFORM {

namespace {

ThreadNamesPtr TakeFirst(ThreadNamesList& idle) {
  if (idle.empty()) return nullptr;
  ThreadNamesPtr names(&idle.front());
  idle.pop_front();
  return names;
}

}  // namespace

Process::Process(Kernel& kernel, Koid koid)
    : kernel_(kernel), koid_(koid), dying_threads_("dying threads"), lock_("process") {}

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
  // Nobody else uses a kernel that is being destroyed.
  for (auto process = processes_.rbegin(); process != processes_.rend(); ++process) {
    while (!process->threads_.empty()) ExitThread(process->threads_.back());
  }
  while (!processes_.empty()) {
    Process& newest = processes_.back();
    processes_.pop_back();
    delete &newest;
  }
  ReapHandles();
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
  const WriterLock guard(process.lock_);
  if (process.dying_) return nullptr;
  ThreadNamesPtr names = TakeNamesLocked(process);
  if (names == nullptr) return nullptr;
  Thread* thread = TryNew<Thread>("thread", process, std::move(names));
  if (thread == nullptr) {
    KeepNamesLocked(process, std::move(names));
    return nullptr;
  }
  process.threads_.push_back(*thread);
  return thread;
}

ThreadNamesPtr Kernel::TakeNamesLocked(Process& process) {
  // The oldest first, so that all take turns.
  if (ThreadNamesPtr names = TakeFirst(process.idle_names_)) return names;
  const MutexLock guard(lock_);
  if (ThreadNamesPtr names = TakeFirst(idle_names_)) return names;
  if (last_thread_number_ == kMaxThreadNumber) return nullptr;
  ThreadNamesPtr names(TryNew<ThreadNames>("thread names", last_thread_number_ + 1, name_reuse_));
  if (names != nullptr) ++last_thread_number_;
  return names;
}

void Kernel::KeepNamesLocked(Process& process, ThreadNamesPtr names) {
  // They know which values still name something there, and in no other process.
  process.idle_names_.push_back(*names.release());
  if (process.dying_) LeaveNamesLocked(process);
}

void Kernel::LeaveNamesLocked(Process& process) {
  if (process.idle_names_.empty()) return;
  // No thread of it gets them any more, and no value of these names anything in another process:
  // there they have never been used.
  const MutexLock guard(lock_);
  idle_names_.splice(idle_names_.end(), process.idle_names_);
}

void Kernel::ExitThread(Thread& thread) {
  ChannelDispatcher::AbandonCall(thread);
  Process& process = thread.process();
  bool is_dying = false;
  {
    // Only names that are kept have an order among the threads of the process.
    const bool keeps_names = name_reuse_ == NameReuse::kLater;
    const WriterLock guard(process.lock_, keeps_names ? 0 : thread.names_->number());
    process.threads_.erase(process.threads_.iterator_to(thread));
    if (keeps_names) KeepNamesLocked(process, std::move(thread.names_));
    is_dying = process.dying_;
  }
  delete &thread;
  if (is_dying && process.dying_threads_.Decrement()) process.CloseHandles();
}

void Kernel::KillProcess(Process& process, int64_t exit_code) {
  {
    const WriterLock guard(process.lock_);
    if (process.dying_) return;
    process.dying_ = true;
    process.exit_code_ = exit_code;
    for (Thread& thread : process.threads_) {
      process.dying_threads_.Increment();
      thread.Kill();
    }
    LeaveNamesLocked(process);
  }
  if (process.dying_threads_.Decrement()) process.CloseHandles();
}

int64_t Kernel::ExitCode(const Process& process) const {
  const ReaderLock guard(process.lock_);
  return process.exit_code_;
}

}  // namespace CORE_PLATFORM
}  // namespace core
