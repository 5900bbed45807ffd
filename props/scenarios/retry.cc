// A client that gives a call up after a while, and calls again.
#include <string>

#include "props/scenario.h"

namespace {

using props::Answer;
using props::Pair;
using props::Syscalls;

HEDDLE_SCENARIO(retry) {
  setup.Says("A client whose deadline may pass at any moment calls twice; late replies are late");
  const auto client = setup.Process("client");
  const auto server = setup.Process("server");
  const Pair a = setup.Channel("a", client, server);
  setup.Thread(client, "c", [=](Syscalls& sys) {
    int late = 0;
    for (const std::string question : {"first", "second"}) {
      const Answer reply = sys.Call(a[0], question, {}, props::kAnyMoment);
      if (reply.ok()) {
        sys.Check(reply.bytes == question, "a retry never gets the reply of what it gave up");
        break;
      }
      sys.Check(reply.status == core::Status::kTimedOut, "nothing but the deadline ends the call");
      ++late;
    }
    // What was given up is answered all the same, as messages like any other.
    for (int i = 0; i < late; ++i) {
      sys.WaitOne(a[0], core::kSignalReadable);
      sys.Check(sys.Read(a[0]).ok(), "a late reply is a message");
    }
    sys.Close(a[0]);
  });
  setup.Thread(server, "s", [=](Syscalls& sys) {
    for (;;) {
      sys.WaitOne(a[1], core::kSignalReadable | core::kSignalPeerClosed);
      const Answer request = sys.Read(a[1]);
      if (!request.ok()) break;
      sys.Reply(a[1], request, request.bytes);
    }
  });
}

}  // namespace
