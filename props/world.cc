#include "props/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

#include "props/bounds.h"
#include "props/describe.h"
#include "sim/api/clock.h"
#include "sim/api/mutex.h"
#include "sim/object/operation.h"

namespace props {

namespace {

// Twice what a thread of the kernel has: sanitizers and slow builds have larger frames.
constexpr size_t kMaxDepthBytes = size_t{16} << 10;

// Does the work of the kernel's worker on the thread that leaves it something, and at once, unless
// another thread is at it. With a slot of its own, as the worker would have: what dies here is
// freed in the worker's order and not in that of a free which this thread may be in.
void ActAsWorker(void* kernel) {
  void*& slot = platform::ThreadSlot();
  void* const own = std::exchange(slot, nullptr);
  static_cast<core::Kernel*>(kernel)->ReapHandles();
  slot = own;
}

}  // namespace

sim::ExecutionLimits LimitsOf(const model::Litmus& litmus, uint32_t max_steps) {
  sim::ExecutionLimits limits;
  limits.max_steps = std::min(max_steps, litmus.within.steps.value_or(max_steps));
  limits.check_lock_order = true;
  limits.early_fires = EarlyBound(litmus);
  limits.max_depth_bytes = kMaxDepthBytes;
  const model::Faults faults = model::FaultsWithin(litmus);
  limits.faults[static_cast<size_t>(sim::FaultKind::kAllocation)] = faults.allocation;
  limits.faults[static_cast<size_t>(sim::FaultKind::kUserMemory)] = faults.user_memory;
  return limits;
}

// What callers tell and ask, and their lives: a thread begins as a body of the engine and ends as a
// thread of the kernel.
class World::Host final : public CallerHost {
 public:
  explicit Host(World& world) : world_(world), lives_(world.program_.threads.size()) {
    for (model::ThreadIndex i = 0; i < world.program_.threads.size(); ++i) {
      bodies_.push_back({this, i});
    }
  }

  void Start() {
    for (Life& life : lives_) {
      life.lock.emplace("life");
      life.gone = false;
      life.suspensions = 0;
      life.leaving = false;
    }
  }
  void Spawn(sim::Runtime& runtime, model::ThreadIndex thread) {
    runtime.Spawn(world_.program_.threads[thread].name, bodies_[thread]);
  }
  bool IsLeaving(model::ThreadIndex thread) const { return lives_[thread].leaving; }

  bool AddCall(model::ThreadIndex thread) override {
    Bodies* bodies = world_.bodies_.get();
    if (bodies == nullptr || !bodies->Has(thread)) return false;
    const bool goes_on = bodies->Next(thread);
    if (const std::optional<BodyFailure>& failure = bodies->failure()) {
      world_.runtime_->Fail(
          failure->is_claim ? sim::FailureKind::kClaim : sim::FailureKind::kMisuse,
          failure->message);
    }
    return goes_on;
  }
  void OnInvoke(model::ThreadIndex thread, uint32_t call) override {
    world_.calls_[thread] = call;
    Mark({model::HistoryEvent::Kind::kInvoke, thread, call, 0, {}});
    if (!world_.recording_) return;
    const model::ThreadProgram& program = world_.program_.threads[thread];
    const model::Call& made = program.calls[call];
    const std::string name = made.result ? program.variables[*made.result].name : "";
    world_.AddNote(Note::Kind::kCall, thread, name,
                   model::PrintCall(world_.program_, thread, made));
  }
  void OnReturn(model::ThreadIndex thread, uint32_t call, const model::CallResult& result,
                uint32_t block) override {
    Mark({model::HistoryEvent::Kind::kReturn, thread, call, block, result});
    if (world_.is_scenario() && world_.bodies_->Has(thread)) {
      world_.bodies_->SetAnswer(thread, result, block);
    }
    if (!world_.recording_) return;
    const model::Call& made = world_.program_.threads[thread].calls[call];
    world_.AddNote(Note::Kind::kReturn, thread, "", DescribeResult(made, result, block));
  }
  uint32_t Choose(uint32_t count) override { return sim::Choose(count); }

