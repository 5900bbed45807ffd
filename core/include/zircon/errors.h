// What a system call answers: ZX_OK, or one of the failures below, which are negative.
//
// For C and C++. Names and numbers are those of Zircon's interface.
#ifndef HEDDLE_ZIRCON_ERRORS_H_
#define HEDDLE_ZIRCON_ERRORS_H_

#include <stdint.h>

typedef int32_t zx_status_t;

#define ZX_OK ((zx_status_t)0)

// The system could not do what it was asked to.
#define ZX_ERR_INTERNAL ((zx_status_t)-1)
#define ZX_ERR_NOT_SUPPORTED ((zx_status_t)-2)
#define ZX_ERR_NO_RESOURCES ((zx_status_t)-3)
#define ZX_ERR_NO_MEMORY ((zx_status_t)-4)
// Only in the generations up to zircon-2018-04: a call that failed after its request was sent.
#define ZX_ERR_CALL_FAILED ((zx_status_t)-5)
// Between the kernel and what stands before it; no function of syscalls.h answers with it.
#define ZX_ERR_INTERNAL_INTR_RETRY ((zx_status_t)-6)

// The arguments were wrong.
#define ZX_ERR_INVALID_ARGS ((zx_status_t)-10)
#define ZX_ERR_BAD_HANDLE ((zx_status_t)-11)
#define ZX_ERR_WRONG_TYPE ((zx_status_t)-12)
#define ZX_ERR_BAD_SYSCALL ((zx_status_t)-13)
#define ZX_ERR_OUT_OF_RANGE ((zx_status_t)-14)
#define ZX_ERR_BUFFER_TOO_SMALL ((zx_status_t)-15)

// The state of an object, or of the caller, did not allow it.
#define ZX_ERR_BAD_STATE ((zx_status_t)-20)
#define ZX_ERR_TIMED_OUT ((zx_status_t)-21)
#define ZX_ERR_SHOULD_WAIT ((zx_status_t)-22)
#define ZX_ERR_CANCELED ((zx_status_t)-23)
#define ZX_ERR_PEER_CLOSED ((zx_status_t)-24)
#define ZX_ERR_NOT_FOUND ((zx_status_t)-25)
#define ZX_ERR_ALREADY_EXISTS ((zx_status_t)-26)
#define ZX_ERR_ALREADY_BOUND ((zx_status_t)-27)
#define ZX_ERR_UNAVAILABLE ((zx_status_t)-28)

// The caller may not.
#define ZX_ERR_ACCESS_DENIED ((zx_status_t)-30)

#define ZX_ERR_IO ((zx_status_t)-40)

#endif  // HEDDLE_ZIRCON_ERRORS_H_
