// Locks, parking and reference counts on real threads.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "core/thread_annotations.h"
#include "platform/assert.h"
#include "platform/clock.h"

namespace platform {
inline namespace on_threads {

class CAPABILITY("mutex") Mutex {
 public:
  explicit Mutex(const char*) {}
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void Acquire() ACQUIRE() { mutex_.lock(); }
  void Release() RELEASE() { mutex_.unlock(); }
  void AssertHeld() const ASSERT_CAPABILITY(this) {}

 private:
  std::mutex mutex_;
};

/// The key of a section is for platforms that schedule; here a lock is a lock.
class CAPABILITY("mutex") SharedMutex {
 public:
  explicit SharedMutex(const char*) {}
  SharedMutex(const SharedMutex&) = delete;
  SharedMutex& operator=(const SharedMutex&) = delete;

  void Acquire(uint32_t = 0) ACQUIRE() { mutex_.lock(); }
  void Release() RELEASE() { mutex_.unlock(); }
  void AcquireShared(uint32_t = 0) ACQUIRE_SHARED() { mutex_.lock_shared(); }
  void ReleaseShared() RELEASE_SHARED() { mutex_.unlock_shared(); }

 private:
  std::shared_mutex mutex_;
};

enum class WaitResult : uint8_t { kSignaled, kTimedOut, kInterrupted };

/// A flag that one thread parks on until somebody sets it or a deadline passes.
class Event {
 public:
  explicit Event(const char*) {}
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  void Signal() {
    // Notified under the lock: the waiter may destroy the event as soon as it can return.
    const std::lock_guard<std::mutex> guard(mutex_);
    signaled_ = true;
    condition_.notify_one();
  }

  /// Ends the wait in progress, or the next one, without setting the flag; used up by that wait. A
  /// signal that is there when the waiter wakes up wins over it.
  void Interrupt() {
    const std::lock_guard<std::mutex> guard(mutex_);
    interrupted_ = true;
    condition_.notify_one();
  }

  /// `deadline` is absolute, on Now()'s clock; INT64_MAX is for ever, INT64_MIN long past.
  WaitResult Wait(Time deadline) {
    std::unique_lock<std::mutex> guard(mutex_);
    const auto over = [this] { return signaled_ || interrupted_; };
    if (deadline == INT64_MAX) {
      condition_.wait(guard, over);
    } else if (!over() && deadline > Now()) {
      const std::chrono::steady_clock::time_point when{std::chrono::nanoseconds(deadline)};
      condition_.wait_until(guard, when, over);
    }
    const bool interrupted = std::exchange(interrupted_, false);
    if (signaled_) return WaitResult::kSignaled;
    return interrupted ? WaitResult::kInterrupted : WaitResult::kTimedOut;
  }

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
  bool signaled_ = false;
  bool interrupted_ = false;
};

class RefCount {
 public:
  explicit RefCount(const char*, uint32_t initial = 1) : count_(initial) {}
  RefCount(const RefCount&) = delete;
  RefCount& operator=(const RefCount&) = delete;

  void Increment() { count_.fetch_add(1, std::memory_order_relaxed); }
  [[nodiscard]] bool Decrement() {
    // Release: what this owner did comes before the destruction. Acquire: the last one sees it.
    const uint32_t before = count_.fetch_sub(1, std::memory_order_acq_rel);
    ASSERT(before != 0);
    return before == 1;
  }
  uint32_t value() const { return count_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint32_t> count_;
};

}  // namespace on_threads
}  // namespace platform
