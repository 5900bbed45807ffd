#include "sim/api/ref_count.h"

namespace sim {

// Whether a drop that is about to be made would be the last has changed.
void Counter::RefineDrops(Runtime& runtime) {
  runtime.ForEachPending(slot(), OpKind::kCountDrop, [&](const Operation& drop) {
    runtime.Refine(drop.thread, CounterRules::OfDrop(drop, runtime.StateOf(slot())));
  });
}

void Counter::Add() {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return;
  Operation add = Prepare(*runtime, OpKind::kCountAdd);
  if (runtime->in_thread() && runtime->in_leaf()) {
    for (const Access& access : CounterRules::OfAdd(add)) runtime->FoldIntoUnforeseen(access);
  } else {
    runtime->Announce(add);
  }
  const bool was_last = CounterRules::IsLast(runtime->StateOf(slot()));
  if (was_last) runtime->NoteWaking(CounterRules::OfSaving(add));
  runtime->Change(slot(), OpKind::kCountAdd, add.thread);
  if (was_last) RefineDrops(*runtime);
}

bool Counter::Drop(const char* if_none) {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return false;
  Operation drop = Prepare(*runtime, OpKind::kCountDrop);
  runtime->Announce(drop);
  if (runtime->StateOf(slot()).value == 0) {
    runtime->FailWith(FailureKind::kMisuse, if_none, role());
  }
  const bool was_last = runtime->Change(slot(), OpKind::kCountDrop, drop.thread) != 0;
  if (CounterRules::IsLast(runtime->StateOf(slot()))) RefineDrops(*runtime);
  return was_last;
}

uint32_t Counter::Look() const {
  Runtime* runtime = Runtime::Current();
  return runtime == nullptr ? 0 : static_cast<uint32_t>(Peek(*runtime).value);
}

void RefCount::Increment() {
  Add();
  if (Runtime* runtime = Runtime::Current(); runtime != nullptr && Look() == 1) {
    runtime->FailWith(FailureKind::kMemory, "a reference was taken when none was left", role());
  }
}

void VisibleCount::Increment() {
  if (counted_) return Add();
  counted_ = true;
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return;
  const Operation first = Prepare(*runtime, OpKind::kCountAdd);
  runtime->ChangeUnseen(slot(), OpKind::kCountAdd, first.thread);
}

uint32_t VisibleCount::Load() const {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return 0;
  Operation load = Prepare(*runtime, OpKind::kCountLoad);
  runtime->Announce(load);
  return static_cast<uint32_t>(runtime->StateOf(slot()).value);
}

}  // namespace sim
