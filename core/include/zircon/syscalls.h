// The system calls, under the names and with the arguments that programs for Zircon know.
//
// For C and C++. A call is made by the process that the calling thread of the operating system is
// bound to: see heddle/native.h and heddle/native_c.h. On a thread that is bound to nothing every
// call that needs a process answers ZX_ERR_BAD_STATE and touches no argument. What each call does,
// and in which order it checks, is the same in the simulator: core/syscalls.h says it.
//
// A thread that has been killed gets no answer: the call throws heddle::ThreadKilled through these
// functions, which are therefore not `noexcept`. Closing handles is the exception: it works to the
// end, so that destructors can clean up. native.h says more.
#ifndef HEDDLE_ZIRCON_SYSCALLS_H_
#define HEDDLE_ZIRCON_SYSCALLS_H_

#include <zircon/status.h>
#include <zircon/types.h>

#ifdef __cplusplus
extern "C" {
#endif

// --- Channels -----------------------------------------------------------------------------------

zx_status_t zx_channel_create(uint32_t options, zx_handle_t* out0, zx_handle_t* out1);
zx_status_t zx_channel_write(zx_handle_t handle, uint32_t options, const void* bytes,
                             uint32_t num_bytes, const zx_handle_t* handles, uint32_t num_handles);
zx_status_t zx_channel_write_etc(zx_handle_t handle, uint32_t options, const void* bytes,
                                 uint32_t num_bytes, zx_handle_disposition_t* handles,
                                 uint32_t num_handles);
zx_status_t zx_channel_read(zx_handle_t handle, uint32_t options, void* bytes, zx_handle_t* handles,
                            uint32_t num_bytes, uint32_t num_handles, uint32_t* actual_bytes,
                            uint32_t* actual_handles);
zx_status_t zx_channel_read_etc(zx_handle_t handle, uint32_t options, void* bytes,
                                zx_handle_info_t* handles, uint32_t num_bytes, uint32_t num_handles,
                                uint32_t* actual_bytes, uint32_t* actual_handles);
zx_status_t zx_channel_call(zx_handle_t handle, uint32_t options, zx_time_t deadline,
                            const zx_channel_call_args_t* args, uint32_t* actual_bytes,
                            uint32_t* actual_handles);
zx_status_t zx_channel_call_etc(zx_handle_t handle, uint32_t options, zx_time_t deadline,
                                zx_channel_call_etc_args_t* args, uint32_t* actual_bytes,
                                uint32_t* actual_handles);

// zx_channel_call as it was until June 2018, for kernels of the generations magenta-2017 and
// zircon-2018-04. There a call that fails once its request was sent answers ZX_ERR_CALL_FAILED, and
// `read_status`, unless it is null, gets the cause; zx_channel_call loses the cause. In later
// generations nothing is written to `read_status`, and the two functions are the same.
zx_status_t zx_channel_call_2018(zx_handle_t handle, uint32_t options, zx_time_t deadline,
                                 const zx_channel_call_args_t* args, uint32_t* actual_bytes,
                                 uint32_t* actual_handles, zx_status_t* read_status);

// --- Handles and objects ------------------------------------------------------------------------

zx_status_t zx_handle_close(zx_handle_t handle);
zx_status_t zx_handle_close_many(const zx_handle_t* handles, size_t num_handles);
zx_status_t zx_handle_duplicate(zx_handle_t handle, zx_rights_t rights, zx_handle_t* out);
zx_status_t zx_handle_replace(zx_handle_t handle, zx_rights_t rights, zx_handle_t* out);
zx_status_t zx_handle_check_valid(zx_handle_t handle);

zx_status_t zx_object_signal(zx_handle_t handle, zx_signals_t clear_mask, zx_signals_t set_mask);
zx_status_t zx_object_signal_peer(zx_handle_t handle, zx_signals_t clear_mask,
                                  zx_signals_t set_mask);
zx_status_t zx_object_get_info(zx_handle_t handle, uint32_t topic, void* buffer, size_t buffer_size,
                               size_t* actual, size_t* avail);

zx_status_t zx_event_create(uint32_t options, zx_handle_t* out);
zx_status_t zx_eventpair_create(uint32_t options, zx_handle_t* out0, zx_handle_t* out1);

// --- Waiting ------------------------------------------------------------------------------------

zx_status_t zx_object_wait_one(zx_handle_t handle, zx_signals_t signals, zx_time_t deadline,
                               zx_signals_t* observed);
zx_status_t zx_object_wait_many(zx_wait_item_t* items, size_t num_items, zx_time_t deadline);
zx_status_t zx_object_wait_async(zx_handle_t handle, zx_handle_t port, uint64_t key,
                                 zx_signals_t signals, uint32_t options);

zx_status_t zx_port_create(uint32_t options, zx_handle_t* out);
zx_status_t zx_port_queue(zx_handle_t handle, const zx_port_packet_t* packet);
zx_status_t zx_port_wait(zx_handle_t handle, zx_time_t deadline, zx_port_packet_t* packet);
zx_status_t zx_port_cancel(zx_handle_t handle, zx_handle_t source, uint64_t key);

// --- Time: on any thread, bound or not ----------------------------------------------------------

zx_time_t zx_clock_get_monotonic(void);
// ZX_TIME_INFINITE or ZX_TIME_INFINITE_PAST where the sum would be beyond them.
zx_time_t zx_deadline_after(zx_duration_t nanoseconds);

#ifdef __cplusplus
}
#endif

#endif  // HEDDLE_ZIRCON_SYSCALLS_H_
