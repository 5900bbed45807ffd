#include "tools/shelter.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <stdexcept>

#include "tools/exit_codes.h"

namespace tools {

namespace {

// Memory that both processes see.
struct Told {
  uint64_t mark = 0;
  bool done = false;
  int code = 0;
};

[[noreturn]] void Fail(const char* what) {
  throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

// One attempt: what the process told before its end.
Told Attempt(const ShelteredWork& work, const std::set<uint64_t>& crashes) {
  void* memory = mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
                      /*offset=*/0);
  if (memory == MAP_FAILED) Fail("no memory for a process");
  Told* told = new (memory) Told;
  std::fflush(nullptr);  // Or both would write what is buffered.
  const pid_t pid = fork();
  if (pid < 0) Fail("no process can be started");
  if (pid == 0) {
    told->code = work(crashes, [told](uint64_t mark) { told->mark = mark; });
    std::fflush(nullptr);
    told->done = true;
    _exit(0);
  }
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  const Told copy = *told;
  munmap(memory, sizeof(Told));
  return copy;
}

}  // namespace

int RunSheltered(const ShelteredWork& work) {
  std::set<uint64_t> crashes;
  for (;;) {
    const Told told = Attempt(work, crashes);
    if (told.done) return told.code;
    if (crashes.insert(told.mark).second) continue;
    fmt::print(stderr, "heddle: the core crashes in whatever is tried\n");
    return kExitInternal;
  }
}

}  // namespace tools
