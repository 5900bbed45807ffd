// The names of what system calls answer.
#ifndef HEDDLE_ZIRCON_STATUS_H_
#define HEDDLE_ZIRCON_STATUS_H_

#include <zircon/errors.h>

#ifdef __cplusplus
extern "C" {
#endif

// "ZX_ERR_PEER_CLOSED", for instance; "(UNKNOWN)" for a number without a name. Static text. May be
// called on any thread.
const char* zx_status_get_string(zx_status_t status);

#ifdef __cplusplus
}
#endif

#endif  // HEDDLE_ZIRCON_STATUS_H_
