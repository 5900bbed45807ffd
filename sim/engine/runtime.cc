#include "sim/engine/runtime.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "sim/engine/enabled.h"

namespace sim {

namespace {

// The primitives take no runtime argument, since the code under test is the code that ships; this
// is how they find the execution they are in.
constinit thread_local Runtime* g_current = nullptr;
// An object that an execution has left behind may be destroyed in one of another runtime, and must
// not be taken for one of its own.
constinit thread_local uint32_t g_executions = 0;

}  // namespace

Runtime* Runtime::Current() {
  return g_current;
}

Runtime::Runtime(const ExecutionLimits& limits)
    : limits_(limits),
      arena_(limits.arena_bytes),
      stacks_(limits.stack_bytes),
      threads_(kMaxThreads) {}

Runtime::~Runtime() = default;

void Runtime::Reset(Scenario& scenario, Strategy& strategy, Execution& execution) {
  scenario_ = &scenario;
  strategy_ = &strategy;
  recorder_.Begin(execution, ++g_executions, limits_.early_fires);
  timers_.Begin();
  arena_.Reset();
  if (limits_.check_lock_order) lock_graph_.Clear();
  for (ThreadId i = 0; i < thread_count_; ++i) {
    threads_[i].objects = 0;
    threads_[i].slot = nullptr;
    threads_[i].done = false;
    threads_[i].turn = 0;
    pending_[i].kind = OpKind::kNone;
    pending_[TimerOf(i)].kind = OpKind::kNone;
  }
  alive_ = ThreadSet();
  thread_count_ = 0;
  root_objects_ = 0;
  current_ = kNoThread;
  last_ = kNoThread;
  starting_ = false;
  starter_ = kNoThread;
  report_.reset();
  observing_ = false;
  leaf_ = false;
  locks_held_ = 0;
  faults_left_ = limits_.faults;
  main_slot_ = nullptr;
}

void Runtime::Execute(Scenario& scenario, Strategy& strategy, Execution& execution) {
  assert(g_current == nullptr);  // Executions do not nest.
  Reset(scenario, strategy, execution);
  g_current = this;
  crash_guard_.Arm();
  main_.Start(
      stacks_.Get(0), [](void* self) { static_cast<Runtime*>(self)->MainEntry(); }, this);
  main_.SwitchFrom(root_);
  g_current = nullptr;
  execution.thread_count = thread_count_;
  execution.pending = pending_;
}

void Runtime::MainEntry() {
  scenario_->Start(*this);
  RunThreads();
  const ExecutionEnd end = recorder_.execution().end;
  if (end == ExecutionEnd::kFinished || end == ExecutionEnd::kBlocked) {
    scenario_->Finish(*this);
    CheckMemory();
  }
  if (end == ExecutionEnd::kFinished) CheckLeaks();
  LeaveExecution();
}

void Runtime::LeaveExecution() {
  Fiber& self = FiberOf(current_);
  root_.SwitchFrom(self);
  std::abort();  // Nobody continues an abandoned fiber.
}

void Runtime::CheckMemory() {
  std::optional<Failure>& failure = recorder_.execution().failure;
  if (failure) return;
  if (report_) {
    failure = report_;
  } else if (auto error = arena_.FindError()) {
    failure = Failure{FailureKind::kMemory, std::move(*error)};
  }
}

void Runtime::CheckLeaks() {
  std::optional<Failure>& failure = recorder_.execution().failure;
  if (arena_.live_blocks() == 0 || scenario_->AllowsLeaks() || failure) return;
  failure = Failure{FailureKind::kLeak,
                    fmt::format("still allocated after every process was taken down: {}",
                                arena_.DescribeLiveBlocks())};
}

// --- Threads ---

ThreadId Runtime::SpawnThread(std::string_view name, Entry entry, void* argument, bool joinable) {
  assert(in_thread() || event_count() == 0);  // Not by a check.
  if (thread_count_ == kMaxThreads) {
    Fail(FailureKind::kMisuse, fmt::format("a scenario may have {} threads at most", kMaxThreads));
  }
  const ThreadId id = static_cast<ThreadId>(thread_count_++);
  recorder_.objects().UseThread(id);
  Thread& thread = threads_[id];
  thread.name.assign(name);
  thread.entry = entry;
  thread.argument = argument;
  thread.joinable = joinable;
  alive_.Add(id);
  if (in_thread()) {
    recorder_.event().child = id;
    RunToFirstOperation(id);
  }
  return id;
}

void Runtime::RunToFirstOperation(ThreadId thread) {
  struct Start {
    Runtime* runtime;
    ThreadId id;
  };
  Start start{this, thread};
  FiberStack& stack = stacks_.Get(size_t{1} + thread);
  threads_[thread].floor = static_cast<const std::byte*>(stack.bottom()) + stack.size() -
                           std::min(stack.size(), limits_.max_depth_bytes);
  threads_[thread].fiber.Start(
      stack,
      [](void* argument) {
        const Start copy = *static_cast<Start*>(argument);
        copy.runtime->ThreadEntry(copy.id);
      },
      &start);
  starting_ = true;
  starter_ = current_;
  SwitchTo(thread);
  starting_ = false;
}

void Runtime::RunThreads() {
  // Up to its first operation a thread does only local work, so the order here changes nothing.
  for (ThreadId id = 0; id < thread_count_; ++id) RunToFirstOperation(id);
  const ThreadId first = PickNext();
  if (first != kNoThread) SwitchTo(first);
}

void Runtime::ThreadEntry(ThreadId self) {
  Thread& thread = threads_[self];
  std::string exception;
  try {
    thread.entry(thread.argument);
  } catch (...) {
    exception = "an exception left the thread: " + DescribeException();
  }
  if (!exception.empty()) Fail(FailureKind::kCrash, std::move(exception));
  if (leaf_) {
    Fail(FailureKind::kMisuse,
         fmt::format("{} ended inside a section that was declared a leaf", thread.name));
  }
  // The end belongs to the thread's last event; to the event of its spawn if it had none.
  if (thread.joinable) FoldInto({LifeOf(self), kWholeObject, AccessMode::kWrite});
  Change(LifeSlot(self), OpKind::kEnd, self);
  thread.done = true;
  alive_.Remove(self);
  SwitchTo(starting_ ? starter_ : PickNext());
  std::abort();  // Nobody continues a thread that has ended.
}

Fiber& Runtime::FiberOf(ThreadId thread) {
  return thread == kNoThread ? main_ : threads_[thread].fiber;
}

void Runtime::SwitchTo(ThreadId next) {
  const ThreadId self = current_;
  current_ = next;
  FiberOf(next).SwitchFrom(FiberOf(self));
}

// --- Failures ---

void Runtime::Fail(FailureKind kind, std::string message) {
  Execution& execution = recorder_.execution();
  // The first failure counts: a look at a deadlock may find more things wrong. But the engine knows
  // more of its objects than a sanitizer.
  if (!execution.failure && report_ && kind != FailureKind::kMemory) execution.failure = report_;
  if (!execution.failure) execution.failure = Failure{kind, std::move(message)};
  execution.end = ExecutionEnd::kFailed;
  // Straight to the caller of Execute: after a failure nothing of the scenario runs any more.
  LeaveExecution();
}

void Runtime::FailWith(FailureKind kind, const char* message, const char* object) {
  Fail(kind, object == nullptr ? std::string(message) : fmt::format("{}: {}", object, message));
}

void Runtime::FailAssertion(const char* condition, const char* file, int line) {
  Fail(FailureKind::kAssertion, fmt::format("{}:{}: {}", file, line, condition));
}

void Runtime::FailStackLimit() {
  Fail(FailureKind::kStackLimit,
       fmt::format(
           "calls are nested more than {} KiB deep; does one recurse once for every level of "
           "something?",
           limits_.max_depth_bytes >> 10));
}

void Runtime::FailCrash(int signal, const void* address, bool follows_nothing) {
  const size_t stack = current_ == kNoThread ? 0 : size_t{1} + current_;
  if (stacks_.Get(stack).GuardHas(address)) FailStackLimit();
  Fail(FailureKind::kCrash, DescribeCrash(signal, address, follows_nothing));
}

void Runtime::NoteReport(std::string_view what, const void* address) {
  if (report_) return;
  const std::string block = arena_.Describe(address);
  report_ = Failure{FailureKind::kMemory,
                    block.empty() ? std::string(what) : fmt::format("{} near {}", what, block)};
}

std::string Runtime::DescribeCrash(int signal, const void* address, bool follows_nothing) const {
  if (follows_nothing) {
    return "a pointer was followed that came from memory that was freed, or never written to";
  }
  const char* name = strsignal(signal);
  const std::string block = arena_.Describe(address);
  return block.empty() ? name : fmt::format("{} near {}", name, block);
}

void Runtime::Free(void* block) {
  if (arena_.Free(block)) return;
  Fail(FailureKind::kMemory, *arena_.FindError());
}

// --- Operations ---

Operation Runtime::Prepare(OpKind kind, ObjectHandle handle, const void* place, uint32_t key) {
  const ObjectTable::Object* object = recorder_.objects().Find(handle);
  if (object == nullptr) [[unlikely]] {
    AnnounceUseOfGone(kind, place, key);
    FailGone(handle, place);
  }
  return OperationOn(*object, kind, key);
}

Operation Runtime::OperationOn(const ObjectTable::Object& object, OpKind kind, uint32_t key) const {
  Operation operation;
  operation.kind = kind;
  operation.thread = self();
  operation.slot = recorder_.objects().SlotOf(object);
  operation.key = key;
  operation.object = object.id;
  operation.role = object.role;
  return operation;
}

void Runtime::CompleteFootprint(Operation& operation) const {
  const State state = operation.slot == kNoSlot ? State() : StateOf(operation.slot);
  const Footprint by_rule = FootprintOf(operation, state);
  bool changes = false;
  for (const Access& access : by_rule) {
    operation.footprint.Add(access);
    changes = changes || access.mode() != AccessMode::kRead;
  }
  if (limits_.early_fires) operation.footprint.Add({kEverything, kWholeObject, AccessMode::kRead});
  if (operation.slot == kNoSlot || operation.slot < kFirstSlot) return;
  const ObjectTable::Object& object = recorder_.objects().At(operation.slot);
  // A mere look at what the checks look at changes nothing for them.
  if (object.is_checked && changes) {
    operation.footprint.Add({kChecked, kWholeObject, AccessMode::kWrite});
  }
  if (object.is_bounded) operation.footprint.Add({kClock, kWholeObject, AccessMode::kRead});
}

void Runtime::Announce(Operation& operation) {
  if (!in_thread()) return PerformAlone(operation);
  if (leaf_) {
    Fail(FailureKind::kMisuse, fmt::format("{} {} inside a section that was declared a leaf",
                                           OpName(operation.kind), operation.role));
  }
  const ThreadId self = current_;
  // The same depth whatever the engine does at this point, so that the failure is replayed.
  if (static_cast<const std::byte*>(__builtin_frame_address(0)) < threads_[self].floor) {
    FailStackLimit();
  }
  CompleteFootprint(operation);
  pending_[self] = operation;
  const ThreadId next = starting_ ? starter_ : PickNext();
  if (next != self) SwitchTo(next);
  const bool is_gone = operation.slot != kNoSlot && StateOf(operation.slot).is_gone();
  if (is_gone) FailWith(FailureKind::kMemory, kUsedWhenGone, operation.role);
}

// The set-up and the checks are alone: what is not there now would never come.
void Runtime::PerformAlone(const Operation& operation) {
  const bool possible = operation.slot == kNoSlot ||
                        IsEnabled(operation.kind, operation, StateOf(operation.slot)) ||
                        operation.deadline != kForever;
  if (possible) return;
  Fail(FailureKind::kMisuse, fmt::format("{}: {} outside threads would wait for ever",
                                         operation.role, OpName(operation.kind)));
}

uint64_t Runtime::Perform(Operation& operation) {
  Announce(operation);
  return Change(operation.slot, operation.kind, operation.thread, operation.argument);
}

void Runtime::Arm(const Operation& wait, const Footprint& fire) {
  if (!in_thread()) return;
  const ThreadId timer = TimerOf(current_);
  pending_[timer] = timers_.Arm(wait, fire);
  alive_.Add(timer);
}

bool Runtime::HasTimedOut(const Operation& wait) {
  if (!in_thread()) return !IsEnabled(wait.kind, wait, StateOf(wait.slot));
  const ThreadId timer = TimerOf(current_);
  if (!alive_.Has(timer)) return false;
  pending_[timer].kind = OpKind::kNone;
  alive_.Remove(timer);
  return timers_.Disarm(current_);
}

void Runtime::FoldInto(const Access& access) {
  if (event_count() != 0) recorder_.event().footprint.Add(access);
}

void Runtime::FoldIntoUnforeseen(const Access& access) {
  FoldInto(access);
  recorder_.AddAside(access, /*only_wakes=*/false);
}

void Runtime::NoteWaking(const Access& access) {
  recorder_.AddAside(access, /*only_wakes=*/true);
}

void Runtime::NoteAcquired(ObjectId lock, const char* role, bool waited) {
  ++locks_held_;
  if (!limits_.check_lock_order) return;
  if (auto cycle = lock_graph_.Acquired(current_, lock, role, waited)) {
    Fail(FailureKind::kLockOrder, std::move(*cycle));
  }
}

void Runtime::NoteReleased(ObjectId lock) {
  --locks_held_;
  if (limits_.check_lock_order) lock_graph_.Released(current_, lock);
}

void Runtime::Refine(ThreadId thread, const Footprint& footprint) {
  Operation& operation = pending_[thread];
  operation.footprint = footprint;
  if (limits_.early_fires) operation.footprint.Add({kEverything, kWholeObject, AccessMode::kRead});
}

// --- Values ---

uint32_t Runtime::PickValue(uint32_t count) {
  assert(count >= 1);
  if (count == 1) return 0;
  const uint32_t value = strategy_->PickValue({count, current_, event_count()});
  assert(value < count);
  recorder_.AddValue(current_, count, value);
  return value;
}

bool Runtime::PickFault(FaultKind kind) {
  uint32_t& left = faults_left_[static_cast<size_t>(kind)];
  if (left == 0 || !in_thread() || PickValue(2) == 0) return false;
  --left;
  return true;
}

// --- The schedule ---

bool Runtime::CanHappenNow(const Operation& operation) const {
  return CanHappen(recorder_.execution(), thread_count_, operation,
                   [this](ObjectSlot slot) -> const State& { return StateOf(slot); });
}

ThreadSet Runtime::Enabled() const {
  ThreadSet enabled;
  for (ThreadId thread : alive_) {  // Threads before timers.
    const bool is_early = IsTimer(thread) && enabled.AnyThread();
    if (is_early && limits_.early_fires == StateOf(kEarlySlot).value) break;
    if (CanHappenNow(pending_[thread])) enabled.Add(thread);
  }
  return enabled;
}

void Runtime::CheckBoundary() {
  if (locks_held_ != 0) return;
  observing_ = true;
  scenario_->AtBoundary(*this);
  observing_ = false;
}

ThreadId Runtime::PickNext() {
  for (;;) {
    if (report_) [[unlikely]]
      Fail(report_->kind, report_->message);
    CheckBoundary();
    const ThreadSet enabled = Enabled();
    if (enabled.empty()) {
      EndWithoutEnabled();
      return kNoThread;
    }
    const EventIndex step = event_count();
    if (step == limits_.max_steps) {
      Fail(FailureKind::kStepLimit,
           fmt::format("no end after {} events; does a loop wait for another thread without a "
                       "visible wait?",
                       step));
    }
    const ThreadId picked =
        strategy_->PickThread({step, enabled, last_, recorder_.execution(), pending_});
    if (picked == kNoThread) {
      recorder_.execution().end = ExecutionEnd::kStopped;
      return kNoThread;
    }
    assert(enabled.Has(picked));
    recorder_.AddEvent(pending_[picked], enabled);
    pending_[picked].kind = OpKind::kNone;
    last_ = picked;
    if (!IsTimer(picked)) return picked;
    FireTimer(enabled.AnyThread());
  }
}

// The timer's event, which has just begun.
void Runtime::FireTimer(bool is_early) {
  const Event& fire = recorder_.event();
  timers_.Fire(fire, is_early);
  if (fire.awaited != OpKind::kQueueWait) return;
  const ThreadId owner = OwnerOf(fire.thread);
  ChangeUnseen(static_cast<ObjectSlot>(fire.argument), OpKind::kNotifyOne, owner);
}

void Runtime::EndWithoutEnabled() {
  Execution& execution = recorder_.execution();
  std::string waiting;
  for (ThreadId thread = 0; thread < thread_count_; ++thread) {
    if (threads_[thread].done) continue;
    execution.blocked.Add(thread);
    const Operation& operation = pending_[thread];
    waiting += fmt::format("{}{} ({} {})", waiting.empty() ? "" : ", ", threads_[thread].name,
                           OpName(operation.kind), operation.role);
  }
  if (waiting.empty()) {
    execution.end = ExecutionEnd::kFinished;
    return;
  }
  execution.end = ExecutionEnd::kBlocked;
  if (scenario_->AllowsBlocked()) return;
  execution.failure = Failure{FailureKind::kDeadlock, fmt::format("blocked for ever: {}", waiting)};
}

}  // namespace sim
