#include "sim/api/mutex.h"

#include <utility>

#include "sim/object/lock.h"

namespace sim {

namespace {

// Before a release takes effect: a schedule point of its own, or part of the event in progress. A
// leaf section is always one event: held between two, it would block those of other keys, which it
// commutes with.
void Release(Runtime& runtime, Operation release) {
  const bool is_point =
      runtime.in_thread() && runtime.limits().visible_releases && release.key == kWholeObject;
  if (is_point) {
    runtime.Announce(release);
  } else if (runtime.in_thread()) {
    const bool shares = release.kind == OpKind::kReleaseShared;
    runtime.FoldInto(
        {release.object, release.key, shares ? AccessMode::kRead : AccessMode::kWrite});
  }
  if (runtime.in_thread()) runtime.NoteReleased(release.object);
  if (runtime.TakeBack(release.slot)) return;
  runtime.Change(release.slot, release.kind, release.thread);
}

void Take(Runtime& runtime, Operation& acquire) {
  runtime.Announce(acquire);
  runtime.Change(acquire.slot, acquire.kind, acquire.thread);
  if (runtime.in_thread()) runtime.NoteAcquired(acquire.object, acquire.role, /*waited=*/true);
}

void Check(Runtime& runtime, bool fine, const char* what, const char* role) {
  if (!fine) runtime.FailWith(FailureKind::kMisuse, what, role);
}

void CheckNotHeld(Runtime& runtime, const State& state, const char* role) {
  const ThreadId self = runtime.self();
  const bool again = LockRules::IsHeldBy(state, self) || state.threads.Has(self);
  Check(runtime, !again, "acquired twice by the same thread", role);
}

}  // namespace

Mutex::~Mutex() {
  // Only by a thread: what an execution abandoned is destroyed as it was left.
  if (Runtime* runtime = Runtime::InThread()) {
    BeginDestruction(*runtime);
    Check(*runtime, LockRules::IsFree(runtime->StateOf(slot())), "destroyed held", role());
  }
}

void Mutex::Acquire() {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return;
  Operation acquire = Prepare(*runtime, OpKind::kAcquire);
  CheckNotHeld(*runtime, runtime->StateOf(slot()), role());
  Take(*runtime, acquire);
}

bool Mutex::TryAcquire() {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return true;
  Operation attempt = Prepare(*runtime, OpKind::kTryAcquire);
  Check(*runtime, !runtime->in_thread() || runtime->limits().visible_releases,
        "TryAcquire needs visible releases", role());
  runtime->Announce(attempt);
  if (!LockRules::IsFree(runtime->StateOf(slot()))) return false;
  runtime->Change(attempt.slot, attempt.kind, attempt.thread);
  if (runtime->in_thread()) {
    runtime->NoteAcquired(attempt.object, attempt.role, /*waited=*/false);
  }
  return true;
}

void Mutex::Release() {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return;
  const Operation release = Prepare(*runtime, OpKind::kRelease);
  Check(*runtime, LockRules::IsHeldBy(runtime->StateOf(slot()), runtime->self()),
        "released by a thread that does not hold it", role());
  sim::Release(*runtime, release);
}

void Mutex::ReleaseInEvent(Runtime& runtime, ObjectId id) {
  AssertHeld();
  runtime.NoteReleased(id);
  if (!runtime.TakeBack(slot())) runtime.Change(slot(), OpKind::kRelease, runtime.self());
}

void Mutex::AssertHeld() const {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return;
  Check(*runtime, LockRules::IsHeldBy(Peek(*runtime), runtime->self()), "not held", role());
}

SharedMutex::~SharedMutex() {
  if (Runtime* runtime = Runtime::InThread()) {
    BeginDestruction(*runtime);
    Check(*runtime, LockRules::IsFree(runtime->StateOf(slot())), "destroyed held", role());
  }
}

void SharedMutex::EnterLeaf(Runtime& runtime, uint32_t key) {
  if (key == kWholeObject || !runtime.in_thread()) return;
  leaf_key_ = key;
  runtime.SetLeaf(true);
}

uint32_t SharedMutex::LeaveLeaf(Runtime& runtime) {
  const uint32_t key = std::exchange(leaf_key_, kWholeObject);
  if (key != kWholeObject) runtime.SetLeaf(false);
  return key;
}

void SharedMutex::Acquire(uint32_t key) {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return;
  Operation acquire = Prepare(*runtime, OpKind::kAcquire, key);
  CheckNotHeld(*runtime, runtime->StateOf(slot()), role());
  Take(*runtime, acquire);
  EnterLeaf(*runtime, key);
}

void SharedMutex::Release() {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return;
  const Operation release = Prepare(*runtime, OpKind::kRelease, LeaveLeaf(*runtime));
  Check(*runtime, LockRules::IsHeldBy(runtime->StateOf(slot()), runtime->self()),
        "released by a thread that does not hold it", role());
  sim::Release(*runtime, release);
}

void SharedMutex::AcquireShared(uint32_t key) {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return;
  Operation acquire = Prepare(*runtime, OpKind::kAcquireShared, key);
  CheckNotHeld(*runtime, runtime->StateOf(slot()), role());
  Take(*runtime, acquire);
  EnterLeaf(*runtime, key);
}

void SharedMutex::ReleaseShared() {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return;
  const Operation release = Prepare(*runtime, OpKind::kReleaseShared, LeaveLeaf(*runtime));
  Check(*runtime, runtime->StateOf(slot()).threads.Has(runtime->self()), "released but not held",
        role());
  sim::Release(*runtime, release);
}

}  // namespace sim
