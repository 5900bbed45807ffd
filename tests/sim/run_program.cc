// Random programs over the primitives of the engine, as scenarios.
#include <array>
#include <cstddef>
#include <memory>
#include <new>

#include "sim/api/atomic.h"
#include "sim/api/barrier.h"
#include "sim/api/clock.h"
#include "sim/api/cond_var.h"
#include "sim/api/flag.h"
#include "sim/api/gate.h"
#include "sim/api/mutex.h"
#include "sim/api/once.h"
#include "sim/api/ref_count.h"
#include "sim/api/semaphore.h"
#include "sim/api/thread.h"
#include "tests/sim/random_program.h"

namespace sim {

namespace {

using Kind = ProgramOp::Kind;
constexpr size_t kThreads = 3;
constexpr uint32_t kCounted = 20;  // More than a program can take off.

struct Objects;

// The bodies keep nothing on the heap: an abandoned execution destroys nothing of its stacks.
class Body {
 public:
  Body(Objects& objects, const RandomProgram& program, size_t self)
      : objects_(objects), program_(program), self_(self) {}

  void operator()() SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis);

 private:
  int Mark(int before) const { return before * 4 + static_cast<int>(self_) + 1; }
  void Note(int value);
  // False: skip the next operation.
  bool Step(const ProgramOp& op) SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis);
  void StepWord(const ProgramOp& op);
  void StepMutex(const ProgramOp& op) SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis);
  void StepCondition(const ProgramOp& op) SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis);
  void StepTable(const ProgramOp& op) SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis);
  void StepThread(const ProgramOp& op);
  void StepTried(const ProgramOp& op) SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis);
  void StepBounded(const ProgramOp& op) SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis);

  Objects& objects_;
  const RandomProgram& program_;
  size_t self_;
  std::array<bool, 2> held_{};
};

// What the threads of one execution share, and what each of them saw.
struct Objects {
  std::array<Mutex, 2> mutexes{Mutex("mutex 0"), Mutex("mutex 1")};
  std::array<Atomic<int>, 2> words{Atomic<int>(0, "word 0"), Atomic<int>(0, "word 1")};
  std::array<CondVar, 2> conditions;
  std::array<Flag, kThreads> events{Flag("event 0"), Flag("event 1"), Flag("event 2")};
  RefCount references{"references", RandomProgram::kReferences};
  VisibleCount count{"count"};
  SharedMutex table{"table"};
  SharedMutex tried{"tried"};
  RecursiveMutex nested{"nested"};
  Semaphore semaphore{0, "semaphore"};
  Barrier barrier{2, "barrier"};
  Once once{"once"};
  Gate gate{"gate"};
  // Destroyed by threads, if by anybody.
  alignas(Atomic<int>) std::array<std::byte, sizeof(Atomic<int>)> spare_bytes;
  std::array<int, 2> data{};   // Under the mutexes.
  std::array<int, 3> cells{};  // Under the table; cell i is key i + 1.
  std::array<std::array<int, 16>, kThreads> seen{};
  std::array<size_t, kThreads> seen_count{};
  std::vector<Body> bodies;
  std::array<Thread, kThreads> threads;  // None: not started so far.

  explicit Objects(const RandomProgram& program)
      : conditions{CondVar("condition 0", program.wakes_any ? Wakes::kAny : Wakes::kFirst),
                   CondVar("condition 1", program.wakes_any ? Wakes::kAny : Wakes::kFirst)} {
    tried.SetBounded();
    semaphore.SetBounded();
    gate.SetBounded();
    new (&spare_bytes) Atomic<int>(0, "spare");
    for (uint32_t i = 0; i < kCounted; ++i) count.Increment();
    for (size_t i = 0; i < program.threads.size(); ++i) bodies.emplace_back(*this, program, i);
    for (size_t i = 0; i < bodies.size(); ++i) {
      if (((program.spawned >> i) & 1) == 0) threads[i] = Thread::Spawn("thread", bodies[i]);
    }
  }
  Atomic<int>& spare() { return *std::launder(reinterpret_cast<Atomic<int>*>(&spare_bytes)); }
  void Note(size_t thread, int value) { seen[thread].at(seen_count[thread]++) = value; }
  std::string Describe() const;
};

std::string Objects::Describe() const {
  std::string text;
  auto add = [&text](int value) {
    text += std::to_string(value);
    text += ' ';
  };
  for (const Atomic<int>& word : words) add(word.peek());
  for (int value : data) add(value);
  for (int value : cells) add(value);
  add(static_cast<int>(references.value()));
  add(static_cast<int>(count.peek()));
  for (size_t thread = 0; thread < kThreads; ++thread) {
    text += '|';
    for (size_t i = 0; i < seen_count[thread]; ++i) add(seen[thread][i]);
  }
  return text;
}

