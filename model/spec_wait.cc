// The reference model: object_wait_one and object_wait_many, and the changes that end waits.
//
// Map: registration; the sleep; taking down, and the result; what ends waits from outside.
//
// Where `observed` is fixed at the match, a wait leaves its object's list when it is satisfied or
// canceled; where it accumulates, it stays on the list until its thread takes it down, and sees
// every change up to then (WT-5, WT-6).
#include <algorithm>
#include <cassert>

#include "model/stepper.h"

namespace model {

using core::Status;

uint32_t ItemCount(const Call& call) {
  if (call.kind == CallKind::kObjectWaitOne) return 1;
  return call.count.value_or(static_cast<uint32_t>(call.items.size()));
}

WaitItem ItemAt(const Call& call, uint32_t index) {
  if (call.kind != CallKind::kObjectWaitMany) return {call.handle, call.signals};
  return index < call.items.size() ? call.items[index] : WaitItem{RawHandle{}, core::kSignalNone};
}

// --- Registration ---

/// Look-up and registration are one step: a racing close is before, and then the handle is bad, or
/// after, and then it finds the wait (WT-2).
void Stepper::StartWaitOne() {
  RegisterItem();
}

void Stepper::StartWaitMany() {
  const uint32_t count = ItemCount(call());
  if (count > rules().max_wait_items) return Finish(rules().too_many_wait_items);
  if (count == 0) return FallAsleep();
  if (AllocationFails()) return Finish(Status::kNoMemory);
  if (MemoryFails(call().buffers.out)) return Finish(Status::kInvalidArgs);
  thread_.phase = Phase::kRegister;
}

Status CheckWait(const State& state, ProcessIndex process, std::optional<HandleId> id) {
  const HandleRecord* handle = LookUp(state, process, id);
  if (handle == nullptr) return Status::kBadHandle;
  if ((handle->rights & RulesOf(state.generation).wait_right) == 0) return Status::kAccessDenied;
  const bool is_waitable = state.FindObject(handle->object)->type != core::ObjectType::kPort;
  return is_waitable ? Status::kOk : Status::kNotSupported;
}

/// One item is looked up and registered. All of them together are one step as far as the table is
/// concerned, which is locked from the first to the last; but objects change in between (WT-12).
/// Before an item that is bad others may have been registered: these are taken down.
void Stepper::RegisterItem() {
  const WaitItem item = ItemAt(call(), thread_.position);
  if (Status status = CheckWait(item.handle); status != Status::kOk) {
    if (thread_.waits.empty()) return Finish(status);
    thread_.result.status = status;
    thread_.position = 0;
    thread_.phase = Phase::kTakeDown;
    return;
  }
  const HandleRecord* handle = LookUp(state_, process(), Resolve(thread_, item.handle));
  const core::Signals active = state_.FindObject(handle->object)->signals;
  Wait wait;
  wait.handle = handle->id;
  wait.object = handle->object;
  wait.signals = item.signals;
  wait.place = NextPlace(*state_.FindObject(handle->object));
  wait.matched = (active & item.signals) != 0;  // Whatever the deadline (WT-3).
  wait.listed = !wait.matched || rules().observed_accumulates;
  if (wait.matched || rules().observed_accumulates) wait.observed = active;
  thread_.waits.push_back(wait);
  thread_.bound.push_back(handle->object);
  if (++thread_.position < ItemCount(call())) {
    thread_.phase = Phase::kRegister;
    return;
  }
  FallAsleep();
}

namespace {

bool WaitsForSeveral(const Call& call) {
  return call.kind == CallKind::kObjectWaitMany && ItemCount(call) > 1;
}

bool SomebodyIsToldApart(const Program& program) {
  return SuspendsThreads(program) ||
         std::ranges::any_of(program.threads, [](const ThreadProgram& thread) {
           return std::ranges::any_of(thread.calls, WaitsForSeveral);
         });
}

}  // namespace

/// Whether the thread, which waits, learns of a change in a step of its own. Until then somebody
/// may suspend it, or it may fall asleep after further registrations and its deadline may pass.
bool Stepper::IsToldApart(ThreadIndex thread) const {
  const Call& wait = program_.threads[thread].calls[state_.threads[thread].next_call];
  return WaitsForSeveral(wait) || MayBeSuspended(program_, thread);
}

uint32_t Stepper::NextPlace(const Object& object) const {
  if (!SomebodyIsToldApart(program_)) return 0;
  uint32_t last = 0;
  for (const AsyncWait& wait : object.async_waits) last = std::max(last, wait.place);
  for (const ThreadState& thread : state_.threads) {
    for (const Wait& wait : thread.waits) {
      if (wait.object == object.id) last = std::max(last, wait.place);
    }
  }
  return last + 1;
}

void Stepper::FallAsleep() {
  thread_.position = 0;
  BeginSleep();
  thread_.phase = Phase::kSleeping;
}

// --- The sleep ---

void Stepper::BeginSleep() {
  thread_.sleep = {.has_deadline = call().deadline.kind != Deadline::Kind::kNever,
                   .fired = false,
                   .interrupted = false};
}

/// Asleep: its deadline fires, or it notices that it is suspended; both leave the waits registered.
/// Awake: the waits are taken down one by one, each with its reference.
void Stepper::StepSleeping() {
  if (thread_.phase == Phase::kSleeping) {
    if (!thread_.killed && !thread_.sleep->over() && !IsAwake(state_, thread_)) return EndSleep();
    thread_.phase = Phase::kTakeDown;
  }
  if (ReleasesBeforeTakeDown(thread_)) return ReleaseBound();
  if (thread_.position < thread_.waits.size()) TakeDownItem();
  if (thread_.position == thread_.waits.size()) FinishWait();
}

/// A sleep that nothing else has ended: which of its own ends comes is a choice.
void Stepper::EndSleep() {
  const bool may_fire = DeadlineMayFire(thread_);
  const bool may_stop = thread_.suspensions != 0;
  assert(may_fire || may_stop);
  const bool fires = may_fire && (!may_stop || decisions_.Choose(2) == 0);
  if (!fires) {
    thread_.sleep->interrupted = true;
    return;
  }
  thread_.sleep->fired = true;
}

/// At any moment, whatever the deadline is and whatever the clock says: a thread may be as slow as
/// it likes before it sleeps, and until then an early deadline of its holds no later one back.
bool DeadlineMayFire(const ThreadState& thread) {
  return thread.sleep->has_deadline;
}

// --- Taking down ---

/// The reference to an item goes before the next item is taken down. It may be the last to an
/// endpoint, and closing what is in that queue may change what the next item sees.
bool ReleasesBeforeTakeDown(const ThreadState& thread) {
  return thread.bound.size() > thread.waits.size() - thread.position;
}

/// The next item, in order. One that has ended from outside shows nothing more, but that too is
/// found out under the lock of its object.
void Stepper::TakeDownItem() {
  Wait& wait = thread_.waits[thread_.position++];
  if (!wait.listed) return;
  wait.listed = false;
  wait.observed |= state_.FindObject(wait.object)->signals;
}

/// A cancel counts even after the deadline, and even if something else matched first (WT-14); a
/// match after the deadline comes too late, although the wanted signal shows in what was observed
/// (WT-8). Interrupted, the whole call is made again. A wait that never slept had a bad item.
void Stepper::FinishWait() {
  thread_.position = 0;
  if (!thread_.sleep) {
    thread_.waits.clear();
    return Finish(thread_.result.status);
  }
  Status status = thread_.sleep->fired ? Status::kTimedOut : Status::kOk;
  if (thread_.sleep->interrupted) status = Status::kInternalIntrRetry;
  if (thread_.killed) status = Status::kInternalIntrKilled;
  if (std::ranges::any_of(thread_.waits, [](const Wait& wait) { return wait.canceled; })) {
    status = Status::kCanceled;
  }
  Finish(status);
  const bool answers = !thread_.killed && status != Status::kInternalIntrRetry;
  if (answers) TellObserved();
  thread_.waits.clear();
  thread_.sleep.reset();
}

void Stepper::TellObserved() {
  if (thread_.waits.empty()) return;
  const Memory memory = call().buffers.out;
  const bool is_one = call().kind == CallKind::kObjectWaitOne;
  if (is_one && memory == Memory::kNull) return;
  if (MemoryFails(memory)) return Finish(Status::kInvalidArgs);
  if (is_one) {
    thread_.result.observed = thread_.waits.front().observed;
    return;
  }
  for (const Wait& wait : thread_.waits) thread_.result.pending.push_back(wait.observed);
}

// --- What ends waits from outside ---

/// Waits belong to a handle: those through other handles to the same object go on (WT-30).
void Stepper::CancelWaits(HandleId handle) {
  Object* object = state_.FindObject(state_.FindHandle(handle)->object);
  for (ThreadState& thread : state_.threads) {
    for (Wait& wait : thread.waits) {
      if (!wait.listed || wait.handle != handle) continue;
      wait.canceled = true;
      wait.observed |= object->signals | core::kSignalHandleClosed;
      wait.listed = rules().observed_accumulates;
    }
  }
  std::erase_if(object->async_waits,
                [handle](const AsyncWait& wait) { return wait.handle == handle; });
}

/// A change of signals ends the waits that it satisfies. What activates nothing new wakes nobody
/// (S-8).
///
/// Hence a thread that waited before a message came may wake for a message that somebody else has
/// taken by then, but one that registers while the queue is empty sleeps (S-9, N-16).
///
/// In further steps ports hear of it, and some threads. The others cannot tell when they were
/// woken: going on takes the lock that is held until the last one knows.
void Stepper::UpdateSignals(Object* object, core::Signals clear, core::Signals set) {
  const core::Signals before = object->signals;
  object->signals = (before & ~clear) | set;
  const core::Signals fresh = object->signals & ~before;
  std::vector<Delivery::Item> items;
  for (ThreadIndex i = 0; i < state_.threads.size(); ++i) {
    std::vector<Wait>& waits = state_.threads[i].waits;
    for (uint32_t k = 0; k < waits.size(); ++k) {
      if (!waits[k].listed || waits[k].object != object->id) continue;
      ShowSignals(*object, &waits[k]);
      if ((waits[k].signals & fresh) == 0 || waits[k].matched) continue;
      if (IsToldApart(i)) {
        Delivery::Item& item = items.emplace_back();
        item.place = waits[k].place;
        item.thread = i;
        item.wait = k;
      } else {
        waits[k].matched = true;
      }
    }
  }
  FireAsyncWaits(object, fresh, &items);
  std::ranges::stable_sort(items, std::ranges::greater(), &Delivery::Item::place);
  StartDelivery(*object, std::move(items));
}

void Stepper::ShowSignals(const Object& object, Wait* wait) const {
  const bool matches = (wait->signals & object.signals) != 0;
  if (matches || rules().observed_accumulates) wait->observed |= object.signals;
  wait->listed = !matches || rules().observed_accumulates;
}

}  // namespace model
