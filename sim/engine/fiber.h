// Stack switching. The only file that knows how (Boost.Context's assembly; no system call).
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace sim {

/// A stack with a guard page below it, so that an overflow faults instead of corrupting.
class FiberStack {
 public:
  explicit FiberStack(size_t bytes);
  ~FiberStack();
  FiberStack(const FiberStack&) = delete;
  FiberStack& operator=(const FiberStack&) = delete;

  void* bottom() const { return bottom_; }
  size_t size() const { return size_; }
  /// Whether the address is in the guard page.
  bool GuardHas(const void* address) const { return mapping_ <= address && address < bottom_; }

 private:
  void* mapping_;
  size_t mapping_size_;
  void* bottom_;
  size_t size_;
};

/// A suspended or running flow of control. A default Fiber stands for the stack of its creator.
class Fiber {
 public:
  using Entry = void (*)(void* argument);

  /// Prepares the fiber to run `entry(argument)` on `stack` at the next switch to it. Whatever it
  /// ran before is abandoned: destructors on the old stack do not run. `entry` must not return.
  void Start(FiberStack& stack, Entry entry, void* argument);

  /// Leaves `from`, which is running, and continues this fiber. Returns when somebody switches
  /// back to `from`. No exception may leave a fiber; each has those of its own, which it has caught
  /// or that pass through it.
  void SwitchFrom(Fiber& from);

 private:
  // What the C++ runtime keeps for a thread of the system, as the Itanium ABI says it.
  struct Exceptions {
    void* caught = nullptr;  // The last one; it knows the one before.
    unsigned int uncaught = 0;
  };
  static Exceptions& ExceptionsOfSystemThread();
  static void Trampoline(void* switch_data);
  struct Arrival;

  void* context_ = nullptr;
  Entry entry_ = nullptr;
  void* argument_ = nullptr;
  const void* stack_bottom_ = nullptr;
  size_t stack_size_ = 0;
  void* fake_stack_ = nullptr;
  Exceptions exceptions_;  // While it is suspended.
};

/// Stacks are kept for the next execution.
class StackPool {
 public:
  explicit StackPool(size_t stack_bytes) : stack_bytes_(stack_bytes) {}
  /// The n-th stack; made on first use.
  FiberStack& Get(size_t n);

 private:
  size_t stack_bytes_;
  std::vector<std::unique_ptr<FiberStack>> stacks_;
};

}  // namespace sim
