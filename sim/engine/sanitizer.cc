#include "sim/engine/sanitizer.h"

#ifdef HEDDLE_ASAN

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>

#include "sim/engine/runtime.h"

namespace sim {

namespace {

constexpr int kExitReported = 70;  // Never that of a finding.

// The locks of the sanitizer are held: no other code of an execution may run before it returns.
void OnReport(const char* text) {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) {
    fmt::print(stderr, "{}", text);
    _exit(kExitReported);
  }
  runtime->NoteReport(__asan_get_report_description(), __asan_get_report_address());
  // A search comes to the same place thousands of times: a report is printed once.
  static const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  __sanitizer_set_report_fd(reinterpret_cast<void*>(static_cast<intptr_t>(nowhere)));
}

// After undefined behaviour. The sanitizer says what only the first time that it is at a place, and
// of types (-fsanitize=vptr) finds it that once: so they are not checked, or an execution would not
// be the same when it is repeated.
void OnDeath() {
  Runtime* runtime = Runtime::Current();
  // A report of memory after which nothing can go on: the locks are still held.
  const bool is_of_memory = __asan_report_present() != 0;
  if (runtime == nullptr || is_of_memory) return;
  runtime->Fail(FailureKind::kCrash, "undefined behaviour, as a sanitizer reported");
}

}  // namespace

void CatchReports() {
  __asan_set_error_report_callback(OnReport);
  __sanitizer_set_death_callback(OnDeath);
}

}  // namespace sim

// A crash is the engine's to tell, on a stack of its own; and every report counts, not only the
// first of a place.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() {
  return "halt_on_error=0:suppress_equal_pcs=0:use_sigaltstack=0:exitcode=70";
}

#endif  // HEDDLE_ASAN
