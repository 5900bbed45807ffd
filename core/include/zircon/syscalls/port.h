// Where programs for Zircon look for the types of these calls; they stand with all the others.
#ifndef HEDDLE_ZIRCON_SYSCALLS_PORT_H_
#define HEDDLE_ZIRCON_SYSCALLS_PORT_H_

#include <zircon/types.h>

#endif  // HEDDLE_ZIRCON_SYSCALLS_PORT_H_
