#include "core/thread.h"

#include "core/process.h"

namespace core {
inline namespace CORE_PLATFORM {

Thread::Thread(Process& process, ThreadNamesPtr names)
    : process_(process), names_(std::move(names)), lock_("thread") {}

Thread::~Thread() {
  ASSERT(!message_waiter_.is_armed());
}

bool Thread::NextHandleValues(uint32_t count, HandleValue* out) {
  return names_->NextValues(count, process_.handles(), out);
}

WakeReason Thread::Sleep(platform::Event& event, platform::Time deadline) {
  {
    const MutexLock guard(lock_);
    ASSERT(sleeping_on_ == nullptr);
    sleeping_on_ = &event;
    if (killed_ || suspensions_ != 0) event.Interrupt();
  }
  const platform::WaitResult result = event.Wait(deadline);
  // From here on nobody touches the event for this thread's sake.
  const MutexLock guard(lock_);
  sleeping_on_ = nullptr;
  switch (result) {
    case platform::WaitResult::kSignaled:
      return WakeReason::kEvent;
    case platform::WaitResult::kTimedOut:
      return WakeReason::kDeadline;
    case platform::WaitResult::kInterrupted:
      break;
  }
  return killed_ ? WakeReason::kKilled : WakeReason::kSuspended;
}

bool Thread::WaitUntilResumed() {
  platform::Event resumed("resumed");
  {
    const MutexLock guard(lock_);
    if (killed_ || suspensions_ == 0) return !killed_;
    suspended_on_ = &resumed;
  }
  static_cast<void>(resumed.Wait(kTimeInfinite));
  // Taking the lock orders this after the Resume or Kill in progress, which still uses the event.
  const MutexLock guard(lock_);
  ASSERT(suspended_on_ == nullptr);
  return !killed_;
}

void Thread::Kill() {
  const MutexLock guard(lock_);
  killed_ = true;
  if (sleeping_on_ != nullptr) sleeping_on_->Interrupt();
  if (suspended_on_ != nullptr) std::exchange(suspended_on_, nullptr)->Signal();
}

void Thread::Suspend() {
  const MutexLock guard(lock_);
  ++suspensions_;
  if (sleeping_on_ != nullptr) sleeping_on_->Interrupt();
}

void Thread::Resume() {
  const MutexLock guard(lock_);
  ASSERT(suspensions_ > 0);
  if (--suspensions_ != 0 || suspended_on_ == nullptr) return;
  std::exchange(suspended_on_, nullptr)->Signal();
}

bool Thread::IsKilled() const {
  const MutexLock guard(lock_);
  return killed_;
}

}  // namespace CORE_PLATFORM
}  // namespace core
