// Copies that answer a bad address instead of faulting.
//
// The operating system copies from and to this process as it would for a debugger: page by page,
// under the protection of the pages, and with no time between check and copy. That costs a system
// call. The part of the caller's stack that is in use needs none, and that is where most small
// arguments lie.
#include "platform/user_memory.h"

#include <pthread.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>

#include "platform/assert.h"

namespace platform {
inline namespace on_threads {

namespace {

struct Range {
  uintptr_t low = 0;
  uintptr_t high = 0;
  bool is_known = false;
};

// Of the calling thread; empty if the system does not tell.
Range FindStack() {
  Range stack;
  stack.is_known = true;
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return stack;
  void* low = nullptr;
  size_t size = 0;
  if (pthread_attr_getstack(&attributes, &low, &size) == 0) {
    stack.low = reinterpret_cast<uintptr_t>(low);
    stack.high = stack.low + size;
  }
  pthread_attr_destroy(&attributes);
  return stack;
}

constinit thread_local Range own_stack;

// Between our own frame and the end of the stack everything belongs to functions that have not
// returned. Code that runs on another stack, as fibers and signal handlers may, is elsewhere, and
// then nothing is known.
bool IsLiveStack(const void* user, size_t bytes) {
  if (!own_stack.is_known) own_stack = FindStack();
  const auto frame = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  if (frame < own_stack.low || frame >= own_stack.high) return false;
  const auto begin = reinterpret_cast<uintptr_t>(user);
  return begin >= frame && begin < own_stack.high && bytes <= own_stack.high - begin;
}

using Transfer = ssize_t (*)(pid_t, const iovec*, unsigned long, const iovec*, unsigned long,
                             unsigned long);

bool CopyThroughSystem(Transfer transfer, void* ours, void* user, size_t bytes) {
  const iovec local = {ours, bytes};
  const iovec remote = {user, bytes};
  // Named by this thread, which certainly runs, while the first thread of the process may have
  // ended. Asked for each time, since a fork changes it, and the child must not reach into its
  // parent.
  const ssize_t copied = transfer(gettid(), &local, 1, &remote, 1, 0);
  if (copied < 0) {
    // Anything else would be an answer about this program, not about the address.
    ASSERT(errno == EFAULT || errno == ENOMEM);
    return false;
  }
  return static_cast<size_t>(copied) == bytes;
}

}  // namespace

bool CopyInChecked(void* to, const void* from_user, size_t bytes) {
  if (IsLiveStack(from_user, bytes)) {
    std::memcpy(to, from_user, bytes);
    return true;
  }
  return CopyThroughSystem(process_vm_readv, to, const_cast<void*>(from_user), bytes);
}

bool CopyOutChecked(void* to_user, const void* from, size_t bytes) {
  if (IsLiveStack(to_user, bytes)) {
    std::memcpy(to_user, from, bytes);
    return true;
  }
  return CopyThroughSystem(process_vm_writev, const_cast<void*>(from), to_user, bytes);
}

bool CanCheckUserMemory() {
  char byte = 1;
  char copy = 0;
  const iovec local = {&copy, 1};
  const iovec remote = {&byte, 1};
  return process_vm_readv(gettid(), &local, 1, &remote, 1, 0) == 1 &&
         process_vm_writev(gettid(), &local, 1, &remote, 1, 0) == 1;
}

}  // namespace on_threads
}  // namespace platform
