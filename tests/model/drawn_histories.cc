#include "tests/model/drawn_histories.h"

#include <string>
#include <utility>

#include "model/arguments.h"
#include "model/spec.h"

namespace model {

namespace {

Call DrawCall(Dice& dice, uint32_t number) {
  constexpr CallKind kKinds[] = {CallKind::kChannelWrite, CallKind::kChannelRead,
                                 CallKind::kChannelWrite, CallKind::kChannelRead,
                                 CallKind::kHandleClose,  CallKind::kObjectWaitOne,
                                 CallKind::kChannelCall};
  Call call;
  call.kind = kKinds[dice.Below(7)];
  call.handle = NamedHandle{dice.Below(2)};
  call.deadline.kind = dice.Below(2) == 0 ? Deadline::Kind::kMay : Deadline::Kind::kNever;
  switch (call.kind) {
    case CallKind::kChannelWrite:
      // Some have the bytes of another, some are replies, some bring the event.
      call.bytes = {dice.Below(4) == 1 ? "m" : "m" + std::to_string(number)};
      if (dice.Below(4) == 1) call.txid = core::kKernelTxidBit | 1;
      if (dice.Below(4) == 1) call.handles = {NamedHandle{2}};
      break;
    case CallKind::kChannelCall:
      call.bytes = {"m" + std::to_string(number)};
      break;
    case CallKind::kChannelRead:
      if (dice.Below(4) != 1) break;
      call.max_bytes = 0;
      if (dice.Below(2) == 1) call.options = core::kReadMayDiscard;
      break;
    case CallKind::kObjectWaitOne:
      call.signals = dice.Below(2) == 0 ? core::kSignalReadable : core::kSignalPeerClosed;
      break;
    default:
      break;
  }
  return call;
}

// What a thread of a drawn history is doing.
struct Walker {
  bool in_call = false;
  uint32_t call = 0;
};

class Walk {
 public:
  Walk(Dice& dice, const Litmus& litmus)
      : dice_(dice),
        program_(litmus.program),
        state_(InitialState(litmus.program, litmus.generation)),
        walkers_(litmus.program.threads.size()) {}

  History Run(uint32_t moves) {
    uint32_t made = 0;
    while (made < moves && Move()) ++made;
    if (made < moves) history_.end = Observe(program_, state_);
    return std::move(history_);
  }

 private:
  // The drawn thread moves, or the worker, or else the next one that can. False: nobody can.
  bool Move() {
    const uint32_t count = StepperCount(program_);
    const uint32_t first = dice_.Below(count);
    for (uint32_t i = 0; i < count; ++i) {
      if (Move((first + i) % count)) return true;
    }
    return false;
  }

  // The thread begins a call, takes a step, or is told its answer. False: it cannot.
  bool Move(ThreadIndex thread) {
    if (thread == WorkerOf(program_)) return Step(thread);
    Walker& walker = walkers_[thread];
    const ThreadProgram& program = program_.threads[thread];
    if (!walker.in_call) {
      if (walker.call == program.calls.size()) return false;
      walker.in_call = true;
      history_.events.push_back(
          {HistoryEvent::Kind::kInvoke, thread, walker.call, 0, CallResult{}});
      return true;
    }
    const auto& answer =
        state_.threads[thread].variables[*program.calls[walker.call].result].result;
    if (answer) {
      history_.events.push_back({HistoryEvent::Kind::kReturn, thread, walker.call, 0, *answer});
      walker.in_call = false;
      ++walker.call;
      return true;
    }
    return Step(thread);
  }

  bool Step(ThreadIndex thread) {
    std::vector<Transition> transitions = Steps(program_, state_, thread);
    if (transitions.empty()) return false;
    state_ = std::move(transitions[dice_.Below(static_cast<uint32_t>(transitions.size()))].next);
    return true;
  }