  core::Status Control(const model::Call& call) override {
    if (call.kind == model::CallKind::kProcessKill) {
      world_.kernel_->KillProcess(world_.setting_.process(call.target_process), kKilledByProgram);
      return core::Status::kOk;
    }
    // Only resumes: there is no suspension that they could end.
    if (!world_.has_interruptions_) return core::Status::kOk;
    Life& life = lives_[call.target_thread];
    core::Thread& target = world_.callers_[call.target_thread]->thread();
    life.lock->Acquire();
    // What has ended, or was not suspended, stays as it is: that is no failure.
    if (!life.gone) Interrupt(call.kind, life, target);
    life.lock->Release();
    return core::Status::kOk;
  }

  bool MayGoOn(model::ThreadIndex thread) override {
    return !world_.has_interruptions_ || world_.callers_[thread]->thread().WaitUntilResumed();
  }

 private:
  static constexpr int64_t kKilledByProgram = -1024;

  struct Body {
    Host* host;
    model::ThreadIndex thread;
    void operator()() { host->Live(thread); }
  };
  // Of one thread: an end, a kill and a suspension conflict with those of the same thread alone.
  struct Life {
    std::optional<sim::Mutex> lock;
    // Guarded by it.
    bool gone = false;  // Nobody touches the thread of the kernel any more.
    uint32_t suspensions = 0;

    bool leaving = false;  // Its end is in progress.
  };

  static void Interrupt(model::CallKind kind, Life& life, core::Thread& target) {
    if (kind == model::CallKind::kThreadKill) {
      target.Kill();
    } else if (kind == model::CallKind::kThreadSuspend) {
      ++life.suspensions;
      target.Suspend();
    } else if (life.suspensions != 0) {
      --life.suspensions;
      target.Resume();
    }
  }

  void Live(model::ThreadIndex thread) {
    Caller& caller = *world_.callers_[thread];
    caller();
    if (!world_.has_interruptions_) return;
    Life& life = lives_[thread];
    life.leaving = true;
    life.lock->Acquire();
    life.gone = true;
    life.lock->Release();
    world_.kernel_->ExitThread(caller.thread());
    life.leaving = false;
  }

  void Mark(const model::HistoryEvent& event) {
    if (world_.mark_count_ == world_.marks_.size()) world_.marks_.emplace_back();
    HistoryMark& mark = world_.marks_[world_.mark_count_++];
    mark.step = world_.runtime_->event_count();
    mark.event = event;  // Keeps the memory of what was there.
  }

