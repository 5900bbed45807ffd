#include "sim/engine/runtime.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "sim/engine/random.h"

namespace sim {

namespace {

// The primitives take no runtime argument, since the code under test is the code that ships; this
// is how they find the execution they are in. The only variable of the engine that is not in an
// object.
constinit thread_local Runtime* g_current = nullptr;

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
  execution_ = &execution;
  execution.Clear();
  arena_.Reset();
  if (limits_.check_lock_order) lock_graph_.Clear();
  for (ThreadId i = 0; i < thread_count_; ++i) {
    threads_[i].objects = 0;
    threads_[i].slot = nullptr;
    threads_[i].done = false;
    pending_[i] = Operation{};
    pending_[TimerOf(i)] = Operation{};
  }
  alive_ = ThreadSet();
  thread_count_ = 0;
  root_objects_ = 0;
  current_ = kNoThread;
  last_ = kNoThread;
  starting_ = false;
  starter_ = kNoThread;
  observing_ = false;
  leaf_ = false;
  locks_held_ = 0;
  now_ = 0;
  early_fires_ = 0;
  faults_left_ = limits_.faults;
  execution.early_fires = limits_.early_fires;
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
  const bool over =
      execution_->end == ExecutionEnd::kFinished || execution_->end == ExecutionEnd::kBlocked;
  if (over) scenario_->Finish(*this);
  if (execution_->end == ExecutionEnd::kFinished) CheckLeaks();
  LeaveExecution();
}

void Runtime::LeaveExecution() {
  Fiber& self = FiberOf(current_);
  root_.SwitchFrom(self);
  std::abort();  // Nobody continues an abandoned fiber.
}

void Runtime::CheckLeaks() {
  if (arena_.live_blocks() == 0 || scenario_->AllowsLeaks() || execution_->failure) return;
  execution_->failure = Failure{
      FailureKind::kLeak, fmt::format("still allocated after every process was taken down: {}",
                                      arena_.DescribeLiveBlocks())};
}

ThreadId Runtime::SpawnThread(std::string_view name, Entry entry, void* argument, bool joinable) {
  assert(in_thread() || execution_->events.empty());  // Not by a check.
  if (thread_count_ == kMaxThreads) {
    Fail(FailureKind::kMisuse, fmt::format("a scenario may have {} threads at most", kMaxThreads));
  }
  const ThreadId id = static_cast<ThreadId>(thread_count_++);
  Thread& thread = threads_[id];
  thread.name.assign(name);
  thread.entry = entry;
  thread.argument = argument;
  thread.joinable = joinable;
  alive_.Add(id);
  if (in_thread()) {
    execution_->events.back().child = id;
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
  thread.entry(thread.argument);
  if (leaf_) {
    Fail(FailureKind::kMisuse,
         fmt::format("{} ended inside a section that was declared a leaf", thread.name));
  }
  // The end belongs to the thread's last event; to the event of its spawn if it had none.
  if (thread.joinable) FoldInto({LifeOf(self), kWholeObject, /*write=*/true});
  thread.done = true;
  alive_.Remove(self);
  pending_[self] = Operation{};
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

void Runtime::Fail(FailureKind kind, std::string message) {
  // The first failure counts: a look at a deadlock may find more things wrong.
  if (!execution_->failure) execution_->failure = Failure{kind, std::move(message)};
  execution_->end = ExecutionEnd::kFailed;
  // Straight to the caller of Execute: after a failure nothing of the scenario runs any more.
  LeaveExecution();
}

void Runtime::FailWith(FailureKind kind, const char* message) {
  Fail(kind, message);
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

void Runtime::FailCrash(int signal, const void* address) {
  const size_t stack = current_ == kNoThread ? 0 : size_t{1} + current_;
  if (stacks_.Get(stack).GuardHas(address)) FailStackLimit();
  Fail(FailureKind::kCrash, strsignal(signal));
}

ObjectId Runtime::NewObject() {
  // What a check makes is nobody's: it must not move the names of the thread it interrupts.
  if (!in_thread()) return {kNoThread, root_objects_++};
  return {current_, threads_[current_].objects++};
}

void Runtime::Announce(const Operation& operation) {
  assert(in_thread());
  if (leaf_) {
    Fail(FailureKind::kMisuse, fmt::format("{} {} inside a section that was declared a leaf",
                                           OpName(operation.kind), operation.role));
  }
  const ThreadId self = current_;
  // The same depth whatever the engine does at this point, so that the failure is replayed.
  if (static_cast<const std::byte*>(__builtin_frame_address(0)) < threads_[self].floor) {
    FailStackLimit();
  }
  pending_[self] = operation;
  DependOnBoundedDeadlines(pending_[self].footprint);
  const ThreadId next = starting_ ? starter_ : PickNext();
  if (next != self) SwitchTo(next);
}

void Runtime::NoteAcquired(ObjectId lock, const char* role, bool exclusive, bool waited) {
  ++locks_held_;
  if (limits_.check_lock_order) {
    if (auto cycle = lock_graph_.Acquired(current_, lock, role, waited)) {
      Fail(FailureKind::kLockOrder, std::move(*cycle));
    }
  }
  const auto step = static_cast<EventIndex>(execution_->events.size() - 1);
  execution_->lock_changes.push_back({step, lock, exclusive, /*acquired=*/true});
}

void Runtime::NoteReleased(ObjectId lock, bool exclusive) {
  --locks_held_;
  if (limits_.check_lock_order) lock_graph_.Released(current_, lock);
  std::vector<LockChange>& changes = execution_->lock_changes;
  const auto step = static_cast<EventIndex>(execution_->events.size() - 1);
  const bool same_event = !changes.empty() && changes.back().step == step &&
                          changes.back().lock == lock && changes.back().acquired;
  if (same_event) {
    changes.pop_back();
  } else {
    changes.push_back({step, lock, exclusive, /*acquired=*/false});
  }
}

void Runtime::NarrowAnnounced(ThreadId thread, const Footprint& footprint) {
  pending_[thread].footprint = footprint;
  DependOnBoundedDeadlines(pending_[thread].footprint);
}

void Runtime::DependOnBoundedDeadlines(Footprint& footprint) const {
  if (limits_.early_fires) footprint.Add({kEverything, kWholeObject, /*write=*/false});
}

void Runtime::FoldInto(const Access& access) {
  if (!execution_->events.empty()) execution_->events.back().footprint.Add(access);
}

uint32_t Runtime::PickValue(uint32_t count) {
  assert(count >= 1);
  if (count == 1) return 0;
  const auto step = static_cast<EventIndex>(execution_->events.size());
  const uint32_t value = strategy_->PickValue({count, current_, step});
  assert(value < count);
  execution_->values.push_back({step, current_, count, value});
  execution_->hash = Mix(execution_->hash, (uint64_t{count} << 32) | value);
  return value;
}

bool Runtime::PickFault(FaultKind kind) {
  uint32_t& left = faults_left_[static_cast<size_t>(kind)];
  if (left == 0 || !in_thread() || PickValue(2) == 0) return false;
  --left;
  return true;
}

void Runtime::ArmTimer(WaitState& wait, ObjectId object, uint32_t key, const char* role,
                       Footprint footprint) {
  const ThreadId timer = TimerOf(current_);
  Operation fire;
  fire.kind = OpKind::kTimerFire;
  fire.object = object;
  fire.key = key;
  fire.role = role;
  fire.wait = &wait;
  fire.footprint = footprint;
  if (limits_.early_fires) fire.footprint.Add({kEverything, kWholeObject, /*write=*/true});
  if (wait.deadline != kAtAnyMoment) {
    fire.footprint.Add({kClock, kWholeObject, /*write=*/true});
    execution_->events.back().armed = wait.deadline;
  }
  wait.armed = true;
  pending_[timer] = fire;
  alive_.Add(timer);
}

void Runtime::DisarmTimer() {
  const ThreadId timer = TimerOf(current_);
  if (!alive_.Has(timer)) return;
  pending_[timer].wait->armed = false;
  pending_[timer] = Operation{};
  alive_.Remove(timer);
}

bool Runtime::MayFire(ThreadId timer) const {
  const WaitState& wait = *pending_[timer].wait;
  if (wait.over()) return false;
  if (wait.deadline == kAtAnyMoment) return true;
  // Deadlines pass in their order; firing a later one first would invent clock values.
  for (ThreadId other : alive_) {
    if (!IsTimer(other) || other == timer) continue;
    const WaitState& rival = *pending_[other].wait;
    if (rival.over() || rival.deadline == kAtAnyMoment) continue;
    if (rival.deadline < wait.deadline) return false;
  }
  return true;
}

bool Runtime::IsEnabled(const Operation& operation) const {
  switch (operation.kind) {
    case OpKind::kNone:
      return false;
    case OpKind::kAcquire:
      return operation.lock->writer == kNoThread && operation.lock->readers == 0;
    case OpKind::kAcquireShared:
      return operation.lock->writer == kNoThread;
    case OpKind::kJoin:
      return threads_[operation.object.creator].done;
    case OpKind::kEventWait:
    case OpKind::kCondWait:
      return operation.wait->over();
    case OpKind::kAtomicAwait:
      return *operation.word == operation.wanted;
    default:
      return true;
  }
}

ThreadSet Runtime::Enabled() const {
  ThreadSet enabled;
  for (ThreadId thread : alive_) {  // Threads before timers.
    if (IsTimer(thread) && limits_.early_fires == early_fires_ && enabled.AnyThread()) break;
    const bool can_run = IsTimer(thread) ? MayFire(thread) : IsEnabled(pending_[thread]);
    if (can_run) enabled.Add(thread);
  }
  return enabled;
}

void Runtime::FireTimer(ThreadId timer) {
  WaitState& wait = *pending_[timer].wait;
  wait.timed_out = true;
  if (execution_->events.back().enabled.AnyThread()) ++early_fires_;
  NoteWoken(OwnerOf(timer));
  if (wait.deadline != kAtAnyMoment) now_ = std::max(now_, wait.deadline);
}

ThreadId Runtime::PickNext() {
  for (;;) {
    if (locks_held_ == 0) {
      observing_ = true;
      scenario_->AtBoundary(*this);
      observing_ = false;
    }
    const ThreadSet enabled = Enabled();
    if (enabled.empty()) {
      EndWithoutEnabled();
      return kNoThread;
    }
    const auto step = static_cast<EventIndex>(execution_->events.size());
    if (step == limits_.max_steps) {
      Fail(FailureKind::kStepLimit,
           fmt::format("no end after {} events; does a loop wait for another thread without a "
                       "visible wait?",
                       step));
    }
    const ThreadId picked = strategy_->PickThread({step, enabled, last_, *execution_, pending_});
    if (picked == kNoThread) {
      execution_->end = ExecutionEnd::kStopped;
      return kNoThread;
    }
    assert(enabled.Has(picked));
    Record(picked, enabled);
    if (!IsTimer(picked)) return picked;
    FireTimer(picked);
  }
}

void Runtime::Record(ThreadId picked, ThreadSet enabled) {
  const Operation& operation = pending_[picked];
  const uint64_t what = (uint64_t{static_cast<uint8_t>(operation.kind)} << 8) | picked;
  const uint64_t object = (uint64_t{operation.object.creator} << 32) | operation.object.index;
  uint64_t hash = Mix(execution_->hash, what);
  hash = Mix(hash, object ^ (uint64_t{operation.key} << 40));
  for (uint64_t word : enabled.words()) hash = Mix(hash, word);
  execution_->hash = hash;
  Event& step = execution_->events.emplace_back();
  step.thread = picked;
  step.kind = operation.kind;
  step.object = operation.object;
  step.key = operation.key;
  step.role = operation.role;
  step.enabled = enabled;
  step.footprint = operation.footprint;
  step.hash = hash;
  if (operation.wait != nullptr) {
    step.was_over = operation.wait->over();
    step.deadline = operation.wait->deadline;
  }
  if (operation.word != nullptr) step.word = *operation.word;
  last_ = picked;
}

void Runtime::EndWithoutEnabled() {
  std::string waiting;
  for (ThreadId thread = 0; thread < thread_count_; ++thread) {
    if (threads_[thread].done) continue;
    execution_->blocked.Add(thread);
    const Operation& operation = pending_[thread];
    waiting += fmt::format("{}{} ({} {})", waiting.empty() ? "" : ", ", threads_[thread].name,
                           OpName(operation.kind), operation.role);
  }
  if (waiting.empty()) {
    execution_->end = ExecutionEnd::kFinished;
    return;
  }
  execution_->end = ExecutionEnd::kBlocked;
  if (scenario_->AllowsBlocked()) return;
  execution_->failure =
      Failure{FailureKind::kDeadlock, fmt::format("blocked for ever: {}", waiting)};
}

}  // namespace sim
