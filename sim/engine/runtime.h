// One execution: runs the threads of a scenario on fibers, asking a strategy at every choice.
//
// Map: Execute() sets the scenario up on the main fiber, runs every thread to its first visible
// operation, and then hands control from thread to thread. A thread that announces an operation
// asks the strategy itself, on its own stack, and switches only if another thread was picked. The
// main fiber wakes up when nothing is left to run and lets the scenario look at the end.
//
// The set-up, the checks and the tear-down are not threads: their operations happen at once and are
// no events.
//
// A thread may spawn others. The child runs to its first operation within the event of its spawn,
// and its end is part of its last event. The names of threads come from one counter, so spawns
// conflict with each other; a name then means the same thread in every order of independent events.
#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/engine/arena.h"
#include "sim/engine/crash_guard.h"
#include "sim/engine/execution.h"
#include "sim/engine/fiber.h"
#include "sim/engine/lock_graph.h"
#include "sim/engine/strategy.h"

namespace sim {

class Runtime;

/// What is run over and over: the code under test, and its judge. All calls of one execution happen
/// between Start and Finish; memory that the code under test needs comes from runtime.arena().
class Scenario {
 public:
  virtual ~Scenario() = default;
  /// Makes the objects and spawns the threads.
  virtual void Start(Runtime& runtime) = 0;
  /// Called before each choice at which no lock is held. May fail the execution.
  virtual void AtBoundary(Runtime&) {}
  /// Called once nothing can run any more, also at a deadlock, but not after Fail or a stop: looks
  /// at the end, then takes everything down (only if every thread has ended).
  virtual void Finish(Runtime&) {}
  /// Threads that are blocked at the end are no deadlock.
  virtual bool AllowsBlocked() const { return false; }
  virtual bool AllowsLeaks() const { return false; }
};

/// What a schedule may let go wrong.
enum class FaultKind : uint8_t { kAllocation, kUserMemory };
inline constexpr size_t kFaultKinds = 2;

struct ExecutionLimits {
  /// More events than this are a step-limit failure.
  uint32_t max_steps = 20'000;
  /// A schedule point before every release of a lock, but at the end of a leaf. Off, a release
  /// belongs to the event before it, which loses nothing as long as nobody can see that a lock is
  /// held; TryAcquire can.
  bool visible_releases = false;
  /// How many deadlines may pass while some thread could still run: 0, time moves only when nothing
  /// else can; none, a thread may be as slow as it likes, which is the truth about machines. A
  /// bound makes every event depend on every passing deadline.
  std::optional<uint32_t> early_fires;
  /// Locks that are taken in orders that can block each other are a failure.
  bool check_lock_order = false;
  /// How many faults of each kind an execution may have; each opportunity is then a choice.
  std::array<uint32_t, kFaultKinds> faults{};
  size_t stack_bytes = size_t{256} << 10;
  /// A schedule point at which a thread uses more of its stack is a stack-limit failure. What is
  /// left is for the engine, the strategy and the checks, which run on the same stack.
  size_t max_depth_bytes = size_t{192} << 10;
  size_t arena_bytes = size_t{1} << 30;
};

class Runtime {
 public:
  explicit Runtime(const ExecutionLimits& limits = {});
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  /// Runs one execution and leaves its record in `execution`.
  void Execute(Scenario& scenario, Strategy& strategy, Execution& execution);

  /// The runtime of the execution in progress on this system thread, or null.
  static Runtime* Current();
  /// The same if one of its threads runs; otherwise null: operations then happen at once, unseen.
  static Runtime* InThread() {
    Runtime* runtime = Current();
    return runtime != nullptr && runtime->in_thread() ? runtime : nullptr;
  }

  /// Only from Scenario::Start; threads spawn with sim/api/thread.h. `body` must outlive the
  /// execution.
  template <typename Body>
  ThreadId Spawn(std::string_view name, Body& body) {
    assert(!in_thread());
    return SpawnThread(name, EntryOf<Body>(), &body, /*joinable=*/false);
  }

  std::string_view thread_name(ThreadId thread) const { return threads_[thread].name; }
  uint32_t thread_count() const { return thread_count_; }
  Arena& arena() { return arena_; }
  Time now() const { return now_; }
  /// How many events have happened.
  EventIndex events() const { return static_cast<EventIndex>(execution_->events.size()); }
  const ExecutionLimits& limits() const { return limits_; }
  /// True while a simulated thread runs; false in set-up, checks and tear-down.
  bool in_thread() const { return current_ != kNoThread && !observing_; }
  ThreadId current() const { return current_; }

