// Atomic words on real threads. Memory orders are always explicit.
#pragma once

#include <atomic>

namespace platform {
inline namespace on_threads {

enum class MemoryOrder { kRelaxed, kAcquire, kRelease, kAcquireRelease, kSequential };

constexpr std::memory_order ToStd(MemoryOrder order) {
  switch (order) {
    case MemoryOrder::kRelaxed:
      return std::memory_order_relaxed;
    case MemoryOrder::kAcquire:
      return std::memory_order_acquire;
    case MemoryOrder::kRelease:
      return std::memory_order_release;
    case MemoryOrder::kAcquireRelease:
      return std::memory_order_acq_rel;
    case MemoryOrder::kSequential:
      break;
  }
  return std::memory_order_seq_cst;
}

template <typename T>
class Atomic {
 public:
  Atomic(T initial, const char*) : value_(initial) {}
  Atomic(const Atomic&) = delete;
  Atomic& operator=(const Atomic&) = delete;

  T Load(MemoryOrder order) const { return value_.load(ToStd(order)); }
  /// For a thread that keeps all writers out.
  T LoadOwn() const { return value_.load(std::memory_order_relaxed); }
  void Store(T value, MemoryOrder order) { value_.store(value, ToStd(order)); }
  /// For checks and messages: nothing may be decided by it.
  T peek() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<T> value_;
};

}  // namespace on_threads
}  // namespace platform
