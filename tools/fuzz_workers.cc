#include "tools/fuzz_workers.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "props/draw.h"
#include "sim/engine/random.h"
#include "tools/exit_codes.h"
#include "tools/outlook.h"
#include "tools/workers.h"

namespace tools {

namespace {

constexpr useconds_t kLookEveryUs = 20'000;

// Memory that the coordinator and its workers share.
struct Shared {
  std::atomic<uint64_t> failed{UINT64_MAX};  // Programs from here on do not count.
  std::atomic<bool> stop{false};
  std::atomic<int> interrupt{0};  // The signal that a worker got and not the coordinator.
  struct Counters {
    std::atomic<uint64_t> index{UINT64_MAX};  // Of the program that the worker is in.
    std::atomic<uint64_t> programs{0};
    std::atomic<uint64_t> executions{0};
  };
  std::array<Counters, kMaxWorkers> workers;

  void NoteFailure(uint64_t index) {
    uint64_t known = failed;
    while (index < known && !failed.compare_exchange_weak(known, index)) {
    }
  }
};

class SharedMemory {
 public:
  SharedMemory() {
    void* memory =
        mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) Fail("no memory to share with workers");
    shared_ = new (memory) Shared();
  }
  ~SharedMemory() { munmap(shared_, sizeof(Shared)); }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  Shared& operator*() const { return *shared_; }

 private:
  Shared* shared_ = nullptr;
};

constexpr std::array<std::pair<const char*, uint64_t FuzzTally::*>, 5> kCounts = {{
    {"programs", &FuzzTally::programs},
    {"executions", &FuzzTally::executions},
    {"sampled", &FuzzTally::sampled},
    {"outcomes_unknown", &FuzzTally::outcomes_unknown},
    {"unknown", &FuzzTally::unknown},
}};

std::string Print(const FuzzTally& tally) {
  std::string text = tally.reached.Print();
  for (const auto& [name, count] : kCounts) text += fmt::format("{} {}\n", name, tally.*count);
  return text;
}

void Read(const std::string& text, FuzzTally& tally) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (tally.reached.Read(line)) continue;
    const size_t space = line.find(' ');
    for (const auto& [name, count] : kCounts) {
      if (line.substr(0, space) == name) tally.*count += std::stoull(line.substr(space + 1));
    }
  }
}

// What a worker process does: every program whose number leaves its remainder.
void Work(const FuzzSetup& setup, uint32_t worker, Shared& shared, std::FILE* out) {
  FuzzTally tally;
  Shared::Counters& counters = shared.workers[worker];
  for (uint64_t i = worker; i < setup.count && !shared.stop; i += setup.workers) {
    if (const int signal = InterruptSignal(); signal != 0) {
      shared.interrupt = signal;
      break;
    }
    const uint64_t index = setup.first + i;
    if (index >= shared.failed) break;
    counters.index = index;
    const props::Trial trial =
        props::Try(ProgramOf(setup, index), TrialOf(setup, index), &tally.reached);
    tally.Add(trial);
    counters.programs = tally.programs;
    counters.executions = tally.executions;
    if (trial.finding) shared.NoteFailure(index);
  }
  const std::string text = Print(tally);
  std::fwrite(text.data(), 1, text.size(), out);
  std::fflush(out);
}

struct Child {
  pid_t pid = 0;
  std::FILE* out = nullptr;
  bool running = true;
};

// Interrupts are caught as in the coordinator, so that a worker tells what it saw.
[[noreturn]] void InWorker(const FuzzSetup& setup, uint32_t worker, Shared& shared,
                           std::FILE* out) {
  try {
    Work(setup, worker, shared, out);
  } catch (const std::exception& error) {
    fmt::print(stderr, "heddle: a worker: {}\n", error.what());
    _exit(kExitInternal);
  }
  _exit(kExitHolds);
}

std::vector<Child> Spawn(const FuzzSetup& setup, Shared& shared) {
  std::vector<Child> children(setup.workers);
  const pid_t parent = getpid();
  for (uint32_t i = 0; i < setup.workers; ++i) {
    children[i].out = std::tmpfile();
    if (children[i].out == nullptr) Fail("no file for what a worker tells");
    std::fflush(stdout);
    children[i].pid = fork();
    if (children[i].pid < 0) Fail("no worker");
    if (children[i].pid != 0) continue;
    EndWithParent(parent);
    InWorker(setup, i, shared, children[i].out);
  }
  return children;
}

