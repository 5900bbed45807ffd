// The thread that closes the handles of destroyed messages, where the generation leaves that to
// one.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/kernel.h"

namespace heddle {

/// The worker of a kernel's reaper, from beginning to end.
class ReaperThread {
 public:
  /// Throws std::system_error if the operating system has no thread.
  explicit ReaperThread(core::Kernel& kernel);
  /// Nobody else uses the kernel any more; what is left it closes itself.
  ~ReaperThread();
  ReaperThread(const ReaperThread&) = delete;
  ReaperThread& operator=(const ReaperThread&) = delete;

 private:
  static void Wake(void* self);
  void Run();

  core::Kernel& kernel_;
  std::mutex mutex_;
  std::condition_variable condition_;
  bool has_work_ = false;  // These two under the mutex.
  bool ends_ = false;
  std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace heddle
