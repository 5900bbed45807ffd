#include "sim/api/thread.h"

#include <cassert>

namespace sim {

Thread Thread::SpawnEntry(const char* name, Runtime::Entry entry, void* argument) {
  Runtime* runtime = Runtime::Current();
  assert(runtime != nullptr);
  const bool is_event = runtime->in_thread();
  if (is_event) {
    Operation operation;
    operation.kind = OpKind::kSpawn;
    operation.object = kThreadNames;
    operation.role = name;
    operation.footprint = Footprint::Writes(kThreadNames);
    runtime->Announce(operation);
  }
  const ThreadId child = runtime->SpawnThread(name, entry, argument, /*joinable=*/true);
  // Which thread it is was not known before, and nothing that was pending can touch it.
  if (is_event) runtime->FoldInto({LifeOf(child), kWholeObject, /*write=*/true});
  return Thread(name, child);
}

void Thread::Join() const {
  Runtime* runtime = Runtime::Current();
  assert(runtime != nullptr && runtime->in_thread());
  if (id_ == kNoThread) runtime->FailWith(FailureKind::kMisuse, "joined a thread that is none");
  Operation operation;
  operation.kind = OpKind::kJoin;
  operation.object = LifeOf(id_);
  operation.role = name_;
  operation.footprint = Footprint::Reads(LifeOf(id_));
  runtime->Announce(operation);
}

}  // namespace sim
