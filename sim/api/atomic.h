// An atomic word. Every access is a visible operation; all orders are simulated as sequentially
// consistent, so a program that relies on less is not shown to be wrong by this class alone.
#pragma once

#include <cassert>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "sim/engine/runtime.h"

namespace sim {

enum class MemoryOrder : uint8_t { kRelaxed, kAcquire, kRelease, kAcquireRelease, kSequential };

/// What an atomic word can hold: at most 64 bits, which say by themselves whether values are equal.
template <typename T>
concept AtomicValue = std::is_trivially_copyable_v<T> &&
                      std::has_unique_object_representations_v<T> && sizeof(T) <= sizeof(uint64_t);

template <AtomicValue T>
class Atomic {
 public:
  Atomic(T initial, const char* role) : role_(role), bits_(BitsOf(initial)) {
    if (Runtime* runtime = Runtime::Current()) id_ = runtime->NewObject();
  }
  Atomic(const Atomic&) = delete;
  Atomic& operator=(const Atomic&) = delete;

  T Load(MemoryOrder) const {
    Announce(OpKind::kAtomicLoad, Footprint::Reads(id_));
    return value();
  }
  /// Waits until a load would find `wanted`: a loop of loads as one step, which reads the word. A
  /// value that comes and goes may be missed.
  void Await(T wanted, MemoryOrder) const {
    Announce(OpKind::kAtomicAwait, Footprint::Reads(id_), BitsOf(wanted));
    if (bits_ == BitsOf(wanted)) return;
    // The set-up and the checks are alone: what is not there now would never come.
    Runtime* runtime = Runtime::Current();
    assert(runtime != nullptr);
    runtime->FailWith(FailureKind::kMisuse, "awaited a value outside threads");
  }
  /// For a thread that keeps all writers out: it finds what it would find at any other time, so no
  /// schedule point.
  T LoadOwn() const { return value(); }
  void Store(T value, MemoryOrder) {
    Announce(OpKind::kAtomicStore, Footprint::Writes(id_));
    bits_ = BitsOf(value);
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
  T peek() const { return value(); }

 private:
  static uint64_t BitsOf(T value) {
    uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(T));
    return bits;
  }
  T value() const {
    T value;
    std::memcpy(&value, &bits_, sizeof(T));
    return value;
  }
  void Announce(OpKind kind, const Footprint& footprint, uint64_t wanted = 0) const {
    Runtime* runtime = Runtime::InThread();
    if (runtime == nullptr) return;
    Operation operation;
    operation.kind = kind;
    operation.object = id_;
    operation.role = role_;
    operation.footprint = footprint;
    operation.word = &bits_;
    operation.wanted = wanted;
    runtime->Announce(operation);
  }
  template <typename Function>
  T Update(Function function) {
    Announce(OpKind::kAtomicUpdate, Footprint::Writes(id_));
    const T before = value();
    bits_ = BitsOf(function(before));
    return before;
  }

  ObjectId id_;
  const char* role_;
  uint64_t bits_;  // Of the value: the engine compares and records them.
};

}  // namespace sim
