// A server goes away while clients call it.
#include <string>

#include "props/scenario.h"

namespace {

using props::Answer;
using props::Handle;
using props::Pair;
using props::Syscalls;

props::Body Client(const Handle& channel, const std::string& name, int calls) {
  return [=](Syscalls& sys) {
    for (int i = 0; i < calls; ++i) {
      const std::string question = name + std::to_string(i);
      const Answer reply = sys.Call(channel, question);
      if (reply.ok()) {
        sys.Check(reply.bytes == question, "a reply is that of its own request");
        continue;
      }
      sys.Check(reply.status == core::Status::kPeerClosed,
                "a call that gets no reply says that the server is gone");
      sys.Check(sys.Write(channel, "late") == core::Status::kPeerClosed,
                "who was told that the server is gone cannot write any more");
      return;
    }
  };
}

HEDDLE_SCENARIO(shutdown_under_load) {
  setup.Says("A server is closed by another thread of its process while two clients call it");
  const auto one = setup.Process("one");
  const auto two = setup.Process("two");
  const auto server = setup.Process("server");
  const Pair a = setup.Channel("a", one, server);
  const Pair b = setup.Channel("b", two, server);
  setup.Thread(one, "c", Client(a[0], "c", 2));
  setup.Thread(two, "d", Client(b[0], "d", 2));
  setup.Thread(server, "s", [=](Syscalls& sys) {
    for (const Handle& channel : {a[1], b[1]}) {
      sys.WaitOne(channel, core::kSignalReadable);
      const Answer request = sys.Read(channel);
      if (request.ok()) sys.Reply(channel, request, request.bytes);
    }
  });
  setup.Thread(server, "k", [=](Syscalls& sys) {
    sys.Close(a[1]);
    sys.Close(b[1]);
  });
}

}  // namespace