  World& world_;
  std::vector<Body> bodies_;
  std::vector<Life> lives_;  // By thread.
};

// --- The execution ---

World::World(const model::Litmus& litmus)
    : scenario_(ScenarioOf(litmus)),
      made_(scenario_ != nullptr ? std::optional(litmus) : std::nullopt),
      litmus_(made_ ? *made_ : litmus),
      program_(litmus_.program),
      bodies_(made_ ? std::make_unique<Bodies>(*scenario_, &made_->program) : nullptr),
      has_interruptions_(model::HasInterruptions(program_)),
      setting_(program_, litmus.generation),
      host_(std::make_unique<Host>(*this)),
      shown_(program_.handles.size()) {
  assert(!FindScenarioMistake(litmus));
  for (model::ThreadIndex i = 0; i < program_.threads.size(); ++i) {
    callers_.push_back(std::make_unique<Caller>(program_, i, setting_, *host_, sim::kAtAnyMoment));
  }
  observation_.results.resize(program_.threads.size());
  observation_.endpoints.resize(program_.handles.size());
  observation_.blocked.resize(program_.threads.size());
}

World::~World() = default;

void World::Start(sim::Runtime& runtime) {
  runtime_ = &runtime;
  if (bodies_) bodies_->Reset();
  notes_.clear();
  mark_count_ = 0;
  calls_.assign(program_.threads.size(), 0);
  shown_.assign(program_.handles.size(), ShownEndpoint{});
  // In the arena, like everything of the kernel: an execution that is cut short leaves nothing.
  kernel_ = new (core::AllocateBytes(sizeof(core::Kernel), "kernel"))
      core::Kernel(ProfileOf(litmus_.generation));
  kernel_->set_reaper_worker({&ActAsWorker, kernel_});
  setting_.Make(*kernel_);
  view_.Take(*kernel_);
  known_.clear();
  NoteObjects();
  if (has_interruptions_) host_->Start();
  for (model::ThreadIndex i = 0; i < program_.threads.size(); ++i) {
    callers_[i]->Reset(*kernel_->CreateThread(setting_.process(program_.threads[i].process)));
    host_->Spawn(runtime, i);
  }
  if (recording_) NoteChanges();
}

void World::NoteObjects() {
  for (const ObjectView& view : view_.objects()) {
    if (view.was_known) continue;
    if (std::find(known_.begin(), known_.end(), view.object) != known_.end()) continue;
    known_.push_back(view.object);
  }
}

// Objects are seen even out of everybody's reach: an endpoint that lies in its own queue still has
// its handle (H-10).
void World::TakeView() {
  open_.clear();
  for (const core::Dispatcher* object : known_) {
    // An object of the core is a block of the arena, and no other block is ever put in its place;
    // without a handle it may be about to go.
    if (!runtime_->arena().IsLive(object) || object->PeekHandleCount() == 0) continue;
    open_.push_back(object);
  }
  view_.Take(*kernel_, open_);
  NoteObjects();
}

void World::AtBoundary(sim::Runtime& runtime) {
  TakeView();
  // What has leaked may hold handles to what has not.
  bool is_all_seen = !litmus_.allow_leak;
  for (model::ThreadIndex i = 0; i < callers_.size(); ++i) {
    is_all_seen = is_all_seen && !callers_[i]->in_call() && !host_->IsLeaving(i);
  }
  std::string broken = view_.FindBrokenInvariant(is_all_seen);
  if (recording_) NoteChanges();
  if (!broken.empty()) runtime.Fail(sim::FailureKind::kInvariant, std::move(broken));
}

void World::AddNote(Note::Kind kind, model::ThreadIndex thread, std::string subject,
                    std::string text) {
  notes_.push_back({kind, runtime_->event_count(), thread, std::move(subject), std::move(text)});
}

std::string World::NameOfProcess(core::Koid koid) const {
  const model::ProcessIndex index = setting_.IndexOf(koid);
  return index < program_.processes.size() ? program_.processes[index] : "?";
}

void World::NoteChanges() {
  TakeView();
  for (model::EndpointIndex i = 0; i < program_.handles.size(); ++i) {
    const ObjectView* object = view_.FindObject(setting_.object(i));
    if (object == nullptr || object->channel == nullptr) continue;
    const std::string& name = program_.handles[i].name;
    ShownEndpoint& shown = shown_[i];
    const core::Koid owner = object->channel->PeekOwner();
    if (shown.owner != 0 && shown.owner != owner) {
      AddNote(Note::Kind::kRemark, 0, "",
              fmt::format("owner of {}: {} -> {}", name, NameOfProcess(shown.owner),
                          NameOfProcess(owner)));
    }
    shown.owner = owner;
    std::vector<std::string> queue = QueueOf(*object->channel);
    if (queue == shown.queue) continue;
    AddNote(Note::Kind::kQueue, 0, name + ".queue", model::PrintValue(queue));
    shown.queue = std::move(queue);
  }
}

void World::Observe() {
  TakeView();
  for (model::EndpointIndex i = 0; i < program_.handles.size(); ++i) {
    model::EndpointObservation& seen = observation_.endpoints[i];
    seen = model::EndpointObservation{};
    const ObjectView* object = view_.FindObject(setting_.object(i));
    if (object == nullptr || object->object->PeekHandleCount() == 0) continue;
    seen.signals = object->object->PeekSignals();
    if (object->channel == nullptr) {
      // Its handles may be in several places.
      seen.place = model::EndpointObservation::Place::kTable;
      continue;
    }
    seen.queue = QueueOf(*object->channel);
    const HandleView* handle = view_.FindHandleTo(setting_.object(i));
    const bool in_table = handle != nullptr && handle->process != nullptr;
    seen.place = in_table ? model::EndpointObservation::Place::kTable
                          : model::EndpointObservation::Place::kTransit;
    if (in_table) seen.owner = setting_.IndexOf(handle->process->koid());
  }
  for (model::ThreadIndex i = 0; i < callers_.size(); ++i) {
    observation_.results[i] = callers_[i]->results();
    observation_.blocked[i] = callers_[i]->in_call();
  }
}

std::vector<CallSpan> World::SpansOf(const sim::Execution& execution) const {
  std::vector<CallSpan> spans;
  std::vector<size_t> current(program_.threads.size());  // By thread.
  for (size_t i = 0; i < mark_count_; ++i) {
    const model::HistoryEvent& event = marks_[i].event;
    if (event.kind == model::HistoryEvent::Kind::kInvoke) {
      current[event.thread] = spans.size();
      CallSpan& span = spans.emplace_back();
      span.thread = event.thread;
      span.call = event.call;
      span.invoked = i;
    } else {
      spans[current[event.thread]].returned = i;
    }
  }
  for (CallSpan& span : spans) {
    const sim::EventIndex begin = marks_[span.invoked].step;
    const sim::EventIndex end = span.returned
                                    ? marks_[*span.returned].step
                                    : static_cast<sim::EventIndex>(execution.events.size());
    sim::EventIndex first = begin;
    while (first < end && execution.events[first].thread != span.thread) ++first;
    span.has_events = first < end;
    if (span.has_events) {
      span.first = first;
    } else if (span.returned && begin != 0) {
      span.first = begin - 1;
    }
    if (!span.returned || end == 0) continue;
    span.last = end - 1;  // The code after an event is run at once.
    assert(execution.events[end - 1].thread == span.thread);
  }
  return spans;
}

model::History World::HistoryOf(const sim::Execution& execution) const {
  // By mark; true: with the event that follows.
  std::vector<std::pair<sim::EventIndex, bool>> ranks;
  for (size_t i = 0; i < mark_count_; ++i) ranks.emplace_back(marks_[i].step, false);
  for (const CallSpan& span : SpansOf(execution)) {
    if (span.has_events) {
      ranks[span.invoked] = {*span.first, true};
    } else if (!span.returned) {
      ranks[span.invoked] = {static_cast<sim::EventIndex>(execution.events.size()), true};
    }
  }
  std::vector<size_t> order(mark_count_);
  std::iota(order.begin(), order.end(), size_t{0});
  // What returned after the same events returned before what begins with the next one.
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return ranks[a] < ranks[b]; });
  return HistoryIn(order, execution);
}

