// Channels beside what else moves messages between threads, in one run: sockets, pipes, and a bare
// queue under a lock. And channels beside each other: whether unrelated ones get in each other's
// way.
//
//   build/release/tools/bench/heddle_channel_bench [ROUNDS]
//
// All contenders of a workload take turns, ROUNDS times (15), and the best round counts, since all
// else that runs on the machine only adds. Times are of the wall, per operation of whichever
// thread; the last column says how many times as long as the first contender.
#include <fmt/format.h>
#include <heddle/native.h>
#include <zircon/syscalls.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tools/bench/message_pipes.h"
#include "tools/bench/side_by_side.h"

namespace bench {
namespace {

[[noreturn]] void Fail(std::string_view what) {
  fmt::print(stderr, "heddle_channel_bench: {} failed\n", what);
  std::exit(1);
}

void Check(bool fine, std::string_view what) {
  if (!fine) Fail(what);
}
void Check(zx_status_t status, std::string_view what) {
  Check(status == ZX_OK, what);
}

/// A channel and a process at each end, in a kernel of their own.
class Channel {
 public:
  explicit Channel(heddle::UserMemory user_memory) {
    heddle::KernelOptions options;
    options.user_memory = user_memory;
    heddle::Kernel kernel;
    Check(heddle::Kernel::Create(options, &kernel), "a kernel");
    Check(kernel.CreateProcess(&near_), "a process");
    Check(kernel.CreateProcess(&far_), "a process");
    const heddle::ThreadBinding binding(near_);
    Check(zx_channel_create(0, &a, &b), "zx_channel_create");
  }

  const heddle::Process& near() const { return near_; }
  /// Runs `body` in the other process, which gets `b` first.
  std::thread StartFar(std::function<void()> body) {
    std::thread thread;
    Check(near_.MoveHandle(b, far_, &b), "MoveHandle");
    Check(far_.StartThread(std::move(body), &thread), "StartThread");
    return thread;
  }

  zx_handle_t a = ZX_HANDLE_INVALID;
  zx_handle_t b = ZX_HANDLE_INVALID;

