#include "tests/sim/random_program.h"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>

#include "sim/api/atomic.h"
#include "sim/api/clock.h"
#include "sim/api/cond_var.h"
#include "sim/api/flag.h"
#include "sim/api/mutex.h"
#include "sim/api/ref_count.h"
#include "sim/api/thread.h"

namespace sim {

namespace {

using Kind = ProgramOp::Kind;
constexpr size_t kThreads = 3;
constexpr size_t kKinds = 33;
constexpr size_t kDrawnKinds = 25;  // Spawns and joins are put in on purpose.
constexpr uint32_t kReferences = 3;
constexpr uint32_t kCounted = 20;  // More than a program can take off.

constexpr std::array<const char*, kKinds> kNames = {
    "lock",        "unlock",    "try",         "store",      "load",     "load-and-skip",
    "add",         "signal",    "wait",        "read-clock", "choose",   "unref",
    "write-key",   "read-key",  "write-table", "read-table", "count",    "uncount",
    "ask",         "cond-wait", "notify-one",  "notify-all", "exchange", "replace",
    "await",       "spawn",     "join",        "demand",     "misuse",   "ref",
    "ref-in-leaf", "destroy",   "use-spare"};

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

  Objects& objects_;
  const RandomProgram& program_;
  size_t self_;
  std::array<bool, 2> held_{};
};

// What the threads of one execution share, and what each of them saw.
struct Objects {
  std::array<Mutex, 2> mutexes{Mutex("mutex 0"), Mutex("mutex 1")};
  std::array<Atomic<int>, 2> words{Atomic<int>(0, "word 0"), Atomic<int>(0, "word 1")};
  std::array<CondVar, 2> conditions{CondVar("condition 0"), CondVar("condition 1")};
  std::array<Flag, kThreads> events{Flag("event 0"), Flag("event 1"), Flag("event 2")};
  RefCount references{"references", kReferences};
  VisibleCount count{"count"};
  SharedMutex table{"table"};
  // Destroyed by threads, if by anybody.
  alignas(Atomic<int>) std::array<std::byte, sizeof(Atomic<int>)> spare_bytes;
  std::array<int, 2> data{};   // Under the mutexes.
  std::array<int, 3> cells{};  // Under the table; cell i is key i + 1.
  std::array<std::array<int, 16>, kThreads> seen{};
  std::array<size_t, kThreads> seen_count{};
  std::vector<Body> bodies;
  std::array<Thread, kThreads> threads;  // None: not started so far.

