// Draws calls on handles, signals, waits and ports.
#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "model/spec.h"
#include "props/drawer.h"

namespace props {

using core::ObjectType;
using model::CallKind;

namespace {

constexpr core::Signals kUserSignal = 1u << 24;

size_t Index(CallKind kind) {
  return static_cast<size_t>(kind);
}

}  // namespace

// --- Handles ---

std::vector<Drawer::Known> Drawer::Handles() const {
  std::vector<Known> known;
  const auto add = [&](model::HandleArgument argument, model::HandleId id) {
    Known& each = known.emplace_back();
    each.argument = argument;
    const model::HandleRecord* record = state_.FindHandle(id);
    const bool is_ours = record != nullptr && record->place == model::HandleRecord::Place::kTable &&
                         record->process == thread().process;
    if (!is_ours) return;
    each.record = record;
    each.object = state_.FindObject(record->object);
  };
  for (model::EndpointIndex i = 0; i < program_.handles.size(); ++i) {
    if (program_.handles[i].process != thread().process) continue;
    add(model::NamedHandle{i}, {model::kDeclared, i});
  }
  const auto& variables = state_.threads[turn_].variables;
  for (model::VariableIndex v = 0; v < variables.size(); ++v) {
    for (uint32_t k = 0; k < variables[v].handles.size(); ++k) {
      add(model::ResultHandle{v, k}, variables[v].handles[k]);
    }
  }
  return known;
}

std::optional<Drawer::Known> Drawer::Live(Wanted wanted) {
  std::vector<Known> live = Handles();
  std::erase_if(live,
                [&](const Known& known) { return known.object == nullptr || !wanted(known); });
  if (live.empty()) return std::nullopt;
  // What this thread has got itself is more interesting than what is there from the start.
  std::vector<Known> own;
  std::copy_if(live.begin(), live.end(), std::back_inserter(own), [](const Known& known) {
    return std::holds_alternative<model::ResultHandle>(known.argument);
  });
  const bool prefers = dice_.Percent(40);
  return dice_.OneOf(prefers && !own.empty() ? own : live);
}

// A handle that went, or a value that never was one.
model::HandleArgument Drawer::Stale() {
  std::vector<Known> stale = Handles();
  std::erase_if(stale, [](const Known& known) { return known.object != nullptr; });
  const bool raw = dice_.Percent(30);
  if (!stale.empty() && !raw) return dice_.OneOf(stale).argument;
  return model::RawHandle{dice_.OneOf<core::HandleValue>({0, 3, 7, 0x100})};
}

model::HandleArgument Drawer::Handle(Wanted wanted) {
  if (dice_.Percent(taste_.stale)) return Stale();
  const bool any = dice_.Percent(taste_.stale);
  const std::optional<Known> known = Live(any ? [](const Known&) { return true; } : wanted);
  return known ? known->argument : Stale();
}

// --- The choice of a call ---

uint32_t Drawer::WeightOf(CallKind kind) const {
  const uint32_t weight = taste_.weights[Index(kind)];
  if (weight == 0) return 0;
  const std::vector<Known> known = Handles();
  const auto any = [&](auto wanted) {
    return std::any_of(known.begin(), known.end(),
                       [&](const Known& each) { return each.object != nullptr && wanted(each); });
  };
  const bool has_port =
      any([](const Known& each) { return each.object->type == ObjectType::kPort; });
  switch (kind) {
    case CallKind::kChannelRead:
    case CallKind::kChannelReadEtc:
      if (any([](const Known& each) {
            return std::any_of(
                each.object->queue.begin(), each.object->queue.end(),
                [](const model::Message& message) { return model::HandleCountOf(message) != 0; });
          })) {
        return 4 * weight + 20;
      }
      if (any([](const Known& each) { return !each.object->queue.empty(); })) return 4 * weight;
      return 1;
    case CallKind::kPortCreate:
      return has_port ? 1 : weight;
    case CallKind::kObjectWaitAsync:
    case CallKind::kPortCancel:
    case CallKind::kPortQueue:
      return has_port ? weight : 0;
    case CallKind::kPortWait:
      if (any([](const Known& each) { return !each.object->packets.empty(); })) return 2 * weight;
      return has_port ? weight : 0;
    case CallKind::kObjectSignalPeer:
    case CallKind::kHandleClose:
    case CallKind::kHandleReplace:
    case CallKind::kObjectWaitOne:
      return any([](const Known&) { return true; }) ? weight : 1;
    default:
      return weight;
  }
}

model::Call Drawer::DrawCall() {
  if (dice_.Percent(taste_.reach_out)) {
    if (std::optional<model::Call> answer = DrawAnswer()) return *std::move(answer);
  }
  if (dice_.Percent(taste_.conflict)) {
    if (std::optional<model::Call> conflict = DrawConflict()) return *std::move(conflict);
  }
  std::vector<uint32_t> weights(kDrawnKinds);
  uint32_t total = 0;
  for (size_t i = 0; i < kDrawnKinds; ++i) {
    weights[i] = WeightOf(static_cast<CallKind>(i));
    total += weights[i];
  }
  if (total == 0) weights[Index(CallKind::kChannelCreate)] = 1;
  model::Call call;
  call.kind = static_cast<CallKind>(dice_.Weighted(weights));
  DrawArguments(&call);
  return call;
}

bool Drawer::IsWaitedFor(const model::Object* object) const {
  if (object == nullptr) return false;
  if (!object->callers.empty() || !object->async_waits.empty()) return true;
  return std::any_of(state_.threads.begin(), state_.threads.end(), [&](const auto& thread) {
    const bool at_port = thread.phase == model::Phase::kPortSleeping;
    if (at_port && thread.bound.front() == object->id) return true;
    return std::any_of(thread.waits.begin(), thread.waits.end(), [&](const model::Wait& wait) {
      return wait.object == object->id && !wait.over();
    });
  });
}

// What another thread waits for: a reply, a message, a signal, a packet. Or the handle that it
// waits through goes.
std::optional<model::Call> Drawer::DrawAnswer() {
  std::vector<Known> known = Handles();
  std::erase_if(known, [&](const Known& each) {
    if (each.object == nullptr) return true;
    const model::Object* peer = each.object->peer ? state_.FindObject(*each.object->peer) : nullptr;
    // Or it is on its way, and this would be its receipt.
    const bool carries = std::any_of(
        each.object->queue.begin(), each.object->queue.end(), [&](const model::Message& message) {
          return std::any_of(message.handles.begin(), message.handles.end(),
                             [&](model::HandleId id) {
                               return IsWaitedFor(state_.FindObject(state_.FindHandle(id)->object));
                             });
        });
    return !carries && !IsWaitedFor(each.object) && !IsWaitedFor(peer);
  });
  if (known.empty()) return std::nullopt;
  const Known handle = dice_.OneOf(known);
  const bool ready = !handle.object->queue.empty();
  return DrawOn(handle, {5, ready ? 6u : 0u, 2, 1, 3, 0});
}

// What a call of another thread, begun or not, names as well: the same handle, or the other end.
bool Drawer::IsInUse(const Known& handle) const {
  const auto names = [&](model::ThreadIndex thread, const model::HandleArgument& argument) {
    model::HandleId id;
    if (const auto* named = std::get_if<model::NamedHandle>(&argument)) {
      id = {model::kDeclared, named->handle};
    } else if (const auto* result = std::get_if<model::ResultHandle>(&argument)) {
      const auto& handles = state_.threads[thread].variables[result->variable].handles;
      if (result->index >= handles.size()) return false;
      id = handles[result->index];
    } else {
      return false;
    }
    const model::HandleRecord* record = state_.FindHandle(id);
    return id == handle.record->id ||
           (record != nullptr && handle.object->peer == std::optional(record->object));
  };
  for (model::ThreadIndex i = 0; i < program_.threads.size(); ++i) {
    if (i == turn_ || !InCall(i)) continue;
    const model::Call& call = program_.threads[i].calls[state_.threads[i].next_call];
    const auto named = [&](const model::HandleArgument& argument) { return names(i, argument); };
    if (named(call.handle) || std::any_of(call.handles.begin(), call.handles.end(), named)) {
      return true;
    }
    const bool disposed = std::any_of(call.dispositions.begin(), call.dispositions.end(),
                                      [&](const auto& each) { return named(each.handle); });
    if (disposed) return true;
  }
  return false;
}

std::optional<model::Call> Drawer::DrawConflict() {
  std::vector<Known> known = Handles();
  std::erase_if(known, [&](const Known& each) { return each.object == nullptr || !IsInUse(each); });
  if (known.empty()) return std::nullopt;
  return DrawOn(dice_.OneOf(known), {3, 3, 3, 3, 4, 5});
}

// By weight: a message, signal or packet; a read; a close; a replacement; sending it on; a
// duplicate.
std::optional<model::Call> Drawer::DrawOn(const Known& handle,
                                          const std::vector<uint32_t>& weights) {
  const ObjectType type = handle.object->type;
  model::Call call;
  call.handle = handle.argument;
  switch (dice_.Weighted(weights)) {
    case 0:
      if (type == ObjectType::kChannel) {
        call.kind = CallKind::kChannelWrite;
        DrawSendOn(handle, &call);
      } else if (type == ObjectType::kPort) {
        call.kind = CallKind::kPortQueue;
        call.key = 1;
      } else {
        call.kind = CallKind::kObjectSignal;
        call.signals = core::kSignalSignaled;
      }
      return call;
    case 1:
      if (type != ObjectType::kChannel) return std::nullopt;
      call.kind = CallKind::kChannelRead;
      return call;
    case 2:
      call.kind = CallKind::kHandleClose;
      return call;
    case 3:
      call.kind = CallKind::kHandleReplace;
      call.rights = DrawRights();
      return call;
    case 4:
      return SendOn(handle);
    default:
      if (type == ObjectType::kChannel) return std::nullopt;
      call.kind = CallKind::kHandleDuplicate;
      return call;
  }
}

// Over another channel.
std::optional<model::Call> Drawer::SendOn(const Known& handle) {
  const std::optional<Known> carrier =
      Live([](const Known& each) { return each.object->type == ObjectType::kChannel; });
  if (!carrier || carrier->record->id == handle.record->id) return std::nullopt;
  model::Call call;
  call.kind = CallKind::kChannelWrite;
  call.handle = carrier->argument;
  DrawBytes(&call);
  call.handles = {handle.argument};
  return call;
}

// --- Arguments ---

void Drawer::DrawArguments(model::Call* call) {
  switch (call->kind) {
    case CallKind::kChannelWrite:
    case CallKind::kChannelWriteEtc:
    case CallKind::kChannelCall:
    case CallKind::kChannelCallEtc:
      return DrawSend(call);
    case CallKind::kChannelRead:
    case CallKind::kChannelReadEtc:
      return DrawRead(call);
    case CallKind::kChannelCreate:
    case CallKind::kEventCreate:
    case CallKind::kEventPairCreate:
    case CallKind::kPortCreate:
      return;
    case CallKind::kHandleCloseMany: {
      const uint32_t count = dice_.Below(4);
      for (uint32_t i = 0; i < count; ++i) {
        call->handles.push_back(Handle([](const Known&) { return true; }));
      }
      return;
    }
    case CallKind::kObjectWaitOne:
    case CallKind::kObjectWaitMany:
      return DrawWait(call);
    case CallKind::kObjectWaitAsync:
    case CallKind::kPortCancel:
    case CallKind::kPortQueue:
    case CallKind::kPortWait:
      return DrawPort(call);
    default:
      return DrawOnHandle(call);
  }
}

void Drawer::DrawOnHandle(model::Call* call) {
  switch (call->kind) {
    case CallKind::kHandleDuplicate:
      call->handle = Handle(
          [](const Known& known) { return (known.record->rights & core::kRightDuplicate) != 0; });
      if (dice_.Percent(10)) call->handle = Handle([](const Known&) { return true; });
      call->rights = DrawRights();
      return;
    case CallKind::kHandleReplace:
      call->handle = Handle([](const Known&) { return true; });
      call->rights = DrawRights();
      return;
    case CallKind::kObjectSignalPeer:
      call->handle = Handle([](const Known& known) { return known.object->peer.has_value(); });
      call->signals = dice_.OneOf<core::Signals>({kUserSignal, kUserSignal, 0});
      call->clear = dice_.OneOf<core::Signals>({0, 0, kUserSignal});
      return;
    case CallKind::kObjectSignal: {
      const std::optional<Known> known =
          Live([](const Known& each) { return each.object->type != ObjectType::kPort; });
      call->handle = known ? known->argument : Stale();
      const bool signaled = known && known->object->type != ObjectType::kChannel;
      call->signals = signaled ? core::kSignalSignaled : kUserSignal;
      if (dice_.Percent(25)) std::swap(call->signals, call->clear);
      return;
    }
    case CallKind::kObjectGetInfo:
      call->handle = Handle([](const Known&) { return true; });
      call->topic = dice_.OneOf<uint32_t>({core::kInfoHandleBasic, core::kInfoHandleCount,
                                           core::kInfoHandleCount, core::kInfoHandleValid});
      return;
    default:  // Closing and checking take a handle only.
      call->handle = Handle([](const Known&) { return true; });
      return;
  }
}

model::RightsArgument Drawer::DrawRights() {
  using How = model::RightsArgument::Kind;
  switch (dice_.Weighted({6, 3, 1, 1})) {
    case 0:
      return {};
    case 1:
      return {How::kExactly,
              core::kRightRead | core::kRightWrite | core::kRightTransfer | core::kRightWait};
    case 2:
      return {How::kExactly, dice_.OneOf<core::Rights>({core::kRightWrite, core::kRightTransfer,
                                                        core::kRightWait, core::kRightNone})};
    default:
      return {How::kExactly,
              dice_.OneOf<core::Rights>({core::kRightDuplicate, core::kRightExecute})};
  }
}

// --- Waiting ---

core::Signals Drawer::SignalsOf(const Known& known) {
  if (known.object == nullptr) return core::kSignalReadable;
  switch (known.object->type) {
    case ObjectType::kChannel:
      return dice_.OneOf<core::Signals>(
          {core::kSignalReadable, core::kSignalReadable, core::kSignalPeerClosed,
           core::kSignalReadable | core::kSignalPeerClosed, kUserSignal, core::kSignalWritable, 0});
    case ObjectType::kEventPair:
      return dice_.OneOf<core::Signals>(
          {core::kSignalSignaled, core::kSignalPeerClosed, kUserSignal});
    default:
      return dice_.OneOf<core::Signals>(
          {core::kSignalSignaled, core::kSignalSignaled, kUserSignal});
  }
}

model::Deadline Drawer::DrawDeadline() {
  switch (dice_.Weighted({6, 5, 2, 2})) {
    case 0:
      return {};
    case 1:
      return {model::Deadline::Kind::kMay, 0};
    case 2:
      return {model::Deadline::Kind::kNow, 0};
    default:
      return {model::Deadline::Kind::kAt, dice_.OneOf<core::Time>({5, 7})};
  }
}

void Drawer::DrawWait(model::Call* call) {
  call->deadline = DrawDeadline();
  const auto waitable = [](const Known& each) { return each.object->type != ObjectType::kPort; };
  const auto draw = [&]() -> model::WaitItem {
    const bool stale = dice_.Percent(taste_.stale);
    const std::optional<Known> known = Live(waitable);
    if (!known || stale) return {Stale(), core::kSignalReadable};
    return {known->argument, SignalsOf(*known)};
  };
  if (call->kind == CallKind::kObjectWaitOne) {
    const model::WaitItem item = draw();
    call->handle = item.handle;
    call->signals = item.signals;
    return;
  }
  const size_t count = dice_.Weighted({1, 4, 8, 3});
  for (size_t i = 0; i < count; ++i) call->items.push_back(draw());
}

// Of this thread, the last one.
const model::Call* Drawer::EarlierAsyncWait() const {
  for (size_t i = thread().calls.size(); i > 0; --i) {
    if (thread().calls[i - 1].kind == CallKind::kObjectWaitAsync) return &thread().calls[i - 1];
  }
  return nullptr;
}

void Drawer::DrawPort(model::Call* call) {
  const auto is_port = [](const Known& each) { return each.object->type == ObjectType::kPort; };
  const model::HandleArgument port = Handle(is_port);
  const uint64_t key = dice_.OneOf<uint64_t>({1, 1, 2});
  if (call->kind == CallKind::kPortWait) {
    call->handle = port;
    call->deadline = DrawDeadline();
    return;
  }
  call->key = key;
  if (call->kind == CallKind::kPortQueue) {
    call->handle = port;
    return;
  }
  call->port = port;
  const model::Call* earlier = EarlierAsyncWait();
  if (call->kind == CallKind::kPortCancel) {
    call->handle = Handle([](const Known&) { return true; });
    if (earlier == nullptr || dice_.Percent(10)) return;
    call->port = earlier->port;
    call->handle = earlier->handle;
    call->key = earlier->key;
    return;
  }
  const std::optional<Known> known =
      Live([](const Known& each) { return each.object->type != ObjectType::kPort; });
  call->handle = known ? known->argument : Stale();
  call->signals = known ? SignalsOf(*known) : core::kSignalReadable;
  if (dice_.Percent(15)) call->options = core::kWaitAsyncEdge;
}

}  // namespace props
