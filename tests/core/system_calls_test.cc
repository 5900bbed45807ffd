// What the uncontended path costs the operating system: nothing, where user memory is trusted.
#include <gtest/gtest.h>
#include <heddle/native.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zircon/syscalls.h>

#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <thread>
#include <vector>

#include "tests/core/native_fixture.h"

namespace native {
namespace {

// From here on every system call ends the program, but for the one that ends it well.
bool ForbidSystemCalls() {
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
  };
  const sock_fprog program = {std::size(filter), filter};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

// What a thread can do without waiting: messages with and without handles, in memory that is not on
// its stack; waits for what is there already; handles made, changed and closed. False: a call
// failed.
bool UseEverything(std::vector<char>& buffer) {
  const auto size = static_cast<uint32_t>(buffer.size());
  Ends ends;
  zx_handle_t event = ZX_HANDLE_INVALID;
  bool fine =
      zx_channel_create(0, &ends.a, &ends.b) == ZX_OK && zx_event_create(0, &event) == ZX_OK;
  for (int i = 0; i < 100 && fine; ++i) {
    zx_signals_t observed = 0;
    uint32_t actual = 0;
    fine = zx_channel_write(ends.a, 0, buffer.data(), size, nullptr, 0) == ZX_OK &&
           zx_object_wait_one(ends.b, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, &observed) == ZX_OK &&
           zx_channel_read(ends.b, 0, buffer.data(), nullptr, size, 0, &actual, nullptr) == ZX_OK &&
           zx_channel_write(ends.b, 0, buffer.data(), size, &event, 1) == ZX_OK &&
           zx_channel_read(ends.a, 0, buffer.data(), &event, size, 1, &actual, nullptr) == ZX_OK &&
           zx_object_signal(event, 0, ZX_USER_SIGNAL_0) == ZX_OK &&
           zx_handle_replace(event, ZX_RIGHT_SAME_RIGHTS, &event) == ZX_OK;
  }
  return fine && zx_handle_close(ends.a) == ZX_OK && zx_handle_close(ends.b) == ZX_OK &&
         zx_handle_close(event) == ZX_OK;
}

constexpr int kFine = 0;
constexpr int kCallFailed = 1;
constexpr int kNoFilter = 2;

// In a child: makes its calls twice, the second time without the operating system. The first time
// is for memory that the allocator gets, and keeps.
[[noreturn]] void RunChild(heddle::UserMemory user_memory) {
  // Locks of the C library are cheaper in a program that never had a second thread.
  std::thread([] {}).join();
  heddle::KernelOptions options;
  options.user_memory = user_memory;
  const heddle::ThreadBinding binding(MakeProcess(MakeKernel(options)));
  std::vector<char> buffer(4096, 'x');
  if (!UseEverything(buffer)) _exit(kCallFailed);
  if (!ForbidSystemCalls()) _exit(kNoFilter);
  _exit(UseEverything(buffer) ? kFine : kCallFailed);
}

// How such a child ends.
int EndOfChild(heddle::UserMemory user_memory) {
  const pid_t child = fork();
  if (child == 0) RunChild(user_memory);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return status;
}

TEST(SystemCalls, TrustedMemoryAndNoContentionNeedNone) {
  const int status = EndOfChild(heddle::UserMemory::kTrusted);
  ASSERT_TRUE(WIFEXITED(status)) << "a system call was made";
  EXPECT_EQ(WEXITSTATUS(status), kFine);
}

// The proof that the test above would notice one.
TEST(SystemCalls, CheckedMemoryNeedsSome) {
  const int status = EndOfChild(heddle::UserMemory::kChecked);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGSYS);
}

}  // namespace
}  // namespace native
