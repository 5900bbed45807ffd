// native_c.h in terms of native.h.
#include "heddle/native_c.h"

#include <memory>
#include <new>

#include "heddle/native.h"

struct heddle_kernel {
  heddle::Kernel kernel;
};
struct heddle_process {
  heddle::Process process;
};

namespace {

// Ends with the thread at the latest.
thread_local std::unique_ptr<heddle::ThreadBinding> bound_by_c;

}  // namespace

zx_status_t heddle_kernel_create(const char* generation, uint32_t options, heddle_kernel_t** out) {
  if ((options & ~HEDDLE_KERNEL_TRUSTED_MEMORY) != 0) return ZX_ERR_INVALID_ARGS;
  heddle::KernelOptions chosen;
  if (generation != nullptr) chosen.generation = generation;
  if (options != 0) chosen.user_memory = heddle::UserMemory::kTrusted;
  std::unique_ptr<heddle_kernel> kernel(new (std::nothrow) heddle_kernel);
  if (kernel == nullptr) return ZX_ERR_NO_MEMORY;
  const zx_status_t created = heddle::Kernel::Create(chosen, &kernel->kernel);
  if (created == ZX_OK) *out = kernel.release();
  return created;
}

void heddle_kernel_destroy(heddle_kernel_t* kernel) {
  delete kernel;
}

zx_status_t heddle_process_create(heddle_kernel_t* kernel, heddle_process_t** out) {
  std::unique_ptr<heddle_process> process(new (std::nothrow) heddle_process);
  if (process == nullptr) return ZX_ERR_NO_MEMORY;
  const zx_status_t created = kernel->kernel.CreateProcess(&process->process);
  if (created == ZX_OK) *out = process.release();
  return created;
}

void heddle_process_destroy(heddle_process_t* process) {
  delete process;
}

zx_status_t heddle_process_kill(heddle_process_t* process, int64_t exit_code) {
  return process->process.Kill(exit_code);
}

zx_status_t heddle_thread_bind(heddle_process_t* process) {
  if (bound_by_c != nullptr) return ZX_ERR_ALREADY_BOUND;
  std::unique_ptr<heddle::ThreadBinding> binding(
      new (std::nothrow) heddle::ThreadBinding(process->process, heddle::OnKill::kReturn));
  if (binding == nullptr) return ZX_ERR_NO_MEMORY;
  const zx_status_t bound = binding->status();
  if (bound == ZX_OK) bound_by_c = std::move(binding);
  return bound;
}

zx_status_t heddle_thread_unbind(void) {
  if (bound_by_c == nullptr) return ZX_ERR_BAD_STATE;
  bound_by_c.reset();
  return ZX_OK;
}

zx_status_t heddle_handle_move(heddle_process_t* from, zx_handle_t handle, heddle_process_t* to,
                               zx_handle_t* out) {
  return from->process.MoveHandle(handle, to->process, out);
}
