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
    AwaitBits([](uint64_t word, uint64_t bits) { return condition(ValueOf(word), ValueOf(bits)); },
              BitsOf(wanted));
    Runtime* runtime = Runtime::Current();
    return runtime == nullptr ? T{} : ValueIn(*runtime);
  }
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

}  // namespace sim
