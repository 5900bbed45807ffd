// A program in C++17 that knows the installed headers only: two processes, and a call between them.
#include <heddle/native.h>
#include <magenta/syscalls.h>
#include <zircon/syscalls.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace {

void Check(zx_status_t status, const char* what) {
  if (status == ZX_OK) return;
  std::fprintf(stderr, "%s: %s\n", what, zx_status_get_string(status));
  std::exit(1);
}

void Serve(zx_handle_t channel) {
  char request[64];
  uint32_t size = 0;
  Check(zx_object_wait_one(channel, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, nullptr), "wait");
  Check(zx_channel_read(channel, 0, request, nullptr, sizeof(request), 0, &size, nullptr), "read");
  std::memcpy(request + 4, "pong", 4);
  Check(zx_channel_write(channel, 0, request, size, nullptr, 0), "reply");
}

}  // namespace

int main() {
  heddle::Kernel kernel;
  heddle::Process client, server;
  Check(heddle::Kernel::Create({}, &kernel), "kernel");
  Check(kernel.CreateProcess(&client), "client");
  Check(kernel.CreateProcess(&server), "server");
  const heddle::ThreadBinding binding(client);
  Check(binding.status(), "bind");

  zx_handle_t ours = ZX_HANDLE_INVALID;
  zx_handle_t theirs = ZX_HANDLE_INVALID;
  Check(zx_channel_create(0, &ours, &theirs), "channel");
  Check(client.MoveHandle(theirs, server, &theirs), "move");
  std::thread thread;
  Check(server.StartThread([&] { Serve(theirs); }, &thread), "start");

  char reply[8];
  zx_channel_call_args_t args = {};
  args.wr_bytes = "\0\0\0\0ping";
  args.wr_num_bytes = 8;
  args.rd_bytes = reply;
  args.rd_num_bytes = sizeof(reply);
  uint32_t num_bytes = 0, num_handles = 0;
  Check(zx_channel_call(ours, 0, ZX_TIME_INFINITE, &args, &num_bytes, &num_handles), "call");
  thread.join();
  return num_bytes == 8 && std::memcmp(reply + 4, "pong", 4) == 0 ? 0 : 1;
}
