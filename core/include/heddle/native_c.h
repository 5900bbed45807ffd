// Kernels and processes for programs in C: as much of native.h as they need to make system calls.
//
// What is created is destroyed by the function next to it, at any time: a kernel lives on in its
// processes, and a process in the threads that are bound to it. As in native.h, functions may be
// called on any thread. A killed thread is not unwound: its calls answer ZX_ERR_BAD_STATE.
#ifndef HEDDLE_HEDDLE_NATIVE_C_H_
#define HEDDLE_HEDDLE_NATIVE_C_H_

#include <zircon/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct heddle_kernel heddle_kernel_t;
typedef struct heddle_process heddle_process_t;

// Options of heddle_kernel_create. Plain copies of user memory: a bad address may crash.
#define HEDDLE_KERNEL_TRUSTED_MEMORY ((uint32_t)1u)

// `generation` is a name such as "current"; null is the same. ZX_ERR_INVALID_ARGS: unknown options.
// Else as heddle::Kernel::Create.
zx_status_t heddle_kernel_create(const char* generation, uint32_t options, heddle_kernel_t** out);
void heddle_kernel_destroy(heddle_kernel_t* kernel);

zx_status_t heddle_process_create(heddle_kernel_t* kernel, heddle_process_t** out);
void heddle_process_destroy(heddle_process_t* process);
// As heddle::Process::Kill.
zx_status_t heddle_process_kill(heddle_process_t* process, int64_t exit_code);

// Binds the calling thread to `process`. ZX_ERR_ALREADY_BOUND: these bindings do not nest.
zx_status_t heddle_thread_bind(heddle_process_t* process);
// Ends that. ZX_ERR_BAD_STATE: the calling thread was not bound by heddle_thread_bind.
zx_status_t heddle_thread_unbind(void);

// As heddle::Process::MoveHandle.
zx_status_t heddle_handle_move(heddle_process_t* from, zx_handle_t handle, heddle_process_t* to,
                               zx_handle_t* out);

#ifdef __cplusplus
}
#endif

#endif  // HEDDLE_HEDDLE_NATIVE_C_H_
