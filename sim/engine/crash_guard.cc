#include "sim/engine/crash_guard.h"

#include <csignal>

#include "sim/engine/runtime.h"
#include "sim/engine/sanitizer.h"

namespace sim {

namespace {

constexpr size_t kHandlerStackBytes = size_t{64} << 10;

void OnCrash(int signal, siginfo_t* info, void*) {
  if (Runtime* runtime = Runtime::Current()) runtime->FailCrash(signal, info->si_addr);
  std::signal(signal, SIG_DFL);  // Happens again as soon as this returns.
}

// The stack that this system thread has for handlers. To ask the system costs as much as a small
// execution.
thread_local const std::byte* armed_stack = nullptr;

bool Install() {
  struct sigaction action {};
  action.sa_sigaction = OnCrash;
  // The handler is left by switching stacks, so the signal must not stay blocked.
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) sigaction(signal, &action, nullptr);
  return true;
}

}  // namespace

CrashGuard::CrashGuard() {
  if (kSanitizerTellsCrashes) return;
  [[maybe_unused]] static const bool installed = Install();
  stack_ = std::make_unique_for_overwrite<std::byte[]>(kHandlerStackBytes);
}

CrashGuard::~CrashGuard() {
  if (stack_ == nullptr || armed_stack != stack_.get()) return;
  stack_t stack{};
  stack.ss_flags = SS_DISABLE;
  sigaltstack(&stack, nullptr);
  armed_stack = nullptr;
}

void CrashGuard::Arm() {
  if (stack_ == nullptr || armed_stack == stack_.get()) return;
  stack_t stack{};
  stack.ss_sp = stack_.get();
  stack.ss_size = kHandlerStackBytes;
  sigaltstack(&stack, nullptr);
  armed_stack = stack_.get();
}

}  // namespace sim
