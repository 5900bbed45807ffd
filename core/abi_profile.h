// The four generations of the interface, as policies with names.
//
// The interface changed between 2017 and today; a kernel follows one generation for its whole life.
// Every difference that a program can see is one member of AbiProfile. Code asks for the policy,
// never for the generation. The ids (X-1, ...) number the differences.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/abi.h"

namespace core {

/// Who picks the transaction id of a call. X-1.
enum class TxidChoice : uint8_t { kCaller, kKernel };

/// What becomes of a call with fewer bytes than a transaction id. X-2.
enum class ShortCall : uint8_t {
  kAllowed,        // The missing bytes count as zero.
  kRefusedFirst,   // kInvalidArgs, checked with the options.
  kRefusedOnCopy,  // kInvalidArgs, checked after the handle and the copy of the bytes.
};

/// What becomes of handles that a failed operation was to consume..
enum class OnFailure : uint8_t { kKeep, kConsume };

/// How a call tells of a failure after its request was sent. X-5.
enum class CallFailure : uint8_t { kReadStatus, kPlain };

/// What becomes of pending calls when their endpoint is received by a process. X-12.
enum class CallsOnReceipt : uint8_t { kContinue, kCanceled };

/// What a wait reports as observed, and whether a match survives the close of the handle before the
/// waiter runs..
enum class Observed : uint8_t {
  kAccumulated,  // Every state from registration to take-down; a later close still cancels.
  kAtMatch,      // The state at the match, which ends the wait.
};

/// What the packet of an asynchronous wait counts. WT-21.
enum class AsyncCount : uint8_t {
  kQueued,  // The messages that were there when the wait began, if it was for READABLE; else 1.
  kOne,
};

/// When the handles in a destroyed message close. X-17.
enum class NestedClose : uint8_t {
  kDeferred,  // When the worker of the host gets to it: see HandleReaper.
  kImmediate,
};

/// What becomes of a read whose handle values cannot be copied out. X-23.
enum class CopyOutFault : uint8_t { kIgnored, kHandlesClosed };

/// Calls that came later than others; each is BAD_SYSCALL before. X-28.
struct AvailableCalls {
  bool write_etc = false;  // And call_etc, and iovecs.
  bool read_etc = false;
  bool close_many = false;
  bool operator==(const AvailableCalls&) const = default;
};

struct AbiProfile {
  std::string_view name;  // "current".

