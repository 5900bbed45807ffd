// A program in C that knows the installed headers only: a message with a handle, to itself.
#include <heddle/native_c.h>
#include <stdio.h>
#include <string.h>
#include <zircon/syscalls.h>

static void Check(zx_status_t status, const char* what, int* failures) {
  if (status == ZX_OK) return;
  fprintf(stderr, "%s: %s\n", what, zx_status_get_string(status));
  ++*failures;
}

int main(void) {
  int failures = 0;
  heddle_kernel_t* kernel = NULL;
  heddle_process_t* process = NULL;
  Check(heddle_kernel_create("current", 0, &kernel), "kernel", &failures);
  Check(heddle_process_create(kernel, &process), "process", &failures);
  Check(heddle_thread_bind(process), "bind", &failures);

  zx_handle_t a, b, event, received;
  uint32_t num_bytes = 0, num_handles = 0;
  char bytes[16];
  Check(zx_channel_create(0, &a, &b), "channel", &failures);
  Check(zx_event_create(0, &event), "event", &failures);
  Check(zx_channel_write(a, 0, "hello", 6, &event, 1), "write", &failures);
  Check(zx_channel_read(b, 0, bytes, &received, sizeof(bytes), 1, &num_bytes, &num_handles), "read",
        &failures);
  if (num_bytes != 6 || num_handles != 1 || strcmp(bytes, "hello") != 0) ++failures;
  Check(zx_object_signal(received, 0, ZX_EVENT_SIGNALED), "signal", &failures);

  Check(heddle_thread_unbind(), "unbind", &failures);
  heddle_process_destroy(process);
  heddle_kernel_destroy(kernel);
  return failures == 0 ? 0 : 1;
}
