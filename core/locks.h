// Scoped holders of the platform's locks.
#pragma once

#include <cstdint>

#include "core/platform_contract.h"
#include "core/thread_annotations.h"

namespace core {
inline namespace CORE_PLATFORM {

class SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(platform::Mutex& lock) ACQUIRE(lock) : lock_(lock) { lock_.Acquire(); }
  ~MutexLock() RELEASE() { lock_.Release(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  platform::Mutex& lock_;
};

/// The key of a section that touches only one part of what the lock protects; 0 is all of it.
class SCOPED_CAPABILITY ReaderLock {
 public:
  explicit ReaderLock(platform::SharedMutex& lock, uint32_t key = 0) ACQUIRE_SHARED(lock)
      : lock_(lock) {
    lock_.AcquireShared(key);
  }
  ~ReaderLock() RELEASE_GENERIC() { lock_.ReleaseShared(); }
  ReaderLock(const ReaderLock&) = delete;
  ReaderLock& operator=(const ReaderLock&) = delete;

 private:
  platform::SharedMutex& lock_;
};

class SCOPED_CAPABILITY WriterLock {
 public:
  explicit WriterLock(platform::SharedMutex& lock, uint32_t key = 0) ACQUIRE(lock) : lock_(lock) {
    lock_.Acquire(key);
  }
  ~WriterLock() RELEASE() { lock_.Release(); }
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

 private:
  platform::SharedMutex& lock_;
};

}  // namespace CORE_PLATFORM
}  // namespace core