  explicit Objects(const RandomProgram& program) {
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
    default:
      StepWord(op);
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

Time DrawDeadline(Random& random) {
  constexpr std::array<Time, 6> kDeadlines = {kForever, kAtAnyMoment, 0, 1, 2, 3};
  return kDeadlines[random.Below(kDeadlines.size())];
}

// Adds an operation on `thread` somewhere from `first` on; returns where.
size_t Insert(Random& random, std::vector<ProgramOp>& ops, size_t first, Kind kind, size_t thread) {
  ProgramOp op;
  op.kind = kind;
  op.object = static_cast<uint8_t>(thread);
  const size_t at = first + random.Below(static_cast<uint32_t>(ops.size() - first) + 1);
  ops.insert(ops.begin() + static_cast<std::ptrdiff_t>(at), op);
  return at;
}

// A thread is joined by those who know of it: by its spawner after the spawn, or, if the set-up
// started it, by any other thread.
void DrawSpawnsAndJoins(Random& random, RandomProgram& program) {
  const uint32_t count = static_cast<uint32_t>(program.threads.size());
  for (uint32_t thread = 1; thread < count; ++thread) {
    const bool joined = random.Below(2) == 0;
    if (random.Below(2) == 0) {
      program.spawned |= 1u << thread;
      std::vector<ProgramOp>& spawner = program.threads[random.Below(thread)];
      const size_t at = Insert(random, spawner, 0, Kind::kSpawn, thread);
      if (joined) Insert(random, spawner, at + 1, Kind::kJoin, thread);
    } else if (joined) {
      const uint32_t joiner = (thread + 1 + random.Below(count - 1)) % count;
      Insert(random, program.threads[joiner], 0, Kind::kJoin, thread);
    }
  }
}

}  // namespace

uint32_t ProgramsToDraw(uint32_t usual) {
#ifdef HEDDLE_ASAN
  usual /= 5;
#endif
  const char* wanted = std::getenv("HEDDLE_RANDOM_PROGRAMS");
  return wanted == nullptr ? usual : static_cast<uint32_t>(std::stoul(wanted));
}

bool RandomProgram::Uses(ProgramOp::Kind kind) const {
  for (const auto& thread : threads) {
    for (const ProgramOp& op : thread) {
      if (op.kind == kind) return true;
    }
  }
  return false;
}

std::string RandomProgram::Print() const {
  std::string text = visible_releases ? "visible" : "folded";
  if (leaks_locks) text += ", leaking";
  for (size_t i = 0; i < threads.size(); ++i) {
    text += "; t" + std::to_string(i) + ":";
    for (const ProgramOp& op : threads[i]) {
      text += std::string(" ") + kNames[static_cast<size_t>(op.kind)] + "(" +
              std::to_string(op.object) + "," + std::to_string(op.value);
      if (op.kind == Kind::kWait) text += ",until " + std::to_string(op.deadline);
      text += ")";
    }
  }
  return text;
}

RandomProgram DrawProgram(Random& random, bool visible_releases) {
  RandomProgram program;
  program.visible_releases = visible_releases;
  program.leaks_locks = random.Below(4) == 0;
  // A few kinds per program, so that the threads meet.
  std::array<Kind, 4> kinds;
  for (Kind& kind : kinds) {
    do {
      kind = static_cast<Kind>(random.Below(kDrawnKinds));
    } while (kind == Kind::kTry && !visible_releases);
  }
  switch (random.Below(7)) {
    case 0:
    case 1:
      kinds = {Kind::kWait, Kind::kWait, Kind::kSignal, kinds[3]};
      break;
    case 2:
    case 3:
      kinds = {Kind::kCondWait, Kind::kCondWait, Kind::kNotifyOne, kinds[3]};
      break;
    case 4:
      kinds = {Kind::kAwait, Kind::kStore, Kind::kAdd, kinds[3]};
      break;
    default:
      break;
  }
  const uint32_t threads = 2 + random.Below(2);
  uint32_t references = 0;
  for (uint32_t t = 0; t < threads; ++t) {
    auto& ops = program.threads.emplace_back();
    const uint32_t count = 1 + random.Below(threads == 2 ? 5 : 3);
    while (ops.size() < count) {
      ProgramOp op;
      op.kind = kinds[random.Below(kinds.size())];
      if (op.kind == Kind::kUnref && ++references > kReferences) op.kind = Kind::kLoad;
      op.object = static_cast<uint8_t>(random.Below(op.kind == Kind::kSignal ? threads : 2));
      op.value = static_cast<uint8_t>(op.kind == Kind::kChoose ? 2 + random.Below(2)
                                                               : 1 + random.Below(3));
      op.deadline = DrawDeadline(random);
      ops.push_back(op);
    }
  }
  if (random.Below(3) == 0) DrawSpawnsAndJoins(random, program);
  return program;
}

RandomProgram DrawFailingProgram(Random& random, bool visible_releases) {
  RandomProgram program = DrawProgram(random, visible_releases);
  const uint32_t demands = 1 + random.Below(3);
  for (uint32_t i = 0; i < demands; ++i) {
    std::vector<ProgramOp>& ops =
        program.threads[random.Below(static_cast<uint32_t>(program.threads.size()))];
    ProgramOp op;
    op.kind = random.Below(6) == 0 ? Kind::kMisuse : Kind::kDemand;
    constexpr std::array<Kind, 5> kOfWhatIsGone = {Kind::kRef, Kind::kRefInLeaf, Kind::kUnref,
                                                   Kind::kDestroy, Kind::kUseSpare};
    if (random.Below(3) == 0) op.kind = kOfWhatIsGone[random.Below(kOfWhatIsGone.size())];
    op.object = static_cast<uint8_t>(random.Below(2));
    op.value = static_cast<uint8_t>(i);
    const size_t at = random.Below(static_cast<uint32_t>(ops.size()) + 1);
    ops.insert(ops.begin() + static_cast<std::ptrdiff_t>(at), op);
    if (random.Below(2) == 0) continue;
    // Something to fail for, in another thread.
    ProgramOp change = op;
    change.kind = Kind::kAdd;
    change.value = 1;
    program.threads[random.Below(static_cast<uint32_t>(program.threads.size()))].push_back(change);
  }
  return program;
}

LambdaScenario::Factory FactoryOf(const RandomProgram& program) {
  return [&program] {
    LambdaProgram made;
    auto objects = std::make_shared<Objects>(program);
    made.outcome = [objects] { return objects->Describe(); };
    return made;
  };
}

}  // namespace sim
