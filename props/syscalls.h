// The system calls as the body of a scenario's thread makes them.
//
// Every call goes to the core through the caller of its thread; a body sees the answer when its
// thread goes on.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/abi.h"
#include "model/observation.h"
#include "model/program.h"

namespace props {

class Bodies;

/// A handle as a program says it: declared, or brought by an earlier call of the same thread. A
/// default one is the invalid handle.
struct Handle {
  model::HandleArgument argument = model::RawHandle{};
  std::optional<model::ThreadIndex> thread;  // Whose call brought it; no other may use it.
};
using Pair = std::array<Handle, 2>;

/// What a call answered; fields that a call does not write keep their defaults.
struct Answer : model::CallResult {
  std::vector<Handle> handles;  // Received or created.
  bool ok() const { return status == core::Status::kOk; }
};

inline constexpr model::Deadline kNever{model::Deadline::Kind::kNever, 0};
inline constexpr model::Deadline kNow{model::Deadline::Kind::kNow, 0};  // A poll.
/// At any point of the wait; the schedule decides.
inline constexpr model::Deadline kAnyMoment{model::Deadline::Kind::kMay, 0};
/// On the virtual clock, which starts at 0.
inline constexpr model::Deadline AtTime(core::Time at_ns) {
  return {model::Deadline::Kind::kAt, at_ns};
}

struct WaitFor {
  Handle handle;
  core::Signals signals = core::kSignalNone;
};

class Syscalls {
 public:
  Syscalls(Bodies& bodies, model::ThreadIndex thread) : bodies_(bodies), thread_(thread) {}
  Syscalls(const Syscalls&) = delete;
  Syscalls& operator=(const Syscalls&) = delete;

  // Messages. `bytes` is the payload, which follows the transaction id.
  core::Status Write(const Handle& channel, std::string bytes,
                     const std::vector<Handle>& handles = {}, uint32_t txid = 0);
  Answer Read(const Handle& channel);
  Answer Call(const Handle& channel, std::string bytes, const std::vector<Handle>& handles = {},
              model::Deadline deadline = kNever);
  /// Writes under the transaction id of a request.
  core::Status Reply(const Handle& channel, const Answer& request, std::string bytes,
                     const std::vector<Handle>& handles = {});

  // Two handles, or one.
  Answer CreateChannel();
  Answer CreateEventPair();
  Answer CreateEvent();
  Answer CreatePort();
  Answer Duplicate(const Handle& handle, core::Rights rights = core::kRightSameRights);
  Answer Replace(const Handle& handle, core::Rights rights = core::kRightSameRights);
  core::Status Close(const Handle& handle);

  Answer WaitOne(const Handle& handle, core::Signals signals, model::Deadline deadline = kNever);
  Answer WaitMany(const std::vector<WaitFor>& items, model::Deadline deadline = kNever);
  core::Status Signal(const Handle& handle, core::Signals clear, core::Signals set);
  core::Status SignalPeer(const Handle& handle, core::Signals clear, core::Signals set);

  core::Status WaitAsync(const Handle& handle, const Handle& port, uint64_t key,
                         core::Signals signals, uint32_t options = core::kWaitAsyncOnce);
  Answer PortWait(const Handle& port, model::Deadline deadline = kNever);
  core::Status PortQueue(const Handle& port, uint64_t key);
  core::Status PortCancel(const Handle& port, const Handle& handle, uint64_t key);

  /// Below `count`, at least 2; the schedule decides.
  uint32_t Choose(uint32_t count);

  /// Anything else, with lies about sizes and addresses if need be; but nobody is killed or
  /// suspended. That is the schedule's to do.
  Answer Make(model::Call call);

  /// A claim: where it is false, the execution ends as a failure by this name.
  void Check(bool holds, std::string_view claim, const char* file = __builtin_FILE(),
             uint32_t line = __builtin_LINE());

 private:
  model::HandleArgument Use(const Handle& handle);
  std::vector<model::HandleArgument> Use(const std::vector<Handle>& handles);
  Answer MakeOn(model::CallKind kind, const Handle& handle);

  Bodies& bodies_;
  const model::ThreadIndex thread_;
};

}  // namespace props
