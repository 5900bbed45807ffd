// Short names for the calls that wait for several objects or through a port.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/core/core_fixture.h"

namespace core {

/// Long past in every generation, also where nothing is negative.
inline constexpr Time kPast = 0;

/// READABLE, WRITABLE, PEER_CLOSED, SIGNALED and HANDLE_CLOSED as "RWPSH"; "-" is none of them.
inline std::string Letters(Signals signals) {
  std::string text;
  if ((signals & kSignalReadable) != 0) text += "R";
  if ((signals & kSignalWritable) != 0) text += "W";
  if ((signals & kSignalPeerClosed) != 0) text += "P";
  if ((signals & kSignalSignaled) != 0) text += "S";
  if ((signals & kSignalHandleClosed) != 0) text += "H";
  return text.empty() ? "-" : text;
}

inline namespace CORE_PLATFORM {

struct WaitManyAnswer {
  Status status = Status::kInternal;
  std::array<WaitItem, 3> items{};

  /// "kOk RW -": the status and what is pending; only the status if the call waited for nothing.
  std::string Text(size_t count) const {
    std::string text(StatusText(status));
    for (size_t i = 0; i < count && items[0].pending != kUntouched; ++i) {
      text += " " + Letters(items[i].pending);
    }
    return text;
  }
};

template <size_t kCount>
WaitManyAnswer WaitFor(User& user, const WaitItem (&items)[kCount], Time deadline = kPast) {
  static_assert(kCount <= std::tuple_size_v<decltype(WaitManyAnswer::items)>);
  WaitManyAnswer answer;
  for (size_t i = 0; i < kCount; ++i) {
    answer.items[i] = {items[i].handle, items[i].waitfor, kUntouched};
  }
  answer.status = ObjectWaitMany(user.thread(), UserPtr(answer.items.data()), kCount, deadline);
  return answer;
}

inline HandleValue CreatePort(User& user) {
  HandleValue port = kInvalidHandle;
  static_cast<void>(PortCreate(user.thread(), 0, UserPtr(&port)));
  return port;
}

inline Status WaitAsync(User& user, HandleValue handle, HandleValue port, uint64_t key,
                        Signals signals, uint32_t options = kWaitAsyncOnce) {
  return ObjectWaitAsync(user.thread(), handle, port, key, signals, options);
}

struct PacketAnswer {
  Status status = Status::kInternal;
  PortPacket packet = {};

  /// "7:RW": the key and, of a wait's packet, what was observed; or the status.
  std::string Text() const {
    if (status != Status::kOk) return std::string(StatusText(status));
    std::string text = std::to_string(packet.key);
    if (packet.type == PacketType::kSignalOne) text += ":" + Letters(packet.signal.observed);
    return text;
  }
};

inline PacketAnswer NextPacket(User& user, HandleValue port, Time deadline = kPast) {
  PacketAnswer answer;
  answer.status = PortWait(user.thread(), port, deadline, UserPtr(&answer.packet));
  return answer;
}

inline Status Queue(User& user, HandleValue port, uint64_t key) {
  PortPacket packet = {};
  packet.key = key;
  return PortQueue(user.thread(), port, UserPtr<const PortPacket>(&packet));
}

inline Status Cancel(User& user, HandleValue port, HandleValue source, uint64_t key) {
  return PortCancel(user.thread(), port, source, key);
}

inline Status Signal(User& user, HandleValue event) {
  return ObjectSignal(user.thread(), event, kSignalNone, kSignalSignaled);
}

}  // namespace CORE_PLATFORM
}  // namespace core
