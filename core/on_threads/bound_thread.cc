#include "core/on_threads/bound_thread.h"

#include <exception>
#include <utility>

namespace heddle {

namespace {

// As far as the generation allows: a program may run for long.
core::NameReuse ReuseOf(const core::AbiProfile& profile) {
  return profile.failed_write == core::OnFailure::kConsume ? core::NameReuse::kLater
                                                           : core::NameReuse::kNever;
}

}  // namespace

KernelState::KernelState(const core::AbiProfile& profile, const KernelOptions& options)
    : kernel_(profile, ReuseOf(profile)),
      user_memory_(options.user_memory),
      on_pending_messages_(options.on_pending_messages) {
  if (profile.nested_close == core::NestedClose::kDeferred) reaper_thread_.emplace(kernel_);
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

ProcessState::~ProcessState() {
  // Nobody refers to this any more, so the lock is only for the analysis.
  const core::MutexLock guard(lock_);
  ASSERT(bound_.empty());
  for (core::Thread* thread : idle_) kernel_->kernel().ExitThread(*thread);
}

core::Thread* ProcessState::IdleThreadLocked() {
  // Room for every thread, so that the end of a binding needs no memory.
  idle_.reserve(idle_.size() + bound_.size() + 1);
  if (idle_.empty()) {
    core::Thread* thread = kernel_->kernel().CreateThread(process_);
    if (thread == nullptr) return nullptr;
    idle_.push_back(thread);
  }
  return idle_.back();
}

zx_status_t ProcessState::NewThread(OnKill on_kill, std::shared_ptr<BoundThread>* out) {
  const core::MutexLock guard(lock_);
  if (killed_) return ZX_ERR_BAD_STATE;
  core::Thread* thread = IdleThreadLocked();
  if (thread == nullptr) return ZX_ERR_NO_MEMORY;
  *out = std::make_shared<BoundThread>(shared_from_this(), *thread, on_kill);
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

zx_status_t ProcessState::Receive(core::HandleTable& from, core::HandleValue value,
                                  core::HandleValue* out) {
  const core::MutexLock guard(lock_);
  if (killed_) return ZX_ERR_BAD_STATE;
  // Nobody acts as an idle thread, so its names can be given here.
  core::Thread* giver = IdleThreadLocked();
  core::HandleValue name = core::kInvalidHandle;
  if (giver == nullptr || !giver->NextHandleValues(1, &name)) return ZX_ERR_NO_MEMORY;
  core::HandleOwner handle;
  {
    core::HandleTable::Exclusive table(from);
    const core::Handle* found = table.Find(value);
    if (found == nullptr) return ZX_ERR_BAD_HANDLE;
    if (!found->Permits(core::kRightTransfer)) return ZX_ERR_ACCESS_DENIED;
    handle = table.Take(value);
  }
  handle->object().CancelObservers(*handle);
  handle->object().OnReceived(process_);
  process_.handles().Add(std::move(handle), name);
  *out = name;
  return ZX_OK;
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
