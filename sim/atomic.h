// An atomic word. Every access is a visible operation; all orders are simulated as sequentially
// consistent, so a program that relies on less is not shown to be wrong by this class alone.
#pragma once

#include <cstdint>
#include <type_traits>

#include "sim/runtime.h"

namespace sim {

enum class MemoryOrder : uint8_t { kRelaxed, kAcquire, kRelease, kAcquireRelease, kSequential };

template <typename T>
requires std::is_trivially_copyable_v<T>
class Atomic {
 public:
  Atomic(T initial, const char* role) : role_(role), value_(initial) {
    if (Runtime* runtime = Runtime::Current()) id_ = runtime->NewObject();
  }
  Atomic(const Atomic&) = delete;
  Atomic& operator=(const Atomic&) = delete;

  T Load(MemoryOrder) const {
    Announce(OpKind::kAtomicLoad, Footprint::Reads(id_));
    return value_;
  }
  /// For a thread that keeps all writers out: it finds what it would find at any other time, so no
  /// schedule point.
  T LoadOwn() const { return value_; }
  void Store(T value, MemoryOrder) {
    Announce(OpKind::kAtomicStore, Footprint::Writes(id_));
    value_ = value;
  }
  /// Returns the value before.
  T FetchAdd(T operand, MemoryOrder) {
    return Update([operand](T value) { return static_cast<T>(value + operand); });
  }
  T FetchSub(T operand, MemoryOrder) {
    return Update([operand](T value) { return static_cast<T>(value - operand); });
  }
  T FetchOr(T operand, MemoryOrder) {
    return Update([operand](T value) { return static_cast<T>(value | operand); });
  }
  T FetchAnd(T operand, MemoryOrder) {
    return Update([operand](T value) { return static_cast<T>(value & operand); });
  }
  T Exchange(T value, MemoryOrder) {
    return Update([value](T) { return value; });
  }
  /// Stores `desired` if the value is `expected`, and says whether it was; `expected` becomes what
  /// was there. Never fails for nothing. One that finds another value counts as a write too: what
  /// it touches may not depend on what it finds.
  bool CompareExchange(T& expected, T desired, MemoryOrder) {
    const T wanted = expected;
    expected = Update([wanted, desired](T value) { return value == wanted ? desired : value; });
    return expected == wanted;
  }

  /// For checks and messages; no schedule point, so nothing may be decided by it.
  T peek() const { return value_; }

 private:
  void Announce(OpKind kind, const Footprint& footprint) const {
    Runtime* runtime = Runtime::Current();
    if (runtime == nullptr || !runtime->in_thread()) return;
    Operation operation;
    operation.kind = kind;
    operation.object = id_;
    operation.role = role_;
    operation.footprint = footprint;
    runtime->Announce(operation);
  }
  template <typename Function>
  T Update(Function function) {
    Announce(OpKind::kAtomicUpdate, Footprint::Writes(id_));
    const T before = value_;
    value_ = function(before);
    return before;
  }

  ObjectId id_;
  const char* role_;
  T value_;
};

}  // namespace sim
