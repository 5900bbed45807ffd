// Kernels, processes and threads, for programs that use channels natively.
//
//   heddle::Kernel kernel;
//   heddle::Process server;
//   zx_status_t status = heddle::Kernel::Create({}, &kernel);
//   if (status == ZX_OK) status = kernel.CreateProcess(&server);
//   const heddle::ThreadBinding binding(server);
//   if (status == ZX_OK) status = binding.status();
//   ...  // zx_channel_create() and all the others now act for `server`.
//
// Kernel, Process and Thread are references that can be copied; one that refers to nothing, as
// after default construction, answers ZX_ERR_BAD_STATE to everything. What they refer to lives as
// long as it is referred to, by them or by a binding: processes keep their kernel, bound threads
// their process. The kernel keeps a process's handles until the process is killed or the kernel
// goes, which closes all that is left.
//
// Any function may be called on any thread, bound or not, and at the same time as any other; only a
// single object must not be changed and used at once. Functions answer ZX_ERR_NO_MEMORY where
// memory, or the kernel's supply of thread numbers, is exhausted.
//
// Any number of kernels can exist; they have nothing in common.
#ifndef HEDDLE_HEDDLE_NATIVE_H_
#define HEDDLE_HEDDLE_NATIVE_H_

#include <zircon/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

namespace heddle {

class BoundThread;
class KernelState;
class ProcessState;
class Process;

/// How system calls reach the memory that their arguments point at.
enum class UserMemory {
  kChecked,  // A bad address is an answer, ZX_ERR_INVALID_ARGS. Copies go through the system.
  kTrusted,  // Plain copies. Only addresses in the first page are answered; others may crash.
};

/// A queue that has grown so long that somebody should know.
struct PendingMessages {
  zx_koid_t endpoint = ZX_KOID_INVALID;  // Where the messages wait to be read.
  uint32_t count = 0;
  bool is_beyond_limit = false;  // Otherwise it has just reached half of it: a warning.
};

struct KernelOptions {
  std::string_view generation = "current";
  UserMemory user_memory = UserMemory::kChecked;
  /// Called on the thread that wrote the message, after the write, which succeeds in any case; with
  /// no lock held, so it may make system calls and kill the writer, as Zircon would beyond the
  /// limit. Must not throw. Empty: nobody is told.
  std::function<void(const Process& writer, const PendingMessages& pending)> on_pending_messages;
};

class Kernel {
 public:
  /// ZX_ERR_NOT_FOUND: no such generation. ZX_ERR_NOT_SUPPORTED: the operating system does not let
  /// this program check user memory; kTrusted does without. ZX_ERR_NO_RESOURCES: the operating
  /// system has no thread for the one that generation "magenta-2017" needs, which closes the
  /// handles in destroyed messages.
  [[nodiscard]] static zx_status_t Create(const KernelOptions& options, Kernel* out);
  /// The names of all generations, the oldest first.
  static std::vector<std::string_view> Generations();

  /// Empty if this refers to nothing.
  std::string_view generation() const;
  /// Without a handle, and without a thread.
  [[nodiscard]] zx_status_t CreateProcess(Process* out) const;

 private:
  std::shared_ptr<KernelState> state_;
};

/// Controls a thread that is bound, from whichever thread. Once the binding has ended every
/// function answers ZX_ERR_BAD_STATE.
class Thread {
 public:
  Thread() = default;
  explicit Thread(std::shared_ptr<BoundThread> state) : state_(std::move(state)) {}

  /// Ends the wait or call that the thread sleeps in, and keeps it from making another: see OnKill.
  zx_status_t Kill() const;
  /// The thread stops where it sleeps in a system call, or else where it begins its next one; it is
  /// not stopped between calls. Suspensions count: as many resumptions end them. Waits that were
  /// interrupted go on with the deadline they had.
  zx_status_t Suspend() const;
  /// ZX_ERR_BAD_STATE, too, for a thread that is not suspended.
  zx_status_t Resume() const;

 private:
  std::shared_ptr<BoundThread> state_;
};

/// What becomes of the code that runs on a thread that has been killed, when it makes a system call
/// or is in one. Closing handles still works for it, and is never interrupted.
enum class OnKill {
  kThrow,   // The call throws ThreadKilled; while another exception is on its way, as kReturn.
  kReturn,  // The call answers ZX_ERR_BAD_STATE, as on a thread that is bound to nothing.
};

/// Unwinds the stack of a killed thread up to whoever bound it. Not a std::exception, so that code
/// that handles errors does not take it for one; code that catches everything must let it pass.
class ThreadKilled {};

class Process {
 public:
  Process() = default;
  explicit Process(std::shared_ptr<ProcessState> state) : state_(std::move(state)) {}

  /// Starts a thread that runs `body`, bound to this process from beginning to end, with
  /// OnKill::kThrow; ThreadKilled ends `body` quietly. The thread is the caller's to join or
  /// detach. ZX_ERR_BAD_STATE: the process was killed. ZX_ERR_NO_RESOURCES: the operating system
  /// gives no thread.
  [[nodiscard]] zx_status_t StartThread(std::function<void()> body, std::thread* out,
                                        Thread* control = nullptr) const;

  /// Kills all of its threads. Its handles close once the last of them is no longer bound; without
  /// threads, at once. Nothing can be bound to it any more. ZX_ERR_BAD_STATE: it was killed before.
  zx_status_t Kill(int64_t exit_code = 0) const;
  /// What it was killed with; 0 before.
  int64_t exit_code() const;

  /// Moves a handle to another process of the kernel, as the start of a process does with its first
  /// handle: waits through it end with ZX_ERR_CANCELED, and what it refers to has a new owner.
  /// ZX_ERR_INVALID_ARGS: `to` belongs to another kernel. ZX_ERR_BAD_HANDLE: no such handle.
  /// ZX_ERR_ACCESS_DENIED: it lacks ZX_RIGHT_TRANSFER. ZX_ERR_BAD_STATE: `to` was killed. A failure
  /// leaves everything as it was.
  [[nodiscard]] zx_status_t MoveHandle(zx_handle_t handle, const Process& to,
                                       zx_handle_t* out) const;

 private:
  friend class ThreadBinding;
  std::shared_ptr<ProcessState> state_;
};

/// Binds the calling thread of the operating system to a process, as a new thread of it, for as
/// long as this object lives. Bindings nest: the newest counts, and one thread can act for several
/// processes in turn. To be destroyed on the same thread, the newest first.
class ThreadBinding {
 public:
  explicit ThreadBinding(const Process& process, OnKill on_kill = OnKill::kThrow);
  ~ThreadBinding();
  ThreadBinding(const ThreadBinding&) = delete;
  ThreadBinding& operator=(const ThreadBinding&) = delete;

  /// ZX_OK if the thread is bound. ZX_ERR_BAD_STATE: the process was killed; then, and with
  /// ZX_ERR_NO_MEMORY, nothing has changed.
  [[nodiscard]] zx_status_t status() const { return status_; }
  /// For others to control this thread by.
  Thread thread() const { return Thread(state_); }

 private:
  std::shared_ptr<BoundThread> state_;
  zx_status_t status_;
};

}  // namespace heddle

#endif  // HEDDLE_HEDDLE_NATIVE_H_
