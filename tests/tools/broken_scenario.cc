// Linked into heddle commands of their own: a scenario with a race, and the same one mended.
#include "props/scenario.h"

namespace {

using props::Answer;
using props::Pair;
using props::Syscalls;

#ifdef HEDDLE_MENDED
constexpr bool kMended = true;
#else
constexpr bool kMended = false;
#endif

HEDDLE_SCENARIO(hasty_reader) {
  setup.Says("A reader that does not wait for what it reads");
  const auto writer = setup.Process("writer");
  const auto reader = setup.Process("reader");
  const Pair a = setup.Channel("a", writer, reader);
  setup.Thread(writer, "w", [=](Syscalls& sys) { sys.Write(a[0], "news"); });
  setup.Thread(reader, "r", [=](Syscalls& sys) {
    if (kMended) sys.WaitOne(a[1], core::kSignalReadable);
    sys.Check(sys.Read(a[1]).ok(), "there is something to read");
  });
}

// Mended by another start, so that traces of before do not fit.
HEDDLE_SCENARIO(empty_start) {
  setup.Says("A reader of a queue in which something was to be");
  const auto p = setup.Process("p");
  const Pair a = setup.Channel("a", p, p);
  if (kMended) setup.Queued(a[1], "news");
  setup.Thread(
      p, "r", [=](Syscalls& sys) { sys.Check(sys.Read(a[1]).ok(), "there is something to read"); });
}

}  // namespace
