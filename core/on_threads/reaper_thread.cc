#include "core/on_threads/reaper_thread.h"

namespace heddle {

ReaperThread::ReaperThread(core::Kernel& kernel) : kernel_(kernel), thread_([this] { Run(); }) {
  kernel_.set_reaper_worker({&Wake, this});
}

ReaperThread::~ReaperThread() {
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    ends_ = true;
    condition_.notify_one();
  }
  thread_.join();
  kernel_.set_reaper_worker({});
}

void ReaperThread::Wake(void* self) {
  auto& reaper = *static_cast<ReaperThread*>(self);
  const std::lock_guard<std::mutex> guard(reaper.mutex_);
  reaper.has_work_ = true;
  reaper.condition_.notify_one();
}

void ReaperThread::Run() {
  std::unique_lock<std::mutex> guard(mutex_);
  for (;;) {
    condition_.wait(guard, [this] { return has_work_ || ends_; });
    if (ends_) return;
    has_work_ = false;
    guard.unlock();
    kernel_.ReapHandles();
    guard.lock();
  }
}

}  // namespace heddle
