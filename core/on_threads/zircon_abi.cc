// The zx_ functions: each finds out who calls, and makes the system call of core/syscalls.h.
#include <zircon/syscalls.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/on_threads/bound_thread.h"
#include "core/syscalls.h"

namespace {

using core::HandleValue;
using core::Status;
using core::Thread;
using core::UserPtr;
using heddle::BoundThread;

static_assert(sizeof(size_t) == sizeof(uint64_t), "the layouts are those of 64 bits");

// A caller's pointer, as one to the type that the core has for the same layout. What it points at
// is only ever copied.
template <typename T>
UserPtr<T> UserIn(const void* address) {
  return UserPtr<T>(static_cast<T*>(address));
}
template <typename T>
UserPtr<T> UserOut(void* address) {
  return UserPtr<T>(static_cast<T*>(address));
}

// Makes `call` on behalf of what the calling thread is bound to.
template <typename Call>
zx_status_t Enter(Call call) {
  BoundThread* bound = BoundThread::Current();
  if (bound == nullptr) return ZX_ERR_BAD_STATE;
  if (bound->is_disturbed() && !bound->WaitUntilResumed()) return bound->AnswerKilled();
  const Status status = call(bound->thread());
  // A thread does not come out of the call that it was killed in, whatever the call did.
  if (bound->is_killed() || status == Status::kInternalIntrKilled) return bound->AnswerKilled();
  return static_cast<zx_status_t>(status);
}

// The same for a call that closes handles, which a killed thread can still make.
template <typename Call>
zx_status_t EnterToClose(Call call) {
  BoundThread* bound = BoundThread::Current();
  if (bound == nullptr) return ZX_ERR_BAD_STATE;
  if (bound->is_disturbed()) static_cast<void>(bound->WaitUntilResumed());
  return static_cast<zx_status_t>(call(bound->thread()));
}

}  // namespace

// --- Channels -----------------------------------------------------------------------------------

zx_status_t zx_channel_create(uint32_t options, zx_handle_t* out0, zx_handle_t* out1) {
  return Enter([&](Thread& caller) {
    return core::ChannelCreate(caller, options, UserPtr(out0), UserPtr(out1));
  });
}

zx_status_t zx_channel_write(zx_handle_t handle, uint32_t options, const void* bytes,
                             uint32_t num_bytes, const zx_handle_t* handles, uint32_t num_handles) {
  return Enter([&](Thread& caller) {
    return core::ChannelWrite(caller, handle, options, UserIn<const std::byte>(bytes), num_bytes,
                              UserPtr(handles), num_handles);
  });
}

zx_status_t zx_channel_write_etc(zx_handle_t handle, uint32_t options, const void* bytes,
                                 uint32_t num_bytes, zx_handle_disposition_t* handles,
                                 uint32_t num_handles) {
  return Enter([&](Thread& caller) {
    return core::ChannelWriteEtc(caller, handle, options, UserIn<const std::byte>(bytes), num_bytes,
                                 UserOut<core::HandleDisposition>(handles), num_handles);
  });
}

zx_status_t zx_channel_read(zx_handle_t handle, uint32_t options, void* bytes, zx_handle_t* handles,
                            uint32_t num_bytes, uint32_t num_handles, uint32_t* actual_bytes,
                            uint32_t* actual_handles) {
  return Enter([&](Thread& caller) {
    return core::ChannelRead(caller, handle, options, UserOut<std::byte>(bytes), UserPtr(handles),
                             num_bytes, num_handles, UserPtr(actual_bytes),
                             UserPtr(actual_handles));
  });
}

zx_status_t zx_channel_read_etc(zx_handle_t handle, uint32_t options, void* bytes,
                                zx_handle_info_t* handles, uint32_t num_bytes, uint32_t num_handles,
                                uint32_t* actual_bytes, uint32_t* actual_handles) {
  return Enter([&](Thread& caller) {
    return core::ChannelReadEtc(caller, handle, options, UserOut<std::byte>(bytes),
                                UserOut<core::HandleInfo>(handles), num_bytes, num_handles,
                                UserPtr(actual_bytes), UserPtr(actual_handles));
  });
}

zx_status_t zx_channel_call(zx_handle_t handle, uint32_t options, zx_time_t deadline,
                            const zx_channel_call_args_t* args, uint32_t* actual_bytes,
                            uint32_t* actual_handles) {
  return zx_channel_call_2018(handle, options, deadline, args, actual_bytes, actual_handles,
                              nullptr);
}

zx_status_t zx_channel_call_2018(zx_handle_t handle, uint32_t options, zx_time_t deadline,
                                 const zx_channel_call_args_t* args, uint32_t* actual_bytes,
                                 uint32_t* actual_handles, zx_status_t* read_status) {
  return Enter([&](Thread& caller) {
    return core::ChannelCall(caller, handle, options, deadline,
                             UserIn<const core::ChannelCallArgs>(args), UserPtr(actual_bytes),
                             UserPtr(actual_handles), UserOut<Status>(read_status));
  });
}

