// Names of threads, objects and steps: small numbers, the same in every run of one schedule.
//
// A thread is named by the order of its spawn. Every thread t has a pseudo-thread, TimerOf(t): the
// timer that is armed while t waits with a deadline, whose only operation is to fire. An object is
// named by its creator and the creator's count of objects, so that its name does not depend on what
// other threads did meanwhile.
#pragma once

#include <bit>
#include <cstdint>

namespace sim {

inline constexpr uint32_t kMaxThreads = 32;

/// A simulated thread (0 to 31) or a timer (32 to 63). See TimerOf.
using ThreadId = uint8_t;
inline constexpr ThreadId kNoThread = 0xFF;

constexpr ThreadId TimerOf(ThreadId thread) {
  return static_cast<ThreadId>(thread + kMaxThreads);
}
constexpr bool IsTimer(ThreadId thread) {
  return thread >= kMaxThreads && thread != kNoThread;
}
/// The thread whose wait the timer ends; a thread is its own owner.
constexpr ThreadId OwnerOf(ThreadId thread) {
  return static_cast<ThreadId>(thread % kMaxThreads);
}

/// The position of an event in an execution, from 0.
using StepIndex = uint32_t;

/// A set of threads and timers, iterated in order of their ids.
class ThreadSet {
 public:
  constexpr ThreadSet() = default;
  static constexpr ThreadSet Of(ThreadId thread) { return ThreadSet(uint64_t{1} << thread); }

  constexpr bool Has(ThreadId thread) const { return thread < 64 && ((bits_ >> thread) & 1) != 0; }
  constexpr void Add(ThreadId thread) { bits_ |= uint64_t{1} << thread; }
  constexpr void Remove(ThreadId thread) { bits_ &= ~(uint64_t{1} << thread); }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr uint32_t size() const { return static_cast<uint32_t>(std::popcount(bits_)); }
  constexpr ThreadId First() const { return static_cast<ThreadId>(std::countr_zero(bits_)); }
  /// `last` if it is in it, else the first: going on with one thread keeps executions readable.
  constexpr ThreadId FirstOr(ThreadId last) const { return Has(last) ? last : First(); }
  /// The n-th member in order of ids; n below size().
  constexpr ThreadId Nth(uint32_t n) const {
    uint64_t rest = bits_;
    for (; n > 0; --n) rest &= rest - 1;
    return static_cast<ThreadId>(std::countr_zero(rest));
  }
  /// Has a thread, not timers only.
  constexpr bool AnyThread() const { return (bits_ & 0xFFFFFFFF) != 0; }
  constexpr ThreadSet Without(ThreadSet other) const { return ThreadSet(bits_ & ~other.bits_); }
  constexpr ThreadSet Union(ThreadSet other) const { return ThreadSet(bits_ | other.bits_); }
  constexpr uint64_t bits() const { return bits_; }
  constexpr bool operator==(const ThreadSet&) const = default;

  class Iterator {
   public:
    explicit constexpr Iterator(uint64_t rest) : rest_(rest) {}
    constexpr ThreadId operator*() const { return static_cast<ThreadId>(std::countr_zero(rest_)); }
    constexpr Iterator& operator++() {
      rest_ &= rest_ - 1;
      return *this;
    }
    constexpr bool operator!=(const Iterator& other) const { return rest_ != other.rest_; }

   private:
    uint64_t rest_;
  };
  constexpr Iterator begin() const { return Iterator(bits_); }
  constexpr Iterator end() const { return Iterator(0); }

 private:
  explicit constexpr ThreadSet(uint64_t bits) : bits_(bits) {}
  uint64_t bits_ = 0;
};

/// A simulated primitive: mutex, event, counter, ...
struct ObjectId {
  uint8_t creator = kNoThread;  // kNoThread: made by the set-up, before the threads started.
  uint32_t index = 0;           // The creator's count of objects before this one.
  constexpr bool operator==(const ObjectId&) const = default;
};

/// The counter that names threads: nobody creates it, every spawn writes it.
inline constexpr ObjectId kThreadNames{kNoThread, 0xFFFFFFFE};
/// Everything: read by all events and written by passing deadlines when their number is bounded.
inline constexpr ObjectId kEverything{kNoThread, 0xFFFFFFFD};
/// The life of a thread: written by its spawn and its end, read by its joiners.
constexpr ObjectId LifeOf(ThreadId thread) {
  return {thread, 0xFFFFFFFF};
}

}  // namespace sim