 private:
  heddle::Process near_;
  heddle::Process far_;
};

void Write(zx_handle_t channel, const std::vector<char>& bytes) {
  Check(zx_channel_write(channel, 0, bytes.data(), static_cast<uint32_t>(bytes.size()), nullptr, 0),
        "zx_channel_write");
}
void Read(zx_handle_t channel, std::vector<char>& bytes) {
  uint32_t actual = 0;
  Check(zx_channel_read(channel, 0, bytes.data(), nullptr, static_cast<uint32_t>(bytes.size()), 0,
                        &actual, nullptr),
        "zx_channel_read");
}
void Await(zx_handle_t channel) {
  Check(zx_object_wait_one(channel, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, nullptr),
        "zx_object_wait_one");
}

// --- Workloads, for channels --------------------------------------------------------------------

enum class Processes { kOne, kOneEach };

// Channels of one kernel, each used by one thread alone, which writes and reads.
double OwnChannels(heddle::UserMemory user_memory, int threads, Processes processes, size_t size,
                   int count) {
  heddle::KernelOptions options;
  options.user_memory = user_memory;
  heddle::Kernel kernel;
  Check(heddle::Kernel::Create(options, &kernel), "a kernel");
  heddle::Process first;
  Check(kernel.CreateProcess(&first), "a process");
  return SideBySide(threads, count).Run([&](int thread) {
    heddle::Process process = first;
    if (thread > 0 && processes == Processes::kOneEach) {
      Check(kernel.CreateProcess(&process), "a process");
    }
    auto binding = std::make_shared<heddle::ThreadBinding>(process);
    zx_handle_t a = ZX_HANDLE_INVALID;
    zx_handle_t b = ZX_HANDLE_INVALID;
    Check(zx_channel_create(0, &a, &b), "zx_channel_create");
    return [binding, a, b, out = std::vector<char>(size, 'x'),
            in = std::vector<char>(size)]() mutable {
      Write(a, out);
      Read(b, in);
    };
  });
}

void ChannelWithHandle(heddle::UserMemory user_memory, size_t size, int count) {
  Channel channel(user_memory);
  const heddle::ThreadBinding binding(channel.near());
  const std::vector<char> out(size, 'x');
  std::vector<char> in(size);
  zx_handle_t event = ZX_HANDLE_INVALID;
  Check(zx_event_create(0, &event), "zx_event_create");
  const auto bytes = static_cast<uint32_t>(size);
  for (int i = 0; i < count; ++i) {
    Check(zx_channel_write(channel.a, 0, out.data(), bytes, &event, 1), "zx_channel_write");
    Check(zx_channel_read(channel.b, 0, in.data(), &event, bytes, 1, nullptr, nullptr),
          "zx_channel_read");
  }
}

void Echo(zx_handle_t channel, size_t size, int count) {
  std::vector<char> bytes(size);
  for (int i = 0; i < count; ++i) {
    Await(channel);
    Read(channel, bytes);
    Write(channel, bytes);
  }
}

void ChannelPingPong(heddle::UserMemory user_memory, size_t size, int count) {
  Channel channel(user_memory);
  std::thread far = channel.StartFar([&, size, count] { Echo(channel.b, size, count); });
  {
    const heddle::ThreadBinding binding(channel.near());
    std::vector<char> bytes(size, 'x');
    for (int i = 0; i < count; ++i) {
      Write(channel.a, bytes);
      Await(channel.a);
      Read(channel.a, bytes);
    }
  }
  far.join();
}

void ChannelCall(heddle::UserMemory user_memory, size_t size, int count) {
  Channel channel(user_memory);
  std::thread far = channel.StartFar([&, size, count] { Echo(channel.b, size, count); });
  {
    const heddle::ThreadBinding binding(channel.near());
    const std::vector<char> request(size, 'x');
    std::vector<char> reply(size);
    zx_channel_call_args_t args = {};
    args.wr_bytes = request.data();
    args.rd_bytes = reply.data();
    args.wr_num_bytes = args.rd_num_bytes = static_cast<uint32_t>(size);
    uint32_t actual[2];
    for (int i = 0; i < count; ++i) {
      Check(zx_channel_call(channel.a, 0, ZX_TIME_INFINITE, &args, &actual[0], &actual[1]),
            "zx_channel_call");
    }
  }
  far.join();
}

// --- The same for everything else ---------------------------------------------------------------

template <typename Link>
double OwnLinks(int threads, size_t size, int count) {
  return SideBySide(threads, count).Run([size](int) {
    return [link = std::make_shared<Link>(), out = std::vector<char>(size, 'x'),
            in = std::vector<char>(size)]() mutable {
      Check(link->Send(Side::kNear, out), "a write");
      Check(link->Receive(Side::kFar, in), "a read");
    };
  });
}

template <typename Link>
void WithHandle(size_t size, int count) {
  Link link;
  const std::vector<char> out(size, 'x');
  std::vector<char> in(size);
  for (int i = 0; i < count; ++i) {
    Check(link.SendWithHandle(Side::kNear, out), "a write");
    Check(link.ReceiveWithHandle(Side::kFar, in), "a read");
  }
}

template <typename Link>
void PingPong(size_t size, int count) {
  Link link;
  std::thread far([&link, size, count] {
    std::vector<char> bytes(size);
    for (int i = 0; i < count; ++i) {
      Check(link.Receive(Side::kFar, bytes), "a read");
      Check(link.Send(Side::kFar, bytes), "a write");
    }
  });
  std::vector<char> bytes(size, 'x');
  for (int i = 0; i < count; ++i) {
    Check(link.Send(Side::kNear, bytes), "a write");
    Check(link.Receive(Side::kNear, bytes), "a read");
  }
  far.join();
}

// --- Running and telling ------------------------------------------------------------------------

/// Nanoseconds of the wall per operation.
using Body = std::function<double(size_t size, int count)>;

struct Contender {
  std::string_view name;
  Body body;
  double nanoseconds = std::numeric_limits<double>::infinity();  // Per operation, so far the best.
};

struct Workload {
  std::string_view name;
  size_t size;
  int count;
  std::vector<Contender> contenders;  // The first is what the others are compared with.
};

Body Timed(std::function<void(size_t size, int count)> body) {
  return [body = std::move(body)](size_t size, int count) {
    const auto start = std::chrono::steady_clock::now();
    body(size, count);
    const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - start;
    return taken.count() / count;
  };
}

void Run(Workload workload, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    for (Contender& contender : workload.contenders) {
      const double time = contender.body(workload.size, workload.count);
      contender.nanoseconds = std::min(contender.nanoseconds, time);
    }
  }
  fmt::print("{}\n", workload.name);
  const double first = workload.contenders.front().nanoseconds;
  for (const Contender& contender : workload.contenders) {
    fmt::print("  {:<36}{:>10.0f} ns{:>9.2f}x\n", contender.name, contender.nanoseconds,
               contender.nanoseconds / first);
  }
}

using ChannelWorkload = void (*)(heddle::UserMemory, size_t, int);

// Both ways to reach user memory.
std::vector<Contender> Channels(ChannelWorkload workload) {
  const auto with = [workload](heddle::UserMemory user_memory) {
    return Timed([=](size_t size, int count) { workload(user_memory, size, count); });
  };
  return {{"channel, trusted user memory", with(heddle::UserMemory::kTrusted)},
          {"channel, checked user memory", with(heddle::UserMemory::kChecked)}};
}

std::vector<Contender> With(std::vector<Contender> contenders, std::vector<Contender> more) {
  for (Contender& contender : more) contenders.push_back(std::move(contender));
  return contenders;
}

Body OwnChannelsOf(heddle::UserMemory user_memory, int threads, Processes processes) {
  return [=](size_t size, int count) {
    return OwnChannels(user_memory, threads, processes, size, count);
  };
}
template <typename Link>
Body OwnLinksOf(int threads) {
  return [=](size_t size, int count) { return OwnLinks<Link>(threads, size, count); };
}

std::vector<Workload> Workloads() {
  using heddle::UserMemory;
  const std::vector<Contender> one_thread = {
      {"channel, trusted user memory", OwnChannelsOf(UserMemory::kTrusted, 1, Processes::kOne)},
      {"channel, checked user memory", OwnChannelsOf(UserMemory::kChecked, 1, Processes::kOne)},
      {"socketpair, SOCK_SEQPACKET", OwnLinksOf<SocketLink>(1)},
      {"pipe", OwnLinksOf<PipeLink>(1)},
      {"mutex and deque of buffers", OwnLinksOf<QueueLink>(1)}};
  const std::vector<Contender> unrelated = {
      {"one thread", OwnChannelsOf(UserMemory::kTrusted, 1, Processes::kOne)},
      {"two threads of two processes", OwnChannelsOf(UserMemory::kTrusted, 2, Processes::kOneEach)},
      {"two threads of one process", OwnChannelsOf(UserMemory::kTrusted, 2, Processes::kOne)},
      {"mutex and deque, one thread", OwnLinksOf<QueueLink>(1)},
      {"mutexes and deques, two threads", OwnLinksOf<QueueLink>(2)}};
  const std::vector<Contender> round_trip = {
      {"socketpair, SOCK_SEQPACKET", Timed(&PingPong<SocketLink>)},
      {"two pipes", Timed(&PingPong<PipeLink>)},
      {"mutexes, deques, condition variables", Timed(&PingPong<QueueLink>)}};
  return {{"write and read, one thread, 64 bytes", 64, 500, one_thread},
          {"write and read, one thread, 64 KiB", 65536, 50, one_thread},
          {"write and read, one thread, 64 bytes and a handle", 64, 5000,
           With(Channels(&ChannelWithHandle),
                {{"socketpair and a file descriptor", Timed(&WithHandle<SocketLink>)}})},
          {"ping-pong of two threads, 64 bytes", 64, 2000,
           With(Channels(&ChannelPingPong), round_trip)},
          {"call and reply, 64 bytes", 64, 2000, With(Channels(&ChannelCall), round_trip)},
          {"write and read, unrelated channels, 64 bytes", 64, 500, unrelated}};
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 15;
  // As long as a program has never had a second thread the C library leaves out atomic operations,
  // which no program that needs channels would see.
  std::thread([] {}).join();
  for (const bench::Workload& workload : bench::Workloads()) bench::Run(workload, rounds);
}
