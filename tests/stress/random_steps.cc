// The steps of a random caller, and how often each is drawn.
#include <gtest/gtest.h>

#include <array>
#include <thread>

#include "tests/stress/random_caller.h"

namespace core {
inline namespace CORE_PLATFORM {

namespace {

// What the answer of a call tells about its request.
Told ToldBy(Status status) {
  switch (status) {
    case Status::kOk:
    case Status::kTimedOut:
    case Status::kBufferTooSmall:
    case Status::kInternalIntrRetry:
    case Status::kInternalIntrKilled:
      return Told::kSent;
    case Status::kPeerClosed:
    case Status::kCanceled:
      return Told::kNothing;  // Before it was sent, or after. CC-2.
    default:
      return Told::kRefused;
  }
}

}  // namespace

const std::vector<RandomCaller::Step>& RandomCaller::Steps() {
  // Killing is rare enough for a process to get somewhere, and frequent enough for those to be
  // released who wait for ever.
  static const std::vector<Step> steps = {
      {300, &RandomCaller::CreateChannel},
      {150, &RandomCaller::CreateEvent},
      {150, &RandomCaller::CreateEventPair},
      {80, &RandomCaller::CreatePort},
      {500, &RandomCaller::Write},
      {200, &RandomCaller::WriteIovecs},
      {300, &RandomCaller::WriteEtc},
      {100, &RandomCaller::WriteBadly},
      {500, &RandomCaller::Read},
      {400, &RandomCaller::ReadEtc},
      {100, &RandomCaller::ReadBadly},
      {300, &RandomCaller::ReadBoot},
      {1800, &RandomCaller::Serve},
      {500, &RandomCaller::Call},
      {300, &RandomCaller::CallEtc},
      {300, &RandomCaller::CallInterrupted},
      {300, &RandomCaller::WaitOne},
      {200, &RandomCaller::WaitMany},
      {500, &RandomCaller::WaitAsync},
      {200, &RandomCaller::QueuePacket},
      {400, &RandomCaller::WaitForPacket},
      {200, &RandomCaller::Close},
      {50, &RandomCaller::CloseMany},
      {200, &RandomCaller::Duplicate},
      {300, &RandomCaller::Replace},
      {200, &RandomCaller::CheckValid},
      {400, &RandomCaller::Signal},
      {400, &RandomCaller::SignalPeer},
      {300, &RandomCaller::GetInfo},
      {400, &RandomCaller::SuspendSomebody},
      {10, &RandomCaller::KillSomebody},
      {3, &RandomCaller::KillSomeProcess},
      {100, &RandomCaller::ConnectSomebody},
  };
  return steps;
}

// --- Making --------------------------------------------------------------------------------------

void RandomCaller::CreateChannel() {
  HandleValue near = kInvalidHandle;
  HandleValue far = kInvalidHandle;
  Note(Syscall::kChannelCreate, ChannelCreate(*self_, 0, UserPtr(&near), UserPtr(&far)));
  Put(near);
  Put(far);
}

void RandomCaller::CreateEvent() {
  HandleValue event = kInvalidHandle;
  Note(Syscall::kEventCreate, EventCreate(*self_, 0, UserPtr(&event)));
  Put(event);
}

void RandomCaller::CreateEventPair() {
  HandleValue near = kInvalidHandle;
  HandleValue far = kInvalidHandle;
  Note(Syscall::kEventPairCreate, EventPairCreate(*self_, 0, UserPtr(&near), UserPtr(&far)));
  Put(near);
  Put(far);
}

void RandomCaller::CreatePort() {
  HandleValue port = kInvalidHandle;
  Note(Syscall::kPortCreate, PortCreate(*self_, 0, UserPtr(&port)));
  Put(port);
}

// --- Writing and reading -------------------------------------------------------------------------

void RandomCaller::Write() {
  const HandleValue channel = PickChannel();
  const Parcel parcel = Pack(channel);
  const std::span<const HandleValue> handles(parcel.handles.data(), parcel.num_handles);
  const Status status = Send(*self_, channel, parcel.stamp, handles);
  OnWritten(parcel, Note(Syscall::kChannelWrite, status,
                         {Status::kBadHandle, Status::kWrongType, Status::kAccessDenied,
                          Status::kNotSupported, Status::kPeerClosed}));
}

void RandomCaller::WriteIovecs() {
  const HandleValue channel = PickChannel();
  const Parcel parcel = Pack(channel);
  const std::byte* bytes = parcel.stamp.bytes();
  const std::array<ChannelIovec, 2> pieces = {{{bytes, 5, 0}, {bytes + 5, sizeof(Stamp) - 5, 0}}};
  const Status status = ChannelWrite(
      *self_, channel, kWriteUseIovec, UserPtr(reinterpret_cast<const std::byte*>(pieces.data())),
      pieces.size(), UserPtr(parcel.handles.data()), parcel.num_handles);
  OnWritten(parcel, Note(Syscall::kChannelWrite, status,
                         {Status::kBadHandle, Status::kWrongType, Status::kAccessDenied,
                          Status::kNotSupported, Status::kPeerClosed}));
}

void RandomCaller::WriteEtc() {
  const HandleValue channel = PickChannel();
  const Parcel parcel = Pack(channel);
  std::array<HandleDisposition, 4> entries = DispositionsOf(parcel);
  const Status status = ChannelWriteEtc(*self_, channel, 0, UserPtr(parcel.stamp.bytes()),
                                        sizeof(Stamp), UserPtr(entries.data()), parcel.num_handles);
  OnWritten(parcel, Note(Syscall::kChannelWriteEtc, status,
                         {Status::kBadHandle, Status::kWrongType, Status::kAccessDenied,
                          Status::kNotSupported, Status::kPeerClosed, Status::kInvalidArgs}));
}

void RandomCaller::WriteBadly() {
  const HandleValue channel = PickChannel();
  const Parcel parcel = Pack(channel);
  const UserPtr handles(parcel.handles.data());
  Status status = Status::kOk;
  switch (Below(4)) {
    case 0:
      status = ChannelWrite(*self_, channel, /*options=*/1, UserPtr(parcel.stamp.bytes()),
                            sizeof(Stamp), handles, parcel.num_handles);
      break;
    case 1:
      status =
          ChannelWrite(*self_, channel, 0, nullptr, sizeof(Stamp), handles, parcel.num_handles);
      break;
    case 2:
      status = ChannelWrite(*self_, channel, 0, UserPtr(parcel.stamp.bytes()), kMaxMessageBytes + 1,
                            handles, parcel.num_handles);
      break;
    default:
      // What cannot be read is not consumed.
      status = ChannelWrite(*self_, channel, 0, UserPtr(parcel.stamp.bytes()), sizeof(Stamp),
                            nullptr, 1);
      EXPECT_EQ(HandleClose(*self_, parcel.handles[0]), Status::kOk);
      break;
  }
  EXPECT_NE(status, Status::kOk);
  OnWritten(parcel, Note(Syscall::kChannelWrite, status,
                         {Status::kBadHandle, Status::kWrongType, Status::kAccessDenied,
                          Status::kInvalidArgs, Status::kOutOfRange}));
}

void RandomCaller::Read() {
  Room room = DrawRoom();
  if (ReadInto(PickChannel(), Chance(2) ? kReadMayDiscard : 0, &room) != Status::kOk) return;
  Unpack(room.stamp, {room.handles.data(), room.num_handles});
}

void RandomCaller::ReadEtc() {
  Room room = DrawRoom();
  std::array<HandleInfo, kMaxMessageHandles> infos{};
  const Status status = ChannelReadEtc(
      *self_, PickChannel(), Chance(2) ? kReadMayDiscard : 0, UserPtr(room.stamp.bytes()),
      UserPtr(infos.data()), room.num_bytes, room.num_handles, nullptr, UserPtr(&room.num_handles));
  Note(Syscall::kChannelReadEtc, status,
       {Status::kBadHandle, Status::kWrongType, Status::kAccessDenied, Status::kShouldWait,
        Status::kPeerClosed, Status::kBufferTooSmall});
  if (status != Status::kOk) return;
  EXPECT_EQ(infos[0].type, ObjectType::kEventPair);
  for (uint32_t i = 0; i < room.num_handles; ++i) room.handles[i] = infos[i].handle;
  Unpack(room.stamp, {room.handles.data(), room.num_handles});
}

void RandomCaller::ReadBadly() {
  // The message is lost, if there is one.
  Room room;
  const bool bad_bytes = Chance(2);
  const Status status = ChannelRead(
      *self_, PickChannel(), 0, bad_bytes ? UserPtr<std::byte>() : UserPtr(room.stamp.bytes()),
      bad_bytes ? UserPtr(room.handles.data()) : UserPtr<HandleValue>(), room.num_bytes,
      room.num_handles, nullptr, nullptr);
  EXPECT_NE(status, Status::kOk);
  Note(Syscall::kChannelRead, status,
       {Status::kBadHandle, Status::kWrongType, Status::kAccessDenied, Status::kShouldWait,
        Status::kPeerClosed, Status::kInvalidArgs});
}

void RandomCaller::ReadBoot() {
  Room room;
  if (ReadInto(home_->boot, 0, &room) != Status::kOk) return;
  Unpack(room.stamp, {room.handles.data(), 1});
  PutInto(home_->links, room.handles[1]);
}

// --- Calling -------------------------------------------------------------------------------------

void RandomCaller::Serve() {
  const HandleValue channel = PickChannel();
  Room room;
  if (ReadInto(channel, 0, &room) != Status::kOk) return;
  Unpack(room.stamp, {room.handles.data(), room.num_handles});
  if ((room.stamp.txid & kKernelTxidBit) == 0) return;
  Parcel reply = Pack(channel);
  reply.stamp.txid = room.stamp.txid;
  const std::span<const HandleValue> handles(reply.handles.data(), reply.num_handles);
  const Status status = Send(*self_, channel, reply.stamp, handles);
  OnWritten(reply, Note(Syscall::kChannelWrite, status,
                        {Status::kBadHandle, Status::kWrongType, Status::kAccessDenied,
                         Status::kNotSupported, Status::kPeerClosed}));
}

// A request, and where the reply goes.
struct RandomCaller::CallMemory {
  CallMemory(const Parcel& sent, const Room& received) : parcel(sent), room(received) {
    args = {parcel.stamp.bytes(), parcel.handles.data(), room.stamp.bytes(), room.handles.data(),
            sizeof(Stamp),        parcel.num_handles,    room.num_bytes,     room.num_handles};
  }
  CallMemory(const CallMemory&) = delete;
  CallMemory& operator=(const CallMemory&) = delete;

  Parcel parcel;
  Room room;
  ChannelCallArgs args;
};

void RandomCaller::EndCall(const CallMemory& memory, Status status) {
  if (status != Status::kOk) return;
  Unpack(memory.room.stamp, {memory.room.handles.data(), memory.room.num_handles});
}

void RandomCaller::Call() {
  const HandleValue channel = PickChannel();
  CallMemory memory(Pack(channel), DrawRoom());
  const Status status =
      ChannelCall(*self_, channel, 0, DrawDeadline(kWaitForReplyNs),
                  UserPtr<const ChannelCallArgs>(&memory.args), UserPtr(&memory.room.num_bytes),
                  UserPtr(&memory.room.num_handles));
  Note(Syscall::kChannelCall, status,
       {Status::kBadHandle, Status::kWrongType, Status::kAccessDenied, Status::kNotSupported,
        Status::kPeerClosed, Status::kCanceled, Status::kTimedOut, Status::kBufferTooSmall,
        Status::kInternalIntrKilled});
  OnGiven(memory.parcel, ToldBy(status));
  EndCall(memory, status);
}

void RandomCaller::CallEtc() {
  const HandleValue channel = PickChannel();
  const Parcel parcel = Pack(channel);
  std::array<HandleDisposition, 4> entries = DispositionsOf(parcel);
  Room room;
  std::array<HandleInfo, kMaxMessageHandles> infos{};
  const ChannelCallEtcArgs args = {parcel.stamp.bytes(), entries.data(),    room.stamp.bytes(),
                                   infos.data(),         sizeof(Stamp),     parcel.num_handles,
                                   sizeof(Stamp),        kMaxMessageHandles};
  const Status status =
      ChannelCallEtc(*self_, channel, 0, DrawDeadline(kWaitForReplyNs), UserPtr(&args),
                     UserPtr(&room.num_bytes), UserPtr(&room.num_handles));
  Note(Syscall::kChannelCallEtc, status,
       {Status::kBadHandle, Status::kWrongType, Status::kAccessDenied, Status::kNotSupported,
        Status::kInvalidArgs, Status::kPeerClosed, Status::kCanceled, Status::kTimedOut,
        Status::kInternalIntrKilled});
  OnGiven(parcel, ToldBy(status));
  if (status != Status::kOk) return;
  for (uint32_t i = 0; i < room.num_handles; ++i) room.handles[i] = infos[i].handle;
  Unpack(room.stamp, {room.handles.data(), room.num_handles});
}

// As user code does it that knows of suspensions. A thread that suspends itself does not sleep in
// its call, which is left pending, unless the reply is there already.
void RandomCaller::CallInterrupted() {
  const HandleValue channel = PickChannel();
  CallMemory memory(Pack(channel), DrawRoom());
  const auto call = [&] {
    return ChannelCallNoRetry(*self_, channel, 0, DrawDeadline(kWaitForReplyNs),
                              UserPtr<const ChannelCallArgs>(&memory.args),
                              UserPtr(&memory.room.num_bytes), UserPtr(&memory.room.num_handles));
  };
  const bool by_itself = Chance(2);
  if (by_itself) self_->Suspend();
  const Status begun = call();
  if (by_itself) self_->Resume();
  Note(Syscall::kChannelCallNoRetry, begun,
       {Status::kBadHandle, Status::kWrongType, Status::kAccessDenied, Status::kNotSupported,
        Status::kPeerClosed, Status::kCanceled, Status::kTimedOut, Status::kBufferTooSmall,
        Status::kInternalIntrRetry, Status::kInternalIntrKilled});
  OnGiven(memory.parcel, ToldBy(begun));
  EndCall(memory, begun);
  if (begun != Status::kInternalIntrRetry) return;
  switch (Below(64)) {
    case 0:
      gives_up_ = true;  // CC-30
      return;
    case 1: {
      // CC-24: the whole process is killed for it, unless the call fails before.
      gives_up_ = true;
      memory.args.wr_num_handles = 0;
      const Status breach = call();
      Note(Syscall::kChannelCallNoRetry, breach,
           {Status::kBadHandle, Status::kWrongType, Status::kAccessDenied, Status::kBadState});
      return;
    }
    default:
      EndCall(memory, FinishCall(memory));
  }
}

Status RandomCaller::FinishCall(CallMemory& memory) {
  const Time deadline = DrawDeadline(kWaitForReplyNs);
  for (;;) {
    const Status status =
        ChannelCallFinish(*self_, deadline, UserPtr<const ChannelCallArgs>(&memory.args),
                          UserPtr(&memory.room.num_bytes), UserPtr(&memory.room.num_handles));
    Note(Syscall::kChannelCallFinish, status,
         {Status::kPeerClosed, Status::kCanceled, Status::kTimedOut, Status::kBufferTooSmall,
          Status::kInternalIntrRetry, Status::kInternalIntrKilled});
    if (status != Status::kInternalIntrRetry || !self_->WaitUntilResumed()) return status;
  }
}

// --- Waiting -------------------------------------------------------------------------------------

void RandomCaller::WaitOne() {
  Signals observed = kSignalNone;
  const HandleValue handle = Chance(2) ? PickChannel() : PickEvent();
  const Status status =
      ObjectWaitOne(*self_, handle, DrawSignals(), DrawDeadline(), UserPtr(&observed));
  Note(Syscall::kObjectWaitOne, status,
       {Status::kBadHandle, Status::kAccessDenied, Status::kNotSupported, Status::kTimedOut,
        Status::kCanceled, Status::kInternalIntrKilled});
}

void RandomCaller::WaitMany() {
  std::array<WaitItem, 3> items{};
  for (WaitItem& item : items) {
    item = {Chance(2) ? PickChannel() : PickEvent(), DrawSignals(), kSignalNone};
  }
  const Status status =
      ObjectWaitMany(*self_, UserPtr(items.data()), Below(items.size() + 1), DrawDeadline());
  Note(Syscall::kObjectWaitMany, status,
       {Status::kBadHandle, Status::kAccessDenied, Status::kNotSupported, Status::kTimedOut,
        Status::kCanceled, Status::kInternalIntrKilled});
}

void RandomCaller::WaitAsync() {
  const HandleValue handle = Chance(2) ? PickChannel() : PickEvent();
  const HandleValue port = PickPort();
  const uint64_t key = Below(4);
  const Status status = ObjectWaitAsync(*self_, handle, port, key, DrawSignals(),
                                        Below(kWaitAsyncTimestamp + kWaitAsyncEdge + 1));
  Note(Syscall::kObjectWaitAsync, status,
       {Status::kBadHandle, Status::kWrongType, Status::kAccessDenied, Status::kNotSupported});
  if (Chance(4)) CancelWait(port, handle, key);
}

void RandomCaller::QueuePacket() {
  const PortPacket packet = {};
  Note(Syscall::kPortQueue, PortQueue(*self_, PickPort(), UserPtr(&packet)),
       {Status::kBadHandle, Status::kWrongType, Status::kAccessDenied});
}

void RandomCaller::WaitForPacket() {
  PortPacket packet;
  Note(Syscall::kPortWait, PortWait(*self_, PickPort(), DrawDeadline(), UserPtr(&packet)),
       {Status::kBadHandle, Status::kWrongType, Status::kAccessDenied, Status::kTimedOut,
        Status::kInternalIntrKilled});
}

void RandomCaller::CancelWait(HandleValue port, HandleValue source, uint64_t key) {
  Note(Syscall::kPortCancel, PortCancel(*self_, port, source, key),
       {Status::kBadHandle, Status::kWrongType, Status::kAccessDenied, Status::kNotSupported,
        Status::kNotFound});
}

// --- Handles and objects -------------------------------------------------------------------------

void RandomCaller::Close() {
  const HandleValue handle = PickAny();
  Note(Syscall::kHandleClose, HandleClose(*self_, handle), {Status::kBadHandle});
  Forget(handle);
}

void RandomCaller::CloseMany() {
  const std::array handles = {PickAny(), PickAny(), PickAny()};
  Note(Syscall::kHandleCloseMany,
       HandleCloseMany(*self_, UserPtr(handles.data()), Below(handles.size() + 1)),
       {Status::kBadHandle});
}

void RandomCaller::Duplicate() {
  HandleValue made = kInvalidHandle;
  const HandleValue handle = Chance(2) ? PickEvent() : PickAny();
  const Status status = Note(Syscall::kHandleDuplicate,
                             HandleDuplicate(*self_, handle, kRightSameRights, UserPtr(&made)),
                             {Status::kBadHandle, Status::kAccessDenied});
  if (status == Status::kOk) Put(made);
}

void RandomCaller::Replace() {
  HandleValue made = kInvalidHandle;
  const Rights rights = Chance(8) ? kRightTransfer | kRightRead : kRightSameRights;
  const Status status =
      Note(Syscall::kHandleReplace, HandleReplace(*self_, PickAny(), rights, UserPtr(&made)),
           {Status::kBadHandle, Status::kInvalidArgs});
  if (status == Status::kOk) Put(made);
}

void RandomCaller::CheckValid() {
  Note(Syscall::kHandleCheckValid, HandleCheckValid(*self_, PickAny()), {Status::kBadHandle});
}

void RandomCaller::Signal() {
  const HandleValue handle = Chance(2) ? PickChannel() : PickEvent();
  const Signals signals = Chance(8) ? kSignalReadable : Signals{1} << 24;
  const bool clears = Chance(2);
  Note(Syscall::kObjectSignal,
       ObjectSignal(*self_, handle, clears ? signals : kSignalNone, clears ? kSignalNone : signals),
       {Status::kBadHandle, Status::kAccessDenied, Status::kInvalidArgs});
}

void RandomCaller::SignalPeer() {
  const HandleValue handle = Chance(2) ? PickChannel() : PickEvent();
  const Signals set = Chance(2) ? kSignalSignaled : Signals{1} << 24;
  const Signals clear = Chance(2) ? kSignalSignaled : kSignalNone;
  Note(Syscall::kObjectSignalPeer, ObjectSignalPeer(*self_, handle, clear, set),
       {Status::kBadHandle, Status::kAccessDenied, Status::kInvalidArgs, Status::kNotSupported,
        Status::kPeerClosed});
}

void RandomCaller::GetInfo() {
  InfoHandleCount count = {};
  const uint32_t topic = Chance(4) ? kInfoHandleValid : kInfoHandleCount;
  Note(Syscall::kObjectGetInfo,
       ObjectGetInfo(*self_, PickAny(), topic, UserPtr(reinterpret_cast<std::byte*>(&count)),
                     sizeof(count), nullptr, nullptr),
       {Status::kBadHandle, Status::kAccessDenied});
}

// --- What happens to others ----------------------------------------------------------------------

void RandomCaller::SuspendSomebody() {
  const uint32_t other = (caller_ + 1 + Below(kCallers - 1)) % kCallers;
  const Population::Victim victim = population_.Suspend(other);
  if (Chance(2)) std::this_thread::yield();
  population_.Resume(other, victim);
}

void RandomCaller::KillSomebody() {
  population_.KillThread(Below(kCallers));
}

void RandomCaller::KillSomeProcess() {
  population_.KillProcess(Below(kSeats));
}

void RandomCaller::ConnectSomebody() {
  const uint32_t seat = Below(kSeats);
  population_.Connect(seat, (seat + 1 + Below(kSeats - 1)) % kSeats);
}

}  // namespace CORE_PLATFORM
}  // namespace core
