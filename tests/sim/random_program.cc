#include "tests/sim/random_program.h"

#include <array>
#include <cstddef>
#include <cstdlib>

namespace sim {

namespace {

using Kind = ProgramOp::Kind;
constexpr size_t kKinds = 48;
constexpr uint32_t kFirstWaiting = static_cast<uint32_t>(Kind::kTakeTried);
constexpr size_t kDrawnKinds = 25;  // Spawns and joins are put in on purpose.

constexpr std::array<const char*, kKinds> kNames = {
    "lock",        "unlock",    "try",         "store",      "load",          "load-and-skip",
    "add",         "signal",    "wait",        "read-clock", "choose",        "unref",
    "write-key",   "read-key",  "write-table", "read-table", "count",         "uncount",
    "ask",         "cond-wait", "notify-one",  "notify-all", "exchange",      "replace",
    "await",       "spawn",     "join",        "demand",     "misuse",        "ref",
    "ref-in-leaf", "destroy",   "use-spare",   "take-tried", "try-tried",     "share-tried",
    "try-share",   "nest",      "give",        "take",       "try-take",      "arrive",
    "once",        "open",      "shut",        "pass",       "pass-and-shut", "spin"};

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
  if (wakes_any) text += ", any waiter";
  if (idle_wakes != 0) text += ", idle wakes";
  for (size_t i = 0; i < threads.size(); ++i) {
    text += "; t" + std::to_string(i) + ":";
    for (const ProgramOp& op : threads[i]) {
      text += std::string(" ") + kNames[static_cast<size_t>(op.kind)] + "(" +
              std::to_string(op.object) + "," + std::to_string(op.value);
      if (op.deadline != kForever) text += ",until " + std::to_string(op.deadline);
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
      if (op.kind == Kind::kUnref && ++references > RandomProgram::kReferences)
        op.kind = Kind::kLoad;
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

RandomProgram DrawWaitingProgram(Random& random) {
  constexpr std::array<std::array<Kind, 4>, 8> kFamilies = {{
      {Kind::kTakeTried, Kind::kTryTried, Kind::kShareTried, Kind::kTryShare},
      {Kind::kTakeTried, Kind::kTakeTried, Kind::kShareTried, Kind::kReadClock},
      {Kind::kGive, Kind::kTake, Kind::kTake, Kind::kTryTake},
      {Kind::kOpen, Kind::kShut, Kind::kPass, Kind::kPassAndShut},
      {Kind::kArrive, Kind::kOnce, Kind::kNest, Kind::kLoad},
      {Kind::kSpin, Kind::kSpin, Kind::kStore, Kind::kAdd},
      {Kind::kCondWait, Kind::kCondWait, Kind::kNotifyOne, Kind::kNotifyAll},
      {Kind::kCondWait, Kind::kTake, Kind::kGive, Kind::kNotifyOne},
  }};
  const std::array<Kind, 4>& family = kFamilies[random.Below(kFamilies.size())];
  RandomProgram program;
  program.visible_releases = random.Below(2) == 0;
  program.wakes_any = random.Below(2) == 0;
  program.idle_wakes = random.Below(3) == 0 ? 1 : 0;
  const uint32_t threads = 2 + random.Below(2);
  for (uint32_t t = 0; t < threads; ++t) {
    auto& ops = program.threads.emplace_back();
    const uint32_t count = 1 + random.Below(threads == 2 ? 4 : 3);
    while (ops.size() < count) {
      ProgramOp op;
      const bool is_other = random.Below(6) == 0;
      op.kind = is_other ? static_cast<Kind>(kFirstWaiting + random.Below(kKinds - kFirstWaiting))
                         : family[random.Below(family.size())];
      op.object = static_cast<uint8_t>(random.Below(2));
      op.value = static_cast<uint8_t>(1 + random.Below(3));
      op.deadline = DrawDeadline(random);
      ops.push_back(op);
    }
  }
  return program;
}

RandomProgram DrawMixedProgram(Random& random) {
  // What is waited for, who brings it, and what shows in which order things were.
  constexpr std::array<std::array<Kind, 2>, 8> kWaits = {{
      {Kind::kWait, Kind::kSignal},
      {Kind::kCondWait, Kind::kNotifyOne},
      {Kind::kCondWait, Kind::kNotifyAll},
      {Kind::kTake, Kind::kGive},
      {Kind::kPass, Kind::kOpen},
      {Kind::kPassAndShut, Kind::kOpen},
      {Kind::kTakeTried, Kind::kShareTried},
      {Kind::kReadTable, Kind::kWriteTable},
  }};
  constexpr std::array<Kind, 7> kWitnesses = {Kind::kReadClock, Kind::kReadClock, Kind::kLock,
                                              Kind::kLoad,      Kind::kAdd,       Kind::kReadKey,
                                              Kind::kTry};
  RandomProgram program;
  program.visible_releases = random.Below(2) == 0;
  program.wakes_any = random.Below(2) == 0;
  program.idle_wakes = random.Below(3);
  std::array<Kind, 6> kinds;
  for (size_t i = 0; i < 4; i += 2) {
    const std::array<Kind, 2>& wait = kWaits[random.Below(kWaits.size())];
    kinds[i] = wait[0];
    kinds[i + 1] = wait[1];
  }
  for (size_t i = 4; i < 6; ++i) {
    kinds[i] = kWitnesses[random.Below(kWitnesses.size() - (program.visible_releases ? 0 : 1))];
  }
  const uint32_t objects = 1 + random.Below(2);
  const uint32_t threads = 2 + random.Below(2);
  for (uint32_t t = 0; t < threads; ++t) {
    auto& ops = program.threads.emplace_back();
    const uint32_t count = 2 + random.Below(threads == 2 ? 4 : 2);
    while (ops.size() < count) {
      ProgramOp op;
      op.kind = kinds[random.Below(kinds.size())];
      op.object = static_cast<uint8_t>(random.Below(op.kind == Kind::kSignal ? threads : objects));
      op.value = static_cast<uint8_t>(1 + random.Below(3));
      op.deadline = DrawDeadline(random);
      // Its place in the queue shows in what the mutex protects, if it had the mutex before.
      if (op.kind == Kind::kCondWait && random.Below(2) == 0) {
        ops.push_back(op);
        ops.back().kind = Kind::kLock;
      }
      ops.push_back(op);
    }
  }
  if (random.Below(6) == 0) DrawSpawnsAndJoins(random, program);
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

}  // namespace sim