  TxidChoice txid_choice;
  ShortCall short_call;
  OnFailure failed_write;
  OnFailure failed_replace;
  OnFailure replace_without_memory;  // The same for kNoMemory alone.
  CallFailure call_failure;
  Status duplicate_handle;    // The same handle twice in one message. X-6.
  bool self_before_transfer;  // The channel itself beats a missing TRANSFER. X-7.
  bool rights_before_type;
  bool owner_checked;
  CallsOnReceipt calls_on_receipt;
  Rights wait_right;
  Observed observed;
  uint32_t wait_async_options;  // The bits that exist.
  AsyncCount async_count;
  bool requests_match_waiters;  // The request of a call can be taken for a reply. X-16.
  NestedClose nested_close;
  uint32_t max_wait_items;
  Status too_many_wait_items;
  uint32_t max_pending_messages;  // 0 is no limit. X-21.
  Rights channel_rights;          // Of a fresh endpoint. X-22.
  Rights event_rights;            // Of a fresh event; one of a pair has SIGNAL_PEER as well. X-13.
  Rights port_rights;             // Of a fresh port; like event_rights.
  CopyOutFault copy_out_fault;
  bool own_close_ends_reads;  // An empty queue whose own side has closed: kPeerClosed. X-26.
  bool unsigned_deadlines;    // UINT64_MAX is for ever, nothing is negative. X-27.
  AvailableCalls calls;
};

inline constexpr AbiProfile kMagenta2017 = {
    .name = "magenta-2017",
    .txid_choice = TxidChoice::kCaller,
    .short_call = ShortCall::kAllowed,
    .failed_write = OnFailure::kKeep,
    .failed_replace = OnFailure::kKeep,
    .replace_without_memory = OnFailure::kKeep,
    .call_failure = CallFailure::kReadStatus,
    .duplicate_handle = Status::kInvalidArgs,
    .self_before_transfer = true,
    .rights_before_type = true,
    .owner_checked = false,
    .calls_on_receipt = CallsOnReceipt::kContinue,
    .wait_right = kRightRead,
    .observed = Observed::kAccumulated,
    .wait_async_options = 0,
    .async_count = AsyncCount::kQueued,
    .requests_match_waiters = true,
    .nested_close = NestedClose::kDeferred,
    .max_wait_items = 1024,
    .too_many_wait_items = Status::kInvalidArgs,
    .max_pending_messages = 0,
    .channel_rights = kRightTransfer | kRightRead | kRightWrite | kRightSignal | kRightSignalPeer,
    .event_rights = kRightTransfer | kRightDuplicate | kRightsIo | kRightSignal,
    .port_rights = kRightTransfer | kRightDuplicate | kRightsIo,
    .copy_out_fault = CopyOutFault::kIgnored,
    .own_close_ends_reads = true,
    .unsigned_deadlines = true,
    .calls = {},
};

inline constexpr AbiProfile kZircon2018_04 = {
    .name = "zircon-2018-04",
    .txid_choice = TxidChoice::kCaller,
    .short_call = ShortCall::kAllowed,
    .failed_write = OnFailure::kKeep,
    .failed_replace = OnFailure::kKeep,
    .replace_without_memory = OnFailure::kKeep,
    .call_failure = CallFailure::kReadStatus,
    .duplicate_handle = Status::kInvalidArgs,
    .self_before_transfer = true,
    .rights_before_type = true,
    .owner_checked = false,
    .calls_on_receipt = CallsOnReceipt::kContinue,
    .wait_right = kRightWait,
    .observed = Observed::kAccumulated,
    .wait_async_options = 0,
    .async_count = AsyncCount::kQueued,
    .requests_match_waiters = true,
    .nested_close = NestedClose::kImmediate,
    .max_wait_items = 16,
    .too_many_wait_items = Status::kOutOfRange,
    .max_pending_messages = 0,
    .channel_rights = kRightsChannelDefault | kRightsProperty,
    .event_rights = kRightsEventDefault,
    .port_rights = kRightsPortDefault,
    .copy_out_fault = CopyOutFault::kIgnored,
    .own_close_ends_reads = true,
    .unsigned_deadlines = true,
    .calls = {.write_etc = false, .read_etc = true, .close_many = false},
};

inline constexpr AbiProfile kZircon2018_10 = {
    .name = "zircon-2018-10",
    .txid_choice = TxidChoice::kKernel,
    .short_call = ShortCall::kRefusedFirst,
    .failed_write = OnFailure::kConsume,
    .failed_replace = OnFailure::kConsume,
    .replace_without_memory = OnFailure::kConsume,
    .call_failure = CallFailure::kPlain,
    .duplicate_handle = Status::kBadHandle,
    .self_before_transfer = false,
    .rights_before_type = true,
    .owner_checked = true,
    .calls_on_receipt = CallsOnReceipt::kContinue,
    .wait_right = kRightWait,
    .observed = Observed::kAccumulated,
    .wait_async_options = 0,
    .async_count = AsyncCount::kQueued,
    .requests_match_waiters = true,
    .nested_close = NestedClose::kImmediate,
    .max_wait_items = 16,
    .too_many_wait_items = Status::kOutOfRange,
    .max_pending_messages = 0,
    .channel_rights = kRightsChannelDefault | kRightsProperty,
    .event_rights = kRightsEventDefault,
    .port_rights = kRightsPortDefault,
    .copy_out_fault = CopyOutFault::kIgnored,
    .own_close_ends_reads = true,
    .unsigned_deadlines = false,
    .calls = {.write_etc = false, .read_etc = true, .close_many = true},
};

inline constexpr AbiProfile kCurrent = {
    .name = "current",
    .txid_choice = TxidChoice::kKernel,
    .short_call = ShortCall::kRefusedOnCopy,
    .failed_write = OnFailure::kConsume,
    .failed_replace = OnFailure::kConsume,
    .replace_without_memory = OnFailure::kKeep,
    .call_failure = CallFailure::kPlain,
    .duplicate_handle = Status::kBadHandle,
    .self_before_transfer = false,
    .rights_before_type = false,
    .owner_checked = true,
    .calls_on_receipt = CallsOnReceipt::kCanceled,
    .wait_right = kRightWait,
    .observed = Observed::kAtMatch,
    .wait_async_options = kWaitAsyncTimestamp | kWaitAsyncEdge,
    .async_count = AsyncCount::kOne,
    .requests_match_waiters = false,
    .nested_close = NestedClose::kImmediate,
    .max_wait_items = 64,
    .too_many_wait_items = Status::kOutOfRange,
    .max_pending_messages = 3500,
    .channel_rights = kRightsChannelDefault,
    .event_rights = kRightsEventDefault,
    .port_rights = kRightsPortDefault,
    .copy_out_fault = CopyOutFault::kHandlesClosed,
    .own_close_ends_reads = false,
    .unsigned_deadlines = false,
    .calls = {.write_etc = true, .read_etc = true, .close_many = true},
};

/// A deadline argument as absolute monotonic time. X-27.
constexpr Time DeadlineOf(const AbiProfile& profile, Time argument) {
  // As an unsigned number it would be later than any time that can come.
  const bool is_infinite = profile.unsigned_deadlines && argument < 0;
  return is_infinite ? kTimeInfinite : argument;
}

}  // namespace core
