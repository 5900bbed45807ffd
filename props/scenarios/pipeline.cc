// Three processes in a row, each of which ends when the one before it has.
#include <string>

#include "props/scenario.h"

namespace {

using props::Answer;
using props::Handle;
using props::Pair;
using props::Syscalls;

constexpr core::Signals kSomething = core::kSignalReadable | core::kSignalPeerClosed;
constexpr int kItems = 2;

// The next message; its status is PEER_CLOSED after the last.
Answer Receive(Syscalls& sys, const Handle& from) {
  sys.WaitOne(from, kSomething);
  const Answer item = sys.Read(from);
  sys.Check(item.ok() || item.status == core::Status::kPeerClosed,
            "whoever saw a signal of an endpoint of its own has something to read, or its end");
  return item;
}

HEDDLE_SCENARIO(pipeline) {
  setup.Says("A source, a filter and a sink; the end of each stage is the end of its channel");
  const auto source = setup.Process("source");
  const auto filter = setup.Process("filter");
  const auto sink = setup.Process("sink");
  const Pair raw = setup.Channel("raw", source, filter);
  const Pair done = setup.Channel("done", filter, sink);
  setup.Thread(source, "p", [=](Syscalls& sys) {
    for (int i = 0; i < kItems; ++i) {
      sys.Check(sys.Write(raw[0], std::to_string(i)) == core::Status::kOk,
                "a stage takes whatever the one before it writes");
    }
    sys.Close(raw[0]);
  });
  setup.Thread(filter, "f", [=](Syscalls& sys) {
    for (Answer item = Receive(sys, raw[1]); item.ok(); item = Receive(sys, raw[1])) {
      sys.Write(done[0], "f" + item.bytes);
    }
    sys.Close(raw[1]);
    sys.Close(done[0]);
  });
  setup.Thread(sink, "q", [=](Syscalls& sys) {
    int count = 0;
    for (Answer item = Receive(sys, done[1]); item.ok(); item = Receive(sys, done[1])) {
      sys.Check(item.bytes == "f" + std::to_string(count), "items come out in their order");
      ++count;
    }
    sys.Check(count == kItems, "no item is lost when a stage closes its channel");
  });
}

}  // namespace
