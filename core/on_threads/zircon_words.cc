// The public headers and the core say the same: every number, and where every field lies.
//
// The headers stand alone, for programs outside, so each word exists twice. Nothing runs here.
#include <magenta/types.h>
#include <zircon/types.h>

#include <cstddef>
#include <type_traits>

#include "core/abi.h"
#include "core/abi_profile.h"
#include "core/user_types.h"

namespace {

template <typename Ours>
constexpr bool Is(zx_status_t theirs, Ours ours) {
  return theirs == static_cast<zx_status_t>(ours);
}

template <typename Theirs, typename Ours>
constexpr bool kSameShape = sizeof(Theirs) == sizeof(Ours) && alignof(Theirs) == alignof(Ours) &&
                            std::is_standard_layout_v<Theirs>&& std::is_trivially_copyable_v<Ours>;

// The same field in both, by offset and size.
#define SAME_FIELD(theirs, their_field, ours, our_field)                      \
  static_assert(offsetof(theirs, their_field) == offsetof(ours, our_field) && \
                sizeof(theirs::their_field) == sizeof(ours::our_field))
// A field at an offset, with a size.
#define FIELD_AT(type, field, offset, size) \
  static_assert(offsetof(type, field) == (offset) && sizeof(type::field) == (size))

using core::Status;
static_assert(Is(ZX_OK, Status::kOk));
static_assert(Is(ZX_ERR_INTERNAL, Status::kInternal));
static_assert(Is(ZX_ERR_NOT_SUPPORTED, Status::kNotSupported));
static_assert(Is(ZX_ERR_NO_RESOURCES, Status::kNoResources));
static_assert(Is(ZX_ERR_NO_MEMORY, Status::kNoMemory));
static_assert(Is(ZX_ERR_CALL_FAILED, Status::kCallFailed));
static_assert(Is(ZX_ERR_INTERNAL_INTR_RETRY, Status::kInternalIntrRetry));
static_assert(Is(ZX_ERR_INVALID_ARGS, Status::kInvalidArgs));
static_assert(Is(ZX_ERR_BAD_HANDLE, Status::kBadHandle));
static_assert(Is(ZX_ERR_WRONG_TYPE, Status::kWrongType));
static_assert(Is(ZX_ERR_BAD_SYSCALL, Status::kBadSyscall));
static_assert(Is(ZX_ERR_OUT_OF_RANGE, Status::kOutOfRange));
static_assert(Is(ZX_ERR_BUFFER_TOO_SMALL, Status::kBufferTooSmall));
static_assert(Is(ZX_ERR_BAD_STATE, Status::kBadState));
static_assert(Is(ZX_ERR_TIMED_OUT, Status::kTimedOut));
static_assert(Is(ZX_ERR_SHOULD_WAIT, Status::kShouldWait));
static_assert(Is(ZX_ERR_CANCELED, Status::kCanceled));
static_assert(Is(ZX_ERR_PEER_CLOSED, Status::kPeerClosed));
static_assert(Is(ZX_ERR_NOT_FOUND, Status::kNotFound));
static_assert(Is(ZX_ERR_ALREADY_EXISTS, Status::kAlreadyExists));
static_assert(Is(ZX_ERR_ALREADY_BOUND, Status::kAlreadyBound));
static_assert(Is(ZX_ERR_UNAVAILABLE, Status::kUnavailable));
static_assert(Is(ZX_ERR_ACCESS_DENIED, Status::kAccessDenied));
static_assert(Is(ZX_ERR_IO, Status::kIo));
static_assert(MX_OK == ZX_OK && MX_ERR_CALL_FAILED == ZX_ERR_CALL_FAILED);

static_assert(ZX_RIGHT_NONE == core::kRightNone);
static_assert(ZX_RIGHT_DUPLICATE == core::kRightDuplicate);
static_assert(ZX_RIGHT_TRANSFER == core::kRightTransfer);
static_assert(ZX_RIGHT_READ == core::kRightRead);
static_assert(ZX_RIGHT_WRITE == core::kRightWrite);
static_assert(ZX_RIGHT_EXECUTE == core::kRightExecute);
static_assert(ZX_RIGHT_MAP == core::kRightMap);
static_assert(ZX_RIGHT_GET_PROPERTY == core::kRightGetProperty);
static_assert(ZX_RIGHT_SET_PROPERTY == core::kRightSetProperty);
static_assert(ZX_RIGHT_ENUMERATE == 1u << 8 && ZX_RIGHT_DESTROY == 1u << 9);
static_assert(ZX_RIGHT_SET_POLICY == 1u << 10 && ZX_RIGHT_GET_POLICY == 1u << 11);
static_assert(ZX_RIGHT_SIGNAL == core::kRightSignal);
static_assert(ZX_RIGHT_SIGNAL_PEER == core::kRightSignalPeer);
static_assert(ZX_RIGHT_WAIT == core::kRightWait);
static_assert(ZX_RIGHT_INSPECT == core::kRightInspect);
static_assert(ZX_RIGHT_MANAGE_JOB == 1u << 16 && ZX_RIGHT_MANAGE_PROCESS == 1u << 17);
static_assert(ZX_RIGHT_MANAGE_THREAD == 1u << 18 && ZX_RIGHT_APPLY_PROFILE == 1u << 19);
static_assert(ZX_RIGHT_MANAGE_SOCKET == 1u << 20 && ZX_RIGHT_OP_CHILDREN == 1u << 21);
static_assert(ZX_RIGHT_RESIZE == 1u << 22 && ZX_RIGHT_ATTACH_VMO == 1u << 23);
static_assert(ZX_RIGHT_MANAGE_VMO == 1u << 24);
static_assert(ZX_RIGHT_SAME_RIGHTS == core::kRightSameRights);
static_assert(ZX_RIGHTS_BASIC == core::kRightsBasic && ZX_RIGHTS_IO == core::kRightsIo);
static_assert(ZX_RIGHTS_PROPERTY == core::kRightsProperty);
static_assert(ZX_DEFAULT_CHANNEL_RIGHTS == core::kRightsChannelDefault);
static_assert(ZX_DEFAULT_EVENT_RIGHTS == core::kRightsEventDefault);
static_assert(ZX_DEFAULT_PORT_RIGHTS == core::kRightsPortDefault);

static_assert(ZX_HANDLE_INVALID == core::kInvalidHandle);
static_assert(ZX_HANDLE_FIXED_BITS_MASK == core::kHandleFixedBits);
static_assert(ZX_TIME_INFINITE == core::kTimeInfinite);
static_assert(ZX_TIME_INFINITE_PAST == core::kTimeInfinitePast);
// As a number without a sign it is for ever in the generations that had those.
static_assert(core::DeadlineOf(core::kMagenta2017, static_cast<core::Time>(MX_TIME_INFINITE)) ==
              core::kTimeInfinite);

static_assert(ZX_SIGNAL_NONE == core::kSignalNone);
static_assert(ZX_CHANNEL_READABLE == core::kSignalReadable);
static_assert(ZX_CHANNEL_WRITABLE == core::kSignalWritable);
static_assert(ZX_CHANNEL_PEER_CLOSED == core::kSignalPeerClosed);
static_assert(ZX_EVENTPAIR_PEER_CLOSED == core::kSignalPeerClosed);
static_assert(ZX_EVENT_SIGNALED == core::kSignalSignaled);
static_assert(ZX_EVENTPAIR_SIGNALED == core::kSignalSignaled);
static_assert(ZX_SIGNAL_HANDLE_CLOSED == core::kSignalHandleClosed);
static_assert(ZX_USER_SIGNAL_ALL == core::kSignalUserMask);
static_assert((ZX_USER_SIGNAL_0 | ZX_USER_SIGNAL_1 | ZX_USER_SIGNAL_2 | ZX_USER_SIGNAL_3 |
               ZX_USER_SIGNAL_4 | ZX_USER_SIGNAL_5 | ZX_USER_SIGNAL_6 | ZX_USER_SIGNAL_7) ==
              core::kSignalUserMask);

static_assert(ZX_CHANNEL_MAX_MSG_BYTES == core::kMaxMessageBytes);
static_assert(ZX_CHANNEL_MAX_MSG_HANDLES == core::kMaxMessageHandles);
static_assert(ZX_CHANNEL_MAX_MSG_IOVECS == core::kMaxMessageIovecs);
static_assert(ZX_CHANNEL_READ_MAY_DISCARD == core::kReadMayDiscard);
static_assert(ZX_CHANNEL_WRITE_USE_IOVEC == core::kWriteUseIovec);
static_assert(ZX_HANDLE_OP_MOVE == core::kHandleOpMove);
static_assert(ZX_HANDLE_OP_DUPLICATE == core::kHandleOpDuplicate);
static_assert(ZX_WAIT_ASYNC_ONCE == core::kWaitAsyncOnce);
static_assert(ZX_WAIT_ASYNC_TIMESTAMP == core::kWaitAsyncTimestamp);
static_assert(ZX_WAIT_ASYNC_EDGE == core::kWaitAsyncEdge);
static_assert(ZX_WAIT_MANY_MAX_ITEMS == core::kCurrent.max_wait_items);
static_assert(MX_WAIT_MANY_MAX_ITEMS == core::kMagenta2017.max_wait_items);
static_assert(ZX_INFO_HANDLE_VALID == core::kInfoHandleValid);
static_assert(ZX_INFO_HANDLE_BASIC == core::kInfoHandleBasic);
static_assert(ZX_INFO_HANDLE_COUNT == core::kInfoHandleCount);

constexpr bool IsType(zx_obj_type_t theirs, core::ObjectType ours) {
  return theirs == static_cast<zx_obj_type_t>(ours);
}
static_assert(IsType(ZX_OBJ_TYPE_NONE, core::ObjectType::kNone));
static_assert(IsType(ZX_OBJ_TYPE_CHANNEL, core::ObjectType::kChannel));
static_assert(IsType(ZX_OBJ_TYPE_EVENT, core::ObjectType::kEvent));
static_assert(IsType(ZX_OBJ_TYPE_PORT, core::ObjectType::kPort));
static_assert(IsType(ZX_OBJ_TYPE_EVENTPAIR, core::ObjectType::kEventPair));
static_assert(ZX_OBJ_TYPE_PROCESS == 1 && ZX_OBJ_TYPE_THREAD == 2 && ZX_OBJ_TYPE_VMO == 3);
static_assert(ZX_OBJ_TYPE_INTERRUPT == 9 && ZX_OBJ_TYPE_SOCKET == 14 && ZX_OBJ_TYPE_JOB == 17);
static_assert(ZX_OBJ_TYPE_FIFO == 19 && ZX_OBJ_TYPE_TIMER == 22);
static_assert(ZX_PKT_TYPE_USER == static_cast<uint32_t>(core::PacketType::kUser));
static_assert(ZX_PKT_TYPE_SIGNAL_ONE == static_cast<uint32_t>(core::PacketType::kSignalOne));

static_assert(std::is_same_v<zx_handle_t, core::HandleValue>);
static_assert(std::is_same_v<zx_signals_t, core::Signals>);
static_assert(std::is_same_v<zx_rights_t, core::Rights>);
static_assert(std::is_same_v<zx_time_t, core::Time>);
static_assert(std::is_same_v<zx_koid_t, core::Koid>);

// --- Structures ---------------------------------------------------------------------------------

static_assert(kSameShape<zx_channel_call_args_t, core::ChannelCallArgs>);
static_assert(sizeof(zx_channel_call_args_t) == 48);
FIELD_AT(zx_channel_call_args_t, wr_bytes, 0, 8);
FIELD_AT(zx_channel_call_args_t, wr_handles, 8, 8);
FIELD_AT(zx_channel_call_args_t, rd_bytes, 16, 8);
FIELD_AT(zx_channel_call_args_t, rd_handles, 24, 8);
FIELD_AT(zx_channel_call_args_t, wr_num_bytes, 32, 4);
FIELD_AT(zx_channel_call_args_t, wr_num_handles, 36, 4);
FIELD_AT(zx_channel_call_args_t, rd_num_bytes, 40, 4);
FIELD_AT(zx_channel_call_args_t, rd_num_handles, 44, 4);

static_assert(kSameShape<zx_channel_call_etc_args_t, core::ChannelCallEtcArgs>);
SAME_FIELD(zx_channel_call_etc_args_t, wr_bytes, zx_channel_call_args_t, wr_bytes);
SAME_FIELD(zx_channel_call_etc_args_t, wr_handles, zx_channel_call_args_t, wr_handles);
SAME_FIELD(zx_channel_call_etc_args_t, rd_bytes, zx_channel_call_args_t, rd_bytes);
SAME_FIELD(zx_channel_call_etc_args_t, rd_handles, zx_channel_call_args_t, rd_handles);
SAME_FIELD(zx_channel_call_etc_args_t, wr_num_bytes, zx_channel_call_args_t, wr_num_bytes);
SAME_FIELD(zx_channel_call_etc_args_t, wr_num_handles, zx_channel_call_args_t, wr_num_handles);
SAME_FIELD(zx_channel_call_etc_args_t, rd_num_bytes, zx_channel_call_args_t, rd_num_bytes);
SAME_FIELD(zx_channel_call_etc_args_t, rd_num_handles, zx_channel_call_args_t, rd_num_handles);

static_assert(kSameShape<zx_handle_info_t, core::HandleInfo> && sizeof(zx_handle_info_t) == 16);
FIELD_AT(zx_handle_info_t, handle, 0, 4);
FIELD_AT(zx_handle_info_t, type, 4, 4);
FIELD_AT(zx_handle_info_t, rights, 8, 4);
FIELD_AT(zx_handle_info_t, unused, 12, 4);

static_assert(kSameShape<zx_handle_disposition_t, core::HandleDisposition>);
static_assert(sizeof(zx_handle_disposition_t) == 20);
FIELD_AT(zx_handle_disposition_t, operation, 0, 4);
FIELD_AT(zx_handle_disposition_t, handle, 4, 4);
FIELD_AT(zx_handle_disposition_t, type, 8, 4);
FIELD_AT(zx_handle_disposition_t, rights, 12, 4);
FIELD_AT(zx_handle_disposition_t, result, 16, 4);

static_assert(kSameShape<zx_channel_iovec_t, core::ChannelIovec>);
static_assert(sizeof(zx_channel_iovec_t) == 16);
FIELD_AT(zx_channel_iovec_t, buffer, 0, 8);
FIELD_AT(zx_channel_iovec_t, capacity, 8, 4);
FIELD_AT(zx_channel_iovec_t, reserved, 12, 4);

static_assert(kSameShape<zx_wait_item_t, core::WaitItem> && sizeof(zx_wait_item_t) == 12);
FIELD_AT(zx_wait_item_t, handle, 0, 4);
FIELD_AT(zx_wait_item_t, waitfor, 4, 4);
FIELD_AT(zx_wait_item_t, pending, 8, 4);

static_assert(kSameShape<zx_port_packet_t, core::PortPacket> && sizeof(zx_port_packet_t) == 48);
FIELD_AT(zx_port_packet_t, key, 0, 8);
FIELD_AT(zx_port_packet_t, type, 8, 4);
FIELD_AT(zx_port_packet_t, status, 12, 4);
FIELD_AT(zx_port_packet_t, user, 16, 32);
FIELD_AT(zx_port_packet_t, signal, 16, 32);

static_assert(kSameShape<zx_packet_signal_t, core::PacketSignal>);
FIELD_AT(zx_packet_signal_t, trigger, 0, 4);
FIELD_AT(zx_packet_signal_t, observed, 4, 4);
FIELD_AT(zx_packet_signal_t, count, 8, 8);
FIELD_AT(zx_packet_signal_t, timestamp, 16, 8);
FIELD_AT(zx_packet_signal_t, reserved1, 24, 8);

static_assert(kSameShape<zx_info_handle_basic_t, core::InfoHandleBasic>);
static_assert(sizeof(zx_info_handle_basic_t) == 32);
SAME_FIELD(zx_info_handle_basic_t, koid, core::InfoHandleBasic, koid);
SAME_FIELD(zx_info_handle_basic_t, rights, core::InfoHandleBasic, rights);
SAME_FIELD(zx_info_handle_basic_t, type, core::InfoHandleBasic, type);
SAME_FIELD(zx_info_handle_basic_t, related_koid, core::InfoHandleBasic, related_koid);
SAME_FIELD(zx_info_handle_basic_t, reserved, core::InfoHandleBasic, reserved);
static_assert(kSameShape<zx_info_handle_count_t, core::InfoHandleCount>);

}  // namespace
