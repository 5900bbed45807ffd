// The system calls of magenta-2017, under the names that they had then.
//
// For C and C++. Meant for kernels of that generation: a kernel follows its own rules whichever
// name it is called by. See zircon/syscalls.h for what all calls have in common.
#ifndef HEDDLE_MAGENTA_SYSCALLS_H_
#define HEDDLE_MAGENTA_SYSCALLS_H_

#include <magenta/types.h>
#include <zircon/syscalls.h>

// What is beyond the signed numbers is later than any moment that can come.
static inline zx_time_t mx_deadline_to_zx(mx_time_t deadline) {
  return deadline <= INT64_MAX ? (zx_time_t)deadline : ZX_TIME_INFINITE;
}

static inline mx_status_t mx_channel_create(uint32_t options, mx_handle_t* out0,
                                            mx_handle_t* out1) {
  return zx_channel_create(options, out0, out1);
}
static inline mx_status_t mx_channel_write(mx_handle_t handle, uint32_t options, const void* bytes,
                                           uint32_t num_bytes, const mx_handle_t* handles,
                                           uint32_t num_handles) {
  return zx_channel_write(handle, options, bytes, num_bytes, handles, num_handles);
}
static inline mx_status_t mx_channel_read(mx_handle_t handle, uint32_t options, void* bytes,
                                          mx_handle_t* handles, uint32_t num_bytes,
                                          uint32_t num_handles, uint32_t* actual_bytes,
                                          uint32_t* actual_handles) {
  return zx_channel_read(handle, options, bytes, handles, num_bytes, num_handles, actual_bytes,
                         actual_handles);
}
// A call that fails once its request was sent answers MX_ERR_CALL_FAILED; `read_status`, unless it
// is null, gets the cause.
static inline mx_status_t mx_channel_call(mx_handle_t handle, uint32_t options, mx_time_t deadline,
                                          const mx_channel_call_args_t* args,
                                          uint32_t* actual_bytes, uint32_t* actual_handles,
                                          mx_status_t* read_status) {
  return zx_channel_call_2018(handle, options, mx_deadline_to_zx(deadline), args, actual_bytes,
                              actual_handles, read_status);
}
static inline mx_status_t mx_handle_close(mx_handle_t handle) {
  return zx_handle_close(handle);
}
static inline mx_status_t mx_handle_duplicate(mx_handle_t handle, mx_rights_t rights,
                                              mx_handle_t* out) {
  return zx_handle_duplicate(handle, rights, out);
}
static inline mx_status_t mx_handle_replace(mx_handle_t handle, mx_rights_t rights,
                                            mx_handle_t* out) {
  return zx_handle_replace(handle, rights, out);
}
static inline mx_status_t mx_object_wait_one(mx_handle_t handle, mx_signals_t signals,
                                             mx_time_t deadline, mx_signals_t* observed) {
  return zx_object_wait_one(handle, signals, mx_deadline_to_zx(deadline), observed);
}
static inline mx_status_t mx_object_wait_many(mx_wait_item_t* items, uint32_t count,
                                              mx_time_t deadline) {
  return zx_object_wait_many(items, count, mx_deadline_to_zx(deadline));
}
static inline mx_status_t mx_object_signal(mx_handle_t handle, uint32_t clear_mask,
                                           uint32_t set_mask) {
  return zx_object_signal(handle, clear_mask, set_mask);
}
static inline mx_status_t mx_object_signal_peer(mx_handle_t handle, uint32_t clear_mask,
                                                uint32_t set_mask) {
  return zx_object_signal_peer(handle, clear_mask, set_mask);
}
static inline mx_status_t mx_object_get_info(mx_handle_t handle, uint32_t topic, void* buffer,
                                             size_t buffer_size, size_t* actual, size_t* avail) {
  return zx_object_get_info(handle, topic, buffer, buffer_size, actual, avail);
}
static inline mx_status_t mx_event_create(uint32_t options, mx_handle_t* out) {
  return zx_event_create(options, out);
}
static inline mx_status_t mx_eventpair_create(uint32_t options, mx_handle_t* out0,
                                              mx_handle_t* out1) {
  return zx_eventpair_create(options, out0, out1);
}

// Of the monotonic clock.
static inline mx_time_t mx_now(void) {
  return (mx_time_t)zx_clock_get_monotonic();
}

static inline mx_time_t mx_deadline_after(mx_time_t nanoseconds) {
  const mx_time_t now = mx_now();
  return nanoseconds > MX_TIME_INFINITE - now ? MX_TIME_INFINITE : now + nanoseconds;
}

#endif  // HEDDLE_MAGENTA_SYSCALLS_H_
