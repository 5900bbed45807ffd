#include "tools/bench/syscalls_on_threads.h"

#include <array>

#include "core/channel_dispatcher.h"
#include "core/kernel.h"
#include "core/syscalls.h"

namespace bench {

namespace {

using core::HandleValue;
using core::Status;

// Gives the other end of a channel to another process, as the start of a process would.
HandleValue Move(core::Thread& from, core::Thread& to, HandleValue value) {
  core::HandleOwner handle = from.process().handles().Remove(value);
  HandleValue moved = core::kInvalidHandle;
  if (!to.NextHandleValues(1, &moved)) return core::kInvalidHandle;
  handle->object().OnReceived(to.process());
  to.process().handles().Add(std::move(handle), moved);
  return moved;
}

bool Write(core::Thread& caller, HandleValue channel, const char (&payload)[8],
           HandleValue* handle) {
  return core::ChannelWrite(
             caller, channel, 0, core::UserPtr(reinterpret_cast<const std::byte*>(payload)), 7,
             core::UserPtr<const HandleValue>(handle), handle == nullptr ? 0 : 1) == Status::kOk;
}

}  // namespace

bool RunTransferOnThreads() {
  core::Kernel kernel;
  std::array<core::Thread*, 3> threads;  // client, server, heir
  for (core::Thread*& thread : threads) thread = kernel.CreateThread(*kernel.CreateProcess());
  auto& [client, server, heir] = threads;
  HandleValue a0 = 0, a1 = 0, p0 = 0, p1 = 0;
  bool fine =
      core::ChannelCreate(*client, 0, core::UserPtr(&a0), core::UserPtr(&a1)) == Status::kOk &&
      core::ChannelCreate(*client, 0, core::UserPtr(&p0), core::UserPtr(&p1)) == Status::kOk;
  a1 = Move(*client, *server, a1);
  p1 = Move(*client, *heir, p1);
  fine = fine && Write(*client, a0, "\0\0\0\0old", nullptr);
  fine = fine && Write(*client, p0, "\0\0\0\0tak", &a0);
  fine = fine && core::ObjectWaitOne(*heir, p1, core::kSignalReadable, core::kTimeInfinite,
                                     nullptr) == Status::kOk;
  std::array<std::byte, 64> bytes;
  HandleValue received = core::kInvalidHandle;
  fine =
      fine && core::ChannelRead(*heir, p1, 0, core::UserPtr(bytes.data()), core::UserPtr(&received),
                                64, 1, nullptr, nullptr) == Status::kOk;
  return fine && Write(*heir, received, "\0\0\0\0new", nullptr);
}

}  // namespace bench