  /// Ends the execution with a failure, unless it has one. Does not return: the stacks of all
  /// threads are abandoned.
  [[noreturn]] void Fail(FailureKind kind, std::string message);
  /// As Fail, for the inline parts of primitives: they end up in the code under test, which should
  /// not have to build strings.
  [[noreturn]] void FailWith(FailureKind kind, const char* message);
  [[noreturn]] void FailAssertion(const char* condition, const char* file, int line);
  /// Of a signal that the execution caused; `address` is what it says about the place.
  [[noreturn]] void FailCrash(int signal, const void* address);

  // For the primitives.

  ObjectId NewObject();
  /// Yields until `operation`, the next of the current thread, is picked and may be performed.
  void Announce(const Operation& operation);
  /// Adds to the footprint of the current event: a release that was folded into it.
  void FoldInto(const Access& access);
  /// `waited`: it could have had to wait for the lock.
  void NoteAcquired(ObjectId lock, const char* role, bool exclusive, bool waited);
  void NoteReleased(ObjectId lock, bool exclusive);
  /// The event in progress ends the wait of `thread`.
  void NoteWoken(ThreadId thread) { execution_->events.back().woken.Add(thread); }
  /// From here on the operation that `thread` has announced touches no more than this, a part of
  /// what was said before: what ended its wait decides that. Only by the event that ends the wait,
  /// or a footprint would shrink under operations that do not conflict with it.
  void NarrowAnnounced(ThreadId thread, const Footprint& footprint);
  /// While set, the current thread holds a section that was declared to be a leaf.
  void SetLeaf(bool leaf) { leaf_ = leaf; }
  using Entry = void (*)(void*);
  template <typename Body>
  static constexpr Entry EntryOf() {
    return [](void* argument) { (*static_cast<Body*>(argument))(); };
  }
  /// From a thread: part of its event, in which the child runs to its first operation.
  ThreadId SpawnThread(std::string_view name, Entry entry, void* argument, bool joinable);
  /// Starts the timer of the current thread, which is about to wait for `object`, or for the part
  /// of it that `key` names. What firing touches besides the clock is `footprint`.
  void ArmTimer(WaitState& wait, ObjectId object, uint32_t key, const char* role,
                Footprint footprint);
  void DisarmTimer();
  /// A choice below `count` that the strategy makes at once, without a schedule point.
  uint32_t PickValue(uint32_t count);
  /// Whether a fault strikes here: a choice as long as the budget lasts, and never outside threads.
  bool PickFault(FaultKind kind);
  /// A pointer that belongs to the current thread; the set-up and the checks have one of their own.
  void*& thread_slot() { return in_thread() ? threads_[current_].slot : main_slot_; }

 private:
  struct Thread {
    std::string name;
    Entry entry = nullptr;
    void* argument = nullptr;
    Fiber fiber;
    const std::byte* floor = nullptr;  // Of its stack, for the code under test.
    uint32_t objects = 0;
    void* slot = nullptr;
    bool joinable = false;
    bool done = false;
  };

  void Reset(Scenario& scenario, Strategy& strategy, Execution& execution);
  [[noreturn]] void MainEntry();
  [[noreturn]] void ThreadEntry(ThreadId self);
  [[noreturn]] void LeaveExecution();
  void DependOnBoundedDeadlines(Footprint& footprint) const;
  [[noreturn]] void FailStackLimit();
  void RunThreads();
  void RunToFirstOperation(ThreadId thread);
  void CheckLeaks();
  Fiber& FiberOf(ThreadId thread);

  void SwitchTo(ThreadId next);
  /// The thread that runs next, with timers fired on the way; kNoThread when the execution is over.
  ThreadId PickNext();
  void Record(ThreadId picked, ThreadSet enabled);
  ThreadSet Enabled() const;
  bool IsEnabled(const Operation& operation) const;
  bool MayFire(ThreadId timer) const;
  void FireTimer(ThreadId timer);
  void EndWithoutEnabled();

  ExecutionLimits limits_;
  CrashGuard crash_guard_;
  Arena arena_;
  StackPool stacks_;
  std::vector<Thread> threads_;
  std::array<Operation, 2 * kMaxThreads> pending_;
  ThreadSet alive_;  // Threads not done, and armed timers.

  Scenario* scenario_ = nullptr;
  Strategy* strategy_ = nullptr;
  Execution* execution_ = nullptr;
  LockGraph lock_graph_;
  Fiber root_;
  Fiber main_;
  uint32_t thread_count_ = 0;
  uint32_t root_objects_ = 0;
  ThreadId current_ = kNoThread;
  ThreadId last_ = kNoThread;  // Who took the last event.
  // A thread runs to its first operation, then goes back to whoever started it; nothing is picked.
  bool starting_ = false;
  ThreadId starter_ = kNoThread;
  bool observing_ = false;
  bool leaf_ = false;
  int32_t locks_held_ = 0;
  Time now_ = 0;
  uint32_t early_fires_ = 0;  // While a thread could have run.
  std::array<uint32_t, kFaultKinds> faults_left_{};
  void* main_slot_ = nullptr;
};

}  // namespace sim
