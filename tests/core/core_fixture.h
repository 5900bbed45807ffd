// What the tests of the core have in common: a kernel, users who make system calls, and somebody
// who notes the order in which signals arrive.
//
// The same tests run on every platform; `platform/run_body.h` is found by include path.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/channel_dispatcher.h"
#include "core/kernel.h"
#include "core/syscalls.h"

namespace core {

/// For messages of GoogleTest: "kPeerClosed" instead of four bytes in hexadecimal.
void PrintTo(Status status, std::ostream* out);
std::string_view StatusText(Status status);

/// Every generation, the oldest first.
inline constexpr std::array<const AbiProfile*, 4> kGenerations = {&kMagenta2017, &kZircon2018_04,
                                                                  &kZircon2018_10, &kCurrent};

inline namespace CORE_PLATFORM {

struct Ends {
  HandleValue a = kInvalidHandle;
  HandleValue b = kInvalidHandle;
};

/// What stands in an out-parameter before the call.
inline constexpr uint32_t kUntouched = 0xEEEEEEEE;

/// Owns no memory as long as the message is short: an execution that is cut short runs no
/// destructors.
struct ReadResult {
  Status status = Status::kInternal;
  uint32_t actual_bytes = kUntouched;
  uint32_t actual_handles = kUntouched;
  std::string bytes;  // On kOk.
  std::array<HandleValue, kMaxMessageHandles> handles{};
};

struct ReadArguments {
  uint32_t options = 0;
  uint32_t num_bytes = kMaxMessageBytes;
  uint32_t num_handles = kMaxMessageHandles;
};

struct WaitAnswer {
  Status status = Status::kInternal;
  Signals observed = kUntouched;
  bool operator==(const WaitAnswer&) const = default;
};
void PrintTo(const WaitAnswer& answer, std::ostream* out);

/// A thread of user code, with the memory that it uses for system calls. Not for use after the
/// kernel has gone.
class User {
 public:
  /// In a process of its own.
  explicit User(Kernel& kernel);
  /// Another thread of `process`.
  explicit User(Process& process);

  Kernel& kernel() { return process_.kernel(); }
  Process& process() { return process_; }
  Thread& thread() { return thread_; }

  Ends CreateChannel();
  HandleValue CreateEvent();
  Status Write(HandleValue channel, std::string_view bytes,
               std::initializer_list<HandleValue> handles = {});
  Status Write(HandleValue channel, std::string_view bytes, std::span<const HandleValue> handles);
  ReadResult Read(HandleValue channel, const ReadArguments& arguments = {});
  Status Close(HandleValue handle) { return HandleClose(thread_, handle); }
  /// A deadline of 0 has passed in every generation.
  WaitAnswer Wait(HandleValue handle, Signals signals, Time deadline = 0);
  /// What the object shows now.
  Signals SignalsOf(HandleValue handle) { return Wait(handle, kSignalNone).observed; }

  /// A reference to the object, as a system call in progress has one. Null if there is no handle.
  RefPtr<Dispatcher> Reference(HandleValue handle);
  ChannelDispatcher& Channel(HandleValue handle);
  /// One more handle to the object, with these rights.
  HandleValue MakeAnother(HandleValue handle, Rights rights);
  /// Another handle, with these rights, in place of the handle.
  HandleValue Restrict(HandleValue handle, Rights rights);

  bool Has(HandleValue handle) const;
  Rights RightsOf(HandleValue handle) const;
  size_t CountHandles() const;

 private:
  Process& process_;
  Thread& thread_;
  std::vector<std::byte> buffer_;
};

/// Notes in `log`, under its name, when a signal arrives or the handle goes away. Unlike a thread
/// that waits it needs nobody to run.
class Watcher final : public SignalObserver {
 public:
  using Log = std::vector<std::string>;
  Watcher(User& user, HandleValue handle, Signals wanted, std::string name, Log* log);
  ~Watcher();
  Signals observed() const { return observed_; }

 private:
  void OnMatchLocked(Signals active) override;
  void OnCancelLocked(Signals active) override;

  RefPtr<Dispatcher> object_;
  Signals observed_ = kUntouched;
  std::string name_;
  Log* log_;
};

/// A null pointer, or almost.
template <typename T>
UserPtr<T> BadPointer(uintptr_t address = 0) {
  return UserPtr<T>(reinterpret_cast<T*>(address));
}

using UserCode = std::function<void(User&)>;
/// Runs `body` as the only user of a new kernel, which is taken down afterwards: nothing may be
/// left.
void RunAlone(const UserCode& body);
/// The same, after `prepare`, which has its own stack and costs no events.
void RunAlone(const UserCode& prepare, const UserCode& body, const AbiProfile& profile = kCurrent);
/// The same, in another generation.
void RunAlone(const AbiProfile& profile, const UserCode& body);
/// The same, in every generation, each of which says its name if something fails.
void ForEachGeneration(const UserCode& body);
void ForEachGeneration(const std::function<void(User&, const AbiProfile&)>& body);

}  // namespace CORE_PLATFORM
}  // namespace core
