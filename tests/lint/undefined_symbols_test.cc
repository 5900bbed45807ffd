// The core of the simulator takes nothing from the system that a schedule may decide.
//
// Reads what the static library leaves undefined. A lock, clock, thread or random function there
// is one that the scheduler can't see; memory that the platform did not give outlives the
// execution, and its addresses repeat in no other run.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/lint/source_tree.h"

namespace lint {
namespace {

// Names of the system, demangled. One that ends in '*' stands for all that begin so.
constexpr std::array kForbidden = {
    // Locks and waiting.
    "pthread_*", "std::mutex*", "std::timed_mutex*", "std::recursive_mutex*", "std::shared_mutex*",
    "std::condition_variable*", "std::_V2::condition_variable_any*", "std::__atomic_futex*",
    "std::__condvar*", "sem_*", "futex*", "syscall", "mtx_*", "cnd_*", "__cxa_guard_acquire",
    "std::call_once*", "std::__once_*", "__atomic_*", "epoll_*", "poll", "select", "eventfd",
    // Threads.
    "std::thread*", "std::jthread*", "std::this_thread*", "std::future*", "std::__future_base*",
    "thrd_*", "sched_*", "fork", "clone",
    // Clocks.
    "clock", "clock_*", "gettimeofday", "time", "times", "timespec_get", "nanosleep", "sleep",
    "usleep", "std::chrono::*", "timer_*", "setitimer", "alarm",
    // Random numbers, and the environment as another source of surprise.
    "rand", "rand_r", "srand", "random", "srandom", "drand48", "lrand48", "getrandom", "getentropy",
    "arc4random*", "std::random_device*", "getenv", "secure_getenv",
    // Memory that is not the platform's.
    "malloc", "calloc", "realloc", "free", "aligned_alloc", "posix_memalign", "strdup", "mmap",
    "operator new*", "operator delete*"};

// A virtual destructor comes with a variant that frees the object, whether or not anybody calls
// it. Compilers name one of these two there.
constexpr std::array kAllowed = {"operator delete(void*, unsigned long)", "operator delete(void*)"};

bool Matches(std::string_view symbol, std::string_view pattern) {
  if (!pattern.ends_with('*')) return symbol == pattern;
  return symbol.starts_with(pattern.substr(0, pattern.size() - 1));
}

// `clock_gettime@GLIBC_2.17` is `clock_gettime`.
std::string_view WithoutVersion(std::string_view symbol) {
  return symbol.substr(0, symbol.find('@'));
}

// Reads `nm -u -C`: lines of blanks, a letter (U, w, v) and a name, under a line per member.
std::vector<std::string> UndefinedSymbols(std::string_view nm_output) {
  std::vector<std::string> symbols;
  for (std::string_view line : Lines(nm_output)) {
    const size_t letter = line.find_first_not_of(' ');
    if (letter == 0 || letter == std::string_view::npos || letter + 2 >= line.size()) continue;
    if (line[letter + 1] != ' ') continue;
    symbols.emplace_back(line.substr(letter + 2));
  }
  return symbols;
}

std::vector<std::string> ForbiddenSymbols(std::string_view nm_output) {
  std::vector<std::string> found;
  for (const std::string& symbol : UndefinedSymbols(nm_output)) {
    const std::string_view name = WithoutVersion(symbol);
    const auto matches = [&](std::string_view pattern) { return Matches(name, pattern); };
    if (std::any_of(kAllowed.begin(), kAllowed.end(), matches)) continue;
    if (!std::any_of(kForbidden.begin(), kForbidden.end(), matches)) continue;
    found.emplace_back(name);
  }
  return found;
}

#ifdef HEDDLE_CORE_ON_SIM
std::string RunNm(const std::string& library) {
  const std::string command = "nm -u -C '" + library + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), &pclose);
  std::string output;
  std::array<char, 4096> buffer;
  while (pipe != nullptr) {
    const size_t count = fread(buffer.data(), 1, buffer.size(), pipe.get());
    if (count == 0) break;
    output.append(buffer.data(), count);
  }
  return output;
}

TEST(UndefinedSymbols, CoreOnSimTakesNoLockClockThreadOrChanceFromTheSystem) {
  const std::string output = RunNm(HEDDLE_CORE_ON_SIM);
  EXPECT_GT(UndefinedSymbols(output).size(), 10u) << "is this the library? " HEDDLE_CORE_ON_SIM;
  const std::vector<std::string> found = ForbiddenSymbols(output);
  EXPECT_TRUE(found.empty()) << "core_on_sim refers to\n" << Joined(found);
}
#endif

TEST(UndefinedSymbolsCheck, FindsEachKind) {
  for (std::string_view symbol :
       {"pthread_mutex_lock", "pthread_create@GLIBC_2.34", "clock_gettime", "time", "nanosleep",
        "std::condition_variable::notify_one()", "std::thread::join()", "getrandom", "rand",
        "std::chrono::_V2::steady_clock::now()", "sem_wait", "syscall", "malloc", "free",
        "operator new(unsigned long)", "operator new[](unsigned long)", "__cxa_guard_acquire",
        "operator delete[](void*)", "std::random_device::_M_getval()"}) {
    const std::string output = "\nchannel.cc.o:\n                 U " + std::string(symbol) +
                               "\n                 U memcpy\n";
    EXPECT_EQ(ForbiddenSymbols(output), std::vector{std::string(WithoutVersion(symbol))});
  }
}

TEST(UndefinedSymbolsCheck, FindsWeakReferencesToo) {
  EXPECT_EQ(ForbiddenSymbols("                 w pthread_once\n").size(), 1u);
}

TEST(UndefinedSymbolsCheck, LeavesOurNamesAndHarmlessOnesAlone) {
  const std::string output =
      "\nchannel.cc.o:\n"
      "                 U sim::Mutex::Lock()\n"
      "                 U core::on_sim::Kernel::time()\n"
      "                 U timeout_ns\n"
      "                 U memmove\n"
      "                 U std::__throw_length_error(char const*)\n"
      "                 U operator delete(void*, unsigned long)\n"
      "                 U __stack_chk_fail\n";
  EXPECT_TRUE(ForbiddenSymbols(output).empty()) << Joined(ForbiddenSymbols(output));
  EXPECT_EQ(UndefinedSymbols(output).size(), 7u);
}

}  // namespace
}  // namespace lint