void Body::Note(int value) {
  objects_.Note(self_, value);
}

void Body::operator()() {
  const std::vector<ProgramOp>& ops = program_.threads[self_];
  for (size_t i = 0; i < ops.size(); ++i) {
    if (!Step(ops[i])) ++i;
  }
  for (size_t i = 0; i < held_.size() && !program_.leaks_locks; ++i) {
    if (held_[i]) objects_.mutexes[i].Release();
  }
}

bool Body::Step(const ProgramOp& op) {
  switch (op.kind) {
    case Kind::kLock:
    case Kind::kUnlock:
    case Kind::kTry:
      StepMutex(op);
      return true;
    case Kind::kCondWait:
    case Kind::kNotifyOne:
    case Kind::kNotifyAll:
      StepCondition(op);
      return true;
    case Kind::kWriteKey:
    case Kind::kReadKey:
    case Kind::kWriteTable:
    case Kind::kReadTable:
    case Kind::kRefInLeaf:
      StepTable(op);
      return true;
    case Kind::kSpawn:
    case Kind::kJoin:
      StepThread(op);
      return true;
    case Kind::kLoadAndSkip: {
      const int value = objects_.words[op.object].Load(kSc);
      Note(value);
      return value % 2 == 0;
    }
    case Kind::kSignal:
      objects_.events[op.object].Signal();
      return true;
    case Kind::kWait:
      Note(static_cast<int>(objects_.events[self_].Wait(op.deadline)));
      return true;
    case Kind::kReadClock:
      Note(static_cast<int>(Now()));
      return true;
    case Kind::kChoose:
      Note(static_cast<int>(Choose(op.value)));
      return true;
    case Kind::kDemand:
      if (objects_.words[op.object].Load(kSc) % 2 == 0) return true;
      Runtime::Current()->FailAssertion("the word is even", "program", op.value);
    case Kind::kMisuse:
      objects_.mutexes[op.object].Release();
      held_[op.object] = false;
      return true;
    case Kind::kTakeTried:
    case Kind::kTryTried:
    case Kind::kShareTried:
    case Kind::kTryShare:
      StepTried(op);
      return true;
    default:
      if (op.kind >= Kind::kNest) {
        StepBounded(op);
      } else {
        StepWord(op);
      }
      return true;
  }
}

void Body::StepWord(const ProgramOp& op) {
  Atomic<int>& word = objects_.words[op.object];
  switch (op.kind) {
    case Kind::kStore:
      word.Store(op.value, kSc);
      return;
    case Kind::kLoad:
      Note(word.Load(kSc));
      return;
    case Kind::kAdd:
      Note(word.FetchAdd(op.value, kSc));
      return;
    case Kind::kExchange:
      Note(word.Exchange(op.value, kSc));
      return;
    case Kind::kReplace: {
      int seen = op.value - 1;
      Note(word.CompareExchange(seen, op.value + 1, kSc) ? 1 : 0);
      Note(seen);
      return;
    }
    case Kind::kAwait:
      word.Await(op.value - 1, kSc);
      Note(op.value - 1);
      return;
    case Kind::kRef:
      objects_.references.Increment();
      return;
    case Kind::kDestroy:
      objects_.spare().~Atomic();
      return;
    case Kind::kUseSpare:
      Note(objects_.spare().Load(kSc));
      return;
    case Kind::kUnref:
      Note(objects_.references.Decrement() ? 1 : 0);
      return;
    case Kind::kCount:
      objects_.count.Increment();
      return;
    case Kind::kUncount:
      Note(objects_.count.Decrement() ? 1 : 0);
      return;
    default:
      Note(static_cast<int>(objects_.count.Load()));
  }
}

void Body::StepMutex(const ProgramOp& op) {
  Mutex& mutex = objects_.mutexes[op.object];
  bool& held = held_[op.object];
  if (op.kind == Kind::kUnlock) {
    if (held) mutex.Release();
    held = false;
    return;
  }
  if (held) return;
  if (op.kind == Kind::kLock) {
    mutex.Acquire();
    held = true;
  } else {
    const bool got = mutex.TryAcquire();
    Note(got ? 1 : 0);
    if (!got) return;
  }
  objects_.data[op.object] = Mark(objects_.data[op.object]);
  if (op.kind == Kind::kTry) mutex.Release();
}

