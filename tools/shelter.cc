#include "tools/shelter.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iterator>
#include <new>

#include "sim/engine/crash_guard.h"
#include "tools/exit_codes.h"
#include "tools/workers.h"

namespace tools {

namespace {

// Memory that both processes see.
struct Told {
  uint64_t mark = 0;
  bool done = false;
  int code = 0;
};

// One attempt: how the process ended, and what it told before. Without a word it was a crash, or
// somebody from outside.
struct Attempted {
  Told told;
  int status = 0;
};

Attempted Attempt(const ShelteredWork& work, const std::set<uint64_t>& crashes) {
  void* memory = mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
                      /*offset=*/0);
  if (memory == MAP_FAILED) Fail("no memory for a process");
  Told* told = new (memory) Told;
  std::fflush(nullptr);  // Or both would write what is buffered.
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) Fail("no process can be started");
  if (pid == 0) {
    EndWithParent(parent);
    try {
      told->code = work(crashes, [told](uint64_t mark) { told->mark = mark; });
    } catch (const std::exception& error) {
      fmt::print(stderr, "heddle: internal error: {}\n", error.what());
      told->code = kExitInternal;
    }
    std::fflush(nullptr);
    told->done = true;
    _exit(0);
  }
  const int status = WaitFor(pid);
  const Attempted attempted = {*told, status};
  munmap(memory, sizeof(Told));
  return attempted;
}

// A crash of the work itself, where a sanitizer ends the process with a code of its own.
bool IsCrash(int status) {
  if (!WIFSIGNALED(status)) return true;
  const int signal = WTERMSIG(status);
  return std::ranges::find(sim::kCrashSignals, signal) != std::end(sim::kCrashSignals);
}

// The work was not asked for any more, or cannot be done.
int CodeOfEndFromOutside(int status) {
  if (WTERMSIG(status) == SIGINT) return kExitInterrupted;
  if (WTERMSIG(status) == SIGTERM) return kExitTerminated;
  fmt::print(stderr, "heddle: internal error: a process that minimizes {}\n", DescribeEnd(status));
  return kExitInternal;
}

}  // namespace

int RunSheltered(const ShelteredWork& work) {
  std::set<uint64_t> crashes;
  for (;;) {
    const auto [told, status] = Attempt(work, crashes);
    if (told.done) return told.code;
    if (!IsCrash(status)) return CodeOfEndFromOutside(status);
    if (crashes.insert(told.mark).second) continue;
    fmt::print(stderr, "heddle: internal error: the core crashes in whatever is tried\n");
    return kExitInternal;
  }
}

}  // namespace tools
