// channel_call and channel_call_etc: the two entry points of the kernel, and what user code sees.
//
// A call that is suspended while it waits comes back with kInternalIntrRetry and its waiter still
// registered; the outer function, which plays the part of the vDSO, goes on with "finish" until
// something else comes back. So the request is sent once, whatever happens to the thread.
#include "core/kernel.h"
#include "core/message_transfer.h"
#include "core/syscalls.h"

namespace core {
inline namespace CORE_PLATFORM {

namespace {

// Where a call puts its answers, besides the buffers.
struct CallOutputs {
  UserPtr<uint32_t> actual_bytes;
  UserPtr<uint32_t> actual_handles;
  UserPtr<Status> read_status;
};

SentHandles SentOf(Thread& caller, const ChannelCallArgs& args) {
  return SentHandles(caller, UserPtr<const HandleValue>(args.wr_handles), args.wr_num_handles);
}
SentDispositions SentOf(Thread& caller, const ChannelCallEtcArgs& args) {
  return SentDispositions(caller, UserPtr<HandleDisposition>(args.wr_handles), args.wr_num_handles);
}

ReceiveBuffers BuffersOf(const ChannelCallArgs& args) {
  ReceiveBuffers buffers;
  buffers.bytes = UserPtr<std::byte>(args.rd_bytes);
  buffers.handles = UserPtr<HandleValue>(args.rd_handles);
  return buffers;
}
ReceiveBuffers BuffersOf(const ChannelCallEtcArgs& args) {
  ReceiveBuffers buffers;
  buffers.bytes = UserPtr<std::byte>(args.rd_bytes);
  buffers.infos = UserPtr<HandleInfo>(args.rd_handles);
  buffers.with_info = true;
  return buffers;
}

// Steps 2 to 5: no handle has been touched yet.
template <typename Args>
Status PrepareCall(Thread& caller, HandleValue channel, uint32_t options, const Args& args,
                   RefPtr<Dispatcher>* object, MessagePacketPtr* packet) {
  const AbiProfile& profile = ProfileOf(caller);
  const uint32_t known = profile.calls.write_etc ? kWriteUseIovec : 0;
  const bool too_short = args.wr_num_bytes < kTxidBytes;
  if ((options & ~known) != 0) return Status::kInvalidArgs;
  if (profile.short_call == ShortCall::kRefusedFirst && too_short) return Status::kInvalidArgs;
  const Status found = caller.process().handles().Lookup(channel, ObjectType::kChannel,
                                                         kRightRead | kRightWrite, profile, object);
  if (found != Status::kOk) return found;
  SentBytes bytes;
  bytes.is_iovec = (options & kWriteUseIovec) != 0;
  bytes.size = args.wr_num_bytes;
  bytes.buffer = UserPtr<const std::byte>(args.wr_bytes);
  bytes.iovecs = bytes.buffer.As<const ChannelIovec>();
  const Status copied = CopyBytesIn(bytes, args.wr_num_handles, packet);
  if (copied != Status::kOk) return copied;
  const bool refused =
      profile.short_call == ShortCall::kRefusedOnCopy && (*packet)->bytes().size() < kTxidBytes;
  return refused ? Status::kInvalidArgs : Status::kOk;
}

// A reply that came, into the caller's buffers. CC-15, CC-16: unlike a read, a null actual is a
// fault.
template <typename Args>
Status ReceiveReply(Thread& caller, const Args& args, const CallOutputs& outputs,
                    MessagePacket& reply) {
  const auto num_bytes = static_cast<uint32_t>(reply.bytes().size());
  const auto num_handles = static_cast<uint32_t>(reply.handles().size());
  if (num_bytes > args.rd_num_bytes || num_handles > args.rd_num_handles) {
    return Status::kBufferTooSmall;
  }
  const bool told = outputs.actual_bytes.CopyOut(&num_bytes, 1) &&
                    outputs.actual_handles.CopyOut(&num_handles, 1);
  if (!told) return Status::kInvalidArgs;
  return CopyMessageOut(caller, reply, BuffersOf(args));
}

// What the caller is told once its request was sent.
template <typename Args>
Status EndCall(Thread& caller, const Args& args, const CallOutputs& outputs, Status ended,
               MessagePacketPtr reply) {
  if (ended == Status::kInternalIntrRetry || ended == Status::kInternalIntrKilled) return ended;
  const Status status = ended == Status::kOk ? ReceiveReply(caller, args, outputs, *reply) : ended;
  const bool plain = ProfileOf(caller).call_failure == CallFailure::kPlain ||
                     status == Status::kOk || status == Status::kTimedOut;
  if (plain) return status;
  return outputs.read_status.CopyOutOptional(status) ? Status::kCallFailed : Status::kInvalidArgs;
}

template <typename Args>
Status CallNoRetry(Thread& caller, HandleValue channel, uint32_t options, Time deadline,
                   const Args& args, const CallOutputs& outputs) {
  auto handles = SentOf(caller, args);
  RefPtr<Dispatcher> object;
  MessagePacketPtr
      packet;  // Destroyed, with what handles it has, on every failure; no lock is held.
  const Status prepared = PrepareCall(caller, channel, options, args, &object, &packet);
  if (prepared != Status::kOk) {
    handles.OnNotTaken();
    return prepared;
  }
  const Status taken = handles.Take(*object, *packet);
  if (taken != Status::kOk) return taken;
  PendingMessages pending;
  MessagePacketPtr reply;
  const Status ended =
      static_cast<ChannelDispatcher&>(*object).Call(caller, packet, deadline, &pending, &reply);
  if (ended == Status::kBadState) {
    // The thread left a call pending and began another: its process cannot be trusted any more.
    caller.process().kernel().KillProcess(caller.process(), kExitVdsoContractBreach);
  }
  if (packet != nullptr) {
    handles.OnNotSent(*packet);
    return ended;
  }
  caller.process().kernel().ReportPending(caller, pending);
  return EndCall(caller, args, outputs, ended, std::move(reply));
}

template <typename Args>
Status Finish(Thread& caller, Time deadline, UserPtr<const Args> user_args,
              const CallOutputs& outputs) {
  Args args = {};
  if (!user_args.CopyIn(&args, 1)) {
    if (!caller.message_waiter().is_armed()) return Status::kInvalidArgs;
    // Nobody knows any more where a reply should go: the call ends here. Left pending, it would
    // make the thread's next call a breach of the contract.
    ChannelDispatcher::AbandonCall(caller);
    return EndCall(caller, args, outputs, Status::kInvalidArgs, nullptr);
  }
  if (!caller.message_waiter().is_armed()) return Status::kBadState;
  // Held, as by the first half of the call, until the reply is received: only then may what is left
  // in its queue close.
  const RefPtr<ChannelDispatcher> channel(&caller.message_waiter().channel());
  MessagePacketPtr reply;
  const Status ended = channel->FinishCall(caller, deadline, &reply);
  return EndCall(caller, args, outputs, ended, std::move(reply));
}

// What user code calls.
template <typename Args>
Status Call(Thread& caller, HandleValue channel, uint32_t options, Time deadline,
            UserPtr<const Args> user_args, const CallOutputs& outputs) {
  Args args;
  if (!user_args.CopyIn(&args, 1)) return Status::kInvalidArgs;  // Nothing is known to be consumed.
  const Time until = DeadlineOf(ProfileOf(caller), deadline);
  Status status = CallNoRetry(caller, channel, options, until, args, outputs);
  while (status == Status::kInternalIntrRetry) {
    if (!caller.WaitUntilResumed()) {
      ChannelDispatcher::AbandonCall(caller);
      return Status::kInternalIntrKilled;
    }
    status = Finish(caller, until, user_args, outputs);
  }
  return status;
}

}  // namespace

Status ChannelCall(Thread& caller, HandleValue channel, uint32_t options, Time deadline,
                   UserPtr<const ChannelCallArgs> args, UserPtr<uint32_t> actual_bytes,
                   UserPtr<uint32_t> actual_handles, UserPtr<Status> read_status) {
  return Call(caller, channel, options, deadline, args,
              {actual_bytes, actual_handles, read_status});
}

Status ChannelCallEtc(Thread& caller, HandleValue channel, uint32_t options, Time deadline,
                      UserPtr<const ChannelCallEtcArgs> args, UserPtr<uint32_t> actual_bytes,
                      UserPtr<uint32_t> actual_handles) {
  if (!ProfileOf(caller).calls.write_etc) return Status::kBadSyscall;
  return Call(caller, channel, options, deadline, args, {actual_bytes, actual_handles, {}});
}

Status ChannelCallNoRetry(Thread& caller, HandleValue channel, uint32_t options, Time deadline,
                          UserPtr<const ChannelCallArgs> user_args, UserPtr<uint32_t> actual_bytes,
                          UserPtr<uint32_t> actual_handles, UserPtr<Status> read_status) {
  ChannelCallArgs args;
  if (!user_args.CopyIn(&args, 1)) return Status::kInvalidArgs;
  return CallNoRetry(caller, channel, options, DeadlineOf(ProfileOf(caller), deadline), args,
                     {actual_bytes, actual_handles, read_status});
}

Status ChannelCallFinish(Thread& caller, Time deadline, UserPtr<const ChannelCallArgs> args,
                         UserPtr<uint32_t> actual_bytes, UserPtr<uint32_t> actual_handles,
                         UserPtr<Status> read_status) {
  return Finish(caller, DeadlineOf(ProfileOf(caller), deadline), args,
                {actual_bytes, actual_handles, read_status});
}

}  // namespace CORE_PLATFORM
}  // namespace core
