#include "core/on_threads/bound_thread.h"

#include <exception>
#include <utility>

namespace heddle {

KernelState::KernelState(const core::AbiProfile& profile, const KernelOptions& options)
    : kernel_(profile),
      user_memory_(options.user_memory),
      on_pending_messages_(options.on_pending_messages),
      lock_("native kernel") {
  if (on_pending_messages_) kernel_.set_pending_message_policy({&OnPending, this});
}

void KernelState::OnPending(void* context, core::Thread& writer,
                            const core::PendingMessages& pending) {
  const BoundThread* bound = BoundThread::Current();
  ASSERT(bound != nullptr && &bound->thread() == &writer);
  PendingMessages report;
  report.endpoint = pending.endpoint;
  report.count = pending.count;
  report.is_beyond_limit = pending.level == core::PendingMessages::Level::kTooMany;
  try {
    static_cast<KernelState*>(context)->on_pending_messages_(Process(bound->process()), report);
  } catch (const ThreadKilled&) {
    // The host killed the writer and made a call after that. The write returns first, and then the
    // thread finds out once more.
  }
}

bool KernelState::NewHandleValue(core::HandleValue* value) {
  const core::MutexLock guard(lock_);
  if (name_giver_ != nullptr && name_giver_->NextHandleValues(1, value)) return true;
  // The first time, or all values of this one are used up.
  core::Process* process =
      name_giver_ != nullptr ? &name_giver_->process() : kernel_.CreateProcess();
  if (process == nullptr) return false;
  if (name_giver_ != nullptr) kernel_.ExitThread(*std::exchange(name_giver_, nullptr));
  name_giver_ = kernel_.CreateThread(*process);
  return name_giver_ != nullptr && name_giver_->NextHandleValues(1, value);
}

ProcessState::~ProcessState() {
  // Nobody refers to this any more, so the lock is only for the analysis.
  const core::MutexLock guard(lock_);
  ASSERT(bound_.empty());
  for (core::Thread* thread : idle_) kernel_->kernel().ExitThread(*thread);
}

zx_status_t ProcessState::NewThread(OnKill on_kill, std::shared_ptr<BoundThread>* out) {
  const core::MutexLock guard(lock_);
  if (killed_) return ZX_ERR_BAD_STATE;
  // Room for every thread, so that the end of a binding needs no memory.
  idle_.reserve(idle_.size() + bound_.size() + 1);
  if (idle_.empty()) {
    core::Thread* thread = kernel_->kernel().CreateThread(process_);
    if (thread == nullptr) return ZX_ERR_NO_MEMORY;
    idle_.push_back(thread);
  }
  *out = std::make_shared<BoundThread>(shared_from_this(), *idle_.back(), on_kill);
  idle_.pop_back();
  bound_.push_back(**out);
  return ZX_OK;
}

void ProcessState::EndThread(BoundThread& bound) {
  core::Thread* to_exit = nullptr;
  {
    const core::MutexLock guard(lock_);
    bound_.erase(bound_.iterator_to(bound));
    bool reusable = false;
    core::Thread& thread = bound.Detach(&reusable);
    if (reusable && !killed_) {
      idle_.push_back(&thread);
    } else {
      to_exit = &thread;
    }
  }
  // May close the handles of the process.
  if (to_exit != nullptr) kernel_->kernel().ExitThread(*to_exit);
}

zx_status_t ProcessState::Kill(int64_t exit_code) {
  const core::MutexLock guard(lock_);
  if (killed_) return ZX_ERR_BAD_STATE;
  killed_ = true;
  for (BoundThread& bound : bound_) bound.Kill();
  kernel_->kernel().KillProcess(process_, exit_code);
  while (!idle_.empty()) {
    core::Thread* thread = idle_.back();
    idle_.pop_back();
    kernel_->kernel().ExitThread(*thread);
  }
  return ZX_OK;
}

zx_status_t ProcessState::Receive(core::HandleOwner& handle, core::HandleValue value) {
  const core::MutexLock guard(lock_);
  if (killed_) return ZX_ERR_BAD_STATE;
  handle->object().CancelObservers(*handle);
  handle->object().OnReceived(process_);
  process_.handles().Add(std::move(handle), value);
  return ZX_OK;
}

void ProcessState::TakeBack(core::HandleOwner handle) {
  const core::MutexLock guard(lock_);
  if (!killed_) process_.handles().PutBack(std::move(handle));
}

constinit thread_local BoundThread* BoundThread::current_ = nullptr;

void BoundThread::Enter() {
  outer_ = std::exchange(current_, this);
  const bool checked = process_->kernel().user_memory() == UserMemory::kChecked;
  outer_user_memory_ =
      std::exchange(platform::user_memory,
                    checked ? platform::UserMemory::kChecked : platform::UserMemory::kTrusted);
}

void BoundThread::Leave() {
  ASSERT(current_ == this);  // The newest binding ends first, on its own thread.
  current_ = std::exchange(outer_, nullptr);
  platform::user_memory = outer_user_memory_;
}

zx_status_t BoundThread::AnswerKilled() const {
  if (on_kill_ == OnKill::kThrow && std::uncaught_exceptions() == 0) throw ThreadKilled();
  return ZX_ERR_BAD_STATE;
}

zx_status_t BoundThread::Kill() {
  const core::MutexLock guard(lock_);
  if (thread_ == nullptr) return ZX_ERR_BAD_STATE;
  // First the hint: the thread looks at it when it comes out of the call that this ends.
  disturbances_.fetch_or(kKilledBit, std::memory_order_release);
  thread_->Kill();
  return ZX_OK;
}

zx_status_t BoundThread::Suspend() {
  const core::MutexLock guard(lock_);
  if (thread_ == nullptr) return ZX_ERR_BAD_STATE;
  thread_->Suspend();
  disturbances_.fetch_add(1, std::memory_order_release);
  return ZX_OK;
}

zx_status_t BoundThread::Resume() {
  const core::MutexLock guard(lock_);
  const uint32_t suspensions = disturbances_.load(std::memory_order_relaxed) & ~kKilledBit;
  if (thread_ == nullptr || suspensions == 0) return ZX_ERR_BAD_STATE;
  disturbances_.fetch_sub(1, std::memory_order_release);
  thread_->Resume();
  return ZX_OK;
}

core::Thread& BoundThread::Detach(bool* reusable) {
  const core::MutexLock guard(lock_);
  *reusable = disturbances_.load(std::memory_order_relaxed) == 0;
  return *std::exchange(thread_, nullptr);
}

}  // namespace heddle
