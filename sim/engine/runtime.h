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
// What happens is written down by the recorder, which owns the states of all objects; what is
// enabled is said by engine/enabled.h. This file knows neither locks nor counters.
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
#include "sim/engine/recorder.h"
#include "sim/engine/strategy.h"
#include "sim/engine/timers.h"

namespace sim {

class Runtime;

/// What is run over and over: the code under test, and its judge. All calls of one execution happen
/// between Start and Finish; memory that the code under test needs comes from runtime.arena().
class Scenario {
 public:
  virtual ~Scenario() = default;
  /// Makes the objects and spawns the threads.
  virtual void Start(Runtime& runtime) = 0;
  /// Called before each choice at which no lock is held. May fail the execution. What it looks at
  /// has to be declared, see Runtime::Checked: a search that does not try all orders of independent
  /// events would miss states otherwise.
  virtual void AtBoundary(Runtime&) {}
  /// Whether whatever AtBoundary finds wrong is seen in every order of independent events, because
  /// each of its checks is about what conflicting events change. Then nothing need be declared.
  virtual bool ChecksAreLocal() const { return false; }
  /// Called once nothing can run any more, also at a deadlock, but not after Fail or a stop: looks
  /// at the end, then takes everything down (only if every thread has ended).
  virtual void Finish(Runtime&) {}
  /// Threads that are blocked at the end are no deadlock.
  virtual bool AllowsBlocked() const { return false; }
  virtual bool AllowsLeaks() const { return false; }
};

/// What a schedule may let go wrong.
enum class FaultKind : uint8_t { kAllocation, kUserMemory, kIdleWake };
inline constexpr size_t kFaultKinds = 3;

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
  /// The same if one of its threads runs; otherwise null.
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
  Time now() const { return timers_.now(); }
  /// How many events have happened.
  EventIndex event_count() const { return recorder_.event_count(); }
  const ExecutionLimits& limits() const { return limits_; }
  /// True while a simulated thread runs; false in set-up, checks and tear-down.
  bool in_thread() const { return current_ != kNoThread && !observing_; }
  ThreadId current() const { return current_; }
  /// The current thread; to the set-up and the checks, somebody who is none.
  ThreadId self() const { return in_thread() ? current_ : kOutsideThreads; }
  static constexpr ThreadId kOutsideThreads = TimerOf(0);  // A timer holds nothing.

  /// Ends the execution with a failure, unless it has one. Does not return: the stacks of all
  /// threads are abandoned.
  [[noreturn]] void Fail(FailureKind kind, std::string message);
  /// As Fail, for the inline parts of primitives: they end up in the code under test, which should
  /// not have to build strings. The message is "object: what is wrong" if there is an object.
  [[noreturn]] void FailWith(FailureKind kind, const char* message, const char* object = nullptr);
  [[noreturn]] void FailAssertion(const char* condition, const char* file, int line);
  /// Of a signal that the execution caused; `address` is what it says about the place.
  /// `follows_nothing`: a pointer was followed that looks as if from memory that holds nothing.
  [[noreturn]] void FailCrash(int signal, const void* address, bool follows_nothing);
  /// A sanitizer has reported `what` about the memory at `address`. The execution
  /// goes on to the end of the event, and then fails.
  void NoteReport(std::string_view what, const void* address);
  /// Frees a block of the arena; a failure if it is none.
  void Free(void* block);

  // For the primitives.

  /// `place` is where the code under test keeps the handle, `value` what the state begins with.
  ObjectHandle NewObject(const char* role, const void* place, uint64_t value = 0);
  /// The object is destroyed, part of the event in progress: whoever uses it, or is about to,
  /// fails.
  void Destroy(ObjectHandle handle, const void* place);
  /// What the checks at boundaries look at: operations that change one such object depend on those
  /// that change another, so that every state of them together is seen.
  void Checked(ObjectHandle handle, const void* place) { Use(handle, place).is_checked = true; }
  /// Some waits for the object have deadlines, or are given up at once. So its operations depend on
  /// the clock: each may begin or end a wait that has the earliest deadline. A lock's releases are
  /// steps of their own.
  void Bounded(ObjectHandle handle, const void* place) { Use(handle, place).is_bounded = true; }
  bool IsBounded(ObjectSlot slot) const { return recorder_.objects().At(slot).is_bounded; }
  /// The object's state, for looks that are no operations.
  const State& Peek(ObjectHandle handle, const void* place);