  Dice& dice_;
  const Program& program_;
  State state_;
  std::vector<Walker> walkers_;
  History history_;
};

void SpoilAnswer(Dice& dice, CallResult* result) {
  constexpr core::Status kStatuses[] = {core::Status::kOk,         core::Status::kBadHandle,
                                        core::Status::kPeerClosed, core::Status::kShouldWait,
                                        core::Status::kTimedOut,   core::Status::kCanceled};
  if (dice.Below(3) == 0 && !result->bytes.empty()) {
    result->bytes.back() = static_cast<char>('0' + dice.Below(6));
  } else {
    result->status = kStatuses[dice.Below(6)];
  }
}

void SpoilEnd(Dice& dice, Observation* end) {
  const uint32_t thread = dice.Below(static_cast<uint32_t>(end->blocked.size()));
  EndpointObservation& endpoint =
      end->endpoints[dice.Below(static_cast<uint32_t>(end->endpoints.size()))];
  switch (dice.Below(3)) {
    case 0:
      end->blocked[thread] = !end->blocked[thread];
      break;
    case 1:
      endpoint.signals ^= core::kSignalReadable;
      break;
    default:
      if (!endpoint.queue.empty()) endpoint.queue.pop_back();
  }
}

}  // namespace

Litmus DrawProgram(Dice& dice, uint32_t threads, uint32_t calls) {
  Litmus litmus;
  Program& program = litmus.program;
  program.processes = {"p"};
  program.objects = {{"a", core::ObjectType::kChannel, {0, 1}},
                     {"e", core::ObjectType::kEvent, {2}}};
  program.handles = {{"a0", 0, 0, 0, {}}, {"a1", 0, 0, 1, {}}, {"e0", 0, 1, 0, {}}};
  if (dice.Below(2) == 0) program.queues.push_back({0, {{"first"}}});
  for (uint32_t i = 0; i < threads; ++i) {
    ThreadProgram& thread = program.threads.emplace_back();
    thread.name = "t" + std::to_string(i);
    const uint32_t count = 1 + dice.Below(calls);
    for (uint32_t j = 0; j < count; ++j) {
      Call call = DrawCall(dice, 10 * i + j);
      call.result = j;
      thread.variables.push_back({"r" + std::to_string(j), call.kind});
      thread.calls.push_back(std::move(call));
    }
  }
  return litmus;
}

namespace {

/// Adds the objects of another program, without its threads, and tells which handle its first one
/// has become.
EndpointIndex AppendObjects(const Program& other, Program* program) {
  const auto objects = static_cast<uint32_t>(program->objects.size());
  const auto handles = static_cast<uint32_t>(program->handles.size());
  const std::string suffix = "_" + std::to_string(objects);
  for (DeclaredObject object : other.objects) {
    object.name += suffix;
    for (EndpointIndex& handle : object.handles) handle += handles;
    program->objects.push_back(std::move(object));
  }
  for (DeclaredHandle handle : other.handles) {
    handle.name += suffix;
    handle.object += objects;
    program->handles.push_back(std::move(handle));
  }
  for (InitialQueue queue : other.queues) {
    queue.endpoint += handles;
    program->queues.push_back(std::move(queue));
  }
  return handles;
}

Call WithHandlesMoved(Call call, uint32_t by) {
  ForEachHandle(call, [&](HandleArgument& argument) {
    if (auto* named = std::get_if<NamedHandle>(&argument)) named->handle += by;
  });
  return call;
}

/// The call may send what the one before it received, wherever that was.
void MayForward(Dice& dice, std::vector<Call>* calls) {
  if (calls->size() < 2 || dice.Below(2) != 1) return;
  const auto before = static_cast<VariableIndex>(calls->size() - 2);
  Call& call = calls->back();
  if ((*calls)[before].kind != CallKind::kChannelRead || call.bytes.empty()) return;
  call.bytes = {"re:", ResultField{before}};
}

}  // namespace

void Append(const Program& other, Program* program) {
  const EndpointIndex first = AppendObjects(other, program);
  for (ThreadProgram thread : other.threads) {
    thread.name += "_" + std::to_string(first);
    for (Call& call : thread.calls) call = WithHandlesMoved(std::move(call), first);
    program->threads.push_back(std::move(thread));
  }
}

void Braid(Dice& dice, const Program& other, Program* program) {
  const EndpointIndex first = AppendObjects(other, program);
  for (size_t i = 0; i < other.threads.size(); ++i) {
    ThreadProgram& thread = program->threads[i];
    std::vector<Call> braided;
    auto next = thread.calls.begin();
    for (const Call& call : other.threads[i].calls) {
      while (next != thread.calls.end() && dice.Below(2) == 1) braided.push_back(*next++);
      braided.push_back(WithHandlesMoved(call, first));
      if (!call.handles.empty() && dice.Below(2) == 1) braided.back().handles = call.handles;
      MayForward(dice, &braided);
    }
    braided.insert(braided.end(), next, thread.calls.end());
    thread.calls = std::move(braided);
    thread.variables.clear();
    for (uint32_t j = 0; j < thread.calls.size(); ++j) {
      thread.calls[j].result = j;
      thread.variables.push_back({"r" + std::to_string(j), thread.calls[j].kind});
    }
  }
}

History DrawHistory(Dice& dice, const Litmus& litmus) {
  return Walk(dice, litmus).Run(UINT32_MAX);
}

History DrawBeginning(Dice& dice, const Litmus& litmus) {
  const uint32_t moves = dice.Below(20);
  return Walk(dice, litmus).Run(moves);
}

History Spoil(Dice& dice, History history) {
  if (history.events.empty()) return history;
  const auto count = static_cast<uint32_t>(history.events.size());
  for (uint32_t changes = 1 + dice.Below(3); changes > 0; --changes) {
    const uint32_t at = dice.Below(count);
    HistoryEvent& event = history.events[at];
    if (history.end && dice.Below(8) == 1) {
      SpoilEnd(dice, &*history.end);
    } else if (event.kind == HistoryEvent::Kind::kReturn && dice.Below(3) != 0) {
      SpoilAnswer(dice, &event.result);
      if (history.end) history.end->results[event.thread][event.call] = event.result;
    } else if (at + 1 < count && history.events[at + 1].thread != event.thread) {
      std::swap(event, history.events[at + 1]);
    }
  }
  return history;
}

}  // namespace model
