// A session that makes every system call, and goes on when one has failed for want of memory.
#pragma once

#include <string_view>

#include "tests/core/core_fixture.h"
#include "tests/core/declared_syscalls.h"

namespace core {

/// What can fail for want of memory, under the names that the core has for them.
inline const Names kNeedMemory = {
    "ChannelCreate", "ChannelWrite",    "ChannelWriteEtc", "ChannelCallNoRetry",
    "ChannelCall",   "ChannelCallEtc",  "HandleDuplicate", "HandleReplace",
    "EventCreate",   "EventPairCreate", "ObjectWaitMany",  "ObjectWaitAsync",
    "PortCreate",    "PortQueue",       "CreateProcess",   "CreateThread"};

inline namespace CORE_PLATFORM {

/// The calls of one thread, of which at most one fails for want of memory. Each does what it says
/// or answers kNoMemory, having consumed exactly what it says.
class AllocationSession {
 public:
  /// Owns no memory itself: an execution that is cut short runs no destructors.
  AllocationSession(User& user, Names* made) : user_(user), made_(*made) {}

  void Run();
  /// The call that has failed; empty if none has.
  std::string_view failed() const { return failed_; }

 private:
  // Notes the call; true if it has not failed for want of memory.
  bool Fine(std::string_view name, Status status, Status fine = Status::kOk);
  HandleValue Event();
  void Close(HandleValue handle) { Fine("HandleClose", user_.Close(handle)); }

  void Write(const Ends& ends);
  void WriteManyIovecs(const Ends& ends);
  void WriteEtcAndReadEtc(const Ends& ends);
  void Call(const Ends& ends);
  void CallInParts(const Ends& ends);
  void CallEtc(const Ends& ends);
  void Handles(const Ends& ends);
  void ManyHandles();
  void Objects();
  void Ports(const Ends& ends);
  void ProcessesAndThreads();

  User& user_;
  Names& made_;
  std::string_view failed_;
};

}  // namespace CORE_PLATFORM
}  // namespace core