  /// The next operation of the current thread on an object, yet to be announced. Fails if the
  /// object is gone.
  Operation Prepare(OpKind kind, ObjectHandle handle, const void* place,
                    uint32_t key = kWholeObject);
  /// Yields until `operation`, the next of the current thread, is picked and may be performed. It
  /// touches what the rules say, and what its footprint says besides. Outside threads it happens at
  /// once, or never.
  void Announce(Operation& operation);
  /// Announces it, and changes the state as the rules say. Returns what the operation answers.
  uint64_t Perform(Operation& operation);
  /// Starts the timer of a wait that is announced next; `fire` is what firing touches.
  void Arm(const Operation& wait, const Footprint& fire);
  /// Whether the wait that was announced is over because its deadline has passed.
  bool HasTimedOut(const Operation& wait);
  /// Part of the event in progress, whatever it is; without threads, of none.
  uint64_t Change(ObjectSlot slot, OpKind kind, ThreadId thread, uint64_t argument = 0);
  /// The same for what nobody can wait for.
  uint64_t ChangeUnseen(ObjectSlot slot, OpKind kind, ThreadId thread, uint64_t argument = 0) {
    return recorder_.ChangeUnseen(slot, kind, thread, argument);
  }
  const State& StateOf(ObjectSlot slot) const { return recorder_.StateOf(slot); }
  /// Adds to the footprint of the current event: a release that was folded into it.
  void FoldInto(const Access& access);
  /// The same for what could not be told from the operation.
  void FoldIntoUnforeseen(const Access& access);
  /// What the event is to those who sleep, and to nobody else.
  void NoteWaking(const Access& access);
  /// A section within one event leaves no trace: takes back that the event took the lock.
  bool TakeBack(ObjectSlot slot);
  /// `waited`: it could have had to wait for the lock.
  void NoteAcquired(ObjectId lock, const char* role, bool waited);
  void NoteReleased(ObjectId lock);
  /// What `thread` has announced touches this from here on: a state has changed that decides it.
  void Refine(ThreadId thread, const Footprint& footprint);
  /// The operations that are announced on an object, of a kind.
  template <typename Visit>
  void ForEachPending(ObjectSlot slot, OpKind kind, Visit visit) {
    for (ThreadId thread = 0; thread < thread_count_; ++thread) {
      if (pending_[thread].slot == slot && pending_[thread].kind == kind) visit(pending_[thread]);
    }
  }
  /// The current thread has looked, found what it does not want, and would only look again.
  void Pause();
  /// While set, the current thread holds a section that was declared to be a leaf.
  void SetLeaf(bool leaf) { leaf_ = leaf; }
  bool in_leaf() const { return leaf_; }
  using Entry = void (*)(void*);
  template <typename Body>
  static constexpr Entry EntryOf() {
    return [](void* argument) { (*static_cast<Body*>(argument))(); };
  }
  /// From a thread: part of its event, in which the child runs to its first operation.
  ThreadId SpawnThread(std::string_view name, Entry entry, void* argument, bool joinable);
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
    EventIndex turn = 0;  // The first event since it last paused.
  };

  void Reset(Scenario& scenario, Strategy& strategy, Execution& execution);
  [[noreturn]] void MainEntry();
  [[noreturn]] void ThreadEntry(ThreadId self);
  [[noreturn]] void LeaveExecution();
  [[noreturn]] void FailStackLimit();
  void RunThreads();
  void RunToFirstOperation(ThreadId thread);
  std::string DescribeCrash(int signal, const void* address, bool follows_nothing) const;
  void CheckMemory();
  void CheckLeaks();
  Fiber& FiberOf(ThreadId thread);
  void SwitchTo(ThreadId next);

  ObjectId NewName();
  ObjectTable::Object& Use(ObjectHandle handle, const void* place) {
    ObjectTable::Object* object = recorder_.objects().Find(handle);
    if (object == nullptr) [[unlikely]]
      FailGone(handle, place);
    return *object;
  }
  static constexpr const char* kUsedWhenGone = "used after it was destroyed";
  [[noreturn]] void FailGone(ObjectHandle handle, const void* place);
  void AnnounceUseOfGone(OpKind kind, const void* place, uint32_t key);
  Operation OperationOn(const ObjectTable::Object& object, OpKind kind, uint32_t key) const;
  void PerformAlone(const Operation& operation);
  bool OnlyLooked(EventIndex since) const;
  void CompleteFootprint(Operation& operation) const;

  /// The thread that runs next, with timers fired on the way; kNoThread when the execution is over.
  ThreadId PickNext();
  void CheckBoundary();
  ThreadSet Enabled() const;
  bool CanHappenNow(const Operation& operation) const;
  void FireTimer(bool is_early);
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
  Recorder recorder_;
  Timers timers_{recorder_};
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
  std::optional<Failure> report_;  // Of a sanitizer.
  bool observing_ = false;
  bool leaf_ = false;
  int32_t locks_held_ = 0;
  std::array<uint32_t, kFaultKinds> faults_left_{};
  void* main_slot_ = nullptr;
};

}  // namespace sim
