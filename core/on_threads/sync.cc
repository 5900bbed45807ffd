// Where threads sleep and are woken: all of it on words in memory that the operating system knows
// nothing about until somebody has to wait (futexes).
//
// A word may be gone by the time its sleeper is woken: whoever changed it last lets the sleeper go,
// and what the sleeper does then is its own business. The call to wake is therefore about an
// address, not about an object; it fails, or wakes somebody who looks and sleeps again.
#include "platform/sync.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <ctime>

namespace platform {
inline namespace on_threads {

namespace {

static_assert(sizeof(std::atomic<uint32_t>) == sizeof(uint32_t));
static_assert(std::atomic<uint32_t>::is_always_lock_free);

constexpr Time kForever = INT64_MAX;

// Sleeps if `word` is `expected`, until it is woken, `deadline` passes, or for no reason at all.
// False: the deadline has passed.
bool Sleep(std::atomic<uint32_t>& word, uint32_t expected, Time deadline = kForever) {
  const Time when = deadline < 0 ? 0 : deadline;
  const timespec until = {when / 1'000'000'000, when % 1'000'000'000};
  const long result =
      syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, expected,
              deadline == kForever ? nullptr : &until, nullptr, FUTEX_BITSET_MATCH_ANY);
  if (result == 0) return true;
  ASSERT(errno == EAGAIN || errno == EINTR || errno == ETIMEDOUT);
  return errno != ETIMEDOUT;
}

void Wake(std::atomic<uint32_t>& word) {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1);
}

}  // namespace

// --- Mutex --------------------------------------------------------------------------------------

void Mutex::AcquireContended() {
  // Others may sleep as well, so whoever gets the lock here keeps the mark.
  while (state_.exchange(kContended, std::memory_order_acquire) != kFree) {
    static_cast<void>(Sleep(state_, kContended));
  }
}

void Mutex::WakeOne() {
  Wake(state_);
}

// --- SharedMutex --------------------------------------------------------------------------------

// A slot's index, for as long as a thread lives.
class SharedMutex::ReaderLease {
 public:
  ReaderLease() {
    uint32_t taken = taken_.load(std::memory_order_relaxed);
    do {
      index_ = static_cast<uint32_t>(std::countr_one(taken));
      if (index_ >= kSlots) return;
    } while (
        !taken_.compare_exchange_weak(taken, taken | (1u << index_), std::memory_order_acquire));
  }
  ~ReaderLease() {
    reader_index_ = kSlots;  // What runs on this thread from here on reads without a slot.
    if (index_ < kSlots) taken_.fetch_and(~(1u << index_), std::memory_order_release);
  }
  ReaderLease(const ReaderLease&) = delete;
  ReaderLease& operator=(const ReaderLease&) = delete;

  uint32_t index() const { return index_; }

 private:
  static_assert(kSlots < 32);
  static constinit std::atomic<uint32_t> taken_;

  uint32_t index_ = kSlots;
};

constinit std::atomic<uint32_t> SharedMutex::ReaderLease::taken_ = 0;

void SharedMutex::LeaseReaderIndex() {
  static thread_local const ReaderLease lease;
  reader_index_ = lease.index();
}

void SharedMutex::AcquireSharedContended(Slot& slot) {
  // Steps back for the writer, and comes again when there is none.
  slot.is_reading.store(0, std::memory_order_release);
  WakeWriter(slot);
  writers_.Acquire();
  slot.is_reading.store(1, std::memory_order_relaxed);
  writers_.Release();
}

void SharedMutex::WakeWriter(Slot& slot) {
  Wake(slot.is_reading);
}

void SharedMutex::AwaitReader(Slot& slot) {
  // A reader that leaves may look for writers before what it did to its slot is seen everywhere,
  // and so wake nobody. By the time that a thread falls asleep, which begins with one more look at
  // the slot, that has long been over; since nothing promises it, the sleep is a short one.
  constexpr Time kNap = 1'000'000;
  while (slot.is_reading.load(std::memory_order_seq_cst) != 0) {
    static_cast<void>(Sleep(slot.is_reading, 1, Now() + kNap));
  }
}

// --- Event --------------------------------------------------------------------------------------

void Event::Set(uint32_t bit) {
  // From here on the waiter may return, and the event be gone.
  const uint32_t before = state_.fetch_or(bit, std::memory_order_acq_rel);
  if ((before & kParkedBit) != 0) Wake(state_);
}

WaitResult Event::Wait(Time deadline) {
  constexpr uint32_t kOver = kSignaledBit | kInterruptedBit;
  bool in_time = deadline == kForever || deadline > Now();
  uint32_t state = state_.load(std::memory_order_acquire);
  while (in_time && (state & kOver) == 0) {
    state = state_.fetch_or(kParkedBit, std::memory_order_acq_rel) | kParkedBit;
    if ((state & kOver) == 0) in_time = Sleep(state_, state, deadline);
    state = state_.load(std::memory_order_acquire);
  }
  state = state_.fetch_and(~(kInterruptedBit | kParkedBit), std::memory_order_acq_rel);
  if ((state & kSignaledBit) != 0) return WaitResult::kSignaled;
  return (state & kInterruptedBit) != 0 ? WaitResult::kInterrupted : WaitResult::kTimedOut;
}

}  // namespace on_threads
}  // namespace platform
