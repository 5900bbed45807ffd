#include "core/kernel.h"

namespace core {
inline namespace CORE_PLATFORM {

Process::Process(Kernel& kernel, Koid koid) : kernel_(kernel), koid_(koid) {}

Process::~Process() {
  while (HandleOwner handle = handles_.RemoveNewest()) handle.reset();
}

bool Thread::NextHandleValues(uint32_t count, HandleValue* out) {
  constexpr uint32_t kShare = 1u << kValueSequenceBits;
  if (count >= kShare - last_value_) return false;
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t number = (number_ << kValueSequenceBits) | ++last_value_;
    out[i] = (number << 2) | kHandleFixedBits;
  }
  return true;
}

Kernel::Kernel() : lock_("kernel") {}

Kernel::~Kernel() {
  const MutexLock guard(lock_);
  threads_.clear_and_dispose([](Thread* thread) { delete thread; });
  while (!processes_.empty()) {
    Process& newest = processes_.back();
    processes_.pop_back();
    delete &newest;
  }
}

Process* Kernel::CreateProcess() {
  const MutexLock guard(lock_);
  // Thread numbers start at 1, so koids without one are the processes'.
  Process* process = TryNew<Process>("process", *this, Koid{last_process_ + 1});
  if (process == nullptr) return nullptr;
  ++last_process_;
  processes_.push_back(*process);
  if (process->handles_.Init()) return process;
  processes_.pop_back();
  delete process;
  return nullptr;
}

Thread* Kernel::CreateThread(Process& process) {
  const MutexLock guard(lock_);
  if (last_thread_number_ == kMaxThreadNumber) return nullptr;
  Thread* thread = TryNew<Thread>("thread", process, last_thread_number_ + 1);
  if (thread == nullptr) return nullptr;
  ++last_thread_number_;
  threads_.push_back(*thread);
  return thread;
}

}  // namespace CORE_PLATFORM
}  // namespace core