// A worker that ended without being done. Only what it did in an execution is a finding, and that
// does not end it.
void NoteLost(int status, const Shared::Counters& counters, Shared& shared, FuzzResult& result) {
  const uint64_t index = counters.index;
  shared.stop = true;
  if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGINT || WTERMSIG(status) == SIGTERM)) {
    shared.interrupt = WTERMSIG(status);
    return;
  }
  result.lost = "a worker " + DescribeEnd(status);
  if (index != UINT64_MAX) result.lost += fmt::format(" in program {}", index);
}

// Looks after workers that ended. True: some still run.
bool Reap(std::vector<Child>& children, Shared& shared, FuzzResult& result) {
  bool any = false;
  for (size_t i = 0; i < children.size(); ++i) {
    Child& child = children[i];
    if (!child.running) continue;
    int status = 0;
    if (waitpid(child.pid, &status, WNOHANG) != child.pid) {
      any = true;
      continue;
    }
    child.running = false;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != kExitHolds) {
      NoteLost(status, shared.workers[i], shared, result);
    }
  }
  return any;
}

// A worker that ended too soon has told nothing, but what it counted is there.
void Count(const Shared& shared, FuzzTally& tally) {
  tally.programs = 0;
  tally.executions = 0;
  for (const Shared::Counters& counters : shared.workers) {
    tally.programs += counters.programs;
    tally.executions += counters.executions;
  }
}

std::string ReadAll(std::FILE* file) {
  std::string text;
  std::rewind(file);
  std::array<char, 4096> buffer;
  for (size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), file)) != 0;) {
    text.append(buffer.data(), got);
  }
  std::fclose(file);
  return text;
}

}  // namespace

void FuzzTally::Add(const props::Trial& trial) {
  ++programs;
  executions += trial.executions;
  sampled += trial.sampled ? 1 : 0;
  outcomes_unknown += trial.outcomes_unknown ? 1 : 0;
  unknown += trial.unknown_histories != 0 ? 1 : 0;
}

model::Litmus ProgramOf(const FuzzSetup& setup, uint64_t index) {
  return props::DrawProgram(setup.seed, index);
}

props::TrialOptions TrialOf(const FuzzSetup& setup, uint64_t index) {
  constexpr uint64_t kComparesEvery = 16;  // Comparing costs several times the trial itself.
  props::TrialOptions trial = setup.trial;
  trial.seed = sim::Mix(setup.seed, index);
  trial.compares = !trial.properties.empty() || index % kComparesEvery == 0;
  return trial;
}

FuzzResult RunFuzz(const FuzzSetup& setup) {
  const SharedMemory memory;
  Shared& shared = *memory;
  FuzzSetup limited = setup;
  limited.workers = std::min(setup.workers, kMaxWorkers);
  ProgressLine clock(
      {.name = "fuzz", .strategy = {}, .quiet = true, .budget = setup.budget, .measure = {}});
  FuzzResult result;
  std::vector<Child> children = Spawn(limited, shared);
  double next = 10;
  while (Reap(children, shared, result)) {
    usleep(kLookEveryUs);
    if (shared.interrupt != 0) NoteInterrupt(shared.interrupt);
    const props::Interruption interruption = clock.Look({});
    if (interruption != props::Interruption::kNone) {
      result.interruption = interruption;
      shared.stop = true;
    }
    if (setup.quiet || clock.elapsed() < next) continue;
    uint64_t programs = 0;
    uint64_t executions = 0;
    for (const Shared::Counters& counters : shared.workers) {
      programs += counters.programs;
      executions += counters.executions;
    }
    fmt::print(stderr, "fuzz {} programs {:.0f}/s {} executions {:.0f}s\n", Grouped(programs),
               static_cast<double>(programs) / clock.elapsed(), Grouped(executions),
               clock.elapsed());
    next = next < 30 ? 30 : next + 60 - (next < 60 ? 30 : 0);
  }
  for (Child& child : children) Read(ReadAll(child.out), result.tally);
  result.seconds = clock.elapsed();
  if (shared.interrupt != 0) {  // The last worker may have ended by it.
    NoteInterrupt(shared.interrupt);
    result.interruption = props::Interruption::kSignal;
  }
  Count(shared, result.tally);
  if (shared.failed == UINT64_MAX) return result;
  result.failed = shared.failed;
  return result;
}

}  // namespace tools
