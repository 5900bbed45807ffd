#include "tests/core/allocation_session.h"

#include <gtest/gtest.h>

#include <array>

#include "tests/core/call_ops.h"
#include "tests/core/handle_ops.h"
#include "tests/core/message_ops.h"
#include "tests/core/wait_calls.h"

namespace core {

inline namespace CORE_PLATFORM {

void AllocationSession::Run() {
  Ends ends;
  if (!Fine("ChannelCreate",
            ChannelCreate(user_.thread(), 0, UserPtr(&ends.a), UserPtr(&ends.b)))) {
    EXPECT_EQ(user_.CountHandles(), 0u);
    return;
  }
  Write(ends);
  WriteManyIovecs(ends);
  WriteEtcAndReadEtc(ends);
  Call(ends);
  CallInParts(ends);
  CallEtc(ends);
  Handles(ends);
  ManyHandles();
  Objects();
  Ports(ends);
  ProcessesAndThreads();
  EXPECT_EQ(user_.CountHandles(), 2u);
  Close(ends.a);
  Close(ends.b);
}

bool AllocationSession::Fine(std::string_view name, Status status, Status fine) {
  made_.emplace(name);
  if (status != Status::kNoMemory) {
    EXPECT_EQ(status, fine) << name;
    return true;
  }
  EXPECT_EQ(failed_, "") << "and now " << name;
  EXPECT_EQ(kNeedMemory.count(name), 1u) << name;
  failed_ = name;
  return false;
}

HandleValue AllocationSession::Event() {
  HandleValue event = kInvalidHandle;
  if (!Fine("EventCreate", EventCreate(user_.thread(), 0, UserPtr(&event)))) {
    EXPECT_EQ(event, kInvalidHandle);
  }
  return event;
}

void AllocationSession::Write(const Ends& ends) {
  const HandleValue event = Event();
  if (event == kInvalidHandle) return;
  const bool sent = Fine("ChannelWrite", user_.Write(ends.a, "m", {event}));
  EXPECT_FALSE(user_.Has(event));
  const ReadResult read = user_.Read(ends.b);
  Fine("ChannelRead", read.status, sent ? Status::kOk : Status::kShouldWait);
  if (!sent) return;
  EXPECT_EQ(read.bytes, "m");
  Close(read.handles[0]);
}

void AllocationSession::WriteManyIovecs(const Ends& ends) {
  std::array<ChannelIovec, 17> pieces;
  pieces.fill(Piece("m"));
  const bool sent = Fine("ChannelWrite", WriteIovecs(user_, ends.a, pieces));
  EXPECT_EQ(user_.Read(ends.b).status, sent ? Status::kOk : Status::kShouldWait);
}

void AllocationSession::WriteEtcAndReadEtc(const Ends& ends) {
  const HandleValue event = Event();
  if (event == kInvalidHandle) return;
  std::array entries = {DuplicateOf(event), Move(event, kRightWait)};
  const bool sent = Fine("ChannelWriteEtc", WriteEtc(user_, ends.a, "m", entries));
  EXPECT_FALSE(user_.Has(event));
  const ReadEtcResult read = ReadEtc(user_, ends.b);
  Fine("ChannelReadEtc", read.status, sent ? Status::kOk : Status::kShouldWait);
  for (uint32_t i = 0; sent && i < read.actual_handles; ++i) Close(read.handles[i].handle);
}

void AllocationSession::Call(const Ends& ends) {
  const HandleValue event = Event();
  if (event == kInvalidHandle) return;
  CallMemory call("1234", {event});
  const bool sent = Fine("ChannelCall", call.Run(user_, ends.a), Status::kTimedOut);
  EXPECT_FALSE(user_.Has(event));
  const ReadResult request = user_.Read(ends.b);
  EXPECT_EQ(request.status, sent ? Status::kOk : Status::kShouldWait);
  if (sent) Close(request.handles[0]);
}

void AllocationSession::CallInParts(const Ends& ends) {
  const HandleValue event = Event();
  if (event == kInvalidHandle) return;
  CallMemory call("1234", {event});
  const Status begun = call.Begin(user_, ends.a);
  EXPECT_FALSE(user_.Has(event));
  if (!Fine("ChannelCallNoRetry", begun, Status::kInternalIntrRetry)) {
    EXPECT_EQ(user_.Read(ends.b).status, Status::kShouldWait);
    Fine("ChannelCallFinish", call.Finish(user_), Status::kBadState);
    return;
  }
  const ReadResult request = user_.Read(ends.b);
  const std::string reply = WithTxid(TxidOf(request.bytes), "!");
  const bool replied = Fine("ChannelWrite", user_.Write(ends.b, reply, {request.handles[0]}));
  Fine("ChannelCallFinish", call.Finish(user_), replied ? Status::kOk : Status::kTimedOut);
  if (replied) Close(call.received_handles[0]);
}

void AllocationSession::CallEtc(const Ends& ends) {
  const HandleValue event = Event();
  if (event == kInvalidHandle) return;
  const std::array<std::byte, 4> request = {};
  std::array entries = {DuplicateOf(event), Move(event, kRightTransfer)};
  const ChannelCallEtcArgs args = {request.data(), entries.data(), nullptr, nullptr, 4, 2, 0, 0};
  const bool sent =
      Fine("ChannelCallEtc",
           ChannelCallEtc(user_.thread(), ends.a, 0, kLongAgo, UserPtr(&args), nullptr, nullptr),
           Status::kTimedOut);
  EXPECT_FALSE(user_.Has(event));
  const ReadResult read = user_.Read(ends.b);
  EXPECT_EQ(read.status, sent ? Status::kOk : Status::kShouldWait);
  for (uint32_t i = 0; sent && i < read.actual_handles; ++i) Close(read.handles[i]);
}

void AllocationSession::Handles(const Ends& ends) {
  const HandleValue event = Event();
  if (event == kInvalidHandle) return;
  const MadeHandle duplicate = Duplicate(user_, event);
  if (Fine("HandleDuplicate", duplicate.status)) Close(duplicate.value);
  const MadeHandle replacement = Replace(user_, event);
  const bool replaced = Fine("HandleReplace", replacement.status);
  EXPECT_EQ(user_.Has(event), !replaced);  // HO-4: without memory it stays, today.
  const HandleValue last = replaced ? replacement.value : event;
  Fine("HandleCheckValid", HandleCheckValid(user_.thread(), last));
  Fine("ObjectGetInfo", GetInfo<InfoHandleBasic>(user_, ends.a, kInfoHandleBasic).status);
  const Told<InfoHandleCount> count = GetInfo<InfoHandleCount>(user_, last, kInfoHandleCount);
  Fine("ObjectGetInfo", count.status);
  EXPECT_EQ(count.record.handle_count, 1u);
  Close(last);
}

// So many that the table grows. If it cannot, nobody notices.
void AllocationSession::ManyHandles() {
  std::array<HandleValue, 70> events;
  for (HandleValue& event : events) event = Event();
  for (HandleValue event : events) {
    EXPECT_EQ(user_.Has(event), event != kInvalidHandle);
  }
  Fine("HandleCloseMany",
       HandleCloseMany(user_.thread(), UserPtr<const HandleValue>(events.data()), events.size()));
}

void AllocationSession::Objects() {
  Ends pair;
  if (!Fine("EventPairCreate",
            EventPairCreate(user_.thread(), 0, UserPtr(&pair.a), UserPtr(&pair.b)))) {
    return;
  }
  Fine("ObjectSignal", ObjectSignal(user_.thread(), pair.a, 0, kSignalSignaled));
  Fine("ObjectSignalPeer", ObjectSignalPeer(user_.thread(), pair.a, 0, kSignalSignaled));
  Fine("ObjectWaitOne", user_.Wait(pair.b, kSignalSignaled).status);
  Fine("ObjectWaitOne", user_.Wait(pair.b, kSignalPeerClosed).status, Status::kTimedOut);
  Fine("ObjectWaitMany",
       WaitFor(user_, {{pair.a, kSignalSignaled, 0}, {pair.b, kSignalSignaled, 0}}).status);
  Close(pair.a);
  Close(pair.b);
}

void AllocationSession::Ports(const Ends& ends) {
  HandleValue port = kInvalidHandle;
  if (!Fine("PortCreate", PortCreate(user_.thread(), 0, UserPtr(&port)))) return;
  const bool begun = Fine("ObjectWaitAsync", WaitAsync(user_, ends.a, port, 7, kSignalReadable));
  Fine("PortCancel", PortCancel(user_.thread(), port, ends.a, 7),
       begun ? Status::kOk : Status::kNotFound);
  // Its packet has its memory: a signal cannot fail.
  const bool begun_again =
      Fine("ObjectWaitAsync", WaitAsync(user_, ends.a, port, 8, kSignalWritable));
  Fine("PortWait", NextPacket(user_, port).status, begun_again ? Status::kOk : Status::kTimedOut);
  // One of each is left to the end of the port.
  for (int i = 0; i < 2; ++i) {
    const PortPacket packet = {};
    const bool queued = Fine("PortQueue", PortQueue(user_.thread(), port, UserPtr(&packet)));
    if (i != 0) continue;
    EXPECT_EQ(NextPacket(user_, port).status, queued ? Status::kOk : Status::kTimedOut);
  }
  static_cast<void>(Fine("ObjectWaitAsync", WaitAsync(user_, ends.a, port, 9, kSignalReadable)));
  Close(port);
}

void AllocationSession::ProcessesAndThreads() {
  Process* process = user_.kernel().CreateProcess();
  if (!Fine("CreateProcess", process == nullptr ? Status::kNoMemory : Status::kOk)) return;
  Thread* thread = user_.kernel().CreateThread(*process);
  if (!Fine("CreateThread", thread == nullptr ? Status::kNoMemory : Status::kOk)) return;
  user_.kernel().ExitThread(*thread);
}

}  // namespace CORE_PLATFORM
}  // namespace core
