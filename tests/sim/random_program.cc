#include "tests/sim/random_program.h"

#include <array>
#include <memory>

#include "sim/atomic.h"
#include "sim/clock.h"
#include "sim/event.h"
#include "sim/mutex.h"
#include "sim/ref_count.h"

namespace sim {

namespace {

using Kind = ProgramOp::Kind;
constexpr size_t kThreads = 3;
constexpr size_t kKinds = 19;
constexpr MemoryOrder kSc = MemoryOrder::kSequential;
constexpr uint32_t kReferences = 3;
constexpr uint32_t kCounted = 20;  // More than a program can take off.

constexpr std::array<const char*, kKinds> kNames = {
    "lock",        "unlock",     "try",        "store",   "load",  "load-and-skip", "add",
    "signal",      "wait",       "read-clock", "choose",  "unref", "write-key",     "read-key",
    "write-table", "read-table", "count",      "uncount", "ask"};

// What the threads of one execution share, and what each of them saw.
struct Objects {
  std::array<Mutex, 2> mutexes{Mutex("mutex 0"), Mutex("mutex 1")};
  std::array<Atomic<int>, 2> words{Atomic<int>(0, "word 0"), Atomic<int>(0, "word 1")};
  std::array<Event, kThreads> events{Event("event 0"), Event("event 1"), Event("event 2")};
  RefCount references{"references", kReferences};
  VisibleCount count{"count"};
  SharedMutex table{"table"};
  std::array<int, 2> data{};   // Under the mutexes.
  std::array<int, 3> cells{};  // Under the table; cell i is key i + 1.
  std::array<std::array<int, 8>, kThreads> seen{};
  std::array<size_t, kThreads> seen_count{};

  Objects() {
    for (uint32_t i = 0; i < kCounted; ++i) count.Increment();
  }
  void Note(size_t thread, int value) { seen[thread][seen_count[thread]++] = value; }
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

// The bodies keep nothing on the heap: an abandoned execution destroys nothing of its stacks.
class Body {
 public:
  Body(Objects& objects, const RandomProgram& program, size_t self)
      : objects_(objects), program_(program), self_(self) {}

  void Run() SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis) {
    const std::vector<ProgramOp>& ops = program_.threads[self_];
    for (size_t i = 0; i < ops.size(); ++i) {
      if (!Step(ops[i])) ++i;
    }
    for (size_t i = 0; i < held_.size() && !program_.leaks_locks; ++i) {
      if (held_[i]) objects_.mutexes[i].Release();
    }
  }

 private:
  int Mark(int before) const { return before * 4 + static_cast<int>(self_) + 1; }
  void Note(int value) { objects_.Note(self_, value); }

  // False: skip the next operation.
  bool Step(const ProgramOp& op) {
    switch (op.kind) {
      case Kind::kLock:
      case Kind::kUnlock:
      case Kind::kTry:
        StepMutex(op);
        return true;
      case Kind::kWriteKey:
      case Kind::kReadKey:
      case Kind::kWriteTable:
      case Kind::kReadTable:
        StepTable(op);
        return true;
      case Kind::kStore:
        objects_.words[op.object].Store(op.value, kSc);
        return true;
      case Kind::kLoad:
        Note(objects_.words[op.object].Load(kSc));
        return true;
      case Kind::kLoadAndSkip: {
        const int value = objects_.words[op.object].Load(kSc);
        Note(value);
        return value % 2 == 0;
      }
      case Kind::kAdd:
        Note(objects_.words[op.object].FetchAdd(op.value, kSc));
        return true;
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
      case Kind::kUnref:
        Note(objects_.references.Decrement() ? 1 : 0);
        return true;
      case Kind::kCount:
        objects_.count.Increment();
        return true;
      case Kind::kUncount:
        Note(objects_.count.Decrement() ? 1 : 0);
        return true;
      case Kind::kAsk:
        Note(static_cast<int>(objects_.count.Load()));
        return true;
    }
    return true;
  }

  void StepMutex(const ProgramOp& op) SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis) {
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

  void StepTable(const ProgramOp& op) SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis) {
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

  Objects& objects_;
  const RandomProgram& program_;
  size_t self_;
  std::array<bool, 2> held_{};
};

Time DrawDeadline(Random& random) {
  constexpr std::array<Time, 6> kDeadlines = {kForever, kAtAnyMoment, 0, 1, 2, 3};
  return kDeadlines[random.Below(kDeadlines.size())];
}

}  // namespace

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
      kind = static_cast<Kind>(random.Below(kKinds));
    } while (kind == Kind::kTry && !visible_releases);
  }
  if (random.Below(3) == 0) kinds[0] = kinds[1] = Kind::kWait, kinds[2] = Kind::kSignal;
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
  return program;
}

LambdaScenario::Factory FactoryOf(const RandomProgram& program) {
  return [&program] {
    LambdaProgram made;
    auto objects = std::make_shared<Objects>();
    for (size_t i = 0; i < program.threads.size(); ++i) {
      made.threads.push_back([objects, &program, i] { Body(*objects, program, i).Run(); });
    }
    made.outcome = [objects] { return objects->Describe(); };
    return made;
  };
}

}  // namespace sim
