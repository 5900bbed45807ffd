#include "sim/api/thread.h"

#include <cassert>

#include "sim/api/clock.h"

namespace sim {

Thread Thread::SpawnEntry(const char* name, Runtime::Entry entry, void* argument) {
  Runtime* runtime = Runtime::Current();
  assert(runtime != nullptr);
  const bool is_event = runtime->in_thread();
  if (is_event) {
    internal::AnnounceOf(*runtime, OpKind::kSpawn, kThreadNames, name);
  }
  const ThreadId child = runtime->SpawnThread(name, entry, argument, /*joinable=*/true);
  // Which thread it is was not known before, and nothing that was pending can touch it.
  if (is_event) runtime->FoldInto({LifeOf(child), kWholeObject, AccessMode::kWrite});
  return Thread(name, child);
}

void Thread::Join() const {
  Runtime* runtime = Runtime::Current();
  assert(runtime != nullptr && runtime->in_thread());
  if (id_ == kNoThread) runtime->FailWith(FailureKind::kMisuse, "joined a thread that is none");
  Operation join;
  join.kind = OpKind::kJoin;
  join.thread = runtime->self();
  join.slot = LifeSlot(id_);
  join.object = LifeOf(id_);
  join.role = name_;
  runtime->Announce(join);
}

void Pause() {
  if (Runtime* runtime = Runtime::InThread()) runtime->Pause();
}

}  // namespace sim
