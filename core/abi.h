// The words of the channel interface: status codes, rights, signals, handle values, limits.
//
// Words only, no behaviour: the core and the reference model both include this file, and share
// nothing else. Numeric values are those of Zircon's public headers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace core {

/// What a system call answers. Values are negative for failures, as user code sees them.
enum class Status : int32_t {
  kOk = 0,
  kInternal = -1,
  kNotSupported = -2,
  kNoResources = -3,
  kNoMemory = -4,
  kCallFailed = -5,
  kInternalIntrRetry = -6,
  kInvalidArgs = -10,
  kBadHandle = -11,
  kWrongType = -12,
  kBadSyscall = -13,
  kOutOfRange = -14,
  kBufferTooSmall = -15,
  kBadState = -20,
  kTimedOut = -21,
  kShouldWait = -22,
  kCanceled = -23,
  kPeerClosed = -24,
  kNotFound = -25,
  kAlreadyExists = -26,
  kAlreadyBound = -27,
  kUnavailable = -28,
  kAccessDenied = -30,
  kIo = -40,
  kInternalIntrKilled = -502,  // Never leaves the core: the calling thread was killed.
};

/// A process's name for a handle. Valid values have both low bits set; 0 is never valid.
using HandleValue = uint32_t;
inline constexpr HandleValue kInvalidHandle = 0;
inline constexpr HandleValue kHandleFixedBits = 0x3;

/// A kernel object's number, unique for the life of a kernel. 0 is no object.
using Koid = uint64_t;

/// What a handle permits; a set of the bits below.
using Rights = uint32_t;
inline constexpr Rights kRightNone = 0;
inline constexpr Rights kRightDuplicate = 1u << 0;
inline constexpr Rights kRightTransfer = 1u << 1;
inline constexpr Rights kRightRead = 1u << 2;
inline constexpr Rights kRightWrite = 1u << 3;
inline constexpr Rights kRightExecute = 1u << 4;
inline constexpr Rights kRightMap = 1u << 5;
inline constexpr Rights kRightGetProperty = 1u << 6;
inline constexpr Rights kRightSetProperty = 1u << 7;
inline constexpr Rights kRightSignal = 1u << 12;
inline constexpr Rights kRightSignalPeer = 1u << 13;
inline constexpr Rights kRightWait = 1u << 14;
inline constexpr Rights kRightInspect = 1u << 15;
inline constexpr Rights kRightSameRights = 1u << 31;
inline constexpr Rights kRightsBasic =
    kRightTransfer | kRightDuplicate | kRightWait | kRightInspect;
inline constexpr Rights kRightsIo = kRightRead | kRightWrite;
inline constexpr Rights kRightsProperty = kRightGetProperty | kRightSetProperty;
inline constexpr Rights kRightsChannelDefault =
    (kRightsBasic & ~kRightDuplicate) | kRightsIo | kRightSignal | kRightSignalPeer;
inline constexpr Rights kRightsEventDefault = kRightsBasic | kRightSignal;
inline constexpr Rights kRightsPortDefault = kRightsBasic | kRightsIo;
static_assert(kRightsChannelDefault == 0xF00E);
static_assert(kRightsEventDefault == 0xD003);
static_assert(kRightsPortDefault == 0xC00F);

/// What an object currently shows to waiters; a set of the bits below.
using Signals = uint32_t;
inline constexpr Signals kSignalNone = 0;
inline constexpr Signals kSignalReadable = 1u << 0;
inline constexpr Signals kSignalWritable = 1u << 1;
inline constexpr Signals kSignalPeerClosed = 1u << 2;
inline constexpr Signals kSignalSignaled = 1u << 3;
inline constexpr Signals kSignalHandleClosed = 1u
                                               << 23;  // Synthetic: only in what a wait observed.
inline constexpr Signals kSignalUserMask = 0xFF000000;

/// Bits of the options arguments.
inline constexpr uint32_t kReadMayDiscard = 1;  // channel_read.
inline constexpr uint32_t kWriteUseIovec = 2;   // channel_write and channel_call.
inline constexpr uint32_t kWaitAsyncOnce = 0;
inline constexpr uint32_t kWaitAsyncTimestamp = 1;
inline constexpr uint32_t kWaitAsyncEdge = 2;

/// What a disposition of channel_write_etc does with its handle.
inline constexpr uint32_t kHandleOpMove = 0;
inline constexpr uint32_t kHandleOpDuplicate = 1;

/// Topics of object_get_info.
inline constexpr uint32_t kInfoHandleValid = 1;
inline constexpr uint32_t kInfoHandleBasic = 2;
inline constexpr uint32_t kInfoHandleCount = 19;

enum class ObjectType : uint32_t {
  kNone = 0,
  kChannel = 4,
  kEvent = 5,
  kPort = 6,
  kEventPair = 16
};

inline constexpr uint32_t kMaxMessageBytes = 65536;
inline constexpr uint32_t kMaxMessageHandles = 64;

inline constexpr uint32_t kMaxMessageIovecs = 8192;

/// A transaction id is the first four bytes of a message. Those with this bit are the kernel's to
/// pick, in the generations in which it picks; 0 is none.
inline constexpr size_t kTxidBytes = sizeof(uint32_t);
inline constexpr uint32_t kKernelTxidBit = 0x80000000;

/// Absolute monotonic time in nanoseconds.
using Time = int64_t;
inline constexpr Time kTimeInfinite = INT64_MAX;
inline constexpr Time kTimeInfinitePast = INT64_MIN;

}  // namespace core
