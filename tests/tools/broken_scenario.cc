// Linked into heddle commands of their own: scenarios with a race, and the same ones mended.
#include <cstdlib>
#include <new>

#include "props/scenario.h"
#include "sim/engine/runtime.h"

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

// A reader that does what nobody may once there is nothing to read. The writer works on.
void ReadAnd(props::ScenarioSetup& setup, void (*wrong)()) {
  const auto writer = setup.Process("writer");
  const auto reader = setup.Process("reader");
  const Pair a = setup.Channel("a", writer, reader);
  setup.Thread(writer, "w", [=](Syscalls& sys) { sys.Write(a[0], "news"); });
  setup.Thread(reader, "r", [=](Syscalls& sys) {
    if (!sys.Read(a[1]).ok() && !kMended) wrong();
  });
}

void* NewBox() {
  return sim::Runtime::Current()->arena().Allocate(sizeof(int), "box");
}

HEDDLE_SCENARIO(free_twice) {
  setup.Says("A reader that frees something twice");
  ReadAnd(setup, [] {
    void* box = NewBox();
    sim::Runtime::Current()->Free(box);
    sim::Runtime::Current()->Free(box);
  });
}

HEDDLE_SCENARIO(write_after_free) {
  setup.Says("A reader that writes to what it freed");
  ReadAnd(setup, [] {
    int* volatile box = new (NewBox()) int(1);
    sim::Runtime::Current()->Free(box);
    *box = 2;
  });
}

HEDDLE_SCENARIO(give_up) {
  setup.Says("A reader that aborts");
  ReadAnd(setup, [] { std::abort(); });
}

}  // namespace
