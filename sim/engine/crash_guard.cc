#include "sim/engine/crash_guard.h"

#include <cxxabi.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <typeinfo>

#include "sim/engine/arena.h"
#include "sim/engine/runtime.h"
#include "sim/engine/sanitizer.h"

namespace sim {

namespace {

constexpr size_t kHandlerStackBytes = size_t{64} << 10;

bool IsFromOutside(const siginfo_t& info) {
  const bool was_sent =
      info.si_code == SI_USER || info.si_code == SI_TKILL || info.si_code == SI_QUEUE;
  return was_sent && info.si_pid != getpid();
}

// A pointer from memory that holds nothing. Where not every number can be an address, some systems
// do not tell which one it was.
bool FollowsNothing(const siginfo_t& info) {
  // An address that no machine has is the one signal or the other, depending on the instruction.
  if (info.si_signo != SIGSEGV && info.si_signo != SIGBUS) return false;
  const auto first = static_cast<uint8_t>(reinterpret_cast<uintptr_t>(info.si_addr) >>
                                          (8 * (sizeof(uintptr_t) - 1)));
  return info.si_code == SI_KERNEL || first == Arena::kNothing;
}

std::array<struct sigaction, NSIG> g_actions;  // Of outside executions.

void OnCrash(int signal, siginfo_t* info, void*) {
  Runtime* runtime = Runtime::Current();
  if (runtime != nullptr && !IsFromOutside(*info)) {
    runtime->FailCrash(signal, info->si_addr, FollowsNothing(*info));
  }
  sigaction(signal, &g_actions[static_cast<size_t>(signal)], nullptr);
  std::raise(signal);
}

std::terminate_handler g_terminate = nullptr;  // Of outside executions.

[[noreturn]] void OnTerminate() {
  if (Runtime* runtime = Runtime::Current()) {
    runtime->Fail(FailureKind::kCrash,
                  std::current_exception() != nullptr
                      ? "terminated: nothing caught an exception: " + DescribeException()
                      : "terminated without an exception");
  }
  if (g_terminate != nullptr) g_terminate();
  std::abort();
}

// The stack that this system thread has for handlers. To ask the system costs as much as a small
// execution.
thread_local const std::byte* armed_stack = nullptr;

[[maybe_unused]] const bool g_catches_reports = (CatchReports(), true);

bool Install() {
  struct sigaction action {};
  action.sa_sigaction = OnCrash;
  // The handler is left by switching stacks, so the signal must not stay blocked.
  action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK;
  for (const int signal : kCrashSignals) {
    sigaction(signal, &action, &g_actions[static_cast<size_t>(signal)]);
  }
  g_terminate = std::set_terminate(OnTerminate);
  return true;
}

}  // namespace

std::string DescribeException() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (type == nullptr) return "of another language";
  int status = 0;
  char* readable = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
  std::string text = readable != nullptr ? readable : type->name();
  std::free(readable);
  try {
    throw;
  } catch (const std::exception& error) {
    const std::string what = error.what();
    return fmt::format("{}: {}", text, what.substr(0, what.find('\n')));
  } catch (...) {
    return text;
  }
}

CrashGuard::CrashGuard() {
  [[maybe_unused]] static const bool installed = Install();
  stack_ = std::make_unique_for_overwrite<std::byte[]>(kHandlerStackBytes);
}

CrashGuard::~CrashGuard() {
  if (armed_stack != stack_.get()) return;
  stack_t stack{};
  stack.ss_flags = SS_DISABLE;
  sigaltstack(&stack, nullptr);
  armed_stack = nullptr;
}

void CrashGuard::Arm() {
  // A handler that was left may have left poisoned frames behind.
  UnpoisonMemory(stack_.get(), kHandlerStackBytes);
  if (armed_stack == stack_.get()) return;
  stack_t stack{};
  stack.ss_sp = stack_.get();
  stack.ss_size = kHandlerStackBytes;
  sigaltstack(&stack, nullptr);
  armed_stack = stack_.get();
}

}  // namespace sim
