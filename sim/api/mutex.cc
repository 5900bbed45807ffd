#include "sim/api/mutex.h"

#include <fmt/format.h>

#include <cassert>
#include <utility>

#include "sim/engine/runtime.h"

namespace sim {

namespace {

constexpr ThreadId kOutsideThreads = kNoThread - 1;  // Holder during set-up, checks and tear-down.

Operation LockOperation(OpKind kind, ObjectId id, const char* role, const LockState& state,
                        uint32_t key, bool write) {
  Operation operation;
  operation.kind = kind;
  operation.object = id;
  operation.key = key;
  operation.role = role;
  operation.footprint = write ? Footprint::Writes(id, key) : Footprint::Reads(id, key);
  operation.lock = &state;
  return operation;
}

ObjectId NewId() {
  Runtime* runtime = Runtime::Current();
  return runtime != nullptr ? runtime->NewObject() : ObjectId{};
}

void Check(bool fine, const char* what, const char* role) {
  if (fine) return;
  Runtime* runtime = Runtime::Current();
  assert(runtime != nullptr);
  runtime->Fail(FailureKind::kMisuse, fmt::format("{}: {}", role, what));
}

// Before a release takes effect: a schedule point of its own, or part of the event in progress. A
// leaf section is always one event: held between two, it would block those of other keys, which it
// commutes with.
void BeforeRelease(Runtime* runtime, ObjectId id, const char* role, const LockState& state,
                   uint32_t key, bool write) {
  if (runtime == nullptr) return;
  if (runtime->limits().visible_releases && key == kWholeObject) {
    runtime->Announce(LockOperation(OpKind::kRelease, id, role, state, key, write));
  } else {
    runtime->FoldInto({id, key, write});
  }
  runtime->NoteReleased(id, write);
}

}  // namespace

Mutex::Mutex(const char* role) : id_(NewId()), role_(role) {}

Mutex::~Mutex() {
  // Only by a thread: what an execution abandoned is destroyed as it was left.
  if (Runtime::InThread() != nullptr) Check(state_.writer == kNoThread, "destroyed held", role_);
}

void Mutex::Acquire() {
  Runtime* runtime = Runtime::InThread();
  if (runtime == nullptr) {
    Check(state_.writer == kNoThread, "acquired twice by the same thread", role_);
    state_.writer = kOutsideThreads;
    return;
  }
  Check(state_.writer != runtime->current(), "acquired twice by the same thread", role_);
  runtime->Announce(
      LockOperation(OpKind::kAcquire, id_, role_, state_, kWholeObject, /*write=*/true));
  state_.writer = runtime->current();
  runtime->NoteAcquired(id_, role_, /*exclusive=*/true, /*waited=*/true);
}

bool Mutex::TryAcquire() {
  Runtime* runtime = Runtime::InThread();
  if (runtime == nullptr) {
    if (state_.writer != kNoThread) return false;
    state_.writer = kOutsideThreads;
    return true;
  }
  Check(runtime->limits().visible_releases, "TryAcquire needs visible releases", role_);
  runtime->Announce(
      LockOperation(OpKind::kTryAcquire, id_, role_, state_, kWholeObject, /*write=*/true));
  if (state_.writer != kNoThread) return false;
  state_.writer = runtime->current();
  runtime->NoteAcquired(id_, role_, /*exclusive=*/true, /*waited=*/false);
  return true;
}

void Mutex::Release() {
  Runtime* runtime = Runtime::InThread();
  const ThreadId self = runtime == nullptr ? kOutsideThreads : runtime->current();
  Check(state_.writer == self, "released by a thread that does not hold it", role_);
  BeforeRelease(runtime, id_, role_, state_, kWholeObject, /*write=*/true);
  state_.writer = kNoThread;
}

void Mutex::ReleaseInEvent() {
  AssertHeld();
  Runtime::Current()->NoteReleased(id_, /*exclusive=*/true);
  state_.writer = kNoThread;
}

void Mutex::AssertHeld() const {
  const Runtime* runtime = Runtime::InThread();
  const ThreadId self = runtime == nullptr ? kOutsideThreads : runtime->current();
  Check(state_.writer == self, "not held", role_);
}

SharedMutex::SharedMutex(const char* role) : id_(NewId()), role_(role) {}

SharedMutex::~SharedMutex() {
  if (Runtime::InThread() == nullptr) return;
  Check(state_.writer == kNoThread && state_.readers == 0, "destroyed held", role_);
}

void SharedMutex::EnterLeaf(uint32_t key) {
  if (key == kWholeObject) return;
  leaf_key_ = key;
  Runtime::Current()->SetLeaf(true);
}

uint32_t SharedMutex::LeaveLeaf() {
  const uint32_t key = std::exchange(leaf_key_, kWholeObject);
  if (key != kWholeObject) Runtime::Current()->SetLeaf(false);
  return key;
}

void SharedMutex::Acquire(uint32_t key) {
  Runtime* runtime = Runtime::InThread();
  if (runtime == nullptr) {
    Check(state_.writer == kNoThread && state_.readers == 0, "acquired twice", role_);
    state_.writer = kOutsideThreads;
    return;
  }
  Check(state_.writer != runtime->current(), "acquired twice by the same thread", role_);
  runtime->Announce(LockOperation(OpKind::kAcquire, id_, role_, state_, key, /*write=*/true));
  state_.writer = runtime->current();
  runtime->NoteAcquired(id_, role_, /*exclusive=*/true, /*waited=*/true);
  EnterLeaf(key);
}

void SharedMutex::Release() {
  Runtime* runtime = Runtime::InThread();
  const ThreadId self = runtime == nullptr ? kOutsideThreads : runtime->current();
  Check(state_.writer == self, "released by a thread that does not hold it", role_);
  BeforeRelease(runtime, id_, role_, state_, LeaveLeaf(), /*write=*/true);
  state_.writer = kNoThread;
}

void SharedMutex::AcquireShared(uint32_t key) {
  Runtime* runtime = Runtime::InThread();
  if (runtime == nullptr) {
    Check(state_.writer == kNoThread, "shared while held", role_);
    ++state_.readers;
    return;
  }
  runtime->Announce(
      LockOperation(OpKind::kAcquireShared, id_, role_, state_, key, /*write=*/false));
  ++state_.readers;
  runtime->NoteAcquired(id_, role_, /*exclusive=*/false, /*waited=*/true);
  EnterLeaf(key);
}

void SharedMutex::ReleaseShared() {
  Runtime* runtime = Runtime::InThread();
  Check(state_.readers > 0, "released but not held", role_);
  BeforeRelease(runtime, id_, role_, state_, LeaveLeaf(), /*write=*/false);
  --state_.readers;
}

}  // namespace sim
