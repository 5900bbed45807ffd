// A service moves to another process while its clients write.
#include <algorithm>
#include <string>

#include "props/scenario.h"

namespace {

using props::Answer;
using props::Handle;
using props::Pair;
using props::Syscalls;

props::Body Client(const Handle& channel, const std::string& messages) {
  return [=](Syscalls& sys) {
    for (const char message : messages) {
      sys.Check(sys.Write(channel, std::string(1, message)) == core::Status::kOk,
                "clients do not notice that the service moves");
    }
  };
}

HEDDLE_SCENARIO(handover) {
  setup.Says("A service hands its endpoint over to its heir while two clients write");
  const auto client = setup.Process("client");
  const auto service = setup.Process("service");
  const auto heir = setup.Process("heir");
  const Pair a = setup.Channel("a", client, service);
  const Pair b = setup.Channel("b", service, heir);
  setup.Thread(client, "x", Client(a[0], "ab"));
  setup.Thread(client, "y", Client(a[0], "x"));
  setup.Thread(service, "s", [=](Syscalls& sys) {
    const Answer first = sys.Read(a[1]);  // Or nothing yet.
    sys.Write(b[0], first.bytes, {a[1]});
  });
  setup.Thread(heir, "h", [=](Syscalls& sys) {
    sys.WaitOne(b[1], core::kSignalReadable);
    const Answer news = sys.Read(b[1]);
    sys.Check(news.ok() && news.handles.size() == 1, "the endpoint comes with the news");
    std::string seen = news.bytes;
    while (seen.size() < 3) {
      sys.WaitOne(news.handles[0], core::kSignalReadable);
      seen += sys.Read(news.handles[0]).bytes;
    }
    seen.erase(std::min(seen.find('x'), seen.size() - 1), 1);
    sys.Check(seen == "ab", "what a client wrote is read once and in its order, by whoever serves");
  });
}

}  // namespace