model::History World::HistoryIn(const std::vector<size_t>& order,
                                const sim::Execution& execution) const {
  model::History history;
  for (const size_t mark : order) history.events.push_back(marks_[mark].event);
  if (execution.end != sim::ExecutionEnd::kFailed) history.end = observation_;
  return history;
}

// Every message written was read, is queued, or died with an endpoint. Only the first two can be
// counted from outside, so the sum must fit exactly when every endpoint ever made is still there.
void World::CheckConservation(sim::Runtime& runtime) const {
  uint32_t written = 0;
  uint32_t taken = 0;
  uint32_t endpoints = 0;
  for (const auto& caller : callers_) {
    if (!caller->knows_its_messages()) return;
    written += caller->written();
    taken += caller->taken();
    endpoints += 2 * caller->channels_made();
  }
  for (const model::InitialQueue& queue : program_.queues) {
    for (const model::InitialMessage& message : queue.messages) {
      written += 1 + message.nested;
      endpoints += message.nested;
    }
  }
  for (const model::DeclaredObject& object : program_.objects) {
    if (object.type == core::ObjectType::kChannel) endpoints += 2;
  }
  uint32_t queued = 0;
  for (const ObjectView& object : view_.objects()) {
    if (object.channel == nullptr || object.channel->PeekHandleCount() == 0) continue;
    --endpoints;
    object.channel->PeekEach([&](const core::MessagePacket&) { ++queued; });
  }
  if (endpoints == 0 ? written == taken + queued : written >= taken + queued) return;
  runtime.Fail(sim::FailureKind::kInvariant,
               fmt::format("a message was lost or doubled: {} written, {} read, {} queued", written,
                           taken, queued));
}

void World::Finish(sim::Runtime& runtime) {
  Observe();
  if (recording_) NoteChanges();
  bool all_returned = true;
  for (bool blocked : observation_.blocked) all_returned = all_returned && !blocked;
  if (!all_returned) return;  // Threads in a call still use the kernel.
  CheckConservation(runtime);
  kernel_->~Kernel();
  platform::Free(kernel_);
}

}  // namespace props
