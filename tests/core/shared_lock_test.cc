// What a lock on real threads demands of those who share it.
#include <gtest/gtest.h>

#include "core/thread_annotations.h"
#include "platform/sync.h"

namespace {

void ShareTwice() NO_THREAD_SAFETY_ANALYSIS {
  platform::SharedMutex lock("lock");
  lock.AcquireShared();
  lock.AcquireShared();
}

// The simulator says the same of it: a misuse that names the lock.
TEST(SharedLockDeathTest, WhoSharesALockMayNotTakeItAgain) {
  EXPECT_DEATH(ShareTwice(), "assertion failed: before == 0");
}

TEST(SharedLock, WhoHasSharedItMayShareItOnceMore) {
  platform::SharedMutex lock("lock");
  for (int i = 0; i < 2; ++i) {
    lock.AcquireShared();
    lock.ReleaseShared();
  }
  lock.Acquire();
  lock.Release();
}

}  // namespace
