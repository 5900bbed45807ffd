// The types and constants of the system calls of magenta-2017.
//
// For C and C++, 64 bits. What did not change but for its name is what today's headers say.
#ifndef HEDDLE_MAGENTA_TYPES_H_
#define HEDDLE_MAGENTA_TYPES_H_

#include <magenta/errors.h>
#include <zircon/types.h>

typedef zx_handle_t mx_handle_t;
typedef zx_koid_t mx_koid_t;
typedef zx_rights_t mx_rights_t;
typedef zx_signals_t mx_signals_t;
typedef zx_wait_item_t mx_wait_item_t;
typedef zx_info_handle_basic_t mx_info_handle_basic_t;
// The id of the transaction, in the first four bytes, is the caller's to choose.
typedef zx_channel_call_args_t mx_channel_call_args_t;

// Absolute and without a sign: the past is 0.
typedef uint64_t mx_time_t;
#define MX_TIME_INFINITE UINT64_MAX
#define MX_NSEC(n) ((mx_time_t)(1ULL * (n)))
#define MX_USEC(n) ((mx_time_t)(1000ULL * (n)))
#define MX_MSEC(n) ((mx_time_t)(1000000ULL * (n)))
#define MX_SEC(n) ((mx_time_t)(1000000000ULL * (n)))

#define MX_HANDLE_INVALID ZX_HANDLE_INVALID

#define MX_OBJ_TYPE_NONE ZX_OBJ_TYPE_NONE
#define MX_OBJ_TYPE_CHANNEL ZX_OBJ_TYPE_CHANNEL
#define MX_OBJ_TYPE_EVENT ZX_OBJ_TYPE_EVENT
#define MX_OBJ_TYPE_PORT ZX_OBJ_TYPE_PORT
#define MX_OBJ_TYPE_EVENT_PAIR ZX_OBJ_TYPE_EVENTPAIR

#define MX_INFO_HANDLE_VALID ZX_INFO_HANDLE_VALID
#define MX_INFO_HANDLE_BASIC ZX_INFO_HANDLE_BASIC

// What a handle permits. Waiting needs READ.
#define MX_RIGHT_NONE ZX_RIGHT_NONE
#define MX_RIGHT_DUPLICATE ZX_RIGHT_DUPLICATE
#define MX_RIGHT_TRANSFER ZX_RIGHT_TRANSFER
#define MX_RIGHT_READ ZX_RIGHT_READ
#define MX_RIGHT_WRITE ZX_RIGHT_WRITE
#define MX_RIGHT_EXECUTE ZX_RIGHT_EXECUTE
#define MX_RIGHT_MAP ZX_RIGHT_MAP
#define MX_RIGHT_GET_PROPERTY ZX_RIGHT_GET_PROPERTY
#define MX_RIGHT_SET_PROPERTY ZX_RIGHT_SET_PROPERTY
#define MX_RIGHT_ENUMERATE ZX_RIGHT_ENUMERATE
#define MX_RIGHT_DESTROY ZX_RIGHT_DESTROY
#define MX_RIGHT_SIGNAL ZX_RIGHT_SIGNAL
#define MX_RIGHT_SIGNAL_PEER ZX_RIGHT_SIGNAL_PEER
#define MX_RIGHT_SAME_RIGHTS ZX_RIGHT_SAME_RIGHTS

// What an object shows.
#define MX_SIGNAL_NONE ZX_SIGNAL_NONE
#define MX_CHANNEL_READABLE ZX_CHANNEL_READABLE
#define MX_CHANNEL_WRITABLE ZX_CHANNEL_WRITABLE
#define MX_CHANNEL_PEER_CLOSED ZX_CHANNEL_PEER_CLOSED
#define MX_EVENT_SIGNALED ZX_EVENT_SIGNALED
#define MX_EVENTPAIR_SIGNALED ZX_EVENTPAIR_SIGNALED
#define MX_EVENTPAIR_PEER_CLOSED ZX_EVENTPAIR_PEER_CLOSED
#define MX_SIGNAL_HANDLE_CLOSED ZX_SIGNAL_HANDLE_CLOSED
#define MX_USER_SIGNAL_0 ZX_USER_SIGNAL_0
#define MX_USER_SIGNAL_1 ZX_USER_SIGNAL_1
#define MX_USER_SIGNAL_2 ZX_USER_SIGNAL_2
#define MX_USER_SIGNAL_3 ZX_USER_SIGNAL_3
#define MX_USER_SIGNAL_4 ZX_USER_SIGNAL_4
#define MX_USER_SIGNAL_5 ZX_USER_SIGNAL_5
#define MX_USER_SIGNAL_6 ZX_USER_SIGNAL_6
#define MX_USER_SIGNAL_7 ZX_USER_SIGNAL_7
#define MX_USER_SIGNAL_ALL ZX_USER_SIGNAL_ALL

#define MX_CHANNEL_READ_MAY_DISCARD ZX_CHANNEL_READ_MAY_DISCARD
#define MX_CHANNEL_MAX_MSG_BYTES ZX_CHANNEL_MAX_MSG_BYTES
#define MX_CHANNEL_MAX_MSG_HANDLES ZX_CHANNEL_MAX_MSG_HANDLES  // 1024 until May 2017.
#define MX_WAIT_MANY_MAX_ITEMS ((uint32_t)1024u)

#endif  // HEDDLE_MAGENTA_TYPES_H_
