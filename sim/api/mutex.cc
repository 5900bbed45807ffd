#include "sim/api/mutex.h"

#include <utility>

#include "sim/object/lock.h"

namespace sim {

namespace {

bool Shares(OpKind kind) {
  return kind == OpKind::kAcquireShared || kind == OpKind::kTryAcquireShared ||
         kind == OpKind::kReleaseShared;
}

// The part of a wait until a deadline that does not wait.
OpKind AttemptOf(OpKind kind) {
  return Shares(kind) ? OpKind::kTryAcquireShared : OpKind::kTryAcquire;
}

bool CanTake(OpKind kind, const State& state) {
  return Shares(kind) ? !LockRules::IsHeld(state) : LockRules::IsFree(state);
}

void Check(Runtime& runtime, bool fine, const char* what, const char* role) {
  if (!fine) runtime.FailWith(FailureKind::kMisuse, what, role);
}

void Take(Runtime& runtime, const Operation& acquire, bool waited) {
  runtime.Change(acquire.slot, acquire.kind, acquire.thread);
  if (runtime.in_thread()) runtime.NoteAcquired(acquire.object, acquire.role, waited);
}

}  // namespace

Lock::~Lock() {
  // Only by a thread: what an execution abandoned is destroyed as it was left.
  if (Runtime* runtime = Runtime::InThread()) {
    BeginDestruction(*runtime);
    Check(*runtime, LockRules::IsFree(runtime->StateOf(slot())), "destroyed held", role());
  }
}

bool Lock::IsMine(Runtime& runtime) const {
  CheckUse(runtime);
  return LockRules::IsHeldBy(runtime.StateOf(slot()), runtime.self());
}

void Lock::CheckNotMine(Runtime& runtime) const {
  const State& state = runtime.StateOf(slot());
  const ThreadId self = runtime.self();
  const bool again = LockRules::IsHeldBy(state, self) || state.threads.Has(self);
  Check(runtime, !again, "acquired twice by the same thread", role());
}

void Lock::AcquireAs(OpKind kind, uint32_t key) {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return;
  Operation acquire = Prepare(*runtime, kind, key);
  CheckNotMine(*runtime);
  runtime->Announce(acquire);
  Take(*runtime, acquire, /*waited=*/true);
  if (key == kWholeObject || !runtime->in_thread()) return;
  leaf_key_ = key;
  runtime->SetLeaf(true);
}

bool Lock::TryAs(OpKind kind) {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return true;
  Operation attempt = Prepare(*runtime, kind);
  const bool is_visible = !runtime->in_thread() || runtime->limits().visible_releases;
  if (!is_visible) CheckBounded(*runtime);
  runtime->Announce(attempt);
  if (!CanTake(kind, runtime->StateOf(slot()))) return false;
  Take(*runtime, attempt, /*waited=*/false);
  return true;
}

bool Lock::AcquireAsUntil(OpKind kind, Time deadline) {
  if (deadline == kForever) {
    AcquireAs(kind);
    return true;
  }
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return true;
  Operation wait = Prepare(*runtime, kind);
  CheckNotMine(*runtime);
  CheckBounded(*runtime);
  // What ends the wait at once is a step of its own, which reads the clock.
  if (TryAs(AttemptOf(kind))) return true;
  if (deadline <= runtime->now()) return false;
  if (TimesOut(*runtime, wait, deadline, LockRules::OfFire(wait))) return false;
  Take(*runtime, wait, /*waited=*/false);
  return true;
}

// The release takes effect at a schedule point of its own, or as part of the event in progress. A
// leaf section is always one event: held between two, it would block those of other keys, which it
// commutes with.
void Lock::ReleaseAs(OpKind kind) {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return;
  const uint32_t key = std::exchange(leaf_key_, kWholeObject);
  if (key != kWholeObject) runtime->SetLeaf(false);
  Operation release = Prepare(*runtime, kind, key);
  const bool shares = Shares(kind);
  const State& state = runtime->StateOf(slot());
  const bool is_mine =
      shares ? state.threads.Has(runtime->self()) : LockRules::IsHeldBy(state, runtime->self());
  Check(*runtime, is_mine,
        shares ? "released but not held" : "released by a thread that does not hold it", role());
  if (runtime->in_thread()) {
    const bool is_visible = runtime->limits().visible_releases || runtime->IsBounded(slot());
    if (is_visible && key == kWholeObject) {
      runtime->Announce(release);
    } else {
      runtime->FoldInto(
          {release.object, release.key, shares ? AccessMode::kRead : AccessMode::kWrite});
    }
    runtime->NoteReleased(release.object);
  }
  if (runtime->TakeBack(release.slot)) return;
  runtime->Change(release.slot, release.kind, release.thread);
}

void Lock::ReleaseInEvent(Runtime& runtime, ObjectId id) {
  Check(runtime, IsMine(runtime), "not held", role());
  runtime.NoteReleased(id);
  if (!runtime.TakeBack(slot())) runtime.Change(slot(), OpKind::kRelease, runtime.self());
}

void Mutex::AssertHeld() const {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr) return;
  const bool is_held = LockRules::IsHeldBy(Peek(*runtime), runtime->self());
  Check(*runtime, is_held, "not held", role());
}

// --- RecursiveMutex ---

// Nobody else can see how often its holder has taken it.
bool RecursiveMutex::Nest() {
  Runtime* runtime = Runtime::Current();
  if (runtime == nullptr || !IsMine(*runtime)) return false;
  ++depth_;
  return true;
}

bool RecursiveMutex::TryAcquire() {
  return Nest() || TryAs(OpKind::kTryAcquire);
}

bool RecursiveMutex::AcquireUntil(Time deadline) {
  return Nest() || AcquireAsUntil(OpKind::kAcquire, deadline);
}

void RecursiveMutex::Release() {
  Runtime* runtime = Runtime::Current();
  if (runtime != nullptr && depth_ != 0 && IsMine(*runtime)) {
    --depth_;
    return;
  }
  ReleaseAs(OpKind::kRelease);
}

}  // namespace sim
