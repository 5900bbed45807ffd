// The system calls. Each checks its arguments, in the order that its comment gives, and calls in.
//
// The calling thread is a parameter. Pointers are the caller's: a bad one is an answer,
// kInvalidArgs. In lists of checks the first that fails wins.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/abi.h"
#include "core/process.h"
#include "core/user_ptr.h"
#include "core/user_types.h"

namespace core {
inline namespace CORE_PLATFORM {

/// Two connected endpoints. Checks: options 0 (kInvalidArgs), memory (kNoMemory), the out pointers
/// (kInvalidArgs). A failure leaves no handle behind, though `*first` may have been written. CR-1,
/// CR-2.
[[nodiscard]] Status ChannelCreate(Thread& caller, uint32_t options, UserPtr<HandleValue> first,
                                   UserPtr<HandleValue> second);

/// Sends one message to the other side of `channel`. With USE_IOVEC, `bytes` points at `num_bytes`
/// iovecs instead. Checks: options (kInvalidArgs); the channel (kBadHandle, kWrongType,
/// kAccessDenied without WRITE); sizes (kOutOfRange), memory (kNoMemory); the copy of the bytes,
/// then of the handle array (kInvalidArgs); each handle, the first bad position wins: kBadHandle if
/// missing or repeated, kAccessDenied without TRANSFER, kNotSupported for the channel itself; owner
/// (kBadHandle); peer (kPeerClosed). Consumes `handles` on every outcome: they are in the message,
/// or closed; but if the array cannot be read, what was not read is not consumed. Generations
/// before zircon-2018-10 keep the handles of a failed write, and differ in the checks of handles:
/// see AbiProfile. W1 to W15, H1 to H3, W-1 to W-15, WI-1 to WI-4.
[[nodiscard]] Status ChannelWrite(Thread& caller, HandleValue channel, uint32_t options,
                                  UserPtr<const std::byte> bytes, uint32_t num_bytes,
                                  UserPtr<const HandleValue> handles, uint32_t num_handles);

/// As ChannelWrite, with a disposition for each handle: move or duplicate it, what type it must
/// have, which rights the receiver gets. Every entry is tried; the answer is that of the first that
/// failed, and the results of all are written back if one did. Within an entry: kBadHandle;
/// kInvalidArgs for an unknown operation; kAccessDenied without TRANSFER; kNotSupported for the
/// channel itself; kWrongType; kInvalidArgs for rights that the source lacks; kAccessDenied to
/// duplicate without DUPLICATE; kNoMemory. Consumes what is moved, and sources of unknown
/// operations, on every outcome; never what is duplicated. kBadSyscall before its time. WE-1 to
/// WE-10.
[[nodiscard]] Status ChannelWriteEtc(Thread& caller, HandleValue channel, uint32_t options,
                                     UserPtr<const std::byte> bytes, uint32_t num_bytes,
                                     UserPtr<HandleDisposition> handles, uint32_t num_handles);

/// Takes the oldest message from `channel`. Checks: the channel (kBadHandle, kWrongType,
/// kAccessDenied without READ); options other than MAY_DISCARD (kNotSupported); owner (kBadHandle);
/// an empty queue (kPeerClosed or kShouldWait); a message larger than the buffers (kBufferTooSmall:
/// it stays, or is destroyed with MAY_DISCARD); then the copies out (kInvalidArgs: the message is
/// lost and its handles are closed; kNoMemory, with the same loss, if the thread has used up its
/// handle values). The actual sizes are written on kOk and kBufferTooSmall; null means not wanted.
/// O4, H4 to H6, R-1 to R-14.
[[nodiscard]] Status ChannelRead(Thread& caller, HandleValue channel, uint32_t options,
                                 UserPtr<std::byte> bytes, UserPtr<HandleValue> handles,
                                 uint32_t num_bytes, uint32_t num_handles,
                                 UserPtr<uint32_t> actual_bytes, UserPtr<uint32_t> actual_handles);

/// As ChannelRead, and tells each handle's type and rights. kBadSyscall before its time. R-10.
[[nodiscard]] Status ChannelReadEtc(Thread& caller, HandleValue channel, uint32_t options,
                                    UserPtr<std::byte> bytes, UserPtr<HandleInfo> handles,
                                    uint32_t num_bytes, uint32_t num_handles,
                                    UserPtr<uint32_t> actual_bytes,
                                    UserPtr<uint32_t> actual_handles);

/// Sends a message and waits for the one that answers it, by transaction id, the first four bytes.
/// Where the kernel picks the id it overwrites them in the message, not in the caller's memory.
/// Checks: `args` (kInvalidArgs, nothing consumed); options (kInvalidArgs); the channel, with READ
/// and WRITE; sizes, memory, bytes as ChannelWrite; fewer than four bytes (kInvalidArgs); handles
/// as ChannelWrite; a call that this thread left pending (kBadState, and the process is killed);
/// owner, peer. Once sent: kOk; kPeerClosed, kCanceled, kTimedOut; kBufferTooSmall if the reply
/// does not fit, which destroys it; kInvalidArgs if it cannot be copied out, null actual sizes
/// included. A killed thread gets kInternalIntrKilled, which user code never sees. Generations
/// before zircon-2018-10 take the id from the caller, keep the handles of a call that was not sent,
/// and answer kCallFailed with the cause in `read_status` once it was sent, but for kOk and
/// kTimedOut. C1 to C18, H8, H9, CC-1 to CC-31.
[[nodiscard]] Status ChannelCall(Thread& caller, HandleValue channel, uint32_t options,
                                 Time deadline, UserPtr<const ChannelCallArgs> args,
                                 UserPtr<uint32_t> actual_bytes, UserPtr<uint32_t> actual_handles,
                                 UserPtr<Status> read_status = {});

/// As ChannelCall, with dispositions as ChannelWriteEtc and information as ChannelReadEtc.
[[nodiscard]] Status ChannelCallEtc(Thread& caller, HandleValue channel, uint32_t options,
                                    Time deadline, UserPtr<const ChannelCallEtcArgs> args,
                                    UserPtr<uint32_t> actual_bytes,
                                    UserPtr<uint32_t> actual_handles);

/// The two entry points beneath ChannelCall. The first answers kInternalIntrRetry if the thread was
/// suspended while it waited, and leaves the call pending; the second waits on in the call that is
/// pending (kBadState if none is), and reads `args` anew. CC-23 to CC-28.
[[nodiscard]] Status ChannelCallNoRetry(Thread& caller, HandleValue channel, uint32_t options,
                                        Time deadline, UserPtr<const ChannelCallArgs> args,
                                        UserPtr<uint32_t> actual_bytes,
                                        UserPtr<uint32_t> actual_handles,
                                        UserPtr<Status> read_status = {});
[[nodiscard]] Status ChannelCallFinish(Thread& caller, Time deadline,
                                       UserPtr<const ChannelCallArgs> args,
                                       UserPtr<uint32_t> actual_bytes,
                                       UserPtr<uint32_t> actual_handles,
                                       UserPtr<Status> read_status = {});

/// An event. Checks: options 0 (kInvalidArgs), memory (kNoMemory), the out pointer (kInvalidArgs).
[[nodiscard]] Status EventCreate(Thread& caller, uint32_t options, UserPtr<HandleValue> out);

/// Two events that know each other. Checks: options 0 (kNotSupported), memory (kNoMemory), the out
/// pointers (kInvalidArgs). A failure leaves no handle behind, though `*first` may have been
/// written. Each shows PEER_CLOSED once the other has no handle.
[[nodiscard]] Status EventPairCreate(Thread& caller, uint32_t options, UserPtr<HandleValue> first,
                                     UserPtr<HandleValue> second);

/// Clears, then sets signals of the object. Checks: the handle (kBadHandle, kAccessDenied without
/// SIGNAL); bits that are not user code's (kInvalidArgs): those are 24 to 31, and SIGNALED for
/// events and pairs of events. Clearing wakes nobody. S-7, S-8.
[[nodiscard]] Status ObjectSignal(Thread& caller, HandleValue handle, Signals clear, Signals set);

/// The same at the other end of the object's pair. Checks: the handle (kBadHandle, kAccessDenied
/// without SIGNAL_PEER); an object without a peer (kNotSupported); the bits (kInvalidArgs); the
/// peer (kPeerClosed if it has no handle, or this object lost its last one meanwhile). S-7.
[[nodiscard]] Status ObjectSignalPeer(Thread& caller, HandleValue handle, Signals clear,
                                      Signals set);

/// Tells about a handle or its object, by topic: HANDLE_VALID tells whether there is such a handle,
/// by the answer alone; HANDLE_BASIC writes an InfoHandleBasic; HANDLE_COUNT, which needs INSPECT,
/// an InfoHandleCount. Checks: the topic (kNotSupported); the handle (kBadHandle, kAccessDenied);
/// the copy of the record, then of `actual` and `avail` (kInvalidArgs); room for the record
/// (kBufferTooSmall). `actual` is how many records were written, `avail` how many there are; null
/// means not wanted, and both are written with kBufferTooSmall, too.
[[nodiscard]] Status ObjectGetInfo(Thread& caller, HandleValue handle, uint32_t topic,
                                   UserPtr<std::byte> buffer, size_t buffer_size,
                                   UserPtr<uint64_t> actual, UserPtr<uint64_t> avail);

/// Closes `handle`; closing 0 is kOk, closing what is not there kBadHandle. Waits through the
/// handle end with kCanceled; the last handle of an endpoint makes its peer show PEER_CLOSED and
/// destroys the endpoint's unread messages. K2, O5, O6, HO-1.
[[nodiscard]] Status HandleClose(Thread& caller, HandleValue handle);

/// Closes every handle in the array, in its order; zeros are skipped. Checks: kBadSyscall before
/// its time; the copy of the array (kInvalidArgs), 64 values at a time: those before the fault are
/// closed. kBadHandle if an entry names nothing, or repeats an earlier one; the rest is closed all
/// the same. HO-2.
[[nodiscard]] Status HandleCloseMany(Thread& caller, UserPtr<const HandleValue> handles,
                                     size_t num_handles);

/// One more handle to the object of `handle`, with `rights`, or with the same for SAME_RIGHTS.
/// Checks: the handle (kBadHandle, kAccessDenied without DUPLICATE, as always for endpoints);
/// rights that it lacks (kInvalidArgs); memory, and handle values (kNoMemory); the out pointer
/// (kInvalidArgs). K3, HO-3, HO-6.
[[nodiscard]] Status HandleDuplicate(Thread& caller, HandleValue handle, Rights rights,
                                     UserPtr<HandleValue> out);

/// A new value, with equal or fewer rights, for the same object in place of `handle`. Waits through
/// the old handle end with kCanceled; nothing else ends: the object has a handle at every moment.
/// Checks: the handle (kBadHandle); rights that it lacks (kInvalidArgs); memory, and handle values
/// (kNoMemory); the out pointer (kInvalidArgs); somebody else who takes the handle meanwhile
/// (kBadHandle). With kBadHandle `*out` may have been written, and names nothing. On the other
/// failures generations before zircon-2018-10 keep the handle, and later ones close it; today
/// kNoMemory keeps it. K4, HO-4 to HO-6.
[[nodiscard]] Status HandleReplace(Thread& caller, HandleValue handle, Rights rights,
                                   UserPtr<HandleValue> out);

/// kOk if there is such a handle, else kBadHandle; 0 is none.
[[nodiscard]] Status HandleCheckValid(Thread& caller, HandleValue handle);

// Waiting. A thread that is suspended while it waits makes its call again once it is resumed, from
// the start and with the same deadline: its handles are looked up anew. A thread that is killed
// gets kInternalIntrKilled, which user code never sees, and leaves nothing behind. WT-9, WT-10.

/// Waits until one of `signals` is active or `deadline` has passed (absolute; in the past: a poll).
/// Checks: kBadHandle, kAccessDenied without WAIT, kNotSupported for an object that has no signals.
/// Ends with kOk, kTimedOut, or kCanceled if the handle went away; `observed` (null: not wanted)
/// gets what was active when the wait ended, and HANDLE_CLOSED with kCanceled; a bad pointer gives
/// kInvalidArgs instead. Generations before `current` collect in `observed` all that was active at
/// some moment of the wait, and let a close win over a match until the waiter has run. READ takes
/// the place of WAIT in the first. S2, WT-1 to WT-10.
[[nodiscard]] Status ObjectWaitOne(Thread& caller, HandleValue handle, Signals signals,
                                   Time deadline, UserPtr<Signals> observed);

/// Waits until one of `items` shows a signal that it waits for, loses its handle, or `deadline` has
/// passed. Checks: too many items (kOutOfRange, kInvalidArgs in the first generation), memory
/// (kNoMemory), the array (kInvalidArgs); then item by item as ObjectWaitOne; a failure writes
/// nothing. Ends with kCanceled if any handle went away, whatever else came first; kOk; kTimedOut.
/// Then each item's `pending` is written, as `observed` of ObjectWaitOne; if it cannot be,
/// kInvalidArgs. Without items it only sleeps. The objects are not looked at in one instant. S4,
/// WT-11 to WT-16.
[[nodiscard]] Status ObjectWaitMany(Thread& caller, UserPtr<WaitItem> items, uint32_t count,
                                    Time deadline);

/// Asks for one packet with `key` at `port` as soon as one of `signals` is active at the object of
/// `handle`: at once if one is, unless `options` has EDGE. Checks: the port (kBadHandle,
/// kWrongType, kAccessDenied without WRITE); the handle as ObjectWaitOne; options (kInvalidArgs);
/// memory (kNoMemory). Nobody is told if the handle is closed, replaced or received by a process:
/// the wait is forgotten. The end of the port's last handle forgets it as well. WT-20 to WT-22.
[[nodiscard]] Status ObjectWaitAsync(Thread& caller, HandleValue handle, HandleValue port,
                                     uint64_t key, Signals signals, uint32_t options);

/// A port. Checks: options 0 (kInvalidArgs), memory (kNoMemory), the out pointer (kInvalidArgs).
[[nodiscard]] Status PortCreate(Thread& caller, uint32_t options, UserPtr<HandleValue> out);

/// Queues a copy of `packet`, as one of user code whatever its type says. Checks: the port
/// (kBadHandle, kWrongType, kAccessDenied without WRITE); the packet (kInvalidArgs); memory
/// (kNoMemory); kBadHandle if the port has lost its last handle meanwhile.
[[nodiscard]] Status PortQueue(Thread& caller, HandleValue port, UserPtr<const PortPacket> packet);

/// Takes the oldest packet, waiting for one if need be. Each packet goes to one thread. Checks: the
/// port (kBadHandle, kWrongType, kAccessDenied without READ). Ends with kOk or kTimedOut;
/// kInvalidArgs if the packet cannot be copied out, which loses it.
[[nodiscard]] Status PortWait(Thread& caller, HandleValue port, Time deadline,
                              UserPtr<PortPacket> packet);

/// Takes back what ObjectWaitAsync began through `source` with `key`: the waits, and their packets
/// that nobody has taken yet. Checks: the port as PortQueue; the handle as ObjectWaitOne; kNotFound
/// if there is neither wait nor packet. WT-22.
[[nodiscard]] Status PortCancel(Thread& caller, HandleValue port, HandleValue source, uint64_t key);

}  // namespace CORE_PLATFORM
}  // namespace core
