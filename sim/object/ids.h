// Names of threads, objects and steps: small numbers, the same in every run of one schedule.
//
// A thread is named by the order of its spawn. Every thread t has a pseudo-thread, TimerOf(t): the
// timer that is armed while t waits with a deadline, whose only operation is to fire. An object is
// named by its creator and the creator's count of objects, so that its name does not depend on what
// other threads did meanwhile.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <iterator>
#include <type_traits>

namespace sim {

/// The most threads that a scenario may have, 128 at most: a setting of the build, since sets of
/// threads and clocks are as long. The library is built twice from the same sources: heddle_sim for
/// 32, where a set is one word of the machine, and heddle_sim_wide for 128, which costs speed. Both
/// say the number to whoever links them, so that no program can have both.
inline constexpr uint32_t kMaxThreads = HEDDLE_SIM_MAX_THREADS;
static_assert(kMaxThreads % 32 == 0 && kMaxThreads <= 128);

/// A simulated thread (below kMaxThreads) or a timer (from there on). See TimerOf.
using ThreadId = std::conditional_t<(kMaxThreads < 128), uint8_t, uint16_t>;
inline constexpr ThreadId kNoThread = static_cast<ThreadId>(-1);

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
using EventIndex = uint32_t;
/// Indexes of events are also kept with a sign.
inline constexpr EventIndex kMaxEvents = INT32_MAX;

/// Where the engine keeps the state of an object. Which objects get which slots depends on the
/// schedule; names do not.
using ObjectSlot = uint32_t;
inline constexpr ObjectSlot kNoSlot = UINT32_MAX;
/// Every thread has three states of its own, before all others: the timer of its wait, its life,
/// and whether somebody has told it to leave a queue.
constexpr ObjectSlot TimerSlot(ThreadId thread) {
  return 3u * OwnerOf(thread);
}
constexpr ObjectSlot LifeSlot(ThreadId thread) {
  return 3u * thread + 1;
}
constexpr ObjectSlot WaiterSlot(ThreadId thread) {
  return 3u * thread + 2;
}
/// How many deadlines have passed early, where their number is bounded.
inline constexpr ObjectSlot kEarlySlot = 3 * kMaxThreads;
inline constexpr ObjectSlot kFirstSlot = kEarlySlot + 1;

/// A set of threads and timers, iterated in order of their ids.
class ThreadSet {
 public:
  static constexpr uint32_t kWords = 2 * kMaxThreads / 64;
  using Words = std::array<uint64_t, kWords>;

  constexpr ThreadSet() = default;
  static constexpr ThreadSet Of(ThreadId thread) {
    ThreadSet set;
    set.Add(thread);
    return set;
  }

  constexpr bool Has(ThreadId thread) const {
    return thread < 2 * kMaxThreads && (words_[WordOf(thread)] & BitOf(thread)) != 0;
  }
  constexpr void Add(ThreadId thread) { words_[WordOf(thread)] |= BitOf(thread); }
  constexpr void Remove(ThreadId thread) { words_[WordOf(thread)] &= ~BitOf(thread); }
  constexpr bool empty() const { return words_[FirstWord(words_)] == 0; }
  constexpr uint32_t size() const {
    uint32_t size = 0;
    for (uint64_t word : words_) size += static_cast<uint32_t>(std::popcount(word));
    return size;
  }
  constexpr ThreadId First() const { return FirstOf(words_); }
  /// `last` if it is in it, else the first: going on with one thread keeps executions readable.
  constexpr ThreadId FirstOr(ThreadId last) const { return Has(last) ? last : First(); }
  /// The n-th member in order of ids; n below size().
  constexpr ThreadId Nth(uint32_t n) const {
    Words rest = words_;
    for (; n > 0; --n) RemoveFirst(rest);
    return FirstOf(rest);
  }
  /// Has a thread, not timers only.
  constexpr bool AnyThread() const {
    for (uint32_t i = 0; i < kMaxThreads / 64; ++i) {
      if (words_[i] != 0) return true;
    }
    constexpr uint64_t kRest = (uint64_t{1} << kMaxThreads % 64) - 1;  // In the word of both.
    return (words_[kMaxThreads / 64] & kRest) != 0;
  }
  constexpr ThreadSet Without(ThreadSet other) const {
    ThreadSet set;
    for (uint32_t i = 0; i < kWords; ++i) set.words_[i] = words_[i] & ~other.words_[i];
    return set;
  }
  constexpr ThreadSet Union(ThreadSet other) const {
    ThreadSet set;
    for (uint32_t i = 0; i < kWords; ++i) set.words_[i] = words_[i] | other.words_[i];
    return set;
  }
  constexpr const Words& words() const { return words_; }
  constexpr bool operator==(const ThreadSet& other) const {
    uint64_t differ = 0;
    for (uint32_t i = 0; i < kWords; ++i) differ |= words_[i] ^ other.words_[i];
    return differ == 0;
  }

  class Iterator {
   public:
    explicit constexpr Iterator(const Words& rest) : rest_(rest) {}
    constexpr ThreadId operator*() const { return FirstOf(rest_); }
    constexpr Iterator& operator++() {
      RemoveFirst(rest_);
      return *this;
    }
    constexpr bool operator!=(std::default_sentinel_t) const {
      return rest_[FirstWord(rest_)] != 0;
    }

   private:
    Words rest_;
  };
  constexpr Iterator begin() const { return Iterator(words_); }
  constexpr std::default_sentinel_t end() const { return {}; }

 private:
  static constexpr uint32_t WordOf(ThreadId thread) { return kWords == 1 ? 0 : thread / 64u; }
  static constexpr uint64_t BitOf(ThreadId thread) { return uint64_t{1} << thread % 64; }
  // The first that is not zero; the last if all are.
  static constexpr uint32_t FirstWord(const Words& words) {
    uint32_t word = 0;
    while (word + 1 < kWords && words[word] == 0) ++word;
    return word;
  }
  static constexpr ThreadId FirstOf(const Words& words) {
    const uint32_t word = FirstWord(words);
    return static_cast<ThreadId>(64 * word + static_cast<uint32_t>(std::countr_zero(words[word])));
  }
  static constexpr void RemoveFirst(Words& words) {
    const uint32_t word = FirstWord(words);
    words[word] &= words[word] - 1;
  }

  Words words_{};
};

/// A simulated primitive: mutex, event, counter, ...
struct ObjectId {
  ThreadId creator = kNoThread;  // kNoThread: made by the set-up, before the threads started.
  uint32_t index = 0;            // The creator's count of objects before this one.
  constexpr bool operator==(const ObjectId&) const = default;
};

/// The counter that names threads: nobody creates it, every spawn writes it.
inline constexpr ObjectId kThreadNames{kNoThread, 0xFFFFFFFE};
/// Everything: read by all events and written by passing deadlines when their number is bounded.
inline constexpr ObjectId kEverything{kNoThread, 0xFFFFFFFD};
/// What the checks at boundaries look at, taken together.
inline constexpr ObjectId kChecked{kNoThread, 0xFFFFFFFC};
/// What a choice among values is about: nothing that anybody else has.
inline constexpr ObjectId kValue{kNoThread, 0xFFFFFFFB};
/// Virtual time.
inline constexpr ObjectId kClock{kNoThread, 0xFFFFFFFF};
/// The life of a thread: written by its spawn and its end, read by its joiners.
constexpr ObjectId LifeOf(ThreadId thread) {
  return {thread, 0xFFFFFFFF};
}

}  // namespace sim
