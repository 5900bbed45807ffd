// The names of status codes.
#include <zircon/status.h>

#define CASE(name) \
  case name:       \
    return #name

const char* zx_status_get_string(zx_status_t status) {
  switch (status) {
    CASE(ZX_OK);
    CASE(ZX_ERR_INTERNAL);
    CASE(ZX_ERR_NOT_SUPPORTED);
    CASE(ZX_ERR_NO_RESOURCES);
    CASE(ZX_ERR_NO_MEMORY);
    CASE(ZX_ERR_CALL_FAILED);
    CASE(ZX_ERR_INTERNAL_INTR_RETRY);
    CASE(ZX_ERR_INVALID_ARGS);
    CASE(ZX_ERR_BAD_HANDLE);
    CASE(ZX_ERR_WRONG_TYPE);
    CASE(ZX_ERR_BAD_SYSCALL);
    CASE(ZX_ERR_OUT_OF_RANGE);
    CASE(ZX_ERR_BUFFER_TOO_SMALL);
    CASE(ZX_ERR_BAD_STATE);
    CASE(ZX_ERR_TIMED_OUT);
    CASE(ZX_ERR_SHOULD_WAIT);
    CASE(ZX_ERR_CANCELED);
    CASE(ZX_ERR_PEER_CLOSED);
    CASE(ZX_ERR_NOT_FOUND);
    CASE(ZX_ERR_ALREADY_EXISTS);
    CASE(ZX_ERR_ALREADY_BOUND);
    CASE(ZX_ERR_UNAVAILABLE);
    CASE(ZX_ERR_ACCESS_DENIED);
    CASE(ZX_ERR_IO);
    default:
      return "(UNKNOWN)";
  }
}

#undef CASE