zx_status_t zx_channel_call_etc(zx_handle_t handle, uint32_t options, zx_time_t deadline,
                                zx_channel_call_etc_args_t* args, uint32_t* actual_bytes,
                                uint32_t* actual_handles) {
  return Enter([&](Thread& caller) {
    return core::ChannelCallEtc(caller, handle, options, deadline,
                                UserIn<const core::ChannelCallEtcArgs>(args), UserPtr(actual_bytes),
                                UserPtr(actual_handles));
  });
}

// --- Handles and objects ------------------------------------------------------------------------

zx_status_t zx_handle_close(zx_handle_t handle) {
  return EnterToClose([&](Thread& caller) { return core::HandleClose(caller, handle); });
}

zx_status_t zx_handle_close_many(const zx_handle_t* handles, size_t num_handles) {
  return EnterToClose(
      [&](Thread& caller) { return core::HandleCloseMany(caller, UserPtr(handles), num_handles); });
}

zx_status_t zx_handle_duplicate(zx_handle_t handle, zx_rights_t rights, zx_handle_t* out) {
  return Enter(
      [&](Thread& caller) { return core::HandleDuplicate(caller, handle, rights, UserPtr(out)); });
}

zx_status_t zx_handle_replace(zx_handle_t handle, zx_rights_t rights, zx_handle_t* out) {
  return Enter(
      [&](Thread& caller) { return core::HandleReplace(caller, handle, rights, UserPtr(out)); });
}

zx_status_t zx_handle_check_valid(zx_handle_t handle) {
  return Enter([&](Thread& caller) { return core::HandleCheckValid(caller, handle); });
}

zx_status_t zx_object_signal(zx_handle_t handle, zx_signals_t clear_mask, zx_signals_t set_mask) {
  return Enter(
      [&](Thread& caller) { return core::ObjectSignal(caller, handle, clear_mask, set_mask); });
}

zx_status_t zx_object_signal_peer(zx_handle_t handle, zx_signals_t clear_mask,
                                  zx_signals_t set_mask) {
  return Enter(
      [&](Thread& caller) { return core::ObjectSignalPeer(caller, handle, clear_mask, set_mask); });
}

zx_status_t zx_object_get_info(zx_handle_t handle, uint32_t topic, void* buffer, size_t buffer_size,
                               size_t* actual, size_t* avail) {
  return Enter([&](Thread& caller) {
    return core::ObjectGetInfo(caller, handle, topic, UserOut<std::byte>(buffer), buffer_size,
                               UserOut<uint64_t>(actual), UserOut<uint64_t>(avail));
  });
}

zx_status_t zx_event_create(uint32_t options, zx_handle_t* out) {
  return Enter([&](Thread& caller) { return core::EventCreate(caller, options, UserPtr(out)); });
}

zx_status_t zx_eventpair_create(uint32_t options, zx_handle_t* out0, zx_handle_t* out1) {
  return Enter([&](Thread& caller) {
    return core::EventPairCreate(caller, options, UserPtr(out0), UserPtr(out1));
  });
}

// --- Waiting ------------------------------------------------------------------------------------

zx_status_t zx_object_wait_one(zx_handle_t handle, zx_signals_t signals, zx_time_t deadline,
                               zx_signals_t* observed) {
  return Enter([&](Thread& caller) {
    return core::ObjectWaitOne(caller, handle, signals, deadline, UserPtr(observed));
  });
}

zx_status_t zx_object_wait_many(zx_wait_item_t* items, size_t num_items, zx_time_t deadline) {
  // However many more there are, they are too many.
  const auto count = static_cast<uint32_t>(std::min<size_t>(num_items, UINT32_MAX));
  return Enter([&](Thread& caller) {
    return core::ObjectWaitMany(caller, UserOut<core::WaitItem>(items), count, deadline);
  });
}

zx_status_t zx_object_wait_async(zx_handle_t handle, zx_handle_t port, uint64_t key,
                                 zx_signals_t signals, uint32_t options) {
  return Enter([&](Thread& caller) {
    return core::ObjectWaitAsync(caller, handle, port, key, signals, options);
  });
}

zx_status_t zx_port_create(uint32_t options, zx_handle_t* out) {
  return Enter([&](Thread& caller) { return core::PortCreate(caller, options, UserPtr(out)); });
}

zx_status_t zx_port_queue(zx_handle_t handle, const zx_port_packet_t* packet) {
  return Enter([&](Thread& caller) {
    return core::PortQueue(caller, handle, UserIn<const core::PortPacket>(packet));
  });
}

zx_status_t zx_port_wait(zx_handle_t handle, zx_time_t deadline, zx_port_packet_t* packet) {
  return Enter([&](Thread& caller) {
    return core::PortWait(caller, handle, deadline, UserOut<core::PortPacket>(packet));
  });
}

zx_status_t zx_port_cancel(zx_handle_t handle, zx_handle_t source, uint64_t key) {
  return Enter([&](Thread& caller) { return core::PortCancel(caller, handle, source, key); });
}

// --- Time ---------------------------------------------------------------------------------------

zx_time_t zx_clock_get_monotonic(void) {
  return platform::Now();
}

zx_time_t zx_deadline_after(zx_duration_t nanoseconds) {
  zx_time_t deadline = 0;
  if (!__builtin_add_overflow(platform::Now(), nanoseconds, &deadline)) return deadline;
  return nanoseconds > 0 ? ZX_TIME_INFINITE : ZX_TIME_INFINITE_PAST;
}