void Body::StepCondition(const ProgramOp& op) {
  Mutex& mutex = objects_.mutexes[op.object];
  CondVar& condition = objects_.conditions[op.object];
  const bool in_section = !held_[op.object] && (op.kind == Kind::kCondWait || op.value % 2 == 1);
  if (in_section) mutex.Acquire();
  if (op.kind == Kind::kCondWait) {
    const bool is_relative = op.value % 2 == 1;
    const WaitResult result = is_relative ? condition.WaitFor(mutex, op.deadline)
                                          : condition.WaitUntil(mutex, op.deadline);
    Note(static_cast<int>(result));
    objects_.data[op.object] = Mark(objects_.data[op.object]);
  } else if (op.kind == Kind::kNotifyOne) {
    condition.NotifyOne();
  } else {
    condition.NotifyAll();
  }
  if (in_section) mutex.Release();
}

void Body::StepTable(const ProgramOp& op) {
  const uint32_t key = uint32_t{op.object} + 1;
  switch (op.kind) {
    case Kind::kWriteKey:
      objects_.table.Acquire(key);
      objects_.cells[op.object] = Mark(objects_.cells[op.object]);
      objects_.table.Release();
      return;
    case Kind::kReadKey:
      objects_.table.AcquireShared(key);
      Note(objects_.cells[op.object]);
      objects_.table.ReleaseShared();
      return;
    case Kind::kRefInLeaf:
      objects_.table.AcquireShared(key);
      objects_.references.Increment();
      objects_.table.ReleaseShared();
      return;
    case Kind::kWriteTable:
      objects_.table.Acquire();
      objects_.words[0].FetchAdd(1, kSc);
      for (int& cell : objects_.cells) cell = Mark(cell);
      objects_.table.Release();
      return;
    default:
      objects_.table.AcquireShared();
      objects_.words[0].FetchAdd(1, kSc);
      Note(objects_.cells[0] + objects_.cells[1]);
      objects_.table.ReleaseShared();
  }
}

void Body::StepThread(const ProgramOp& op) {
  Thread& thread = objects_.threads[op.object];
  if (op.kind == Kind::kSpawn) {
    thread = Thread::Spawn("spawned", objects_.bodies[op.object]);
  } else if (thread.id() != kNoThread) {
    thread.Join();
    Note(static_cast<int>(objects_.seen_count[op.object]));
  }
}

void Body::StepTried(const ProgramOp& op) {
  SharedMutex& lock = objects_.tried;
  const bool shares = op.kind == Kind::kShareTried || op.kind == Kind::kTryShare;
  bool has = false;
  if (op.kind == Kind::kTakeTried) has = lock.AcquireUntil(op.deadline);
  if (op.kind == Kind::kTryTried) has = lock.TryAcquire();
  if (op.kind == Kind::kShareTried) has = lock.AcquireSharedUntil(op.deadline);
  if (op.kind == Kind::kTryShare) has = lock.TryAcquireShared();
  Note(has ? 1 : 0);
  if (!has) return;
  objects_.words[op.object].FetchAdd(1, kSc);
  if (shares) {
    lock.ReleaseShared();
  } else {
    lock.Release();
  }
}

void Body::StepBounded(const ProgramOp& op) {
  Atomic<int>& word = objects_.words[op.object];
  switch (op.kind) {
    case Kind::kNest:
      objects_.nested.Acquire();
      objects_.nested.Acquire();
      word.FetchAdd(1, kSc);
      objects_.nested.Release();
      objects_.nested.Release();
      return;
    case Kind::kGive:
      objects_.semaphore.Release();
      return;
    case Kind::kTake:
      Note(objects_.semaphore.AcquireUntil(op.deadline) ? 1 : 0);
      return;
    case Kind::kTryTake:
      Note(objects_.semaphore.TryAcquire() ? 1 : 0);
      return;
    case Kind::kArrive:
      objects_.barrier.ArriveAndWait();
      return;
    case Kind::kOnce:
      Note(objects_.once.Call([&] { word.FetchAdd(1, kSc); }) ? 1 : 0);
      return;
    case Kind::kOpen:
      objects_.gate.Open();
      return;
    case Kind::kShut:
      objects_.gate.Shut();
      return;
    case Kind::kPass:
      Note(objects_.gate.Pass(op.deadline) ? 1 : 0);
      return;
    case Kind::kPassAndShut:
      Note(objects_.gate.PassAndShut(op.deadline) ? 1 : 0);
      return;
    default:
      while (word.Load(kSc) != op.value - 1) Pause();
      Note(op.value - 1);
  }
}

}  // namespace

LambdaScenario::Factory FactoryOf(const RandomProgram& program) {
  return [&program] {
    LambdaProgram made;
    auto objects = std::make_shared<Objects>(program);
    made.outcome = [objects] { return objects->Describe(); };
    return made;
  };
}

}  // namespace sim
