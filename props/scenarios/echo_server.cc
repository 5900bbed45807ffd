// One thread serves two clients that call at the same time.
#include <string>

#include "props/scenario.h"

namespace {

using props::Answer;
using props::Pair;
using props::Syscalls;

props::Body Client(const props::Handle& channel, const std::string& question) {
  return [=](Syscalls& sys) {
    const Answer reply = sys.Call(channel, question);
    sys.Check(reply.ok(), "a call is answered as long as the server serves");
    sys.Check(reply.bytes == "re:" + question, "a reply is the echo of its own request");
  };
}

HEDDLE_SCENARIO(echo_server) {
  setup.Says("An echo server and two threads of a client that call it at the same time");
  const auto client = setup.Process("client");
  const auto server = setup.Process("server");
  const Pair a = setup.Channel("a", client, server);
  setup.Thread(client, "c", Client(a[0], "one"));
  setup.Thread(client, "d", Client(a[0], "two"));
  setup.Thread(server, "s", [=](Syscalls& sys) {
    for (int served = 0; served < 2;) {
      sys.WaitOne(a[1], core::kSignalReadable);
      const Answer request = sys.Read(a[1]);
      if (!request.ok()) continue;
      sys.Reply(a[1], request, "re:" + request.bytes);
      ++served;
    }
  });
}

}  // namespace
