// Locks, parking and reference counts on real threads.
//
// What nobody else wants at the moment costs an atomic operation and no call of the operating
// system. The paths on which a thread sleeps or is woken are in sync.cc.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/thread_annotations.h"
#include "platform/assert.h"
#include "platform/clock.h"
#include "platform/memory.h"

namespace platform {
inline namespace on_threads {

/// Drepper, "Futexes Are Tricky" (2011), the second mutex: a thread that has slept, or is about to,
/// marks the lock contended, and only then must a release wake somebody.
class CAPABILITY("mutex") Mutex {
 public:
  explicit Mutex(const char*) {}
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void Acquire() ACQUIRE() {
    uint32_t free = kFree;
    const bool acquired = state_.compare_exchange_strong(free, kHeld, std::memory_order_acquire,
                                                         std::memory_order_relaxed);
    if (!acquired) [[unlikely]]
      AcquireContended();
  }
  void Release() RELEASE() {
    if (state_.exchange(kFree, std::memory_order_release) == kContended) [[unlikely]]
      WakeOne();
  }
  void AssertHeld() const ASSERT_CAPABILITY(this) {}

 private:
  static constexpr uint32_t kFree = 0;
  static constexpr uint32_t kHeld = 1;
  static constexpr uint32_t kContended = 2;  // Held, and somebody may sleep.

  void AcquireContended();
  void WakeOne();

  std::atomic<uint32_t> state_ = kFree;
};

/// Readers of different threads write to different cache lines, so that they do not slow each other
/// down; a writer looks at all of them. The key of a section is for platforms that schedule: here a
/// lock is a lock.
class CAPABILITY("mutex") SharedMutex {
 public:
  explicit SharedMutex(const char* role) : writers_(role) {}
  SharedMutex(const SharedMutex&) = delete;
  SharedMutex& operator=(const SharedMutex&) = delete;

  /// Who shares it may not take it again, shared or not.
  void AcquireShared(uint32_t = 0) ACQUIRE_SHARED() {
    const uint32_t index = ReaderIndex();
    if (index >= kSlots) [[unlikely]]
      return writers_.Acquire();
    // Sequential, as what a writer does: either it sees this reader, or this reader sees it.
    const uint32_t before = slots_[index].is_reading.exchange(1, std::memory_order_seq_cst);
    ASSERT(before == 0);  // Else the first release would let a writer in beside this reader.
    if (has_writer_.load(std::memory_order_seq_cst) != 0) [[unlikely]] {
      AcquireSharedContended(slots_[index]);
    }
  }
  void ReleaseShared() RELEASE_SHARED() {
    const uint32_t index = ReaderIndex();
    if (index >= kSlots) [[unlikely]]
      return writers_.Release();
    // Half the price of an indivisible update; AwaitReader knows what is lost by that.
    slots_[index].is_reading.store(0, std::memory_order_release);
    if (has_writer_.load(std::memory_order_relaxed) != 0) [[unlikely]]
      WakeWriter(slots_[index]);
  }

  void Acquire(uint32_t = 0) ACQUIRE() {
    writers_.Acquire();
    has_writer_.exchange(1, std::memory_order_seq_cst);
    for (Slot& slot : slots_) {
      if (slot.is_reading.load(std::memory_order_seq_cst) != 0) [[unlikely]]
        AwaitReader(slot);
    }
  }
  void Release() RELEASE() {
    has_writer_.store(0, std::memory_order_release);
    writers_.Release();
  }

 private:
  // So many threads of the program at a time have a slot, the same in every lock, for as long as
  // they live. Others take the writers' lock to read.
  static constexpr uint32_t kSlots = 16;
  struct alignas(kCacheLine) Slot {
    std::atomic<uint32_t> is_reading = 0;
  };
  class ReaderLease;

  static uint32_t ReaderIndex() {
    if (reader_index_ == kUnknownIndex) [[unlikely]]
      LeaseReaderIndex();
    return reader_index_;
  }
  static void LeaseReaderIndex();
  void AcquireSharedContended(Slot& slot);
  static void WakeWriter(Slot& slot);
  static void AwaitReader(Slot& slot);

  static constexpr uint32_t kUnknownIndex = UINT32_MAX;
  static inline constinit thread_local uint32_t reader_index_ = kUnknownIndex;

  std::array<Slot, kSlots> slots_;
  Mutex writers_;  // Held by the writer, and by readers that wait for it to go.
  std::atomic<uint32_t> has_writer_ = 0;
};

enum class WaitResult : uint8_t { kSignaled, kTimedOut, kInterrupted };

/// A flag that one thread parks on until somebody sets it or a deadline passes.
class Event {
 public:
  explicit Event(const char*) {}
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  void Signal() { Set(kSignaledBit); }

  /// Ends the wait in progress, or the next one, without setting the flag; used up by that wait. A
  /// signal that is there when the waiter wakes up wins over it.
  void Interrupt() { Set(kInterruptedBit); }

  /// `deadline` is absolute, on Now()'s clock; INT64_MAX is for ever, INT64_MIN long past.
  WaitResult Wait(Time deadline);

 private:
  static constexpr uint32_t kSignaledBit = 1;
  static constexpr uint32_t kInterruptedBit = 2;
  static constexpr uint32_t kParkedBit = 4;  // The waiter sleeps, or is about to.

  void Set(uint32_t bit);

  std::atomic<uint32_t> state_ = 0;
};

class RefCount {
 public:
  explicit RefCount(const char*) {}
  RefCount(const RefCount&) = delete;
  RefCount& operator=(const RefCount&) = delete;

  void Increment() { count_.fetch_add(1, std::memory_order_relaxed); }
  [[nodiscard]] bool Decrement() {
    // Release: what this owner did comes before the destruction. Acquire: the last one sees it.
    const uint32_t before = count_.fetch_sub(1, std::memory_order_acq_rel);
    ASSERT(before != 0);
    return before == 1;
  }

 private:
  std::atomic<uint32_t> count_ = 1;
};

/// A counter of which the program may ask how much it counts. Starts at zero.
class VisibleCount {
 public:
  explicit VisibleCount(const char*) {}
  VisibleCount(const VisibleCount&) = delete;
  VisibleCount& operator=(const VisibleCount&) = delete;

  void Increment() { count_.fetch_add(1, std::memory_order_relaxed); }
  /// True if it counts nothing any more.
  [[nodiscard]] bool Decrement() {
    const uint32_t before = count_.fetch_sub(1, std::memory_order_acq_rel);  // As RefCount.
    ASSERT(before != 0);
    return before == 1;
  }
  uint32_t Load() const { return count_.load(std::memory_order_acquire); }
  /// For checks and messages.
  uint32_t peek() const { return count_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint32_t> count_ = 0;
};

}  // namespace on_threads
}  // namespace platform
