// An atomic word. Every access is a visible operation; all orders are simulated as sequentially
// consistent, so a program that relies on less is not shown to be wrong by this class alone.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "sim/api/primitive.h"
#include "sim/object/word.h"

namespace sim {

enum class MemoryOrder : uint8_t { kRelaxed, kAcquire, kRelease, kAcquireRelease, kSequential };

/// What an atomic word can hold: at most 64 bits, which say by themselves whether values are equal.
template <typename T>
concept AtomicValue = std::is_trivially_copyable_v<T> &&
                      std::has_unique_object_representations_v<T> && sizeof(T) <= sizeof(uint64_t);

template <AtomicValue T>
class Atomic : public Primitive {
 public:
  Atomic(T initial, const char* role) : Primitive(role, BitsOf(initial)) {}

  T Load(MemoryOrder) const {
    Runtime* runtime = Runtime::Current();
    if (runtime == nullptr) return T{};
    Operation load = Prepare(*runtime, OpKind::kWordLoad);
    runtime->Announce(load);
    return ValueIn(*runtime);
  }
  /// Waits until a load would find `wanted`: a loop of loads as one step, which reads the word. A
  /// value that comes and goes may be missed.
  void Await(T wanted, MemoryOrder) const { AwaitBits(&WordRules::IsEqual, BitsOf(wanted)); }
  /// The same until a load would find what `condition(value, wanted)` is true of: a function of
  /// these two alone, which the engine may ask at any time.
  template <bool (*condition)(T value, T wanted)>
  T AwaitThat(T wanted, MemoryOrder) const {
    AwaitBits(&HoldsOfBits<condition>, BitsOf(wanted));
    Runtime* runtime = Runtime::Current();
    return runtime == nullptr ? T{} : ValueIn(*runtime);
  }
  /// If `condition(value, wanted)` is true, stores `change(value)`; says whether it is, and leaves
  /// what was there in `before`.
  template <bool (*condition)(T value, T wanted), T (*change)(T value)>
  bool TryTake(T wanted, T& before, MemoryOrder) {
    bool is_true = false;
    before = Update([&](T value) {
      is_true = condition(value, wanted);
      return is_true ? change(value) : value;
    });
    return is_true;
  }
  /// Waits until that is true, and then does it in the same step; false if `deadline` (kForever,
  /// kAtAnyMoment or a virtual time) comes first. What is true when the wait begins wins over a
  /// deadline that has passed. Deadlines that are times are for words that are bounded.
  template <bool (*condition)(T value, T wanted), T (*change)(T value)>
  bool TakeUntil(T wanted, Time deadline, T& before, MemoryOrder);
  /// For a thread that keeps all writers out: it finds what it would find at any other time, so no
  /// schedule point.
  T LoadOwn() const {
    Runtime* runtime = Runtime::Current();
    if (runtime == nullptr) return T{};
    CheckUse(*runtime);
    return ValueIn(*runtime);
  }
  void Store(T value, MemoryOrder) {
    Runtime* runtime = Runtime::Current();
    if (runtime == nullptr) return;
    Operation store = Prepare(*runtime, OpKind::kWordStore);
    store.argument = BitsOf(value);
    runtime->Perform(store);
  }
  /// Returns the value before.
  T FetchAdd(T operand, MemoryOrder) {
    return Update([operand](T value) { return static_cast<T>(value + operand); });
  }
  T FetchSub(T operand, MemoryOrder) {
    return Update([operand](T value) { return static_cast<T>(value - operand); });
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
  T peek() const {
    Runtime* runtime = Runtime::Current();
    return runtime == nullptr ? T{} : ValueOf(Peek(*runtime).value);
  }

 private:
  static uint64_t BitsOf(T value) {
    uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(T));
    return bits;
  }
  static T ValueOf(uint64_t bits) {
    T value;
    std::memcpy(&value, &bits, sizeof(T));
    return value;
  }
  T ValueIn(const Runtime& runtime) const { return ValueOf(runtime.StateOf(slot()).value); }
  template <bool (*condition)(T value, T wanted)>
  static bool HoldsOfBits(uint64_t word, uint64_t wanted) {
    return condition(ValueOf(word), ValueOf(wanted));
  }
  void AwaitBits(WordCondition holds, uint64_t wanted) const {
    Runtime* runtime = Runtime::Current();
    if (runtime == nullptr) return;
    Operation await = Prepare(*runtime, OpKind::kWordAwait);
    await.argument = wanted;
    await.holds = holds;
    runtime->Announce(await);
  }
  template <typename Function>
  T Update(Function function) {
    Runtime* runtime = Runtime::Current();
    if (runtime == nullptr) return T{};
    Operation update = Prepare(*runtime, OpKind::kWordUpdate);
    runtime->Announce(update);
    const T before = ValueIn(*runtime);
    runtime->Change(slot(), OpKind::kWordUpdate, update.thread, BitsOf(function(before)));
    return before;
  }
};

template <AtomicValue T>
template <bool (*condition)(T value, T wanted), T (*change)(T value)>
bool Atomic<T>::TakeUntil(T wanted, Time deadline, T& before, MemoryOrder order) {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return false;
  if (HasTime(deadline)) {
    // What ends the wait at once is a step of its own, which reads the clock.
    CheckBounded(*runtime);
    if (TryTake<condition, change>(wanted, before, order)) return true;
    if (deadline <= runtime->now()) return false;
  }
  Operation take = Prepare(*runtime, OpKind::kWordTake);
  take.argument = BitsOf(wanted);
  take.holds = &HoldsOfBits<condition>;
  if (TimesOut(*runtime, take, deadline, WordRules::OfFire(take))) return false;
  before = ValueIn(*runtime);
  runtime->Change(slot(), OpKind::kWordUpdate, take.thread, BitsOf(change(before)));
  return true;
}

}  // namespace sim
