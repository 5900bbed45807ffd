// What the tests of the native interface share: a kernel, and short forms of calls on bound
// threads.
#pragma once

#include <gtest/gtest.h>
#include <heddle/native.h>
#include <zircon/syscalls.h>

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>

namespace native {

/// So long that a thread which should have gone on would have, on an idle machine; on a busy one a
/// test can miss a mistake, but never see one that is not there.
inline void LetOthersRun() {
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

inline heddle::Kernel MakeKernel(const heddle::KernelOptions& options = {}) {
  heddle::Kernel kernel;
  EXPECT_EQ(heddle::Kernel::Create(options, &kernel), ZX_OK);
  return kernel;
}

inline heddle::Kernel MakeKernel(std::string_view generation) {
  heddle::KernelOptions options;
  options.generation = generation;
  return MakeKernel(options);
}

inline heddle::Process MakeProcess(const heddle::Kernel& kernel) {
  heddle::Process process;
  EXPECT_EQ(kernel.CreateProcess(&process), ZX_OK);
  return process;
}

struct Ends {
  zx_handle_t a = ZX_HANDLE_INVALID;
  zx_handle_t b = ZX_HANDLE_INVALID;
};

inline Ends MakeChannel() {
  Ends ends;
  EXPECT_EQ(zx_channel_create(0, &ends.a, &ends.b), ZX_OK);
  return ends;
}

/// Two processes with a channel between them: `client` holds `a`, `server` holds `b`.
struct Pair {
  explicit Pair(const heddle::Kernel& kernel)
      : client(MakeProcess(kernel)), server(MakeProcess(kernel)) {
    const heddle::ThreadBinding binding(client);
    EXPECT_EQ(binding.status(), ZX_OK);
    Ends ends = MakeChannel();
    a = ends.a;
    EXPECT_EQ(client.MoveHandle(ends.b, server, &b), ZX_OK);
  }

  heddle::Process client;
  heddle::Process server;
  zx_handle_t a = ZX_HANDLE_INVALID;
  zx_handle_t b = ZX_HANDLE_INVALID;
};

inline zx_status_t Write(zx_handle_t channel, std::string_view bytes) {
  return zx_channel_write(channel, 0, bytes.data(), static_cast<uint32_t>(bytes.size()), nullptr,
                          0);
}

/// The bytes of the next message; "status" and its name if there is none.
inline std::string Read(zx_handle_t channel) {
  std::array<char, 256> bytes;
  uint32_t size = 0;
  const zx_status_t read =
      zx_channel_read(channel, 0, bytes.data(), nullptr, bytes.size(), 0, &size, nullptr);
  if (read != ZX_OK) return std::string("status ") + zx_status_get_string(read);
  return std::string(bytes.data(), size);
}

inline zx_signals_t SignalsOf(zx_handle_t handle) {
  zx_signals_t observed = 0;
  EXPECT_EQ(zx_object_wait_one(handle, ZX_SIGNAL_NONE, ZX_TIME_INFINITE_PAST, &observed),
            ZX_ERR_TIMED_OUT);
  return observed;
}

inline zx_status_t AwaitReadable(zx_handle_t channel) {
  return zx_object_wait_one(channel, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, nullptr);
}

/// A request of four bytes for the transaction id and one of content; the reply, as Read.
struct Call {
  zx_status_t status = ZX_ERR_INTERNAL;
  std::string reply;  // Without the id.
};
inline Call MakeCall(zx_handle_t channel, char content, zx_time_t deadline = ZX_TIME_INFINITE) {
  const std::array<char, 5> request = {0, 0, 0, 0, content};
  std::array<char, 64> reply;
  zx_channel_call_args_t args = {};
  args.wr_bytes = request.data();
  args.wr_num_bytes = request.size();
  args.rd_bytes = reply.data();
  args.rd_num_bytes = reply.size();
  uint32_t num_bytes = 0;
  uint32_t num_handles = 0;
  Call call;
  call.status = zx_channel_call(channel, 0, deadline, &args, &num_bytes, &num_handles);
  if (call.status == ZX_OK) call.reply.assign(reply.data() + 4, num_bytes - 4);
  return call;
}

}  // namespace native
