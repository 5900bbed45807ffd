// Other ways to move messages between two sides, as yardsticks for channels.
#pragma once

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstring>
#include <deque>
#include <mutex>
#include <vector>

namespace bench {

enum class Side { kNear, kFar };

/// Keeps the boundaries of messages, as a channel does.
class SocketLink {
 public:
  SocketLink() {
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends_) != 0) ends_[0] = ends_[1] = -1;
    extra_ = dup(0);
  }
  ~SocketLink() {
    for (int end : ends_) close(end);
    close(extra_);
  }
  SocketLink(const SocketLink&) = delete;
  SocketLink& operator=(const SocketLink&) = delete;

  bool Send(Side from, const std::vector<char>& bytes) {
    return send(End(from), bytes.data(), bytes.size(), 0) == std::ssize(bytes);
  }
  bool Receive(Side at, std::vector<char>& bytes) {
    return recv(End(at), bytes.data(), bytes.size(), 0) == std::ssize(bytes);
  }

  /// The descriptor that came last is the one that goes next; the sender's copy is closed.
  bool SendWithHandle(Side from, const std::vector<char>& bytes) {
    iovec part = {const_cast<char*>(bytes.data()), bytes.size()};
    Control control = {};
    msghdr message = MessageOf(part, control);
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &extra_, sizeof(int));
    const bool sent = sendmsg(End(from), &message, 0) == std::ssize(bytes);
    close(extra_);
    return sent;
  }
  bool ReceiveWithHandle(Side at, std::vector<char>& bytes) {
    iovec part = {bytes.data(), bytes.size()};
    Control control = {};
    msghdr message = MessageOf(part, control);
    if (recvmsg(End(at), &message, MSG_CMSG_CLOEXEC) != std::ssize(bytes)) return false;
    const cmsghdr* const header = CMSG_FIRSTHDR(&message);
    if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return false;
    std::memcpy(&extra_, CMSG_DATA(header), sizeof(int));
    return true;
  }

 private:
  struct Control {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> bytes;
  };

  static msghdr MessageOf(iovec& part, Control& control) {
    msghdr message = {};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes.data();
    message.msg_controllen = control.bytes.size();
    return message;
  }
  int End(Side side) const { return ends_[side == Side::kNear ? 0 : 1]; }

  int ends_[2];
  int extra_;
};

/// A pipe in each direction. A pipe is a stream: it works here because all messages are of one
/// size.
class PipeLink {
 public:
  PipeLink() {
    for (auto& pipe : pipes_) {
      if (pipe2(pipe.data(), O_CLOEXEC) != 0) pipe = {-1, -1};
      static_cast<void>(fcntl(pipe[1], F_SETPIPE_SZ, 1 << 18));
    }
  }
  ~PipeLink() {
    for (const auto& pipe : pipes_) {
      close(pipe[0]);
      close(pipe[1]);
    }
  }
  PipeLink(const PipeLink&) = delete;
  PipeLink& operator=(const PipeLink&) = delete;

  bool Send(Side from, const std::vector<char>& bytes) {
    return write(pipes_[Index(from)][1], bytes.data(), bytes.size()) == std::ssize(bytes);
  }
  bool Receive(Side at, std::vector<char>& bytes) {
    return read(pipes_[1 - Index(at)][0], bytes.data(), bytes.size()) == std::ssize(bytes);
  }

 private:
  static size_t Index(Side from) { return from == Side::kNear ? 0 : 1; }

  std::array<std::array<int, 2>, 2> pipes_;
};

/// What anybody would write who needs no more than this: no handles, no rights, no owners.
class QueueLink {
 public:
  bool Send(Side from, const std::vector<char>& bytes) {
    Queue& queue = queues_[from == Side::kNear ? 0 : 1];
    std::vector<char> buffer(bytes);
    const std::lock_guard<std::mutex> guard(queue.lock);
    queue.buffers.push_back(std::move(buffer));
    queue.not_empty.notify_one();
    return true;
  }
  bool Receive(Side at, std::vector<char>& bytes) {
    Queue& queue = queues_[at == Side::kNear ? 1 : 0];
    std::vector<char> buffer;
    {
      std::unique_lock<std::mutex> guard(queue.lock);
      queue.not_empty.wait(guard, [&] { return !queue.buffers.empty(); });
      buffer = std::move(queue.buffers.front());
      queue.buffers.pop_front();
    }
    if (buffer.size() > bytes.size()) return false;
    std::memcpy(bytes.data(), buffer.data(), buffer.size());
    return true;
  }

 private:
  struct Queue {
    std::mutex lock;
    std::condition_variable not_empty;
    std::deque<std::vector<char>> buffers;
  };
  Queue queues_[2];
};

}  // namespace bench
