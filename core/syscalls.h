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

namespace core {
inline namespace CORE_PLATFORM {

/// Two connected endpoints. Checks: options 0 (kInvalidArgs), memory (kNoMemory), the out pointers
/// (kInvalidArgs). A failure leaves no handle behind, though `*first` may have been written. CR-1,
/// CR-2.
[[nodiscard]] Status ChannelCreate(Thread& caller, uint32_t options, UserPtr<HandleValue> first,
                                   UserPtr<HandleValue> second);

/// Sends one message to the other side of `channel`. Consumes `handles` on every outcome: they are
/// in the message, or closed. Checks: options 0 (kInvalidArgs); the channel (kBadHandle,
/// kWrongType, kAccessDenied without WRITE); sizes (kOutOfRange), memory (kNoMemory); the copy of
/// the bytes, then of the handle array (kInvalidArgs); each handle, the first bad position wins:
/// kBadHandle if missing or repeated, kAccessDenied without TRANSFER, kNotSupported for the channel
/// itself; owner (kBadHandle); peer (kPeerClosed). If the array cannot be read, what was not read
/// is not consumed. W1 to W15, H1, H3, W-3 to W-8.
[[nodiscard]] Status ChannelWrite(Thread& caller, HandleValue channel, uint32_t options,
                                  UserPtr<const std::byte> bytes, uint32_t num_bytes,
                                  UserPtr<const HandleValue> handles, uint32_t num_handles);

/// Takes the oldest message from `channel`. Checks: the channel (kBadHandle, kWrongType,
/// kAccessDenied without READ); options other than MAY_DISCARD (kNotSupported); owner (kBadHandle);
/// an empty queue (kPeerClosed or kShouldWait); a message larger than the buffers (kBufferTooSmall:
/// it stays, or is destroyed with MAY_DISCARD); then the copies out (kInvalidArgs: the message is
/// lost and its handles are closed). The actual sizes are written on kOk and kBufferTooSmall; null
/// means not wanted. O4, H4 to H6, R-1 to R-14.
[[nodiscard]] Status ChannelRead(Thread& caller, HandleValue channel, uint32_t options,
                                 UserPtr<std::byte> bytes, UserPtr<HandleValue> handles,
                                 uint32_t num_bytes, uint32_t num_handles,
                                 UserPtr<uint32_t> actual_bytes, UserPtr<uint32_t> actual_handles);

/// An event. Checks: options 0 (kInvalidArgs), memory (kNoMemory), the out pointer (kInvalidArgs).
[[nodiscard]] Status EventCreate(Thread& caller, uint32_t options, UserPtr<HandleValue> out);

/// Closes `handle`; closing 0 is kOk, closing what is not there kBadHandle. Waits through the
/// handle end with kCanceled; the last handle of an endpoint makes its peer show PEER_CLOSED and
/// destroys the endpoint's unread messages. K2, O5, O6, HO-1.
[[nodiscard]] Status HandleClose(Thread& caller, HandleValue handle);

/// Waits until one of `signals` is active or `deadline` has passed (absolute; in the past: a poll).
/// Checks: kBadHandle, kAccessDenied without WAIT. Ends with kOk, kTimedOut, or kCanceled if the
/// handle went away; `observed` (null: not wanted) gets what was active when the wait ended, and
/// HANDLE_CLOSED with kCanceled; a bad pointer gives kInvalidArgs instead. S2, WT-1 to WT-8.
[[nodiscard]] Status ObjectWaitOne(Thread& caller, HandleValue handle, Signals signals,
                                   Time deadline, UserPtr<Signals> observed);

}  // namespace CORE_PLATFORM
}  // namespace core
