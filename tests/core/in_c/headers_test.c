// The public headers as a program in C sees them: they compile, and the layouts are what they are
// in C++. All but a handful of these checks happen while this file is compiled.
#include <heddle/native_c.h>
#include <magenta/syscalls.h>
#include <zircon/status.h>
#include <zircon/syscalls.h>
#include <zircon/syscalls/object.h>
#include <zircon/syscalls/port.h>

#define AT(type, field, offset) _Static_assert(offsetof(type, field) == (offset), #type "." #field)

_Static_assert(sizeof(zx_channel_call_args_t) == 48, "");
AT(zx_channel_call_args_t, wr_bytes, 0);
AT(zx_channel_call_args_t, wr_handles, 8);
AT(zx_channel_call_args_t, rd_bytes, 16);
AT(zx_channel_call_args_t, rd_handles, 24);
AT(zx_channel_call_args_t, wr_num_bytes, 32);
AT(zx_channel_call_args_t, wr_num_handles, 36);
AT(zx_channel_call_args_t, rd_num_bytes, 40);
AT(zx_channel_call_args_t, rd_num_handles, 44);
_Static_assert(sizeof(zx_channel_call_etc_args_t) == 48, "");
AT(zx_channel_call_etc_args_t, rd_num_handles, 44);
_Static_assert(sizeof(zx_handle_info_t) == 16, "");
AT(zx_handle_info_t, type, 4);
AT(zx_handle_info_t, rights, 8);
AT(zx_handle_info_t, unused, 12);
_Static_assert(sizeof(zx_handle_disposition_t) == 20, "");
AT(zx_handle_disposition_t, handle, 4);
AT(zx_handle_disposition_t, type, 8);
AT(zx_handle_disposition_t, rights, 12);
AT(zx_handle_disposition_t, result, 16);
_Static_assert(sizeof(zx_channel_iovec_t) == 16, "");
AT(zx_channel_iovec_t, capacity, 8);
AT(zx_channel_iovec_t, reserved, 12);
_Static_assert(sizeof(zx_wait_item_t) == 12, "");
AT(zx_wait_item_t, waitfor, 4);
AT(zx_wait_item_t, pending, 8);
_Static_assert(sizeof(zx_port_packet_t) == 48, "");
AT(zx_port_packet_t, type, 8);
AT(zx_port_packet_t, status, 12);
AT(zx_port_packet_t, user, 16);
AT(zx_port_packet_t, signal.observed, 20);
AT(zx_port_packet_t, signal.count, 24);
AT(zx_port_packet_t, signal.timestamp, 32);
AT(zx_port_packet_t, signal.reserved1, 40);
_Static_assert(sizeof(zx_info_handle_basic_t) == 32, "");
AT(zx_info_handle_basic_t, rights, 8);
AT(zx_info_handle_basic_t, type, 12);
AT(zx_info_handle_basic_t, related_koid, 16);
_Static_assert(sizeof(zx_info_handle_count_t) == 4, "");
_Static_assert(ZX_RIGHT_SAME_RIGHTS == 0x80000000u && ZX_DEFAULT_CHANNEL_RIGHTS == 0xF00Eu, "");
_Static_assert(ZX_ERR_PEER_CLOSED == -24 && MX_ERR_CALL_FAILED == -5, "");
_Static_assert(MX_TIME_INFINITE == UINT64_MAX && ZX_TIME_INFINITE == INT64_MAX, "");

int HeadersCompileAsC11(void);

// A message through a channel, from C. 0, or the line of what went wrong.
#define EXPECT(condition) \
  if (!(condition)) return __LINE__

int HeadersCompileAsC11(void) {
  heddle_kernel_t* kernel = NULL;
  heddle_process_t* process = NULL;
  EXPECT(heddle_kernel_create("1970", 0, &kernel) == ZX_ERR_NOT_FOUND);
  EXPECT(heddle_kernel_create(NULL, 2, &kernel) == ZX_ERR_INVALID_ARGS);
  EXPECT(heddle_kernel_create(NULL, HEDDLE_KERNEL_TRUSTED_MEMORY, &kernel) == ZX_OK);
  EXPECT(heddle_process_create(kernel, &process) == ZX_OK);
  heddle_kernel_destroy(kernel);
  EXPECT(heddle_thread_unbind() == ZX_ERR_BAD_STATE);
  EXPECT(heddle_thread_bind(process) == ZX_OK);
  EXPECT(heddle_thread_bind(process) == ZX_ERR_ALREADY_BOUND);
  zx_handle_t a = ZX_HANDLE_INVALID;
  zx_handle_t b = ZX_HANDLE_INVALID;
  EXPECT(zx_channel_create(0, &a, &b) == ZX_OK);
  EXPECT(zx_channel_write(a, 0, "c", 1, NULL, 0) == ZX_OK);
  char byte = 0;
  EXPECT(zx_channel_read(b, 0, &byte, NULL, 1, 0, NULL, NULL) == ZX_OK);
  EXPECT(byte == 'c');
  EXPECT(heddle_handle_move(process, a, process, &a) == ZX_OK);
  EXPECT(zx_handle_check_valid(a) == ZX_OK);
  EXPECT(heddle_process_kill(process, 1) == ZX_OK);
  EXPECT(zx_channel_write(a, 0, "c", 1, NULL, 0) == ZX_ERR_BAD_STATE);
  heddle_process_destroy(process);
  EXPECT(heddle_thread_unbind() == ZX_OK);
  return 0;
}
