// A broker makes a channel of its own for each client, between it and a worker.
#include <string>

#include "props/scenario.h"

namespace {

using props::Answer;
using props::Handle;
using props::Pair;
using props::Syscalls;

HEDDLE_SCENARIO(broker) {
  setup.Says("A broker passes both ends of a new channel on, one to a client and one to a worker");
  const auto client = setup.Process("client");
  const auto broker = setup.Process("broker");
  const auto worker = setup.Process("worker");
  const Pair door = setup.Channel("door", client, broker);
  const Pair hall = setup.Channel("hall", broker, worker);
  setup.Thread(client, "c", [=](Syscalls& sys) {
    const Answer session = sys.Call(door[0], "open");
    sys.Check(session.ok() && session.handles.size() == 1, "a client gets a session");
    const Answer reply = sys.Call(session.handles[0], "hello");
    sys.Check(reply.ok() && reply.bytes == "hello", "whoever has the other end answers");
    sys.Close(session.handles[0]);
  });
  setup.Thread(broker, "b", [=](Syscalls& sys) {
    sys.WaitOne(door[1], core::kSignalReadable);
    const Answer request = sys.Read(door[1]);
    const Answer session = sys.CreateChannel();
    // The client's end first: it may be written to before anybody has the other.
    sys.Reply(door[1], request, "yours", {session.handles[0]});
    sys.Write(hall[0], "serve", {session.handles[1]});
  });
  setup.Thread(worker, "w", [=](Syscalls& sys) {
    sys.WaitOne(hall[1], core::kSignalReadable);
    const Answer session = sys.Read(hall[1]);
    sys.Check(session.handles.size() == 1, "a worker gets the other end");
    const Handle& end = session.handles[0];
    for (;;) {
      sys.WaitOne(end, core::kSignalReadable | core::kSignalPeerClosed);
      const Answer request = sys.Read(end);
      if (!request.ok()) break;
      sys.Reply(end, request, request.bytes);
    }
    sys.Close(end);
  });
}

}  // namespace
