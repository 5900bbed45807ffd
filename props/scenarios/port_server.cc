// A server that waits for two channels through one port.
#include <array>
#include <string>

#include "props/scenario.h"

namespace {

using props::Answer;
using props::Handle;
using props::Pair;
using props::Syscalls;

constexpr core::Signals kSomething = core::kSignalReadable | core::kSignalPeerClosed;

props::Body Client(const Handle& channel, const std::string& text) {
  return [=](Syscalls& sys) {
    sys.Write(channel, text);
    sys.Close(channel);
  };
}

HEDDLE_SCENARIO(port_server) {
  setup.Says("One port brings the messages of two clients, and their ends");
  const auto one = setup.Process("one");
  const auto two = setup.Process("two");
  const auto server = setup.Process("server");
  const Pair a = setup.Channel("a", one, server);
  const Pair b = setup.Channel("b", two, server);
  setup.Thread(one, "c", Client(a[0], "x"));
  setup.Thread(two, "d", Client(b[0], "y"));
  setup.Thread(server, "s", [=](Syscalls& sys) {
    const Handle port = sys.CreatePort().handles.at(0);
    const std::array<Handle, 2> channels = {a[1], b[1]};
    std::string seen;
    for (uint64_t key = 0; key < 2; ++key) sys.WaitAsync(channels[key], port, key, kSomething);
    for (int open = 2; open > 0;) {
      const Answer packet = sys.PortWait(port);
      const Handle& channel = channels[packet.key];
      const Answer message = sys.Read(channel);
      sys.Check(message.ok() || message.status == core::Status::kPeerClosed,
                "a packet says that there is something to read, or that nothing will come");
      if (message.ok()) {
        seen += message.bytes;
        sys.WaitAsync(channel, port, packet.key, kSomething);
      } else {
        --open;
      }
    }
    sys.Check(seen == "xy" || seen == "yx", "every message comes before the end of its channel");
    sys.Close(port);
  });
}

}  // namespace
