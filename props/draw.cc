#include "props/draw.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/spec.h"
#include "props/drawer.h"

namespace props {

using model::CallKind;

size_t Dice::Weighted(const std::vector<uint32_t>& weights) {
  uint32_t total = 0;
  for (const uint32_t weight : weights) total += weight;
  uint32_t drawn = random_.Below(total);
  size_t index = 0;
  while (drawn >= weights[index]) drawn -= weights[index++];
  return index;
}

namespace {

// Calls that belong together, and how often each is drawn when its family is in.
struct Family {
  uint32_t weight;  // How often a program is about this above all.
  std::vector<std::pair<CallKind, uint32_t>> calls;
};

const std::vector<Family>& Families() {
  static const std::vector<Family> families = {
      {4, {{CallKind::kChannelWrite, 8}, {CallKind::kChannelRead, 8}}},
      {6,
       {{CallKind::kChannelCall, 12}, {CallKind::kChannelWrite, 2}, {CallKind::kChannelRead, 4}}},
      {2, {{CallKind::kHandleClose, 6}, {CallKind::kHandleCloseMany, 2}}},
      {4, {{CallKind::kObjectWaitOne, 8}, {CallKind::kObjectWaitMany, 4}}},
      {2, {{CallKind::kHandleDuplicate, 5}, {CallKind::kHandleReplace, 5}}},
      {2,
       {{CallKind::kChannelWriteEtc, 6},
        {CallKind::kChannelReadEtc, 6},
        {CallKind::kChannelCallEtc, 4}}},
      {3,
       {{CallKind::kPortCreate, 8},
        {CallKind::kObjectWaitAsync, 8},
        {CallKind::kPortWait, 6},
        {CallKind::kPortQueue, 3},
        {CallKind::kPortCancel, 4}}},
      {1, {{CallKind::kObjectSignal, 6}, {CallKind::kObjectSignalPeer, 4}}},
      {1,
       {{CallKind::kChannelCreate, 4},
        {CallKind::kEventCreate, 2},
        {CallKind::kEventPairCreate, 2}}},
      {1, {{CallKind::kObjectGetInfo, 4}, {CallKind::kHandleCheckValid, 2}}},
  };
  return families;
}

constexpr std::string_view kThreadNames[] = {"t", "u", "v", "w"};
constexpr std::string_view kProcessNames[] = {"p", "q", "o"};

}  // namespace

// --- What the program is made of ---

// One family above all, and a little of some others.
void Drawer::DrawTaste() {
  const std::vector<Family>& families = Families();
  std::vector<uint32_t> weights;
  for (const Family& family : families) weights.push_back(family.weight);
  const size_t first = dice_.Weighted(weights);
  for (size_t i = 0; i < families.size(); ++i) {
    const uint32_t other = dice_.Percent(30) ? 1 : 0;
    const uint32_t strength = i == first ? 4 : other;
    for (const auto& [kind, weight] : families[i].calls) {
      taste_.weights[static_cast<size_t>(kind)] += strength * weight;
    }
  }
  taste_.mistakes = dice_.OneOf<uint32_t>({0, 0, 0, 5, 25});
  taste_.stale = dice_.OneOf<uint32_t>({0, 2, 2, 10});
  taste_.cargo = dice_.OneOf<uint32_t>({0, 15, 50, 80});
  taste_.lag = dice_.OneOf<uint32_t>({10, 40, 80});
  taste_.conflict = dice_.OneOf<uint32_t>({0, 20, 50});
  taste_.reach_out = dice_.OneOf<uint32_t>({20, 50, 80});
}

void Drawer::DrawGeneration() {
  const bool is_current = dice_.Percent(64);
  const uint32_t other = dice_.Below(model::kGenerations.size() - 1);
  if (is_current) return;
  litmus_.generation = model::kGenerations[other];
  litmus_.metadata.emplace_back("Abi", model::GenerationName(litmus_.generation));
}

void Drawer::DrawObjects(uint32_t processes) {
  for (uint32_t i = 0; i < processes; ++i) program_.processes.emplace_back(kProcessNames[i]);
  const size_t channels = 1 + dice_.Weighted({9, 9, 2});
  for (size_t i = 0; i < channels; ++i) {
    DrawObject(core::ObjectType::kChannel, std::string(1, "abc"[i]));
  }
  if (dice_.Percent(35)) DrawObject(core::ObjectType::kEvent, "e");
  if (dice_.Percent(30)) DrawObject(core::ObjectType::kEventPair, "x");
  const bool waits_at_ports = taste_.weights[static_cast<size_t>(CallKind::kPortWait)] != 0;
  if (dice_.Percent(waits_at_ports ? 50 : 5)) DrawObject(core::ObjectType::kPort, "o");
  for (model::EndpointIndex i = 0; i < program_.handles.size(); ++i) {
    const model::DeclaredObject& object = program_.objects[program_.handles[i].object];
    if (object.type != core::ObjectType::kChannel || !dice_.Percent(18)) continue;
    model::InitialQueue queue{.endpoint = i, .messages = {DrawMessage("m")}};
    if (dice_.Percent(40)) queue.messages.push_back(DrawMessage("n"));
    program_.queues.push_back(std::move(queue));
  }
}

model::InitialMessage Drawer::DrawMessage(std::string payload) {
  constexpr uint32_t kDeep = 160;
  const uint32_t shallow = dice_.Percent(15) ? 1 + dice_.Below(3) : 0;
  const bool deep = dice_.Percent(taste_.deep);
  return {std::move(payload), deep ? kDeep : shallow};
}

void Drawer::DrawObject(core::ObjectType type, const std::string& name) {
  constexpr core::Rights kSome[] = {core::kRightRead,   core::kRightWrite,     core::kRightTransfer,
                                    core::kRightWait,   core::kRightDuplicate, core::kRightSignal,
                                    core::kRightInspect};
  model::DeclaredObject object{.name = name, .type = type, .handles = {}};
  const uint32_t handles = model::IsPaired(type) ? 2 : 1 + dice_.Below(3);
  for (uint32_t side = 0; side < handles; ++side) {
    object.handles.push_back(static_cast<model::EndpointIndex>(program_.handles.size()));
    model::DeclaredHandle handle;
    handle.name = fmt::format("{}{}", name, side);
    // Where a thread is, most of them in the first process.
    handle.process = dice_.Percent(40) ? 0 : dice_.Below(program_.processes.size());
    handle.object = static_cast<model::ObjectIndex>(program_.objects.size());
    handle.side = side;
    if (dice_.Percent(5)) {
      handle.rights.kind = model::RightsArgument::Kind::kWithout;
      handle.rights.rights = kSome[dice_.Below(std::size(kSome))];
    }
    program_.handles.push_back(std::move(handle));
  }
  program_.objects.push_back(std::move(object));
}

// Each process has a thread, if there are enough.
void Drawer::DrawThreads(uint32_t threads, uint32_t processes) {
  for (uint32_t i = 0; i < threads; ++i) {
    model::ThreadProgram& thread = program_.threads.emplace_back();
    thread.name = kThreadNames[i];
    const uint32_t any = dice_.Percent(50) ? 0 : dice_.Below(processes);
    thread.process = i < processes ? i : any;
  }
  left_.assign(threads, 0);
  payloads_.assign(threads, 0);
}

// --- The walk ---

bool Drawer::InCall(model::ThreadIndex thread) const {
  return state_.threads[thread].next_call < program_.threads[thread].calls.size();
}

// So many steps, as long as the thread can take one without ending.
void Drawer::Run(model::ThreadIndex thread, uint32_t steps) {
  for (uint32_t i = 0; i < steps && InCall(thread); ++i) {
    if (!model::TakeStep(program_, &state_, thread)) return;
  }
  const model::ThreadIndex worker = model::WorkerOf(program_);
  while (model::TakeStep(program_, &state_, worker)) {
  }
}

void Drawer::Add(model::Call call) {
  if (!call.result) {
    call.result = static_cast<model::VariableIndex>(thread().variables.size());
    thread().variables.push_back({fmt::format("r{}", *call.result), call.kind});
    state_.threads[turn_].variables.emplace_back();
  }
  thread().calls.push_back(std::move(call));
}

void Drawer::Append() {
  --left_[turn_];
  model::Call call = DrawCall();
  if (dice_.Percent(taste_.mistakes)) Spoil(&call);
  Add(std::move(call));
}

// A thread moves, or gets its next call. False: nothing can happen any more.
bool Drawer::Turn() {
  std::vector<model::ThreadIndex> able;
  for (model::ThreadIndex i = 0; i < program_.threads.size(); ++i) {
    const bool moves = InCall(i) ? model::CanStep(program_, state_, i) : left_[i] != 0;
    if (moves) able.push_back(i);
  }
  if (able.empty()) return false;
  turn_ = dice_.OneOf(able);
  if (!InCall(turn_)) {
    Append();
    const bool waits = dice_.Percent(taste_.lag);
    if (!waits) Run(turn_, kManySteps);
    return true;
  }
  // A deadline that may pass need not, while somebody else can do something.
  const bool sleeps = state_.threads[turn_].sleep.has_value() && able.size() > 1;
  const bool sleeps_on = dice_.Percent(70) && sleeps;
  if (sleeps_on) return true;
  const bool some = dice_.Percent(40);
  Run(turn_, some ? 1 + dice_.Below(4) : kManySteps);
  return true;
}

void Drawer::Walk() {
  while (Turn()) {
  }
}

// One call each, and some more, so that an exhaustive search is possible most of the time.
void Drawer::DrawBudget(uint32_t more) {
  for (uint32_t i = 0; i < more; ++i) {
    const uint32_t thread = dice_.Below(left_.size());
    if (left_[thread] < 6) ++left_[thread];
  }
}

void Drawer::DrawFreely() {
  const auto processes = static_cast<uint32_t>(1 + dice_.Weighted({5, 7, 2}));
  auto threads = static_cast<uint32_t>(2 + dice_.Weighted({4, 7, size_ > 50 ? 1u : 0u}));
  threads = std::max(threads, processes);
  DrawObjects(processes);
  DrawThreads(threads, processes);
  left_.assign(threads, 1);
  DrawBudget(1 + dice_.Below(2 + size_ / 20));
  state_ = model::InitialState(litmus_);
  const bool shares_port = taste_.weights[static_cast<size_t>(CallKind::kPortWait)] != 0;
  if (dice_.Percent(shares_port ? 35 : 3)) DrawGift();
}

model::Litmus Drawer::DrawConcurrent() {
  litmus_.architecture = "Zircon";
  DrawGeneration();
  DrawTaste();
  switch (dice_.Weighted({14, 3, 2, 3, 2, 1})) {
    case 0:
      DrawFreely();
      break;
    case 1:
      DrawHandOver();
      break;
    case 2:
      DrawWatch();
      break;
    case 3:
      DrawService();
      break;
    case 4:
      DrawCrowd();
      break;
    default:
      DrawNest(2 + dice_.Below(2));
      break;
  }
  Walk();
  if (interrupter_ || dice_.Percent(shares_ ? 45 : 18)) DrawInterruptions();
  if (dice_.Percent(4)) DrawChoice();
  if (dice_.Percent(8)) DrawFaults();
  Finish();
  return std::move(litmus_);
}

// A call that would wait for ever gives up at once instead.
void Drawer::AppendBounded() {
  Append();
  const model::State before = state_;
  Run(turn_, kManySteps);
  if (!InCall(turn_)) return;
  state_ = before;
  thread().calls.back().deadline = {model::Deadline::Kind::kNow, 0};
  Run(turn_, kManySteps);
}

model::Litmus Drawer::DrawSequential() {
  litmus_.architecture = "Zircon";
  DrawGeneration();
  DrawTaste();
  // One thread has few executions: only they may take so many steps.
  taste_.deep = dice_.OneOf<uint32_t>({0, 0, 0, 0, 0, 30});
  const bool nests = dice_.Percent(6);
  if (nests) {
    DrawNest(1);
  } else {
    DrawObjects(1);
    DrawThreads(1, 1);
    state_ = model::InitialState(litmus_);
  }
  left_[0] = nests ? dice_.Below(4) : 4 + dice_.Below(4 + size_ / 8);
  while (left_[0] != 0) AppendBounded();
  Finish();
  return std::move(litmus_);
}

// --- What may happen besides ---

// Threads that are killed, or suspended for a while, by a thread that is there or one of their own.
void Drawer::DrawInterruptions() {
  const bool by_another = !interrupter_ && dice_.Percent(50);
  if (by_another && program_.threads.size() < std::size(kThreadNames)) {
    model::ThreadProgram& thread = program_.threads.emplace_back();
    thread.name = kThreadNames[program_.threads.size() - 1];
    thread.process = dice_.Below(program_.processes.size());
  }
  model::ThreadIndex by = dice_.Below(program_.threads.size());
  if (program_.threads.back().calls.empty()) {
    by = static_cast<model::ThreadIndex>(program_.threads.size() - 1);
  }
  if (interrupter_) by = *interrupter_;
  std::vector<model::Call>& calls = program_.threads[by].calls;
  const model::ThreadIndex others = dice_.Below(program_.threads.size() - 1);
  model::Call call;
  call.target_thread = others < by ? others : others + 1;
  const size_t what = dice_.Weighted({4, 5, 2});
  const uint32_t place = dice_.Below(calls.size() + 1);
  if (what == 2) {
    call = {};
    call.kind = CallKind::kProcessKill;
    call.target_process = dice_.Below(program_.processes.size());
  } else {
    call.kind = what == 0 ? CallKind::kThreadKill : CallKind::kThreadSuspend;
  }
  calls.insert(calls.begin() + place, call);
  if (call.kind != CallKind::kThreadSuspend) return;
  const bool twice = dice_.Percent(25);
  if (twice) calls.insert(calls.begin() + place, call);
  call.kind = CallKind::kThreadResume;
  for (uint32_t i = 0; i < (twice ? 2u : 1u); ++i) {
    const bool resumes = dice_.Percent(85);
    const uint32_t later = place + 1 + dice_.Below(calls.size() - place);
    if (resumes) calls.insert(calls.begin() + later, call);
  }
}

// A few calls that a thread makes or leaves out.
void Drawer::DrawChoice() {
  model::ThreadProgram& thread = program_.threads[dice_.Below(program_.threads.size())];
  const uint32_t begin = dice_.Below(thread.calls.size());
  const uint32_t length = 1 + dice_.Below(thread.calls.size() - begin);
  model::Call choice;
  choice.kind = CallKind::kChoose;
  choice.blocks = {length, 0};
  thread.calls.insert(thread.calls.begin() + begin, choice);
  model::LinkBlocks(&thread);
}

void Drawer::DrawFaults() {
  const bool memory = dice_.Percent(50);
  (memory ? litmus_.faults.allocation : litmus_.faults.user_memory) = 1;
  litmus_.metadata.emplace_back("Faults", memory ? "nomem=1" : "memory=1");
}

// What is looked at: every answer, and the channels at the end.
void Drawer::Finish() {
  using Field = model::Location::Field;
  litmus_.allow_blocked = true;
  litmus_.metadata.emplace_back("Allow", "blocked");
  for (model::ThreadIndex t = 0; t < program_.threads.size(); ++t) {
    for (model::VariableIndex v = 0; v < program_.threads[t].variables.size(); ++v) {
      litmus_.locations.push_back({.field = Field::kStatus, .thread = t, .variable = v});
    }
  }
  for (model::EndpointIndex i = 0; i < program_.handles.size(); ++i) {
    const model::DeclaredObject& object = program_.objects[program_.handles[i].object];
    if (object.type != core::ObjectType::kChannel) continue;
    for (const Field field : {Field::kQueue, Field::kSignals, Field::kOwner}) {
      litmus_.locations.push_back({.field = field, .handle = i});
    }
  }
}

// --- From outside ---

namespace {

model::Litmus Named(model::Litmus litmus, std::string_view kind, uint64_t seed) {
  litmus.program.name = fmt::format("drawn-{}-{:016x}", kind, seed);
  return litmus;
}

}  // namespace

model::Litmus DrawConcurrent(uint64_t seed, uint32_t size) {
  return Named(Drawer(seed, size).DrawConcurrent(), "race", seed);
}

model::Litmus DrawSequential(uint64_t seed, uint32_t size) {
  return Named(Drawer(seed, size).DrawSequential(), "row", seed);
}

bool IsSequential(const model::Litmus& litmus) {
  if (litmus.program.threads.size() != 1 || litmus.faults != model::Faults{}) return false;
  const std::vector<model::Call>& calls = litmus.program.threads[0].calls;
  return std::none_of(calls.begin(), calls.end(), [](const model::Call& call) {
    return call.kind == CallKind::kChoose || call.deadline.kind == model::Deadline::Kind::kMay;
  });
}

model::Litmus DrawProgram(uint64_t seed, uint64_t index) {
  Dice dice(sim::Mix(seed, index));
  const uint64_t own = sim::Mix(index, seed);
  // One thread costs a twentieth of several.
  const bool one_thread = dice.Percent(60);
  const uint32_t size = dice.Below(kMaxDrawSize + 1);
  return one_thread ? DrawSequential(own, size) : DrawConcurrent(own, size);
}

}  // namespace props
